import assert from "node:assert/strict";
import { test } from "node:test";
import { designDrift, removedHash } from "../../../src/spec/compare/designDrift.ts";
import { designFacts } from "../../../src/spec/compare/designFacts.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const api = `openapi: 3.1.0
info: { title: Shop, version: "1" }
components:
  schemas:
    Item: { type: object, required: [sku], properties: { sku: { type: string, maxLength: 40 }, amount: { type: integer } } }
    Order: { type: object, properties: { id: { type: string, format: uuid }, items: { type: array, items: { $ref: "#/components/schemas/Item" } } } }
paths:
  /orders:
    get:
      summary: The orders
      parameters: [{ name: page, in: query, schema: { type: integer } }]
      responses: { "200": { description: ok, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Order" } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { type: object, required: [note], properties: { note: { type: string } } } } } }
      responses: { "200": { description: made }, "404": { description: none } }
  /other:
    get: { responses: { "204": { description: nothing } } }
`;

const database = `CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  total numeric(10,2) NOT NULL CHECK (total >= 0),
  mood mood NOT NULL DEFAULT 'good'
);
CREATE INDEX orders_total ON orders (total) WHERE total > 0;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders FOR SELECT USING (id = current_setting('app.user')::uuid);
`;

const domain = `# Domain model

## Order (aggregate root)

| Field | Type | Required |
|---|---|---|
| id | UUID | yes |
| total | Money | yes |

### Business rules

- BR-1: The total of an order is never negative.

# Errors

| Code | HTTP status | Meaning |
|---|---|---|
| ORDER_NOT_FOUND | 404 | There is no such order |
`;

const documents = { "docs/api.yaml": api, "docs/schema.sql": database, "docs/domain.md": domain };

type Edit = readonly [path: keyof typeof documents, from: string, to: string];

async function facts(edits: readonly Edit[]) {
  const texts: Record<string, string> = { ...documents };
  for (const [path, from, to] of edits) {
    assert.ok(texts[path]?.includes(from), from);
    texts[path] = texts[path]?.replaceAll(from, to) ?? "";
  }
  return designFacts((await readSpec(Object.entries(texts).map(([path, text]) => ({ path, text })))).spec);
}

async function driftOf(...edits: readonly Edit[]): Promise<Readonly<Record<string, string>>> {
  const drift = designDrift(await facts([]), await facts(edits));
  return Object.fromEntries([...drift].map(([id, { difference }]) => [id, difference]));
}

const decided: readonly (readonly [title: string, edit: Edit, drift: Readonly<Record<string, string>>])[] = [
  [
    "a status",
    ["docs/api.yaml", '"200": { description: made }', '"201": { description: made }'],
    { "endpoint:POST /orders": "status 200 → 201" },
  ],
  [
    "an error status",
    ["docs/api.yaml", '"404": { description: none }', '"409": { description: taken }'],
    { "endpoint:POST /orders": "error statuses 404 → 409" },
  ],
  [
    "a parameter",
    [
      "docs/api.yaml",
      "name: page, in: query, schema: { type: integer }",
      "name: page, in: query, schema: { type: integer, minimum: 1 }",
    ],
    { "endpoint:GET /orders": "query parameter page integer (optional) → integer (minimum 1, optional)" },
  ],
  [
    "a field of a request",
    [
      "docs/api.yaml",
      "properties: { note: { type: string } }",
      "properties: { note: { type: string }, gift: { type: boolean } }",
    ],
    { "endpoint:POST /orders": "request field gift added: boolean (optional)" },
  ],
  [
    "a field of a schema, wherever it is used",
    ["docs/api.yaml", "maxLength: 40", "maxLength: 60"],
    { "endpoint:GET /orders": "Item.sku string (maxLength 40) → string (maxLength 60)" },
  ],
  [
    "who may call",
    ["docs/api.yaml", "  /other:\n    get: {", "  /other:\n    get: { security: [{ token: [] }],"],
    { "endpoint:GET /other": "auth added: token" },
  ],
  [
    "an endpoint that is gone",
    ["docs/api.yaml", "/other:", "/another:"],
    { "endpoint:GET /other": "not in the design any more" },
  ],
  [
    "a column's type",
    ["docs/schema.sql", "numeric(10,2)", "numeric(12,2)"],
    { "column:orders.total": "type numeric(10,2) → numeric(12,2)" },
  ],
  [
    "a column that may be null",
    ["docs/schema.sql", "total numeric(10,2) NOT NULL", "total numeric(10,2)"],
    {
      "column:orders.total": "null not allowed → allowed",
      "endpoint:POST /orders": "OrderOut.total string<decimal> → string<decimal> | null",
    },
  ],
  [
    "a new column",
    ["docs/schema.sql", "  mood mood", "  note text,\n  mood mood"],
    { "endpoint:POST /orders": "OrderOut.note added: string | null", "table:orders": "column note added" },
  ],
  [
    "a default",
    ["docs/schema.sql", "DEFAULT 'good'", "DEFAULT 'bad'"],
    { "column:orders.mood": "default 'good' → 'bad'" },
  ],
  [
    "the values of a type",
    ["docs/schema.sql", "('good', 'bad')", "('good', 'bad', 'ugly')"],
    {
      "column:orders.mood": "values good, bad → good, bad, ugly",
      "endpoint:POST /orders": 'OrderOut.mood "bad" | "good" → "bad" | "good" | "ugly"',
    },
  ],
  [
    "a condition",
    ["docs/schema.sql", "CHECK (total >= 0)", "CHECK (total > 0)"],
    { "constraint:orders.orders_total_check": "condition total >= 0 → total > 0" },
  ],
  [
    "an index",
    ["docs/schema.sql", "WHERE total > 0", "WHERE total > 10"],
    { "index:orders_total": "condition total > 0 → total > 10" },
  ],
  [
    "a policy",
    ["docs/schema.sql", "id = current_setting('app.user')::uuid", "true"],
    { "policy:orders.own": "using id = current_setting('app.user')::uuid → true" },
  ],
  [
    "row security",
    ["docs/schema.sql", "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"],
    { "table:orders": "row security enabled → off" },
  ],
  [
    "a field of an entity",
    ["docs/domain.md", "| total | Money | yes |", "| total | Decimal | no |"],
    { "field:Order.total": "type Money → Decimal; required yes → no" },
  ],
  [
    "a rule's words",
    ["docs/domain.md", "never negative", "at most 1000"],
    { "rule:BR-1": "sentence The total of an order is never negative. → The total of an order is at most 1000." },
  ],
  [
    "an error code's status",
    ["docs/domain.md", "| ORDER_NOT_FOUND | 404 |", "| ORDER_NOT_FOUND | 410 |"],
    { "errorCode:ORDER_NOT_FOUND": "status 404 → 410" },
  ],
];

for (const [title, edit, expected] of decided) {
  test(`drift: ${title}`, async () => assert.deepEqual(await driftOf(edit), expected));
}

const undecided: readonly (readonly [title: string, ...edits: Edit[]])[] = [
  [
    "descriptions",
    ["docs/api.yaml", "description: made", "description: The order that was made"],
    ["docs/api.yaml", "summary: The orders", "summary: All orders"],
  ],
  [
    "the order of fields and of answers",
    [
      "docs/api.yaml",
      "{ sku: { type: string, maxLength: 40 }, amount: { type: integer } }",
      "{ amount: { type: integer }, sku: { type: string, maxLength: 40 } }",
    ],
    [
      "docs/api.yaml",
      '"200": { description: made }, "404": { description: none }',
      '"404": { description: none }, "200": { description: made }',
    ],
  ],
  [
    "lines and comments",
    ["docs/api.yaml", "paths:", "# The paths\n\npaths:"],
    ["docs/schema.sql", "CREATE INDEX", "-- found by total\n\nCREATE INDEX"],
  ],
  [
    "how SQL is written",
    ["docs/schema.sql", "CHECK (total >= 0)", "check ( total>=0 )"],
    ["docs/schema.sql", "WHERE total > 0", "where (total > 0)"],
    ["docs/schema.sql", "numeric(10,2)", "NUMERIC(10, 2)"],
    ["docs/schema.sql", "FOR SELECT", "for select"],
  ],
  [
    "comments that the database keeps",
    ["docs/schema.sql", "CREATE INDEX", "COMMENT ON TABLE orders IS 'What is ordered';\nCREATE INDEX"],
  ],
  [
    "punctuation and case of a rule",
    [
      "docs/domain.md",
      "BR-1: The total of an order is never negative.",
      "BR-1: the total of an order is never negative",
    ],
  ],
  ["the meaning of an error code in other words", ["docs/domain.md", "There is no such order", "No order has this id"]],
  ["something new", ["docs/schema.sql", "CREATE TYPE", "CREATE TABLE notes (id int PRIMARY KEY);\nCREATE TYPE"]],
];

for (const [title, ...edits] of undecided) {
  test(`no drift: ${title}`, async () => assert.deepEqual(await driftOf(...edits), {}));
}

test("what is accepted has not drifted, until it changes again", async () => {
  const status = (from: string, to: string): Edit => [
    "docs/api.yaml",
    `"${from}": { description: made }`,
    `"${to}": { description: made }`,
  ];
  const before = await facts([]);
  const [drift] = designDrift(before, await facts([status("200", "201")])).values();
  const accepted = { "endpoint:POST /orders": drift?.hash ?? "" };
  assert.deepEqual(designDrift(before, await facts([status("200", "201")]), accepted), new Map());
  const again = designDrift(before, await facts([status("200", "202")]), accepted);
  assert.deepEqual(
    [...again.values()].map(({ difference }) => difference),
    ["status 200 → 202"],
  );
});

test("that an element is gone can be accepted, and counts no more when it comes back", async () => {
  const before = await facts([]);
  const accepted = { "endpoint:GET /other": removedHash };
  assert.deepEqual(designDrift(before, await facts([["docs/api.yaml", "/other:", "/another:"]]), accepted), new Map());
  assert.deepEqual(designDrift(before, before, accepted), new Map());
});

test("many changes of one element are told shortly", async () => {
  const columns = Array.from({ length: 9 }, (_, index) => `  c${index} int,\n`).join("");
  const drift = await driftOf(["docs/schema.sql", "  mood mood", `${columns}  mood mood`]);
  assert.equal(
    drift["table:orders"],
    "column c0 added; column c1 added; column c2 added; column c3 added; column c4 added; column c5 added; 3 more changes",
  );
});
