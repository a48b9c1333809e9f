import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, documentsOf } from "../../../support/compiledApi.ts";
import { specOf } from "../../../support/compilerPlans.ts";

const sql = `
  CREATE TABLE products (id uuid PRIMARY KEY, name text NOT NULL);
  CREATE TABLE sales_orders (id uuid PRIMARY KEY, number text NOT NULL);
  CREATE TABLE purchase_orders (id uuid PRIMARY KEY, number text NOT NULL);
  CREATE TABLE order_lines (id uuid PRIMARY KEY, order_id uuid NOT NULL REFERENCES sales_orders (id),
    product_id uuid NOT NULL REFERENCES products (id));
  CREATE TABLE shipments (id uuid PRIMARY KEY, order_id uuid NOT NULL REFERENCES sales_orders (id));
  CREATE TABLE stock_notes (id uuid PRIMARY KEY, product_id uuid NOT NULL REFERENCES products (id));
  CREATE TABLE customer_notes (id uuid PRIMARY KEY, body text NOT NULL);
  CREATE TABLE notes (id uuid PRIMARY KEY, body text NOT NULL);`;

const line = "{ type: object, properties: { id: { type: string } } }";
const order = "{ $ref: '#/components/schemas/Order' }";
const schemas = {
  OrderLine: line,
  Order:
    "{ type: object, properties: { id: { type: string }, lines: { type: array, items: { $ref: '#/components/schemas/OrderLine' } } } }",
};

const gone = "{ responses: { '204': { description: Gone. } } }";

/** The tables that the steps of a path stand for, and what is left of it. */
const walks: readonly (readonly [endpoint: string, body: string, walk: string])[] = [
  ["GET /orders", `{ ${answers(`{ type: array, items: ${order} }`)} }`, "sales_orders"],
  ["GET /orders/{orderId}", `{ ${answers(order)} }`, "sales_orders"],
  ["DELETE /orders/{orderId}", gone, "sales_orders"],
  ["POST /orders/{orderId}/place", `{ ${answers(order)} }`, "sales_orders + place"],
  ["DELETE /orders/{orderId}/lines/{lineId}", gone, "sales_orders > order_lines"],
  ["DELETE /orders/{orderId}/shipments/{id}", gone, "sales_orders > shipments"],
  ["DELETE /products/{productId}/notes/{id}", gone, "products > notes"],
];

test("a collection stands for one table on every path, whatever its endpoints answer", async () => {
  const operations = Object.fromEntries(walks.map(([endpoint, body]) => [endpoint, body]));
  const { api } = await specOf(documentsOf({ sql, schemas, operations }));
  const walked = api.endpoints.map(({ name, resource }) => [
    name,
    [resource?.steps.map(({ table }) => table).join(" > "), ...(resource?.rest ?? [])].join(" + "),
  ]);
  assert.deepEqual(Object.fromEntries(walked), Object.fromEntries(walks.map(([endpoint, , walk]) => [endpoint, walk])));
});
