import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scratchFolder } from "../support/scratchFolder.ts";
import { run } from "./running.ts";

const files = {
  "docs/schema.sql": "CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL);\n",
  "docs/api.md": "# API\n\n### POST /notes\n\nMake a note.\n",
};

test("plan prints the design as it is understood, and exactly the published shape as JSON", async (context) => {
  const folder = scratchFolder(context, files);
  const text = await run(folder, "plan", "docs", "--model", "sonnet");
  assert.deepEqual([text.code, text.stderr], [0, ""]);
  assert.match(text.stdout, /^## Plan\n\n1 endpoint, 1 table, .* claude-sonnet-5-5: about \$[\d.]+ to \$[\d.]+\.$/m);
  const { stdout } = await run(folder, "plan", "docs", "--json");
  const plan = JSON.parse(stdout);
  assert.deepEqual(Object.keys(plan), [
    "documents",
    "elements",
    "assumptions",
    "problems",
    "notUnderstood",
    "confidence",
    "files",
    "engineAssumptions",
    "needsDetail",
    "cost",
  ]);
  assert.deepEqual(plan.assumptions[0], {
    id: "request:POST /notes",
    kind: "request",
    state: "open",
    value: "{ title: string }",
    assumed: null,
    text: "The body of POST /notes has what notes is made of, without key, defaults of the database, and what path and token give.",
    element: "endpoint:POST /notes",
    source: { path: "docs/api.md", line: 3 },
  });
});

test("assumptions are listed, confirmed and corrected, and everybody reads the decision", async (context) => {
  const folder = scratchFolder(context, files);
  const listed = await run(folder, "plan", "docs", "--assumptions");
  assert.match(listed.stdout, /^- \? `status:POST \/notes`: .* `201` \(`docs\/api\.md:3`\)$/m);
  const decided = await run(
    folder,
    ...["plan", "docs", "--confirm", "request:POST /notes", "--correct", "status:POST /notes=202"],
  );
  assert.deepEqual(
    [decided.code, decided.stdout],
    [0, "Decided request:POST /notes, status:POST /notes in .backend/design.yaml.\n"],
  );
  const text = readFileSync(join(folder, ".backend/design.yaml"), "utf8");
  assert.match(text, /status:POST \/notes:\n {4}assumed: "201"\n {4}corrected: "202"/);
  const after = await run(folder, "plan", "docs", "--assumptions");
  assert.match(after.stdout, /^- ✓ `request:POST \/notes`/m);
  assert.match(after.stdout, /^- ✎ `status:POST \/notes`.*`202`/m);
  const implemented = await run(folder, "implement", "docs", "--out", "backend");
  assert.doesNotMatch(implemented.stderr, /\S/);
  assert.match(
    readFileSync(join(folder, "backend/src/app/api/routers/notes.py"), "utf8"),
    /status_code=status.HTTP_202_ACCEPTED/,
  );
});

test("a decision about nothing exits 2 and writes nothing", async (context) => {
  const folder = scratchFolder(context, files);
  const { code, stderr } = await run(folder, "plan", "docs", "--confirm", "request:GET /gone");
  assert.deepEqual([code, stderr.split(":")[0]], [2, "NO_ASSUMPTION"]);
  assert.throws(() => readFileSync(join(folder, ".backend/design.yaml")));
  const usage = await run(folder, "plan", "docs", "--correct", "status:POST /notes");
  assert.deepEqual([usage.code, usage.stderr.split(":")[0]], [2, "USAGE"]);
});
