import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { scratchFolder } from "../support/scratchFolder.ts";
import { repository, run } from "./running.ts";

const design = `openapi: 3.1.0
info: { title: Notes, version: "1" }
paths:
  /notes/{noteId}:
    get:
      operationId: getNote
      parameters:
        - { name: noteId, in: path, required: true, schema: { type: string, format: uuid } }
      responses:
        "200": { description: The note }
`;

const table = `CREATE TABLE notes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title varchar(80) NOT NULL
);
`;

function folderWithDesign(context: TestContext): string {
  return scratchFolder(context, { "docs/api.yaml": design, "docs/schema.sql": table });
}

test("spec prints exactly the published shape", async (context) => {
  const { code, stdout, stderr } = await run(folderWithDesign(context), "spec", "docs", "--json");
  assert.deepEqual([code, stderr], [0, ""]);
  const output = JSON.parse(stdout);
  assert.deepEqual(Object.keys(output), ["documents", "elements", "assumptions", "problems", "notUnderstood"]);
  assert.deepEqual(output.documents, [
    { path: "docs/api.yaml", kinds: ["api"] },
    { path: "docs/schema.sql", kinds: ["database"] },
  ]);
  const [endpoint] = output.elements;
  assert.deepEqual(Object.keys(endpoint), ["id", "kind", "name", "source", "confidence"]);
  assert.deepEqual([endpoint.id, endpoint.kind], ["endpoint:GET /notes/{noteId}", "endpoint"]);
  assert.deepEqual(endpoint.source, { path: "docs/api.yaml", line: 5 });
  const kinds = new Set(output.elements.map(({ kind }: { kind: string }) => kind));
  assert.deepEqual([...kinds], ["endpoint", "table", "column", "constraint"]);
});

test("spec tells problems with their place and exits 1 for errors", async (context) => {
  const folder = scratchFolder(context, { "api.yaml": "openapi: 3.1.0\npaths:\n  /a: [\n" });
  const { code, stdout } = await run(folder, "spec", "api.yaml", "--json");
  const [problem] = JSON.parse(stdout).problems;
  assert.deepEqual([code, Object.keys(problem)], [1, ["path", "line", "severity", "code", "message"]]);
  assert.equal(problem.path, "api.yaml");
});

