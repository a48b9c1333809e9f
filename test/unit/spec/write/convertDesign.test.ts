import assert from "node:assert/strict";
import { test } from "node:test";
import { convertDesign } from "../../../../src/spec/write/convertDesign.ts";
import { assertNothingLost, assertSameElements } from "../../../support/rewriting.ts";
import { documentsIn, libraryDocuments } from "../fixtures.ts";

for (const document of [...documentsIn("agents/templates"), ...libraryDocuments()]) {
  test(`${document.path} says the same when it is written anew, and loses no word`, () => assertNothingLost(document));
}

test("all four templates in one paste become four documents that say the same", async () => {
  const text = documentsIn("agents/templates")
    .map((document) => document.text)
    .join("\n");
  const { documents, changed } = await convertDesign(text);
  assert.deepEqual([documents.length, changed], [4, []]);
});

test("a chat answer that mixes everything becomes the four documents", async () => {
  const paste = [
    "Sure! Here is the design. Remember to warm the cache first.",
    "### GET /books — lists books",
    "Returns a list.",
    "**Errors**: 404 `SHELF_MISSING`",
    "",
    "## Database",
    "```sql",
    "CREATE TABLE books (id uuid PRIMARY KEY, title text NOT NULL);",
    "```",
    "## Entities",
    "### Book",
    "| Field | Type | Required |",
    "|---|---|---|",
    "| id | uuid | yes |",
    "| title | string | yes |",
    "",
    "## Business rules",
    "- **BR-1**: A title is never empty.",
    "",
    "## Error codes",
    "| Code | HTTP status |",
    "|---|---|",
    "| `SHELF_MISSING` | 404 |",
  ].join("\n");
  const { documents, changed, elements } = await convertDesign(paste);
  assert.deepEqual(
    documents.map(({ name }) => name),
    ["domain-model.md", "api-contract.md", "database-design.md", "error-handling.md"],
  );
  assert.deepEqual([changed, elements], [[], 10]);
  assert.ok(documents.some(({ text }) => text.includes("Remember to warm the cache first.")));
});

test("a table that somebody else creates stays theirs", async () => {
  const text =
    "# Database\n\n## users\n\nReference only, do not migrate.\n\n| Column | Type |\n|---|---|\n| id | uuid PK |\n";
  await assertSameElements({ path: "data-model.md", text });
});

test("text without design gives no document", async () => {
  assert.deepEqual((await convertDesign("Hello, how are you?")).documents, []);
});
