import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { CoverageElement, Review } from "../../../../src/review/model.ts";
import { answerQuestion, isAnswerable, type Known } from "../../../../src/session/questions/answerQuestion.ts";
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
    delete:
      security: [{ bearer: [staff] }]
      parameters: [{ name: orderId, in: path, required: true, schema: { type: string, format: uuid } }]
      responses: { "204": { description: Gone }, "404": { description: "ORDER_NOT_FOUND" } }
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

const domain = `# Domain model

## Order

| Field | Type |
|---|---|
| id | uuid |
| status | OrderStatus |

| From | To | By |
|---|---|---|
| open | closed | close |

## Business rules

- BR-1: An order that is closed is not changed.
- BR-2: A customer has a name.
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
  {
    id: "endpoint:DELETE /api/v1/orders/{orderId}",
    kind: "endpoint",
    name: "DELETE /api/v1/orders/{orderId}",
    status: "missing",
    design: at("openapi.yaml", 19),
  },
];

const reviewed = reviewWith({ nPlusOne: "A query in a loop." });
const review: Review = {
  ...reviewed,
  coverage: {
    totals: { implemented: 1, missing: 2, mismatched: 1, extra: 0 },
    elements,
    unlinkedRules: [
      { id: "rule:BR-1", name: "BR-1", text: "An order that is closed is not changed.", design: at("domain.md", 16) },
      { id: "rule:BR-2", name: "BR-2", text: "A customer has a name.", design: at("domain.md", 17) },
    ],
  },
};
let known: Known;

before(async () => {
  const reading = await readSpec([
    { path: "openapi.yaml", text: openapi },
    { path: "schema.sql", text: sql },
    { path: "errors.md", text: errors },
    { path: "domain.md", text: domain },
  ]);
  const reason = "nothing says what closing means";
  const open = [{ element: "endpoint:DELETE /api/v1/orders/{orderId}", reason, source: at("openapi.yaml", 19) }];
  known = { reading, review, open };
});

function ask(prompt: string): string {
  const question = readQuestion(prompt);
  assert.ok(question, `"${prompt}" is no question`);
  return answerQuestion(question, known);
}

test("what is missing is said with what is different, each with its places", () => {
  assert.equal(
    ask("what is missing?"),
    `### Missing: 2

- error code \`ORDER_NOT_FOUND\` (\`errors.md:6\`)
- endpoint \`DELETE /api/v1/orders/{orderId}\` (\`openapi.yaml:19\`)

### Different from the design: 1

- table \`orders\` (\`schema.sql:2\`); Column status is nullable.; in the code (\`src/app/persistence/models/order.py:9\`)`,
  );
  assert.equal(ask("which columns are missing?"), "Nothing is missing: every column is implemented as designed.");
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
  assert.match(ask("which endpoints have no auth?"), /^### 1 endpoint of 3 .*\n\n- `GET /);
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
    [
      "endpoint `POST /api/v1/orders`",
      "endpoint `GET /api/v1/orders/{orderId}`",
      "endpoint `DELETE /api/v1/orders/{orderId}` — missing",
    ],
  );
});

test("a name that is not there is answered with the nearest one", () => {
  assert.equal(
    ask("explain ODER_NOT_FOUND"),
    "The design has nothing called `ODER_NOT_FOUND`. Did you mean `ORDER_NOT_FOUND`?",
  );
  assert.equal(
    ask("explain the weather"),
    "The design has nothing called `weather`. Ask with a name that the documents have: of an endpoint (`POST /orders`), a table, an entity, a rule or an error code.",
  );
});

