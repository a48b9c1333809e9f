import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, planApi, takes } from "../../support/compiledApi.ts";

const sql = `
  CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), subject text NOT NULL UNIQUE, name text NOT NULL);
  ALTER TABLE users ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON users USING (subject = current_setting('app.subject', true));
  CREATE TABLE orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number text NOT NULL UNIQUE, note text,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'cancelled')),
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE notices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users (id), body text NOT NULL,
    is_read boolean NOT NULL DEFAULT false, read_at timestamptz, read_by uuid, deleted_at timestamptz);
  CREATE TABLE absences (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), status text NOT NULL, approved_at timestamptz);
  CREATE TABLE order_lines (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid NOT NULL REFERENCES orders (id),
    quantity int NOT NULL);
  CREATE TABLE order_status_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid NOT NULL REFERENCES orders (id), status text NOT NULL);`;

const schemas = {
  Order:
    "{ type: object, required: [id, number], properties: { id: { type: string }, number: { type: string }, note: { type: string } } }",
  Line: "{ type: object, required: [quantity], properties: { quantity: { type: integer } } }",
};
const notice = "{ type: object, properties: { id: { type: string }, body: { type: string } } }";
const order = "{ $ref: '#/components/schemas/Order' }";
const line = "{ $ref: '#/components/schemas/Line' }";
const noted = "{ type: object, properties: { note: { type: string } } }";
const list = (item: string) => `{ type: array, items: ${item} }`;

const carriedOut: readonly (readonly [string, string, readonly string[]])[] = [
  ["GET /orders", `{ ${answers(list(order))} }`, ["list", "Order", "list_orders"]],
  ["GET /orders/search", `{ ${answers(list(order))} }`, ["list", "Order", "list_orders"]],
  ["GET /shop/orders", `{ ${answers(list(order))} }`, ["list", "Order", "list_orders"]],
  ["GET /orders/paid", `{ ${answers(list(order))} }`, ["list", "Order", "list_orders_paid"]],
  ["GET /orders/latest", `{ ${answers(list(order))} }`, ["list", "Order", "list_orders_latest"]],
  [
    "GET /orders/findByNumber",
    `{ parameters: [{ name: number, in: query, required: true, schema: { type: string } }], ${answers(list(order))} }`,
    ["list", "Order", "list_orders_find_by_number"],
  ],
  ["POST /orders", `{ ${takes(order)}, ${answers(order, 201)} }`, ["create", "Order", "create_order"]],
  [
    "POST /orders/batch",
    `{ ${takes(list(order))}, ${answers(list(order), 201)} }`,
    ["createMany", "Order", "create_many_order_batch"],
  ],
  [
    "POST /orders/createWithList",
    `{ ${takes(list(order))}, ${answers(list(order), 201)} }`,
    ["createMany", "Order", "create_many_order_create_with_list"],
  ],
  ["PUT /orders", `{ ${takes(order)}, ${answers(order)} }`, ["replace", "Order", "replace_order"]],
  ["POST /orders/{orderId}", `{ ${takes(order)}, ${answers(order)} }`, ["update", "Order", "update_order"]],
  [
    "POST /orders/{orderId}",
    `{ parameters: [{ name: note, in: query, schema: { type: string } }], ${answers(order)} }`,
    ["update", "Order", "update_order"],
  ],
  ["GET /orders/{id}", `{ ${answers(order)} }`, ["get", "Order", "get_order"]],
  ["GET /orders/{number}", `{ ${answers(order)} }`, ["get", "Order", "get_order"]],
  ["PATCH /orders/{orderId}", `{ ${takes(order)}, ${answers(order)} }`, ["update", "Order", "update_order"]],
  ["PUT /orders/{orderId}", `{ ${takes(order)}, ${answers(order)} }`, ["replace", "Order", "replace_order"]],
  ["DELETE /orders/{orderId}", "{ responses: { '204': { description: Gone. } } }", ["delete", "Order", "delete_order"]],
  ["POST /notices/{id}/mark-read", `{ ${answers(notice)} }`, ["mark", "Notice", "mark_read_notice"]],
  ["PUT /notices/{id}/unread", `{ ${answers(notice)} }`, ["mark", "Notice", "unread_notice"]],
  ["POST /notices/{id}/restore", `{ ${answers(notice)} }`, ["restore", "Notice", "restore_notice"]],
  ["GET /notices/read", `{ ${answers(list(notice))} }`, ["list", "Notice", "list_notices_read"]],
  [
    "GET /shop/numbers",
    `{ summary: Orders by status, ${answers("{ type: object, additionalProperties: { type: integer } }")} }`,
    ["tally", "Order", "tally_order_shop_numbers"],
  ],
  ["POST /orders/{orderId}/pay", `{ ${answers(order)} }`, ["transition", "Order", "pay_order"]],
  ["POST /orders/{orderId}/rename", `{ ${takes(noted)}, ${answers(order)} }`, ["update", "Order", "rename_order"]],
  ["GET /orders/{orderId}/lines", `{ ${answers(list(line))} }`, ["list", "OrderLine", "list_order_order_lines"]],
  [
    "POST /orders/{orderId}/lines",
    `{ ${takes(line)}, ${answers(line, 201)} }`,
    ["create", "OrderLine", "create_order_order_line"],
  ],
  [
    "DELETE /orders/{o}/lines/{lineId}",
    "{ responses: { '204': { description: Gone. } } }",
    ["delete", "OrderLine", "delete_order_order_line"],
  ],
  [
    "GET /orders/{orderId}/history",
    `{ ${answers(list("{ type: object, properties: { status: { type: string } } }"))} }`,
    ["list", "OrderStatusHistory", "list_order_order_status_histories"],
  ],
  [
    "GET /users/me",
    `{ ${answers("{ type: object, properties: { name: { type: string } } }")} }`,
    ["get", "User", "get_own_user"],
  ],
  ["GET /health", "{ security: [], responses: { '200': { description: Up. } } }", ["health", "", "get_health"]],
];

