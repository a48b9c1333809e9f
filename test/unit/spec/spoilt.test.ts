/** What damaging documents at random has found, each as small as it gets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SpecReading } from "../../../src/spec/reading.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const read = (path: string, text: string): Promise<SpecReading> => readSpec([{ path, text }]);

const slow: readonly (readonly [what: string, path: string, text: string])[] = [
  ["open braces in YAML", "a.yaml", `openapi: 3.0.0\n${"{".repeat(1000)}`],
  ["question marks in YAML", "a.yaml", `openapi: 3.0.0\n${"? ".repeat(1000)}`],
  ["open braces in an example", "a.md", `# API\n\n### POST /a\n\n\`\`\`json\n${"{".repeat(1700)}\n\`\`\`\n`],
  ["backticks in a table row", "a.md", `# API\n\n| Method | Path |\n|---|---|\n| GET | \`/a${"`".repeat(2400)} |\n`],
  ["4,000 quotes in one line", "a.md", `# API\n\n${"> ".repeat(4000)}\n`],
];

for (const [what, path, text] of slow) {
  test(`${what} are read in no time`, async () => {
    const started = process.cpuUsage();
    await read(path, text);
    assert.ok(process.cpuUsage(started).user < 2_000_000);
  });
}

test("a heading before a brace does not make Markdown YAML", async () => {
  const { spec } = await read("a.md", "# API\n\n{id} is a UUID.\n\n### GET /orders/{id}\n");
  assert.deepEqual(
    spec.api.endpoints.map(({ name }) => name),
    ["GET /orders/{id}"],
  );
});

test("a spoilt name is told and does not cost the names beside it", async () => {
  const names = ["`tenants`", "`users`", "sta?tus codes", "`orders`", "`items`", "`audits`"];
  const { spec, notUnderstood } = await read(
    "database.md",
    `# Database\n\n## Tables\n\n${names.map((name) => `- ${name}`).join("\n")}\n`,
  );
  assert.equal(spec.domain.entities.length, 5);
  assert.deepEqual(
    notUnderstood.map(({ line }) => line),
    [7],
  );
});

for (const [what, list] of [
  ["typed fields", "- id: UUID\n- na"],
  ["names of fields", "- id\n- na?me of it"],
  ["names with an empty description", "- id\n- name\n- quantity："],
] as const) {
  test(`a spoilt item does not cost the ${what} beside it`, async () => {
    const { spec } = await read("domain-model.md", `# Domain model\n\n## Order\n\n**Fields:**\n\n${list}\n`);
    assert.equal(spec.domain.entities[0]?.fields[0]?.id, "field:Order.id");
  });
}

for (const [what, mark] of [
  ["fence", "```json"],
  ["comment", "<!-- note"],
] as const) {
  test(`a ${what} that is never closed is told with its line`, async () => {
    const { problems } = await read("api.md", `# API\n\n### GET /a\n\n${mark}\n\n### GET /b\n`);
    assert.deepEqual(
      problems.filter(({ code }) => code === "SPEC-OPEN-END").map(({ line }) => line),
      [5],
    );
  });
}
