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
  [
    "| POST | /pets | `name`, `kind`, `weight?` | any | | 201 | 409 PET_EXISTS, 409 SHOP_CLOSED |",
    [
      "access a token",
      'asks { name: string; kind: "dog" | "cat"; weight?: integer | null }',
      "201 PetOut",
      "409",
      "codes PET_EXISTS SHOP_CLOSED",
    ],
  ],
  [
    "| PATCH | /pets/{id} | `name`, `kind`; the rest stays | | | 200 | |",
    ['asks { name?: string; kind?: "dog" | "cat" }', "200 PetOut"],
  ],
  ["| POST | /pets/{id}/sell | `sold` | | | 200 | |", ["200 PetOut"]],
  [
    "| POST | /auth/login | Sign in with `email`, `password`; gives `accessToken`, `expiresIn` | public | | 200 | |",
    ["access public", "asks { email: string; password: string }", "200 { accessToken: string; expiresIn: integer }"],
  ],
  [
    "| GET | /pets | Filter by `kind`, `name`; sort by `name` or `weight`; oldest first | | | 200 | |",
    ['kind?: "dog" | "cat"', "name?: string", 'sort?: "name" | "-name" | "weight" | "-weight"', "200 PetOut[]"],
  ],
  ["| GET | /pets/{id} | With its visits | | | 200 | |", ["200 PetDetail"]],
  ["| GET | /pets/stats | Number of pets by kind | | | 200 | |", ["200 { }"]],
  [
    "| POST | /visits | Multipart upload of one file | | | 201 | 413 |",
    ["asks { file: string<binary> }", "201 VisitOut", "413"],
  ],
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

/** What an API document says once of its lists, and what a list of it is then asked and answers with. */
const pages: readonly (readonly [text: string, facts: readonly string[]])[] = [
  [
    'Lists are paged by cursor: `?limit=` (1–100, default 25) `&cursor=`; the answer is `{ "items": […], "nextCursor": "…"|null }`.',
    ["limit?: integer", "cursor?: string", "200 { items: PetOut[]; nextCursor: string | null }", "1 to 100 or 25"],
  ],
  [
    "All list endpoints take `page` (from 1) and `size` (default 20, max 50) and return `data` and `total`.",
    ["page?: integer", "size?: integer", "200 { data: PetOut[]; total: integer }", "up to 50 or 20"],
  ],
  [
    '## Pagination\n\n| Parameter | Type | Default | Description |\n|--|--|--|--|\n| limit | integer | 30 | max 90 |\n| offset | integer | 0 | |\n\n```json\n{ "rows": [], "meta": { "total": 3 } }\n```\n\n## Endpoints',
    ["limit?: integer", "offset?: integer", "200 { rows: PetOut[]; meta: { total: integer } }", "up to 90 or 30"],
  ],
  ["Answers carry `items`. Lists are sorted by name.", ["200 PetOut[]"]],
];

for (const [text, facts] of pages) {
  test(`what is said of all lists: ${text.split("\n")[0]}`, async () => {
    const endpoints = "### GET /pets\n\nText.\n\n### GET /pets/{id}\n\nText.\n\n### GET /visits\n\nNot paged.\n";
    const { spec } = await readSpec([
      { path: "api.md", text: `# API\n\n${text}\n\n${endpoints}` },
      { path: "db.sql", text: sql },
    ]);
    const [list, one, whole] = spec.api.endpoints.map((endpoint) =>
      factsOf(endpoint).filter((fact) => !fact.startsWith("says ")),
    );
    const {
      minimum,
      maximum,
      default: fallback,
    } = spec.api.endpoints[0]?.parameters.find(({ name }) => name === "limit" || name === "size")?.schema ?? {};
    const limit =
      maximum === undefined ? [] : [`${minimum === undefined ? "up" : minimum} to ${maximum} or ${fallback}`];
    assert.deepEqual([[...(list ?? []), ...limit], one, whole], [facts, ["200 PetOut"], ["200 VisitOut[]"]]);
  });
}

test("how names of JSON are written is taken from the document that says so", async () => {
  const text = "# API\n\nJSON in camelCase.\n\n### GET /visits\n\nText.\n";
  const { spec } = await readSpec([
    { path: "api.md", text },
    { path: "db.sql", text: sql },
  ]);
  assert.deepEqual(
    spec.api.schemas.map(({ schema }) => shapeText(schema)),
    ["{ id: string<uuid>; petId: string<uuid>; note: string }"],
  );
});

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