test("progress and checks are told in one breath", () => {
  assert.equal(
    ask("how far is it?"),
    "1 of 4 elements of the design are implemented (25 %), 2 missing, 1 different. 1 check fails: Item nPlusOne.",
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

/** What people ask of a design, with all that they are told. */
const asked: Readonly<Record<string, string>> = {
  "which endpoints need an admin?": `No endpoint of the design needs \`admin\`.

### What the endpoints ask of their callers

- \`staff\`: 1 endpoint
- signed in, in any role: 1 endpoint
- public: 1 endpoint`,
  "which endpoints need staff?": `### 1 endpoint of 3 needs \`staff\`

- \`DELETE /api/v1/orders/{orderId}\` (\`openapi.yaml:20\`)`,
  "which endpoints need authentication?": `### 2 endpoints of 3 need a caller who has signed in

- \`POST /api/v1/orders\` (\`openapi.yaml:10\`)
- \`DELETE /api/v1/orders/{orderId}\` — \`staff\` (\`openapi.yaml:20\`)`,
  "who can call DELETE /orders/1?": `- \`DELETE /api/v1/orders/{orderId}\`: \`staff\` (bearer) (\`openapi.yaml:20\`)`,
  "who may delete an order?": `- \`DELETE /api/v1/orders/{orderId}\`: \`staff\` (bearer) (\`openapi.yaml:20\`)`,
  "can I delete a customer?": `No endpoint of the design is a \`DELETE\` of \`customer\`.`,
  "what is missing for orders?": `### Missing: 2

- error code \`ORDER_NOT_FOUND\` (\`errors.md:6\`)
- endpoint \`DELETE /api/v1/orders/{orderId}\` (\`openapi.yaml:19\`)

### Different from the design: 1

- table \`orders\` (\`schema.sql:2\`); Column status is nullable.; in the code (\`src/app/persistence/models/order.py:9\`)

### Rules that are linked to no function: 1

- \`BR-1\`: An order that is closed is not changed. (\`domain.md:16\`)`,
  "what is missing in errors.md?": `### Missing: 1

- error code \`ORDER_NOT_FOUND\` (\`errors.md:6\`)`,
  "why is DELETE /orders/{id} not implemented?": `- endpoint \`DELETE /api/v1/orders/{orderId}\` (\`openapi.yaml:20\`) is not in the code, and the engine leaves it open: nothing says what closing means (\`openapi.yaml:19\`)`,
  "why is ORDER_NOT_FOUND missing?": `- error code \`ORDER_NOT_FOUND\` (\`errors.md:6\`) is not in the code, though the design says enough for it: \`/implement\` proposes it.`,
  "why is the table orders different?": `- table \`orders\` (\`schema.sql:2\`) differs from the design (\`src/app/persistence/models/order.py:9\`): Column status is nullable.`,
  "why is POST /orders missing?": `- endpoint \`POST /api/v1/orders\` (\`openapi.yaml:10\`) is implemented (\`src/app/api/routers/orders.py:12\`).`,
  "why is BR-1 not linked?": `- business rule \`BR-1\` (\`domain.md:16\`) is a sentence, and reading it proves nothing: nobody has linked it to the function that keeps it. *Link to Function…* does that, or its id in the function's docstring.`,
  "is BR-1 implemented?": `- business rule \`BR-1\`: designed (\`domain.md:16\`), linked to no function`,
  "how many endpoints are implemented?": `1 of 2 endpoints of the design are implemented (50 %), 1 missing, 0 different.

- endpoint \`DELETE /api/v1/orders/{orderId}\` (\`openapi.yaml:19\`)`,
  "what should I do next?": `1 of 4 elements of the design are implemented (25 %), 2 missing, 1 different. 1 check fails: Item nPlusOne.

### Next

- \`/implement\` proposes what is missing or has changed: 2 elements.
- \`/fix\` proposes changes for 1 element that differs and 1 check that fails.
- Confirm or correct 5 assumptions in the view Design Assumptions.
- Link 2 business rules to the functions that keep them, in the document or the view Design Coverage.`,
  "what states can an order have?": `\`Order.status\` is one of \`open\`, \`closed\` (\`domain.md:12\`).

- \`open\` → \`closed\` (\`domain.md:12\`)`,
  "which columns does orders have?": `### What has to do with the table \`orders\`

- \`id uuid not null\` (\`schema.sql:3\`)
- \`customer_id uuid not null\` (\`schema.sql:4\`)
- \`status text not null\` (\`schema.sql:5\`)`,
  "what fields does Order have?": `### What has to do with the entity \`Order\`

- \`id: uuid\` (\`domain.md:7\`)
- \`status: OrderStatus\` (\`domain.md:8\`)`,
  "what are the business rules for orders?": `### What has to do with the table \`orders\`

- \`BR-1\`: An order that is closed is not changed. (\`domain.md:16\`)`,
  "what errors can DELETE /orders/1 return?": `### What has to do with the endpoint \`DELETE /api/v1/orders/{orderId}\`

- \`ORDER_NOT_FOUND 404: There is no such order.\` — missing (\`errors.md:6\`)`,
  "which files implement orders?": `### 2 files with what has to do with the table \`orders\`

- 1 element (\`src/app/api/routers/orders.py:12\`)
- 1 element (\`src/app/persistence/models/order.py:9\`)`,
  "which rules are not linked?": `### Linked to no function

- \`BR-1\`: An order that is closed is not changed. (\`domain.md:16\`)
- \`BR-2\`: A customer has a name. (\`domain.md:17\`)`,
  "what has changed in the design?": `The design has not changed since it was implemented.`,
  "which documents did you read?": `### Read: 4 design documents

- \`openapi.yaml\`: API contract
- \`schema.sql\`: database design
- \`errors.md\`: error handling design
- \`domain.md\`: domain model`,
  "show me the error format": `The design does not say what the body of an error looks like.`,
};

for (const [prompt, answer] of Object.entries(asked)) {
  test(`"${prompt}" has its whole answer`, () => assert.equal(ask(prompt), answer));
}

test("what nobody has asked the engine is not told as its reason", () => {
  const question = { about: "why", subject: "DELETE /orders/1" } as const;
  const { open: _, ...unasked } = known;
  assert.match(answerQuestion(question, unasked), /though the design says enough for it: `\/implement` proposes it\.$/);
});

test("a subject that the design does not know is left to a model", () => {
  const isKnown = (subject: string) => isAnswerable({ about: "explain", subject }, known);
  assert.deepEqual(["orders", "ODER_NOT_FOUND", "errors.md", "the weather"].map(isKnown), [true, true, true, false]);
});
