import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../../src/spec/join/shapeText.ts";
import type { Endpoint, Schema } from "../../../../src/spec/model.ts";
import type { SpecReading } from "../../../../src/spec/reading.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";

const sql = `
CREATE TABLE customers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(80) NOT NULL,
  password_hash text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz);
CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL REFERENCES customers (id), user_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sent')), total numeric(10,2) NOT NULL, note text,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE order_lines (id serial PRIMARY KEY, order_id uuid NOT NULL, sku text NOT NULL);
CREATE TABLE wallet_transactions (id serial PRIMARY KEY, amount numeric NOT NULL);`;

/** A contract of bare endpoints, as most documents have them. */
function contract(...endpoints: readonly string[]): string {
  return ["# API", "", ...endpoints.flatMap((endpoint) => [`### ${endpoint}`, "", "Text.", ""])].join("\n");
}

async function joined(api: string, more: Readonly<Record<string, string>> = {}): Promise<SpecReading> {
  const documents = { "schema.sql": sql, "api.md": api, ...more };
  return readSpec(Object.entries(documents).map(([path, text]) => ({ path, text })));
}

function endpointOf({ spec }: SpecReading, name: string): Endpoint {
  const endpoint = spec.api.endpoints.find(({ id }) => id === `endpoint:${name}`);
  assert.ok(endpoint, name);
  return endpoint;
}

/** Body and success of an endpoint as text: `{ name: string } → 201 CustomerOut`. */
function shapesOf({ request, responses }: Endpoint): string {
  const success = responses.find(({ status }) => status < 300);
  const text = (schema: Schema | undefined): string => (schema ? shapeText(schema) : "nothing");
  return `${text(request?.schema)} → ${success?.status ?? "?"} ${text(success?.schema)}`;
}

const derived: readonly (readonly [endpoint: string, shapes: string])[] = [
  ["GET /customers", "nothing → 200 CustomerOut[]"],
  ["GET /customers/{id}", "nothing → 200 CustomerOut"],
  ["POST /customers", "{ name: string } → 201 CustomerOut"],
  ["PATCH /customers/{id}", "{ name?: string } → 200 CustomerOut"],
  ["DELETE /customers/{id}", "nothing → 204 nothing"],
  [
    "POST /orders",
    '{ customer_id: string<uuid>; status?: "draft" | "sent"; total: number<decimal>; note?: string | null } → 201 OrderOut',
  ],
  [
    "POST /customers/{id}/orders",
    '{ status?: "draft" | "sent"; total: number<decimal>; note?: string | null } → 201 OrderOut',
  ],
  ["POST /orders/{id}/send", "{ } → 200 OrderOut"],
  ["PATCH /orders/{id}/status", '{ status: "draft" | "sent" } → 200 OrderOut'],
  ["GET /orders/{id}/pdf", "nothing → 200 string<binary>"],
  ["GET /orders/{id}/lines", "nothing → 200 OrderLineOut[]"],
  ["GET /transactions", "nothing → 200 WalletTransactionOut[]"],
  ["GET /admin/customers", "nothing → 200 CustomerOut[]"],
  ["GET /orders/{id}/weather", "nothing → 200 nothing"],
  ["GET /reports/sales.csv", "nothing → 200 string<binary>"],
  ["GET /health", "nothing → 200 { status: string }"],
  ["POST /auth/logout", "{ } → 204 nothing"],
  ["POST /auth/login", "nothing → ? nothing"],
];

for (const [name, shapes] of derived) {
  test(`${name} becomes ${shapes}`, async () => {
    assert.equal(shapesOf(endpointOf(await joined(contract(name)), name)), shapes);
  });
}

test("an answer shows neither secrets nor marks of deletion, and numbers of fixed precision as text", async () => {
  const { spec } = await joined(contract("GET /customers", "GET /orders"));
  assert.deepEqual(
    spec.api.schemas.map(({ name, schema }) => [name, shapeText(schema)]),
    [
      ["CustomerOut", "{ id: string<uuid>; name: string; created_at: string<date-time> }"],
      [
        "OrderOut",
        '{ id: string<uuid>; customer_id: string<uuid>; user_id: string<uuid>; status: "draft" | "sent"; total: string<decimal>; note: string | null; created_at: string<date-time> }',
      ],
    ],
  );
});

test("what a document gives is kept, and only what it leaves open is inferred", async () => {
  const api =
    '### POST /customers\n\nRequest:\n\n```json\n{ "nick": "x" }\n```\n\nResponse `200`:\n\n```json\n{ "ok": true }\n```\n';
  const reading = await joined(api);
  const { request, responses } = endpointOf(reading, "POST /customers");
  assert.deepEqual(
    [
      shapeText(request?.schema ?? { type: "any" }),
      responses.map(({ status, schema }) => [status, schema && shapeText(schema)]),
    ],
    ["{ nick: string }", [[200, "{ ok: boolean }"]]],
  );
  assert.deepEqual(
    [request?.confidence, responses[0]?.confidence, reading.assumptions.map(({ id }) => id)],
    [undefined, undefined, []],
  );
});

