import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesignDocument } from "../../../src/spec/model.ts";
import { createSpecReader, readSpec } from "../../../src/spec/readSpec.ts";

const documents: readonly DesignDocument[] = [
  {
    path: "api.yaml",
    text: "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: A\n          content:\n            application/json:\n              schema:\n                $ref: 'parts.yaml#/A'\n",
  },
  { path: "parts.yaml", text: "A:\n  type: object\n  properties:\n    id: { type: string }\n" },
  { path: "db.md", text: "# Database\n\n```sql\nCREATE TABLE a (id uuid PRIMARY KEY);\n```\n" },
];

function edited(path: string, from: string, to: string): readonly DesignDocument[] {
  return documents.map((document) =>
    document.path === path ? { path, text: document.text.replace(from, to) } : document,
  );
}

const sets: readonly (readonly [what: string, documents: readonly DesignDocument[]])[] = [
  ["a line of one document", edited("db.md", "uuid", "int")],
  ["a document that another one refers to", edited("parts.yaml", "string", "integer")],
  ["a document that another one refers to is gone", documents.filter(({ path }) => path !== "parts.yaml")],
  ["the order", documents.toReversed()],
  ["nothing", documents],
];

test("what is read again is as if it were read for the first time", async () => {
  const read = createSpecReader();
  await read(documents);
  for (const [what, changed] of sets) assert.deepEqual(await read(changed), await readSpec(changed), what);
});

test("an unchanged document is not read again", async () => {
  const read = createSpecReader();
  const before = await read(documents);
  const after = await read(edited("db.md", "uuid", "int"));
  assert.notEqual(after.spec.database.tables[0], before.spec.database.tables[0]);
  assert.equal(after.spec.api.endpoints[0]?.source, before.spec.api.endpoints[0]?.source);
});
