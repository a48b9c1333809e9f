import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../src/spec/join/shapeText.ts";
import type { Endpoint } from "../../../src/spec/model.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const sql = `CREATE TYPE kind AS ENUM ('dog', 'cat');
CREATE TABLE pets (id uuid PRIMARY KEY, name text NOT NULL, kind kind NOT NULL, weight int);
CREATE TABLE visits (id uuid PRIMARY KEY, pet_id uuid NOT NULL REFERENCES pets (id), note text NOT NULL);`;

/** What is said of an endpoint in a paragraph or a list, and what is read of it, as {@link factsOf} writes it. */
const sentences: readonly (readonly [heading: string, text: string, facts: readonly string[]])[] = [
  [
    "POST /pets",
    "Adds a pet. Public. Body: `name` (1..80), `kind`, `weight` (integer > 0, optional). Response `201`: Pet. Errors: `PET_EXISTS` (409), 422.",
    [
      "access public",
      'asks { name: string; kind: "dog" | "cat"; weight?: integer }',
      "name 1 to 80",
      "201 PetOut",
      "409",
      "422",
      "codes PET_EXISTS",
      "says Adds a pet.",
    ],
  ],
  [
    "GET /pets",
    "Filter by `kind`. Query: `order` (asc, desc), `limit` (1–100, default 20), `deep` (default false). Returns 200 with `items`, `total` and `next_cursor`.",
    [
      'kind?: "dog" | "cat"',
      'order?: "asc" | "desc"',
      "limit?: integer",
      "deep?: boolean",
      "200 { items: PetOut[]; total: integer; next_cursor: string | null }",
    ],
  ],
  [
    "PATCH /pets/{id}",
    "Roles: owner, admin. Any of `name`, `weight`.\n`200`. Returns 404 (`PET_NOT_FOUND`) when it is gone.",
    [
      "access owner admin",
      "asks { name?: string; weight?: integer | null }",
      "200 PetOut",
      "404",
      "codes PET_NOT_FOUND",
    ],
  ],
  [
    "POST /pets/{id}/visits",
    "- Requires role `vet`.\n- Body: `note`, `drugs` (list of `name`, `dose`: int)\n- Response `201`: created `Visit`",
    ["access vet", "asks { note: string; drugs: { name: any; dose: integer }[] }", "201 VisitOut"],
  ],
  [
    "GET /pets/{id}",
    '- Auth: any signed-in user\n- Response: `{"data": {"id": "uuid", "ok": true}}`\n- Errors: `404` if it is gone, `401`',
    ["access a token", "200 { data: { id: string<uuid>; ok: boolean } }", "401", "404"],
  ],
  ["POST /pets/{id}/visits", "Checks in. No body. `201`.", ["201 VisitOut", "says Checks in."]],
  ["DELETE /pets/{id}", "Deletes it; `204`. Admin only.", ["access admin", "204", "says Deletes it"]],
  [
    "GET/DELETE /pets/{id}",
    "- GET response `200`: `PetRow`\n- DELETE response `204`: `null`",
    ["200 PetOut", "DELETE", "204"],
  ],
  [
    "GET /visits",
    "Returns all visits (ordered by `note` desc), e.g. for a report. Takes up to 200 ms. Paging: none.",
    [
      "200 VisitOut[]",
      "says Returns all visits (ordered by note desc), e.g. for a report. Takes up to 200 ms. Paging: none.",
    ],
  ],
];

/** What stands behind an endpoint in a list. */
const tails: readonly (readonly [item: string, facts: readonly string[]])[] = [
  [
    "`GET /pets?name=&limit=20` → 200 `Pet[]`. Anyone may call it.",
    ["access public", "name?: string", "limit?: integer", "200 PetOut[]"],
  ],
  [
    "`POST /pets` (vet) – body: `name` (max 80), `kind` → 201 Pet; 409 `PET_EXISTS`",
    ["access vet", 'asks { name: string; kind: "dog" | "cat" }', "201 PetOut", "409", "codes PET_EXISTS"],
  ],
  [
    "`PUT /pets/{id}` (vet) – same as above → 200; 404 `PET_NOT_FOUND`",
    [
      "access vet",
      'asks { name?: string; kind?: "dog" | "cat"; weight?: integer | null }',
      "200 PetOut",
      "404",
      "codes PET_NOT_FOUND",
    ],
  ],
  ['`POST /pets` (optional) body `{ "name": "Rex" }` → 202', ["asks { name: string }", "202 PetOut"]],
];

for (const [item, facts] of tails) {
  test(`an endpoint in a list: ${item}`, async () => {
    const text = `# Design\n\nThe role claim is \`vet\` or \`owner\`.\n\n## REST API (prefix \`/v1\`)\n\n- ${item}\n`;
    const { spec } = await readSpec([
      { path: "api.md", text },
      { path: "db.sql", text: sql },
    ]);
    const [first] = spec.api.endpoints;
    assert.deepEqual(first && factsOf(first).filter((fact) => !fact.startsWith("name ")), facts);
    assert.equal(first?.path.startsWith("/v1/pets"), true);
  });
}