test("a body that only names its properties has the types of the columns", async () => {
  const reading = await joined("### POST /orders\n\nBody: `{ total, note }`\n");
  assert.equal(
    shapeText(endpointOf(reading, "POST /orders").request?.schema ?? { type: "any" }).replaceAll("?", ""),
    "{ total: number<decimal>; note: string | null }",
  );
});

test("an entity that no table stores gives the models by its typed fields", async () => {
  const domain =
    "# Domain\n\n## Ticket\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| title | string |\n| createdAt | datetime |\n";
  const reading = await readSpec([
    { path: "domain.md", text: domain },
    { path: "api.md", text: contract("POST /tickets") },
  ]);
  assert.equal(shapesOf(endpointOf(reading, "POST /tickets")), "{ title: string } → 201 TicketOut");
});

test("everything that is inferred stands among the assumptions, with its reason's place", async () => {
  const { assumptions } = await joined(contract("POST /orders", "GET /orders/{id}/lines", "GET /transactions"));
  assert.deepEqual(
    assumptions.map(({ id, kind, value, source, basis }) => [
      id,
      kind,
      value.slice(0, 24),
      `${source.path}:${source.line}`,
      basis && `${basis.path}:${basis.line}`,
    ]),
    [
      ["relation:order_lines.order_id", "relation", "orders.id", "schema.sql:8", undefined],
      ["owner:orders.user_id", "owner", "caller", "schema.sql:5", "api.md:3"],
      ["request:POST /orders", "request", "{ customer_id: string<uu", "api.md:3", "schema.sql:4"],
      ["status:POST /orders", "status", "201", "api.md:3", undefined],
      ["model:OrderOut", "model", "{ id: string<uuid>; cust", "schema.sql:4", undefined],
      ["answer:POST /orders", "answer", "OrderOut", "api.md:3", "schema.sql:4"],
      ["status:GET /orders/{id}/lines", "status", "200", "api.md:7", undefined],
      ["model:OrderLineOut", "model", "{ id: integer; order_id:", "schema.sql:8", undefined],
      ["answer:GET /orders/{id}/lines", "answer", "OrderLineOut[]", "api.md:7", "schema.sql:8"],
      ["resource:transactions", "resource", "wallet_transactions", "api.md:11", "schema.sql:9"],
      ["status:GET /transactions", "status", "200", "api.md:11", undefined],
      ["model:WalletTransactionOut", "model", "{ id: integer; amount: s", "schema.sql:9", undefined],
      ["answer:GET /transactions", "answer", "WalletTransactionOut[]", "api.md:11", "schema.sql:9"],
    ],
  );
});

test("a path and a column's name together give the table its foreign key", async () => {
  const { spec } = await joined(contract("GET /orders/{id}/lines"));
  const table = spec.database.tables.find(({ name }) => name === "order_lines");
  assert.deepEqual(
    table?.constraints
      .filter(({ type }) => type === "foreignKey")
      .map(({ columns, references, confidence }) => [columns, references?.table, confidence]),
    [[["order_id"], "orders", "inferred"]],
  );
  const { spec: other } = await joined(contract("GET /orders"));
  assert.deepEqual(
    other.database.tables.find(({ name }) => name === "order_lines")?.constraints.map(({ type }) => type),
    ["primaryKey"],
  );
});

test("keys are not asked for: the application makes those of which nothing is said", async () => {
  const table = "CREATE TABLE tags (id uuid PRIMARY KEY, label text NOT NULL);";
  const read = (api: string, decisions = "") =>
    readSpec([
      { path: "tags.sql", text: table },
      { path: "api.md", text: api },
      { path: ".backend/design.yaml", text: decisions },
    ]);
  const open = await read(contract("POST /tags"));
  assert.equal(shapesOf(endpointOf(open, "POST /tags")), "{ label: string } → 201 TagOut");
  const keyOf = ({ spec }: SpecReading) => {
    const { default: value, fromApplication } = spec.database.tables[0]?.columns[0] ?? {};
    return { value, fromApplication };
  };
  assert.deepEqual(keyOf(open), { value: undefined, fromApplication: true });
  assert.equal(open.assumptions[0]?.id, "default:tags.id");
  const asked = await read(contract("POST /tags"), 'assumptions: { "default:tags.id": { corrected: none } }');
  assert.equal(shapesOf(endpointOf(asked, "POST /tags")), "{ id: string<uuid>; label: string } → 201 TagOut");
  const given = await read('### POST /tags\n\nRequest:\n\n```json\n{ "id": "x", "label": "y" }\n```\n');
  assert.deepEqual(keyOf(given), { value: undefined, fromApplication: undefined });
  const unnamed = await read('### POST /tags\n\nRequest:\n\n```json\n{ "label": "y" }\n```\n');
  assert.deepEqual(keyOf(unnamed), { value: undefined, fromApplication: true });
  const byDatabase = await read(contract("POST /tags"), 'assumptions: { "default:tags.id": { corrected: uuidv7() } }');
  assert.deepEqual(keyOf(byDatabase), { value: "uuidv7()", fromApplication: undefined });
});
