import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf } from "../../../src/spec/elements.ts";
import type { DesignDocument } from "../../../src/spec/model.ts";
import type { SpecReading } from "../../../src/spec/reading.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { documentsIn, libraryDocuments, orderDocuments } from "./fixtures.ts";

function read(...texts: readonly (readonly [path: string, text: string])[]): Promise<SpecReading> {
  return readSpec(texts.map(([path, text]): DesignDocument => ({ path, text })));
}

function found(reading: SpecReading): string[] {
  return reading.problems
    .filter((problem) => problem.severity !== "info")
    .map((problem) => `${problem.path}:${problem.line} ${problem.code}`);
}

function countByKind(reading: SpecReading): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const element of elementsOf(reading.spec)) counts[element.kind] = (counts[element.kind] ?? 0) + 1;
  return counts;
}

test("the sample project reads completely", async () => {
  const reading = await readSpec(orderDocuments());
  assert.deepEqual(reading.problems, []);
  assert.deepEqual(reading.notUnderstood, []);
  assert.deepEqual(
    reading.documents.map((document) => `${document.path} ${document.kinds}`),
    ["database-design.md database", "domain-model.md domain", "error-handling.md errors", "openapi.yaml api"],
  );
  const counts = countByKind(reading);
  assert.ok(
    Object.values(counts).length === 11 && (counts["endpoint"] ?? 0) >= 20 && (counts["table"] ?? 0) >= 8,
    JSON.stringify(counts),
  );
  assert.deepEqual(
    reading.spec.domain.stateMachines.map((machine) => [
      machine.entity,
      machine.field,
      machine.states,
      machine.transitions.length,
    ]),
    [["Order", "status", ["draft", "submitted", "paid", "shipped", "delivered", "cancelled"], 7]],
  );
  assert.deepEqual(reading.spec.errors.validation, { status: 400, code: "VALIDATION_ERROR" });
  assert.equal(reading.spec.errors.violations?.length, 23);
});

for (const folder of ["agents/templates", "test/fixtures/todo/docs"]) {
  test(`the documents of ${folder} read without a remark`, async () => {
    const { problems, notUnderstood, documents } = await readSpec(documentsIn(folder));
    assert.deepEqual([problems, notUnderstood], [[], []]);
    assert.deepEqual(
      new Set(documents.flatMap((document) => document.kinds)),
      new Set(["domain", "api", "database", "errors"]),
    );
  });
}

test("a document that is attached twice counts once", async () => {
  const [document] = orderDocuments();
  assert.ok(document);
  assert.deepEqual(await readSpec([document, document]), await readSpec([document]));
});

test("element ids are unique whatever documents come together", async () => {
  for (const documents of [libraryDocuments(), [...orderDocuments(), ...libraryDocuments()]]) {
    const ids = elementsOf((await readSpec(documents)).spec).map((element) => element.id);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  }
});

