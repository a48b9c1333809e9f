/** A21, A25 and A32 of the security catalogue, which take seconds. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { elementsOf } from "../../src/spec/elements.ts";
import { readSpec } from "../../src/spec/readSpec.ts";

const root = join(import.meta.dirname, "../..");

test("A21: READMEs of real packages hide no characters, are no design, save an endpoint that one names, and throw nothing", async (context) => {
  const paths = globSync("node_modules/{*,@*/*}/**/{README,readme,Readme}.md", { cwd: root });
  const found = { readmes: 0, flagged: [] as string[], elements: [] as string[] };
  for (const path of paths) {
    const text = readFileSync(join(root, path), "utf8");
    const { spec, problems } = await readSpec([{ path, text }]);
    found.readmes++;
    if (problems.some(({ code }) => code === "SPEC-INVISIBLE")) found.flagged.push(path);
    found.elements.push(...elementsOf(spec).map(({ id, source }) => `${path}:${source.line} ${id}`));
  }
  context.diagnostic(`${found.readmes} READMEs`);
  const real = /vsce\/README\.md:\d+ endpoint:POST \/_apis\/gallery\/token$/;
  assert.deepEqual([found.flagged, found.elements.filter((element) => !real.test(element))], [[], []]);
});

const runs = ["|", "`", "(", "[[", "![", "<!--", "{", "*", "_", "→ ", "`|", "\\|", "GET /a ", "- ", "> "];

for (const run of runs) {
  test(`A25: a megabyte of ${JSON.stringify(run)} in one line, and 9 KB of it, take no time`, async () => {
    for (const size of [1024 * 1024, 9 * 1024]) {
      const text = `# API\n\n## Orders\n\n${run.repeat(Math.floor(size / run.length))}\n\n### GET /orders\n`;
      const started = process.cpuUsage();
      const { spec, problems } = await readSpec([{ path: "a.md", text }]);
      const { user } = process.cpuUsage(started);
      assert.ok(user < 3_000_000, `${user / 1000} ms for ${size} characters`);
      const isOpenEnd = problems.some(({ code }) => code === "SPEC-OPEN-END" || code === "SPEC-DEPTH");
      assert.equal(spec.api.endpoints.length > 0 || isOpenEnd, true);
    }
  });
}

test("A32: circles and long chains of references end", async () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, index) => `    S${index}: { $ref: '#/components/schemas/S${index + 1}' }`,
  );
  const circle = "    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }";
  const text = `openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n${circle}\n${chain.join("\n")}\n`;
  const started = process.cpuUsage();
  const { spec } = await readSpec([{ path: "a.yaml", text }]);
  const { user } = process.cpuUsage(started);
  assert.equal(spec.api.schemas.length, 10_002);
  assert.ok(user < 5_000_000, `${user / 1000} ms`);
});
