import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, Schema } from "../../../src/spec/model.ts";
import type { SpecReading } from "../../../src/spec/reading.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

function read(text: string, path = "api.yaml"): Promise<SpecReading> {
  return readSpec([{ path, text }]);
}

const contract = `openapi: 3.1.0
info: { title: Library }
servers:
  - url: https://a.example/api/v1/
  - url: https://{host}.example/api/{version}
    variables: { host: { default: b }, version: { default: v1 } }
security: [{ Token: [] }]
paths:
  /books/{bookId}:
    parameters:
      - $ref: '#/components/parameters/BookId'
    patch:
      operationId: changeBook
      tags: [Books, Other]
      summary: Change
      parameters:
        - { name: dryRun, in: query, schema: { type: boolean, default: false } }
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/BookChange' }
      responses:
        '200': { description: Done, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        '404': { $ref: '#/components/responses/NotFound' }
        '409':
          description: '\`BOOK_IS_LENT\` while it is out'
        4XX: { description: Wrong }
      security: [{ Token: [librarian] }]
    get:
      security: []
      responses: { '204': { description: Nothing } }
components:
  securitySchemes:
    Token: { type: http, scheme: bearer }
    Key: { type: apiKey, in: header, name: X-Key }
  parameters:
    BookId: { name: bookId, in: path, required: true, schema: { type: string, format: uuid } }
  responses:
    NotFound:
      description: Not found
      content:
        application/json:
          schema: { $ref: '#/components/schemas/Problem' }
          examples:
            book: { value: { error: { code: BOOK_NOT_FOUND, message: No such book } } }
  schemas:
    Book: { allOf: [{ $ref: '#/components/schemas/BookChange' }, { type: object, required: [id, title], properties: { id: { type: string, format: uuid, readOnly: true }, parent: { $ref: '#/components/schemas/Book' } } }] }
    BookChange: { type: object, properties: { title: { type: [string, 'null'], maxLength: 80 } }, additionalProperties: false }
    Problem: { type: object }
`;

test("an operation is read with path-level parameters, shared responses, codes and its line", async () => {
  const expected: Endpoint = {
    id: "endpoint:PATCH /api/v1/books/{bookId}",
    kind: "endpoint",
    name: "PATCH /api/v1/books/{bookId}",
    source: { path: "api.yaml", line: 12, endLine: 29 },
    confidence: "declared",
    method: "PATCH",
    path: "/api/v1/books/{bookId}",
    operationId: "changeBook",
    tag: "Books",
    summary: "Change",
    parameters: [
      { name: "bookId", in: "path", required: true, schema: { type: "string", format: "uuid" } },
      { name: "dryRun", in: "query", required: false, schema: { type: "boolean", default: false } },
    ],
    request: { contentType: "application/json", required: true, schema: { type: "ref", ref: "BookChange" } },
    responses: [
      { status: 200, description: "Done", contentType: "application/json", schema: { type: "ref", ref: "Book" } },
      {
        status: 404,
        description: "Not found",
        contentType: "application/json",
        schema: { type: "ref", ref: "Problem" },
      },
      { status: 409, description: "`BOOK_IS_LENT` while it is out" },
      { status: 400, description: "Wrong" },
    ],
    security: [{ scheme: "Token", scopes: ["librarian"] }],
    errorCodes: ["BOOK_NOT_FOUND", "BOOK_IS_LENT"],
  };
  const { spec, problems } = await read(contract);
  const patch = spec.api.endpoints.find((endpoint) => endpoint.method === "PATCH");
  assert.deepEqual({ ...patch, source: { ...patch?.source, endLine: 29 } }, expected);
  assert.deepEqual(
    problems.filter((problem) => problem.severity === "error"),
    [],
  );
  assert.deepEqual(
    [spec.api.title, spec.api.basePath, spec.api.securitySchemes],
    [
      "Library",
      "/api/v1",
      [
        { name: "Token", type: "bearer" },
        { name: "Key", type: "apiKey", parameter: { name: "X-Key", in: "header" } },
      ],
    ],
  );
  assert.deepEqual(spec.api.endpoints.find((endpoint) => endpoint.method === "GET")?.security, []);
});