test("one pasted document may hold all four kinds", async () => {
  const text = libraryDocuments()
    .filter((document) => document.path.endsWith(".md"))
    .map((document) => document.text.replace(/^# /gm, "## "))
    .join("\n\n");
  const reading = await read(["pasted text", `# Design\n\n${text}`]);
  assert.deepEqual(reading.documents, [{ path: "pasted text", kinds: ["domain", "api", "database", "errors"] }]);
});

test("no document is no design", async () => {
  const { spec, problems, documents } = await readSpec([]);
  assert.deepEqual([elementsOf(spec), problems, documents], [[], [], []]);
});

const sqlTable =
  "CREATE TABLE orders (id uuid PRIMARY KEY, total numeric);\nCREATE INDEX orders_total_idx ON orders (total);";
const fencedTable =
  "# Database\n\n```sql\nCREATE TYPE kind AS ENUM ('x');\nCREATE TABLE orders (id int PRIMARY KEY, old kind);\nCREATE INDEX orders_old_idx ON orders (old);\nCREATE POLICY p ON orders USING (old = 'x');\n```\n";

test("a table of a script beats the one in a fence, and nothing of the loser is mixed in", async () => {
  const reading = await read(
    ["db.md", fencedTable],
    [
      "schema.sql",
      `${sqlTable}\nALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY q ON orders USING (true);`,
    ],
  );
  const { tables, indexes, policies, enums } = reading.spec.database;
  assert.deepEqual(
    [
      tables.map((table) => [table.source.path, table.columns.map((column) => column.name)]),
      indexes.map((index) => index.name),
      policies.map((policy) => policy.name),
      enums,
    ],
    [[["schema.sql", ["id", "total"]]], ["orders_total_idx"], ["q"], []],
  );
  assert.deepEqual(found(reading), ["db.md:5 SPEC-DUPLICATE"]);
});

test("OpenAPI beats Markdown, which still adds what only it says", async () => {
  const reading = await read(
    ["api.md", "# API\n\n### GET /orders/:id\n\nShows one.\n\n**Errors**: 404 `ORDER_NOT_FOUND`\n"],
    [
      "api.yaml",
      "openapi: 3.0.0\nservers: [{ url: /api }]\npaths:\n  /orders/{orderId}:\n    get: { operationId: getOrder, responses: { '200': { description: ok } } }\n",
    ],
  );
  const [endpoint, ...others] = reading.spec.api.endpoints;
  assert.deepEqual(
    [
      others,
      endpoint?.id,
      endpoint?.operationId,
      endpoint?.description,
      endpoint?.errorCodes,
      endpoint?.responses.map((response) => response.status),
    ],
    [[], "endpoint:GET /api/orders/{orderId}", "getOrder", "Shows one.", ["ORDER_NOT_FOUND"], [200, 404]],
  );
  assert.deepEqual(found(reading), ["api.md:3 SPEC-DUPLICATE"]);
});

const faults: readonly (readonly [
  what: string,
  documents: readonly (readonly [string, string])[],
  problems: readonly string[],
])[] = [
  [
    "a foreign key to nowhere",
    [["a.sql", "CREATE TABLE a (id int PRIMARY KEY,\n b int REFERENCES nowhere (id))"]],
    ["a.sql:2 SPEC-FK"],
  ],
  ["a table without key", [["a.sql", "CREATE TABLE a (id int)"]], ["a.sql:1 SPEC-NO-KEY"]],
  [
    "an index on a column that is not there",
    [["a.sql", "CREATE TABLE a (id int PRIMARY KEY);\nCREATE INDEX i ON a (x);"]],
    ["a.sql:2 SPEC-INDEX"],
  ],
  [
    "a policy without row level security",
    [["a.sql", "CREATE TABLE a (id int PRIMARY KEY);\nCREATE POLICY p ON a USING (true);"]],
    ["a.sql:2 SPEC-POLICY"],
  ],
  [
    "an endpoint's code that the error design lacks",
    [
      ["e.md", "# Errors\n\n| Code | Status |\n|--|--|\n| `A_B` | 400 |\n"],
      ["a.md", "# API\n\n### GET /x\n\nErrors: 404 `C_D`\n"],
    ],
    ["a.md:3 SPEC-ERROR-CODE"],
  ],
  [
    "a code with two statuses",
    [["e.md", "# Errors\n\n| Code | Status |\n|--|--|\n| `A_B` | 400 |\n| `A_B` | 409 |\n"]],
    ["e.md:6 SPEC-STATUS"],
  ],
  [
    "a code without status",
    [["e.md", "# Error codes\n\n| Code | Meaning |\n|--|--|\n| `A_B` | Bad |\n"]],
    ["e.md:5 SPEC-NO-STATUS"],
  ],
  ["MySQL", [["a.sql", "CREATE TABLE a (\n id INT AUTO_INCREMENT)"]], ["a.sql:2 SPEC-DIALECT"]],
  ["MySQL in a fence", [["a.md", "# Database\n\n```sql\nCREATE TABLE `a` (id INT);\n```\n"]], ["a.md:4 SPEC-DIALECT"]],
  ["DynamoDB", [["a.md", "# Database\n\nDynamoDB table.\n\n- DynamoDB partition key: id\n"]], ["a.md:3 SPEC-DIALECT"]],
  ["MongoDB", [["a.md", "# Database\n\nMongoDB. MongoDB, MongoDB.\n"]], ["a.md:3 SPEC-DIALECT"]],
  ["GraphQL", [["a.md", "# API\n\n```graphql\ntype Query { a: Int }\n```\n"]], ["a.md:3 SPEC-DIALECT"]],
  ["tRPC", [["a.md", "# API\n\n```ts\nexport const r = createTRPCRouter({})\n```\n"]], ["a.md:4 SPEC-DIALECT"]],
  ["Swagger 1", [["a.yaml", 'swagger: "1.2"\npaths:\n  /a: { get: {} }\n']], ["a.yaml:1 SPEC-DIALECT"]],
  ["Drizzle", [["a.md", "# Database\n\nexport const users = pgTable('users', {})\n"]], ["a.md:3 SPEC-DIALECT"]],
];

for (const [what, documents, problems] of faults) {
  test(`${what} is one problem at its line`, async () => {
    const reading = await read(...documents);
    assert.deepEqual(found(reading), problems);
    for (const problem of reading.problems) assert.match(problem.message, /, .*[;,] .*\.$/s, problem.message);
  });
}

test("missing kinds are named, as information", async () => {
  const { problems } = await read(["a.sql", sqlTable]);
  assert.deepEqual(
    problems.map((problem) => [problem.severity, problem.code, /holds the (\w+)/.exec(problem.message)?.[1]]),
    [
      ["info", "SPEC-MISSING-KIND", "domain"],
      ["info", "SPEC-MISSING-KIND", "API"],
      ["info", "SPEC-MISSING-KIND", "error"],
    ],
  );
});

test("without an error design the codes of the contract are the design", async () => {
  const { spec } = await read(["a.md", "# API\n\n### POST /x\n\nErrors: 404 `X_GONE`, 422 `VALIDATION_ERROR`\n"]);
  assert.deepEqual(
    spec.errors.codes.map((code) => [code.name, code.status, code.confidence]),
    [
      ["X_GONE", 404, "inferred"],
      ["VALIDATION_ERROR", 422, "inferred"],
    ],
  );
  assert.deepEqual(spec.errors.validation, { status: 422, code: "VALIDATION_ERROR" });
});

test("without an error document the envelope is the one of the contract's error responses", async () => {
  const { spec } = await read([
    "a.yaml",
    `openapi: 3.1.0
paths:
  /a:
    get:
      responses:
        '200': { description: ok }
        '404': { description: no, content: { application/json: { schema: { $ref: '#/components/schemas/Failure' } } } }
components:
  schemas:
    Failure: { type: object, properties: { ok: { const: false }, error: { type: object, properties: { code: { type: string }, message: { type: string } } } } }
`,
  ]);
  assert.deepEqual(
    [spec.errors.envelope?.confidence, spec.errors.envelope?.fields],
    [
      "inferred",
      [
        { path: ["ok"], role: "constant", value: false },
        { path: ["error", "code"], role: "code" },
        { path: ["error", "message"], role: "message" },
      ],
    ],
  );
});

test("a table and a fence that no reader understands are listed, prose and samples are not", async () => {
  const text = `# Database design

Some prose.

## Tables

### orders

| Column | Type |
|--|--|
| id | uuid |

| Shard | Region |
|--|--|
| 1 | eu |

\`\`\`protobuf
message Order { int64 id = 1; }
\`\`\`

\`\`\`bash
psql -f schema.sql
\`\`\`
`;
  const { notUnderstood } = await read(["db.md", text]);
  assert.deepEqual(notUnderstood, [
    { path: "db.md", line: 13, text: 'Table Shard | Region under "orders"' },
    { path: "db.md", line: 17, text: 'protobuf block under "orders"' },
  ]);
});