for (const [endpoint, body, expected] of carriedOut) {
  test(`${endpoint} is carried out as ${expected[0]} of ${expected[1] || "nothing"}`, async () => {
    const { api, needsDetail } = await planApi({ sql, schemas, operations: { [endpoint]: body } });
    assert.deepEqual(needsDetail, []);
    assert.deepEqual(
      api.operations.map(({ kind, target, name }) => [kind, target?.className ?? "", name]),
      [expected],
    );
  });
}

const undetermined: readonly (readonly [string, string, RegExp])[] = [
  [
    "POST /auth/login",
    `{ ${answers("{ type: object, properties: { token: { type: string } } }")} }`,
    /No table or entity is behind "auth" \/ "login"/,
  ],
  [
    "POST /orders/{orderId}/translate",
    `{ ${answers(order)} }`,
    /no state machine of Order has a transition "translate"/i,
  ],
  [
    "POST /orders/{orderId}/refund",
    `{ ${takes(noted)}, ${answers(order)} }`,
    /no state machine of Order has a transition "refund"/i,
  ],
  [
    "GET /orders/{orderId}/events",
    "{ responses: { '200': { description: x, content: { text/event-stream: { schema: { type: string } } } } } }",
    /stream of events/,
  ],
  [
    "POST /absences/{id}/approve",
    `{ ${answers("{ type: object, properties: { id: { type: string } } }")} }`,
    /no state machine of Absence has a transition "approve"/i,
  ],
  [
    "GET /users/me/notices",
    `{ ${answers(list(notice))} }`,
    /the path names the row in front of notices by another column than notices points at/i,
  ],
  [
    "GET /shop/numbers",
    `{ summary: What there is, ${answers("{ type: object, additionalProperties: { type: integer } }")} }`,
    /no table or entity is behind "shop" \/ "numbers"/i,
  ],
  ["GET /orders/weekly", `{ ${answers(list(order))} }`, /no document says what "weekly" shows of orders/i],
  ["GET /my/orders", `{ ${answers(list(order))} }`, /no document says what "my" in front of "orders" means/i],
  ["GET /reports/orders", `{ ${answers(list(order))} }`, /no document says what "reports" in front of "orders" means/i],
  ["GET /paid/orders", `{ ${answers(list(order))} }`, /no document says what "paid" in front of "orders" means/i],
  ["GET /admin/orders", `{ ${answers(list(order))} }`, /no document says what "admin" in front of "orders" means/i],
  ["GET /{shop}/orders", `{ ${answers(list(order))} }`, /no document says what "\{shop\}" in front of "orders" means/i],
  ["DELETE /orders", "{ responses: { '204': { description: Gone. } } }", /DELETE on a whole collection/],
  [
    "POST /notices",
    `{ ${takes("{ type: object, required: [coupon], properties: { coupon: { type: string } } }")}, ${answers(notice, 201)} }`,
    /no column takes the property .*coupon.*; nothing gives a value to notices.body/i,
  ],
  [
    "GET /orders/{orderId}",
    `{ ${answers("{ type: object, required: [id, score], properties: { id: { type: string }, number: { type: string }, score: { type: number } } }")} }`,
    /no column gives the property .*score/i,
  ],
  [
    "POST /orders",
    "{ requestBody: { content: { multipart/form-data: { schema: { type: object } } } }, responses: { '201': { description: x } } }",
    /it has one file or one list of files, and this one has 0/,
  ],
];

