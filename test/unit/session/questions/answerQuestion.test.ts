import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { CoverageElement, Review } from "../../../../src/review/model.ts";
import { answerQuestion, type Known } from "../../../../src/session/questions/answerQuestion.ts";
import { readQuestion } from "../../../../src/session/questions/readQuestion.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";
import { reviewWith } from "../../../support/designFixture.ts";

const openapi = `openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: /api/v1 }]
components:
  securitySchemes:
    bearer: { type: http, scheme: bearer }
security: [{ bearer: [] }]
paths:
  /orders:
    post:
      summary: Place an order
      responses:
        "201": { description: Created }
        "404": { description: "CUSTOMER_NOT_FOUND" }
  /orders/{orderId}:
    get:
      security: []
      parameters: [{ name: orderId, in: path, required: true, schema: { type: string, format: uuid } }]
      responses: { "200": { description: OK } }
`;

const sql = `CREATE TABLE customers (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (
  id uuid PRIMARY KEY,
  customer_id uuid NOT NULL REFERENCES customers (id),
  status text NOT NULL
);
CREATE INDEX idx_orders_status ON orders (status);
`;

const errors = `# Error handling

| Code | Status | Message |
|---|---|---|
| CUSTOMER_NOT_FOUND | 404 | There is no such customer. |
| ORDER_NOT_FOUND | 404 | There is no such order. |
`;

const at = (path: string, line: number) => ({ path, line, endLine: line });
const elements: readonly CoverageElement[] = [
  {
    id: "endpoint:POST /api/v1/orders",
    kind: "endpoint",
    name: "POST /api/v1/orders",
    status: "implemented",
    design: at("openapi.yaml", 9),
    code: at("src/app/api/routers/orders.py", 12),
  },
  {
    id: "table:orders",
    kind: "table",
    name: "orders",
    status: "mismatched",
    difference: "Column status is nullable.",
    design: at("schema.sql", 2),
    code: at("src/app/persistence/models/order.py", 9),
  },
  {
    id: "errorCode:ORDER_NOT_FOUND",
    kind: "errorCode",
    name: "ORDER_NOT_FOUND",
    status: "missing",
    design: at("errors.md", 6),
  },
];

const reviewed = reviewWith({ nPlusOne: "A query in a loop." });
const review: Review = {
  ...reviewed,
  coverage: { totals: { implemented: 1, missing: 1, mismatched: 1, extra: 0 }, elements },
};
let known: Known;

before(async () => {
  const reading = await readSpec([
    { path: "openapi.yaml", text: openapi },
    { path: "schema.sql", text: sql },
    { path: "errors.md", text: errors },
  ]);
  known = { reading, review };
});

function ask(prompt: string): string {
  const question = readQuestion(prompt);
  assert.ok(question, `"${prompt}" is no question`);
  return answerQuestion(question, known);
}

test("what is missing is said with what is different, each with its places", () => {
  assert.equal(
    ask("what is missing?"),
    `### Missing: 1

- error code \`ORDER_NOT_FOUND\` (\`errors.md:6\`)

### Different from the design: 1

- table \`orders\` (\`schema.sql:2\`); Column status is nullable.; in the code (\`src/app/persistence/models/order.py:9\`)`,
  );
  assert.equal(ask("which endpoints are missing?"), "Nothing is missing: every endpoint is implemented as designed.");
});

test("an endpoint is found without its base path and whatever its parameter is called", () => {
  assert.equal(
    ask("where is POST /orders implemented?"),
    "- endpoint `POST /api/v1/orders`: designed (`openapi.yaml:10`), implemented (`src/app/api/routers/orders.py:12`)",
  );
  assert.match(ask("where is get /orders/:id?"), /endpoint `GET \/api\/v1\/orders\/\{orderId\}`: designed/);
  assert.match(ask("where is /orders/42"), /GET \/api\/v1\/orders\/\{orderId\}/);
});

test("what is lacking is counted over the whole design", () => {
  assert.match(
    ask("which tables have no index?"),
    /^### 1 table of 2 without an index\n\n- `customers` \(`schema.sql:1`\)/,
  );
  assert.match(ask("which foreign keys are not indexed?"), /^### 1 foreign key of 1 .*\n\n- `orders\(customer_id\)`/);
  assert.match(ask("which endpoints have no auth?"), /^### 1 endpoint of 2 .*\n\n- `GET /);
  assert.match(ask("which tables have no primary key?"), /^Every table has a primary key\./);
});

test("an error code is explained with its state and with who answers it", () => {
  const answer = ask("explain error CUSTOMER_NOT_FOUND");
  assert.match(
    answer,
    /^### Error code `CUSTOMER_NOT_FOUND`\n\n```text\nCUSTOMER_NOT_FOUND 404: There is no such customer\.\n```/,
  );
  assert.match(answer, /Has to do with:\n\n- endpoint `POST \/api\/v1\/orders`/);
});

test("a table is named by what is about it", () => {
  const answer = ask("which endpoints use the table orders?");
  assert.deepEqual(
    [...answer.matchAll(/^- (.*?) \(/gm)].map((match) => match[1]),
    ["endpoint `POST /api/v1/orders`", "endpoint `GET /api/v1/orders/{orderId}`"],
  );
});

test("a name that is not there is answered with the nearest one", () => {
  assert.equal(
    ask("explain ODER_NOT_FOUND"),
    "The design has nothing called `ODER_NOT_FOUND`. Did you mean `ORDER_NOT_FOUND`?",
  );
  assert.equal(ask("explain the weather"), "The design has nothing called `weather`.");
});

test("progress and checks are told in one breath", () => {
  assert.equal(
    ask("how far is it?"),
    "1 of 3 elements of the design are implemented (33 %), 1 missing, 1 different. 1 check fails: Item nPlusOne.",
  );
  assert.match(ask("why does nPlusOne fail?"), /A query in a loop\. \(`src\/app\/domain\/order\.py:1`\)/);
  assert.match(ask("why does beauty fail?"), /^No check is called `beauty`\. There are: `annotations`/);
});

test("lists have the state of what is not implemented", () => {
  assert.equal(
    ask("list all error codes"),
    "### 2 error codes\n\n- `CUSTOMER_NOT_FOUND` (`errors.md:5`)\n- `ORDER_NOT_FOUND` — missing (`errors.md:6`)",
  );
  assert.equal(ask("list the value objects"), "The design has no value objects.");
});
