import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf, planApi } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE books (
  id int PRIMARY KEY, title text NOT NULL, isbn text, pages int, total_price numeric(8, 2), tags text[],
  author_id int, printed_on date, created_at timestamptz NOT NULL DEFAULT now());`;

async function listWith(parameters: readonly string[]) {
  const given = parameters.map((parameter) => `{ name: ${parameter}, in: query, schema: { type: string } }`);
  const operation = `{ parameters: [${given.join(", ")}], ${answers("{ type: array, items: { type: object, properties: { title: { type: string } } } }")} }`;
  const planned = await planApi({ sql, operations: { "GET /books": operation } });
  const [list] = planned.api.operations;
  return { query: list?.query, assumptions: planned.assumptions.map(({ text }) => text), gaps: planned.needsDetail };
}

const filters: readonly (readonly [string, string, string])[] = [
  ["title", "title", "equal"],
  ["authorId", "author_id", "equal"],
  ["author", "author_id", "equal"],
  ["q", "title", "contains"],
  ["search", "title", "contains"],
  ["tag", "tags", "contains"],
  ["createdFrom", "created_at", "atLeast"],
  ["created_before", "created_at", "below"],
  ["until", "created_at", "atMost"],
  ["minTotal", "total_price", "atLeast"],
  ["pages_max", "pages", "atMost"],
  ["printedAfter", "printed_on", "atLeast"],
];

for (const [parameter, column, operator] of filters) {
  test(`the parameter ${parameter} narrows ${column} by ${operator}`, async () => {
    const { query } = await listWith([parameter]);
    assert.deepEqual(
      query?.filters.map(({ filter }) => [filter.field.column.name, filter.operator]),
      [[column, operator]],
    );
  });
}

test("a parameter with several values narrows to rows that have any of them", async () => {
  const several = (name: string) => `{ name: ${name}, in: query, schema: { type: array, items: { type: string } } }`;
  const operation = `{ parameters: [${several("isbn")}, ${several("tags")}], ${answers("{ type: array, items: { type: object, properties: { title: { type: string } } } }")} }`;
  const compiled = await compileDesign({ sql, operations: { "GET /books": operation } });
  const conditions = fileOf(compiled, "src/app/persistence/repositories/book.py");
  assert.match(conditions, /BookRow\.isbn\.in_\(criteria\.isbn_any\)/);
  assert.match(conditions, /BookRow\.tags\.overlap\(criteria\.tags_any\)/);
  assert.match(fileOf(compiled, "src/app/api/schemas/book.py"), /tags: Omittable\[list\[str\]\] = None/);
});

test("a flag that the contract lists as text is a flag", async () => {
  const operation = `{ parameters: [{ name: lent, in: query, schema: { type: string, enum: ["true", "false"] } }], ${answers("{ type: array, items: { type: object, properties: { title: { type: string } } } }")} }`;
  const flagged = sql.replace("title text", "lent boolean NOT NULL, title text");
  const compiled = await compileDesign({ sql: flagged, operations: { "GET /books": operation } });
  assert.match(fileOf(compiled, "src/app/api/schemas/book.py"), /lent: Omittable\[bool\] = None/);
});

const pages: readonly (readonly [readonly string[], object])[] = [
  [["limit", "offset"], { style: "offset", defaultLimit: 20, limitAttribute: "limit", offsetAttribute: "offset" }],
  [["page", "pageSize"], { style: "page", defaultLimit: 20, limitAttribute: "page_size", offsetAttribute: "page" }],
  [["per_page"], { style: "offset", defaultLimit: 20, limitAttribute: "per_page" }],
  [[], { style: "fixed", defaultLimit: 1000 }],
];

for (const [parameters, paging] of pages) {
  test(`the parameters ${parameters.join(" and ") || "nothing"} page a list`, async () => {
    assert.deepEqual((await listWith(parameters)).query?.paging, paging);
  });
}

test("what no column explains has no effect and is said", async () => {
  const { query, assumptions } = await listWith(["sortOrder", "colour"]);
  assert.deepEqual(query?.filters, []);
  assert.deepEqual(
    assumptions.filter((text) => text.includes("has no effect")),
    [
      "The query parameter sortOrder has no effect; lists are ordered newest first.",
      "The query parameter colour has no effect: no column explains it.",
    ],
  );
});