for (const [endpoint, body, reason] of undetermined) {
  test(`${endpoint} needs detail: ${reason.source}`, async () => {
    const { api, needsDetail } = await planApi({ sql, schemas, operations: { [endpoint]: body } });
    assert.deepEqual(api.operations, []);
    assert.deepEqual(api.models, []);
    assert.deepEqual(
      needsDetail.map(({ element }) => element),
      [`endpoint:${endpoint}`],
    );
    assert.match(needsDetail[0]?.reason ?? "", reason);
  });
}

test("an operation id that is used twice is given to the first only", async () => {
  const body = `{ operationId: fetch, ${answers(order)} }`;
  const operations = {
    "GET /orders/{id}": body,
    "GET /orders/by-number/{number}": body,
    "GET /orders/{id}/summary": body,
  };
  const { api } = await planApi({ sql, schemas, operations });
  assert.deepEqual(
    api.operations.map(({ operationId, name }) => [operationId, name]),
    [
      ["fetch", "fetch"],
      ["fetch2", "fetch_2"],
    ],
  );
});

test("words in front of a resource mean something where the path stands without them", async () => {
  const body = `{ ${answers(list(order))} }`;
  const { api, needsDetail } = await planApi({
    sql,
    schemas,
    operations: { "GET /shop/orders": body, "GET /orders": body },
  });
  assert.deepEqual(
    api.operations.map(({ endpoint }) => endpoint.path),
    ["/orders"],
  );
  assert.match(needsDetail[0]?.reason ?? "", /what "shop" in front of "orders" means/);
});

test("the rows of a named list have the value that it is named after", async () => {
  const operations = { "GET /orders/paid": `{ ${answers(list(order))} }` };
  const { api } = await planApi({ sql, schemas, operations });
  const [planned] = api.operations;
  assert.deepEqual(
    planned?.query?.filters.map(({ filter, attribute, source }) => [filter.name, attribute, source]),
    [["status", "OrderStatus.PAID", "value"]],
  );
});

test("a route is asked before the one that would take its path for a key, and what needs detail is kept from it", async () => {
  const one = `{ ${answers(order)} }`;
  const all = `{ ${answers(list(order))} }`;
  const { api, needsDetail } = await planApi({
    sql,
    schemas,
    operations: {
      "GET /orders/{id}": one,
      "GET /orders/paid": all,
      "GET /orders/weekly": all,
      "POST /orders/translate": one,
    },
  });
  assert.deepEqual(
    api.operations.map(({ endpoint }) => endpoint.path),
    ["/orders/paid", "/orders/{id}"],
  );
  assert.deepEqual(
    api.reserved.map(({ method, path }) => `${method} ${path}`),
    ["GET /orders/weekly"],
  );
  assert.deepEqual(
    needsDetail.map(({ reason }) => / Until then it answers 501\.$/.test(reason)),
    [true, false],
  );
});

test("an action says who did it only where somebody must be logged in", async () => {
  for (const [security, expected] of [
    ["[]", ["is_read true", "read_at now"]],
    ["[{ bearer: [] }]", ["is_read true", "read_at now", "read_by caller"]],
  ] as const) {
    const operations = { "POST /notices/{id}/read": `{ security: ${security}, ${answers(notice)} }` };
    const { api, assumptions } = await planApi({ sql, schemas, operations });
    assert.deepEqual(
      api.operations[0]?.mark?.values.map(({ field, value }) => `${field.name} ${value}`),
      expected,
    );
    assert.ok(
      assumptions.some(({ text }) => text.startsWith('"read" sets is_read to true, read_at to the current time')),
    );
  }
});

test("the sentence that an answer must have is an assumption", async () => {
  const envelope = "{ type: object, required: [message], properties: { message: { type: string } } }";
  const operations = { "DELETE /orders/{orderId}": `{ ${answers(envelope)} }` };
  const { api, assumptions } = await planApi({ sql, schemas, operations });
  const shape = api.operations[0]?.response?.shape;
  assert.deepEqual(shape?.kind === "object" && shape.fields.map((field) => field.shape), [
    { kind: "value", expression: '"Order deleted"', imports: [] },
  ]);
  assert.ok(assumptions.some(({ text }) => text === 'No document gives the text of message; it is "Order deleted".'));
});