test("implement writes the backend, check agrees, and a second run changes nothing", async (context) => {
  const folder = folderWithDesign(context);
  const first = await run(folder, "implement", "docs", "--out", "backend", "--json");
  const output = JSON.parse(first.stdout);
  assert.deepEqual(Object.keys(output), [
    "files",
    "checklist",
    "coverage",
    "assumptions",
    "needsDetail",
    "decisions",
    "conflicts",
    "skillsUsed",
    "milliseconds",
  ]);
  assert.deepEqual(Object.keys(output.checklist[0]), ["id", "status", "findings", "suppressed"]);
  assert.deepEqual(Object.keys(output.coverage.totals), ["implemented", "missing", "mismatched", "extra"]);
  assert.deepEqual(Object.keys(output.coverage.elements[0]), ["id", "status", "difference", "drift", "design", "code"]);
  assert.ok(output.files.length > 10);
  for (const { path, lines, origins } of output.files) {
    const text = readFileSync(join(folder, "backend", path), "utf8");
    assert.equal(lines, text === "" ? 0 : text.replace(/\n$/, "").split("\n").length, path);
    assert.deepEqual(origins, ["engine"], path);
  }
  assert.deepEqual([first.code, first.stderr], [0, ""]);

  const check = await run(folder, "check", "backend", "--docs", "docs/api.yaml", "docs/schema.sql", "--json");
  assert.deepEqual(JSON.parse(check.stdout), { checklist: output.checklist, coverage: output.coverage });
  assert.equal(check.code, 0);

  const times = () => output.files.map(({ path }: { path: string }) => statSync(join(folder, "backend", path)).mtimeMs);
  const before = times();
  const { stdout } = await run(folder, "implement", "docs", "--out", "backend");
  assert.deepEqual(times(), before);
  assert.match(stdout, /^Wrote 0 files to .*backend\.\n\n## Backend proposed\n\n0 files to review, checklist/);
  assert.match(stdout, /### Skills Used\n\n- \*\*backend-patterns\*\*: .+$/m);
});

test("a changed design keeps what was edited, and drops no data before it is allowed to", async (context) => {
  const folder = folderWithDesign(context);
  await run(folder, "implement", "docs", "--out", "backend");
  const models = join(folder, "backend/src/app/persistence/models/note.py");
  const mine = readFileSync(models, "utf8").replace('"""', '"""Ours. ');
  writeFileSync(models, mine);
  const other = table.replace("title varchar(80) NOT NULL", "title varchar(120) NOT NULL");
  writeFileSync(join(folder, "docs/schema.sql"), other.replace("(120) NOT NULL", "(120) NOT NULL,\n  body text"));
  const wider = JSON.parse((await run(folder, "implement", "docs", "--out", "backend", "--json")).stdout);
  assert.deepEqual([wider.decisions, wider.conflicts], [[], []]);
  assert.match(readFileSync(models, "utf8"), /^"""Ours\. [\s\S]*String\(120\)[\s\S]*body/);

  writeFileSync(join(folder, "docs/schema.sql"), other);
  const versions = () => readdirSync(join(folder, "backend/migrations/versions")).sort();
  const dropping = JSON.parse((await run(folder, "implement", "docs", "--out", "backend", "--json")).stdout);
  assert.equal(dropping.decisions[0].path, "migrations/versions/0003_drop_retired_data.py");
  assert.deepEqual(versions(), ["0001_initial.py", "0002_change_note.py"]);
  await run(folder, "implement", "docs", "--out", "backend", "--allow-data-loss");
  assert.deepEqual(versions(), ["0001_initial.py", "0002_change_note.py", "0003_drop_retired_data.py"]);
});

test("files of an unknown past are written over only when that is said", async (context) => {
  const folder = folderWithDesign(context);
  await run(folder, "implement", "docs", "--out", "backend");
  rmSync(join(folder, "backend/.backend"), { recursive: true });
  const main = join(folder, "backend/src/app/main.py");
  const generated = readFileSync(main, "utf8");
  writeFileSync(main, "app = None\n");
  const { stdout } = await run(folder, "implement", "docs", "--out", "backend");
  assert.match(stdout, /`src\/app\/main\.py` differs from what is proposed/);
  assert.equal(readFileSync(main, "utf8"), "app = None\n");
  rmSync(join(folder, "backend/.backend"), { recursive: true });
  await run(folder, "implement", "docs", "--out", "backend", "--overwrite");
  assert.equal(readFileSync(main, "utf8"), generated);
});

const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /^USAGE: No command is given\. See --help\.\n$/],
  [["dance"], /^USAGE: There is no command "dance"/],
  [["spec"], /^USAGE: Name a document/],
  [["spec", "nowhere.md"], /^UNREADABLE: nowhere\.md cannot be read/],
  [["spec", "docs", "--what"], /^USAGE: .*--what/],
  [["implement", "docs"], /^USAGE: --out is missing/],
  [["implement", "docs", "--out", "b", "--model", "gpt"], /^USAGE: There is no model "gpt"/],
  [["implement", "empty.md", "--out", "b"], /^NO_DOCUMENTS: /],
  [["check", "docs"], /^USAGE: Name a document after --docs/],
  [["check", "missing", "--docs", "docs"], /^UNREADABLE: missing holds no files/],
];

test("bad usage and unreadable input exit 2 and say why", async (context) => {
  const folder = scratchFolder(context, { "docs/api.yaml": design, "empty.md": "\n" });
  const ended = await Promise.all(wrong.map(([args]) => run(folder, ...args)));
  for (const [index, [args, message]] of wrong.entries()) {
    assert.deepEqual([ended[index]?.code, ended[index]?.stdout], [2, ""], args.join(" "));
    assert.match(ended[index]?.stderr ?? "", message);
  }
});

test("--help and --version answer", async (context) => {
  const folder = scratchFolder(context);
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  assert.match((await run(folder, "--help")).stdout, /^Usage:\n {2}backend-implementer spec/);
  assert.equal((await run(folder, "--version")).stdout, `${version}\n`);
});
