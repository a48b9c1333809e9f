import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { compile } from "../../../src/compiler/compile.ts";
import { stepOf } from "../../../src/compiler/steps.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const root = join(import.meta.dirname, "../../..");
const documents = join(root, "test/fixtures/orders/docs");
const golden = join(root, "test/golden/orders");

const reading = await readSpec(
  readdirSync(documents)
    .sort()
    .map((name) => ({ path: `docs/${name}`, text: readFileSync(join(documents, name), "utf8") })),
);
const compilation = compile(reading.spec);

test("the sample compiles to the files that were reviewed", () => {
  const written = new Map(compilation.files.map(({ path, text }) => [path, text]));
  if (process.env["UPDATE_GOLDEN"]) {
    rmSync(golden, { recursive: true, force: true });
    for (const [path, text] of written) {
      mkdirSync(dirname(join(golden, path)), { recursive: true });
      writeFileSync(join(golden, path), text);
    }
  }
  const reviewed = existsSync(golden) ? readdirSync(golden, { recursive: true, withFileTypes: true }) : [];
  const paths = reviewed
    .filter((entry) => entry.isFile())
    .map((entry) => relative(golden, join(entry.parentPath, entry.name)));
  assert.deepEqual([...written.keys()].sort(), paths.sort());
  for (const path of paths) assert.equal(written.get(path), readFileSync(join(golden, path), "utf8"), path);
});

test("the same specification gives the same bytes", () => {
  assert.deepEqual(compile(reading.spec), compilation);
  assert.deepEqual(compile(structuredClone(reading.spec)), compilation);
});

test("the sample leaves nothing open", () => {
  assert.deepEqual(compilation.needsDetail, []);
  assert.deepEqual(compilation.assumptions, []);
});

test("files come in the order of the steps, and by path within a step", () => {
  const keys = compilation.files.map(({ step, path }) => `${step} ${path}`);
  assert.deepEqual(keys, [...keys].sort());
  assert.deepEqual([...new Set(compilation.files.map(({ step }) => step))], [1, 2, 3, 4, 5, 6, 7]);
  for (const { path, step } of compilation.files) assert.equal(stepOf(path), step, path);
});

test("generated files and functions stay short", () => {
  for (const { path, text } of compilation.files.filter((file) => file.path.startsWith("src/"))) {
    const lines = text.split("\n");
    assert.ok(lines.length <= 400, path);
    for (const [start, line] of lines.entries()) {
      if (!/^\s*(?:async )?def /.test(line)) continue;
      const outer = new RegExp(`^ {0,${line.search(/\S/)}}[^\\s)]`);
      const end = lines.findIndex((other, index) => index > start && outer.test(other));
      assert.ok((end === -1 ? lines.length : end) - start <= 50, `${path}:${start + 1}`);
    }
  }
});

test("an empty design still gives a project", async () => {
  const { spec } = await readSpec([]);
  const paths = compile(spec).files.map(({ path }) => path);
  assert.ok(paths.includes("src/app/main.py"));
  assert.ok(paths.includes("src/app/core/error_handlers.py"));
});

const rows = "CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text NOT NULL);";
const contract = (more: string) =>
  `openapi: 3.1.0\ninfo: { title: Notes, version: "1" }\n${more}paths: { /notes: { get: { operationId: listNotes, responses: { "200": { description: OK } } } } }`;
const bearer = "components: { securitySchemes: { Bearer: { type: http, scheme: bearer } } }\n";
const policy =
  "ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON notes USING (body = current_setting('app.user_id'));";

const callerCases: readonly {
  readonly name: string;
  readonly sql: string;
  readonly api: string;
  readonly asks: boolean;
}[] = [
  { name: "nothing", sql: rows, api: contract(""), asks: false },
  { name: "a scheme of the contract", sql: rows, api: contract(bearer), asks: true },
  { name: "a policy", sql: `${rows}\n${policy}`, api: contract(""), asks: true },
];

for (const { name, sql, api, asks } of callerCases) {
  test(`callers are known where something asks for them: ${name}`, async () => {
    const { spec } = await readSpec([
      { path: "schema.sql", text: sql },
      { path: "api.yaml", text: api },
    ]);
    const { files } = compile(spec);
    const naming = files.filter(({ text }) => /principal|jwt/i.test(text)).map(({ path }) => path);
    const everywhere = [".env.example", "pyproject.toml", "src/app/api/deps.py", "src/app/core/config.py"];
    assert.deepEqual(
      naming.filter((path) => everywhere.includes(path)),
      asks ? everywhere : [],
    );
    if (!asks) assert.deepEqual(naming, []);
  });
}