test("allOf is merged, and a schema that contains itself stays a reference", async () => {
  const { spec } = await read(contract);
  const book = spec.api.schemas.find((schema) => schema.name === "Book");
  assert.equal(book?.source.line, 48);
  assert.deepEqual(book?.schema, {
    type: "object",
    additional: false,
    properties: [
      { name: "title", required: true, schema: { type: "string", nullable: true, maxLength: 80 } },
      { name: "id", required: true, schema: { type: "string", format: "uuid", readOnly: true } },
      { name: "parent", required: false, schema: { type: "ref", ref: "Book" } },
    ],
  } satisfies Schema);
});

const schemas: readonly (readonly [what: string, yaml: string, expected: Schema])[] = [
  [
    "3.0 nullable",
    "{ type: integer, format: int64, nullable: true }",
    { type: "integer", format: "int64", nullable: true },
  ],
  [
    "nullable reference",
    "{ $ref: '#/components/schemas/A', nullable: true }",
    { type: "ref", ref: "A", nullable: true },
  ],
  [
    "wrapped reference",
    "{ allOf: [{ $ref: '#/components/schemas/A' }], description: d }",
    { type: "ref", ref: "A", description: "d" },
  ],
  ["anyOf with null", "{ anyOf: [{ type: string }, { type: 'null' }] }", { type: "string", nullable: true }],
  [
    "oneOf",
    "{ oneOf: [{ $ref: '#/components/schemas/A' }, { type: string }], discriminator: { propertyName: kind } }",
    { type: "union", variants: [{ type: "ref", ref: "A" }, { type: "string" }], discriminator: "kind" },
  ],
  [
    "several types",
    "{ type: [string, integer, 'null'] }",
    { type: "union", variants: [{ type: "string" }, { type: "integer" }], nullable: true },
  ],
  [
    "3.0 exclusive limit",
    "{ type: number, minimum: 0, exclusiveMinimum: true }",
    { type: "number", exclusiveMinimum: 0 },
  ],
  [
    "3.1 exclusive limit",
    "{ type: number, exclusiveMaximum: 5, multipleOf: 0.5 }",
    { type: "number", exclusiveMaximum: 5, multipleOf: 0.5 },
  ],
  ["const", "{ const: a }", { type: "string", enum: ["a"] }],
  ["enum without type", "{ enum: [1, 2, null] }", { type: "any", enum: [1, 2] }],
  ["map", "{ additionalProperties: { type: string } }", { type: "object", additional: { type: "string" } }],
  [
    "list",
    "{ type: array, minItems: 1, items: { $ref: '#/components/schemas/A' } }",
    { type: "array", minItems: 1, items: { type: "ref", ref: "A" } },
  ],
  ["reference to nowhere", "{ $ref: '#/components/schemas/Missing' }", { type: "any" }],
  ["reference into a schema", "{ $ref: '#/components/schemas/A/properties/x' }", { type: "boolean" }],
];

for (const [what, yaml, expected] of schemas) {
  test(`schema: ${what}`, async () => {
    const { spec } = await read(
      `openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    A: { type: object, properties: { x: { type: boolean } } }\n    S: ${yaml}\n`,
    );
    assert.deepEqual(spec.api.schemas.find((schema) => schema.name === "S")?.schema, expected);
  });
}

test("JSON and a fence in Markdown read like YAML, with the lines of the document", async () => {
  const json = JSON.stringify({ openapi: "3.0.0", paths: { "/a": { get: { responses: {} } } } }, null, 2);
  const fenced = `# API\n\nText\n\n\`\`\`yaml\nopenapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses: {}\n\`\`\`\n`;
  const lineOf = async (text: string, path: string): Promise<number | undefined> =>
    (await read(text, path)).spec.api.endpoints[0]?.source.line;
  assert.deepEqual(
    [await lineOf(json, "x.json"), await lineOf(json, "pasted text"), await lineOf(fenced, "api.md")],
    [5, 5, 9],
  );
});

test("after a fault in the YAML the rest is still there", async () => {
  const { spec, problems } = await read(
    "openapi: 3.0.0\npaths:\n  /a:\n    get: {summary: [}\n    post:\n      summary: ok\n  /b:\n    get: {}\n",
  );
  assert.deepEqual(problems.filter((problem) => problem.code === "SPEC-YAML").map((problem) => problem.line)[0], 4);
  assert.ok(spec.api.endpoints.some((endpoint) => endpoint.path === "/b"));
});