/** A row of `Method | Path | Description | Roles | Request | Success | Errors`. */
const rows: readonly (readonly [row: string, facts: readonly string[]])[] = [
  [
    '| POST | /pets | Adds one | admin | `{ "name": "Rex" }` | 201 | `PET_EXISTS` |',
    ["access admin", "asks { name: string }", "201 PetOut", "codes PET_EXISTS"],
  ],
  ["| GET | /pets | All of them, public | – | | | |", ["access public", "200 PetOut[]"]],
  ["| GET | /pets | All | – | – | 200 `Pet[]` | 401 |", ["200 PetOut[]", "401"]],
  ["| DELETE | /pets/{id} | Deletes. Returns 202 | public | | | |", ["access public", "202"]],
  ["| PATCH | /pets/{id} | Rename; body: `name` (max 80) | | | 200 | |", ["asks { name: string }", "200 PetOut"]],
];

for (const [row, facts] of rows) {
  test(`a row of endpoints: ${row}`, async () => {
    const header = "| Method | Path | Description | Roles | Request | Success | Errors |\n|--|--|--|--|--|--|--|";
    const { spec } = await readSpec([
      { path: "api.md", text: `# API\n\n${header}\n${row}\n` },
      { path: "db.sql", text: sql },
    ]);
    const [first] = spec.api.endpoints;
    assert.deepEqual(first && factsOf(first).filter((fact) => !fact.startsWith("name ")), facts);
  });
}

function factsOf(endpoint: Endpoint): readonly string[] {
  const { parameters, request, responses, security, errorCodes, description } = endpoint;
  const scopes = security?.flatMap((requirement) => requirement.scopes);
  return [
    ...(scopes ? [`access ${security?.length === 0 ? "public" : scopes.join(" ") || "a token"}`] : []),
    ...parameters
      .filter((parameter) => parameter.in === "query")
      .map(({ name, required, schema }) => `${name}${required ? "" : "?"}: ${shapeText(schema)}`),
    ...(request && (request.schema.properties ?? []).length > 0 ? [`asks ${shapeText(request.schema)}`] : []),
    ...(request?.schema.properties ?? [])
      .filter(({ schema }) => schema.maxLength !== undefined)
      .map(({ name, schema }) => `${name} ${schema.minLength} to ${schema.maxLength}`),
    ...responses.map(({ status, schema }) => (schema ? `${status} ${shapeText(schema)}` : `${status}`)),
    ...(errorCodes.length > 0 ? [`codes ${errorCodes.join(" ")}`] : []),
    ...(description === undefined ? [] : [`says ${description}`]),
  ];
}

for (const [heading, text, facts] of sentences) {
  test(`sentences of ${heading}: ${text.split("\n")[0]}`, async () => {
    const { spec } = await readSpec([
      { path: "api.md", text: `# API\n\n### ${heading}\n\n${text}\n` },
      { path: "db.sql", text: sql },
    ]);
    const [first, ...others] = spec.api.endpoints;
    assert.deepEqual(
      [...(first ? factsOf(first) : []), ...others.flatMap((other) => [other.method, ...factsOf(other)])],
      facts,
    );
  });
}

test("what is said of all endpoints in the middle of a line holds for each", async () => {
  const text =
    "# API\n\nBase URL: `/v1`. JSON. Authentication: Bearer JWT.\n\n## Endpoints\n\n### GET /pets\n\nPublic.\n\n### POST /pets\n\nText.\n";
  const { spec } = await readSpec([{ path: "api.md", text }]);
  assert.deepEqual(
    spec.api.endpoints.map(({ path, security, tag }) => [path, security?.length, tag]),
    [
      ["/v1/pets", 0, undefined],
      ["/v1/pets", 1, undefined],
    ],
  );
});
