import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../src/spec/join/shapeText.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const sql = "CREATE TABLE memos (id uuid PRIMARY KEY, title text NOT NULL, password_hash text NOT NULL);";

for (const [what, heading, answer, expected] of [
  ["the path's resource is derived from its table, without secrets", "POST /memos", "Memo", "MemoOut"],
  ["a list of the path's resource is, too", "GET /memos", "Memo[]", "MemoOut[]"],
  ["another thing than the path's resource shows that one", "POST /memos/{id}/invoice", "Memo", "MemoOut"],
] as const) {
  test(`an answer that names ${what}`, async () => {
    const invoices = "CREATE TABLE invoices (id uuid PRIMARY KEY);";
    const { spec } = await readSpec([
      { path: "api.md", text: `# API\n\n### ${heading}\n\n**Response 200**: \`${answer}\`\n` },
      { path: "db.sql", text: `${sql}\n${invoices}` },
    ]);
    const schema = spec.api.endpoints[0]?.responses[0]?.schema;
    assert.equal(schema && shapeText(schema), expected);
  });
}

test("a list of tables that lost its end to another list is told", async () => {
  const items = ["`orders`", "`lines`", "Trigger `a` stays.", "`b()` is used by all.", "Sites are delegated."];
  const text = `# Database\n\n## Current Public Tables\n\n${items.map((item) => `- ${item}`).join("\n")}\n`;
  const { notUnderstood } = await readSpec([{ path: "database.md", text }]);
  assert.deepEqual(notUnderstood, [
    {
      path: "database.md",
      line: 5,
      text: "2 of the 5 items are names of their own, which is too few for a list of tables or entities",
    },
  ]);
});
