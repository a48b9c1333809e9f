import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../../src/spec/readSpec.ts";
import { answers, documentsOf, takes } from "../../../support/compiledApi.ts";

const sql = `
  CREATE TYPE order_status AS ENUM ('draft', 'placed');
  CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL);
  CREATE TABLE products (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, price numeric(12,2) NOT NULL,
    currency char(3) NOT NULL, status order_status NOT NULL, quantity int NOT NULL);
  CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number varchar(20) NOT NULL UNIQUE,
    customer_id uuid NOT NULL REFERENCES users (id), approver_id uuid NOT NULL REFERENCES users (id));
  CREATE TABLE order_lines (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE, product_id uuid NOT NULL REFERENCES products (id),
    product_name text NOT NULL, unit_price numeric(12,2) NOT NULL, currency char(3) NOT NULL,
    status order_status NOT NULL, quantity int NOT NULL);
  CREATE TABLE vouchers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), code varchar(8) NOT NULL UNIQUE);`;

const line = "{ type: object, required: [productId], properties: { productId: { type: string, format: uuid } } }";
const shown =
  "{ type: object, properties: { id: { type: string }, number: { type: string }, code: { type: string } } }";
const withLines = `{ type: object, properties: { lines: { type: array, items: ${line} } } }`;

const read: readonly (readonly [endpoint: string, body: string, answer: string, values: readonly string[]])[] = [
  [
    "POST /orders",
    withLines,
    shown,
    [
      "default:orders.number = application",
      "owner:orders.customer_id = caller",
      "default:order_lines.product_name = products.name",
      "default:order_lines.unit_price = products.price",
      "default:order_lines.currency = products.currency",
    ],
  ],
  [
    "POST /orders/{orderId}/lines",
    line,
    shown,
    [
      "default:order_lines.product_name = products.name",
      "default:order_lines.unit_price = products.price",
      "default:order_lines.currency = products.currency",
    ],
  ],
  [
    "POST /orders",
    "{ type: object, properties: { number: { type: string }, customerId: { type: string } } }",
    shown,
    [],
  ],
  [
    "POST /orders",
    withLines,
    "{ type: object, properties: { id: { type: string } } }",
    ["owner:orders.customer_id = caller"],
  ],
  ["POST /vouchers", "{ type: object, properties: { reason: { type: string } } }", shown, []],
];

for (const [endpoint, body, answer, values] of read) {
  test(`${endpoint} with ${body} takes from elsewhere ${values.join(", ") || "nothing"}`, async () => {
    const documents = documentsOf({ sql, operations: { [endpoint]: `{ ${takes(body)}, ${answers(answer, 201)} }` } });
    const { assumptions } = await readSpec(Object.entries(documents).map(([path, text]) => ({ path, text })));
    const found = assumptions.filter(({ kind }) => kind === "default" || kind === "owner");
    const own = values.some((value) => value.includes("order_lines"))
      ? found
      : found.filter(({ id }) => !id.includes("lines"));
    assert.deepEqual(
      own.map(({ id, value }) => `${id} = ${value}`),
      values,
    );
  });
}

test("what the user decides about a value holds", async () => {
  const operations = { "POST /orders/{orderId}/lines": `{ ${takes(line)}, ${answers(shown, 201)} }` };
  const decided = `assumptions:
  "default:order_lines.unit_price": { corrected: none }
  "default:order_lines.currency": { corrected: "'EUR'" }
`;
  const documents = documentsOf({ sql, operations, more: { ".backend/design.yaml": decided } });
  const { spec } = await readSpec(Object.entries(documents).map(([path, text]) => ({ path, text })));
  const columns = spec.database.tables.find(({ name }) => name === "order_lines")?.columns ?? [];
  assert.deepEqual(
    columns
      .map(({ name, copied, default: value }) => [name, copied?.column, value])
      .filter(([, ...said]) => said.some(Boolean)),
    [
      ["id", undefined, "gen_random_uuid()"],
      ["product_name", "name", undefined],
      ["currency", undefined, "'EUR'"],
    ],
  );
});