test("references into another document of the set are followed, others are named", async () => {
  const { spec, problems } = await readSpec([
    {
      path: "docs/api/main.yaml",
      text: "openapi: 3.1.0\npaths:\n  /a:\n    get: { $ref: '../ops/a.yml' }\n  /b:\n    get: { $ref: '../ops/b.yml' }\n",
    },
    {
      path: "docs/ops/a.yml",
      text: "operationId: getA\nresponses:\n  '200': { description: ok, content: { application/json: { schema: { $ref: 'a.yml#/x' } } } }\nx: { type: integer }\n",
    },
  ]);
  assert.deepEqual(
    spec.api.endpoints.map((endpoint) => [endpoint.path, endpoint.operationId, endpoint.responses[0]?.schema]),
    [
      ["/a", "getA", { type: "integer" }],
      ["/b", undefined, undefined],
    ],
  );
  assert.match(
    problems.find((problem) => problem.code === "SPEC-REF")?.message ?? "",
    /\.\.\/ops\/b\.yml leads to a document that is not among/,
  );
});

const swagger = `swagger: "2.0"
info: { title: Library, version: "1" }
basePath: /api/v1
consumes: [application/json]
securityDefinitions:
  key: { type: apiKey, in: header, name: X-Key }
  login: { type: basic }
parameters:
  Page: { name: page, in: query, type: integer, minimum: 1 }
responses:
  Gone: { description: gone, schema: { $ref: "#/definitions/Fault" } }
definitions:
  Fault: { type: object, properties: { code: { type: string } } }
  Book: { type: object, required: [title], properties: { title: { type: string, maxLength: 80 } } }
paths:
  /books/{id}:
    parameters:
      - { name: id, in: path, required: true, type: string, format: uuid }
    get:
      security: [{ key: [] }]
      parameters: [{ $ref: "#/parameters/Page" }]
      responses:
        200: { description: one, schema: { $ref: "#/definitions/Book" } }
        404: { $ref: "#/responses/Gone" }
    put:
      parameters: [{ name: body, in: body, required: true, schema: { $ref: "#/definitions/Book" } }]
      responses: { 204: { description: done } }
  /books/{id}/cover:
    post:
      consumes: [multipart/form-data]
      parameters:
        - { name: file, in: formData, type: file, required: true }
        - { name: note, in: formData, type: string }
      responses: { 201: { description: kept } }
`;

const openApi3 = `openapi: 3.0.3
info: { title: Library, version: "1" }
servers: [{ url: /api/v1 }]
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    login: { type: http, scheme: basic }
  parameters:
    Page: { name: page, in: query, schema: { type: integer, minimum: 1 } }
  responses:
    Gone: { description: gone, content: { application/json: { schema: { $ref: "#/components/schemas/Fault" } } } }
  schemas:
    Fault: { type: object, properties: { code: { type: string } } }
    Book: { type: object, required: [title], properties: { title: { type: string, maxLength: 80 } } }
paths:
  /books/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string, format: uuid } }
    get:
      security: [{ key: [] }]
      parameters: [{ $ref: "#/components/parameters/Page" }]
      responses:
        200: { description: one, content: { application/json: { schema: { $ref: "#/components/schemas/Book" } } } }
        404: { $ref: "#/components/responses/Gone" }
    put:
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Book" } } }
      responses: { 204: { description: done } }
  /books/{id}/cover:
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: { file: { type: string, format: binary }, note: { type: string } }
      responses: { 201: { description: kept } }
`;

test("Swagger 2.0 says the same as OpenAPI 3, at its own lines", async () => {
  const [old, current] = await Promise.all(
    [swagger, openApi3].map(async (text) => (await readSpec([{ path: "api.yaml", text }])).spec.api),
  );
  const withoutLines = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, item) => (key === "source" ? undefined : item)));
  assert.deepEqual(withoutLines(old), withoutLines(current));
  const lines = swagger.split("\n");
  for (const { name, source } of old?.schemas ?? []) assert.match(lines[source.line - 1] ?? "", new RegExp(`${name}:`));
  assert.deepEqual(
    old?.endpoints.map((endpoint) => endpoint.source.line),
    [19, 25, 29],
  );
});
