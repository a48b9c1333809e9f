import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../../src/spec/join/shapeText.ts";
import type { SpecReading } from "../../../../src/spec/reading.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";

const sql = `
CREATE TABLE clients (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, user_id uuid NOT NULL);
CREATE TABLE visits (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL, day date NOT NULL);`;
const api =
  "# API\n\n### POST /clients\n\nText.\n\n### GET /patients\n\nText.\n\n### GET /clients/{id}/visits\n\nText.\n";
const domain = "# Domain\n\n## Customer\n\n| Field | Type |\n|---|---|\n| name | string |\n";

function reading(decisions: string): Promise<SpecReading> {
  return readSpec([
    { path: "schema.sql", text: sql },
    { path: "api.md", text: api },
    { path: "domain.md", text: domain },
    { path: ".backend/design.yaml", text: decisions },
  ]);
}

function stateOf({ assumptions }: SpecReading, id: string): string {
  const found = assumptions.find((assumption) => assumption.id === id);
  return found ? `${found.state} ${found.value}` : "none";
}

function own({ problems }: SpecReading): readonly string[] {
  return problems
    .filter(({ path }) => path === ".backend/design.yaml")
    .map(({ line, severity, message }) => `${line} ${severity} ${message}`);
}

const derivedBody = "{ name: string }";

test("a confirmed assumption is declared", async () => {
  const read = await reading(`assumptions:\n  "request:POST /clients":\n    confirmed: "${derivedBody}"\n`);
  const post = read.spec.api.endpoints.find(({ method }) => method === "POST");
  assert.deepEqual(
    [stateOf(read, "request:POST /clients"), post?.request?.confidence, own(read)],
    [`confirmed ${derivedBody}`, "declared", []],
  );
});

test("a correction changes what everybody reads", async () => {
  const read = await reading(
    [
      "entities:",
      "  Customer: clients",
      "resources:",
      "  patients: clients",
      "assumptions:",
      '  "request:POST /clients": { assumed: "{ name: string; user_id: string<uuid> }", corrected: "{ name: string; tags?: string[] }" }',
      '  "status:POST /clients": { corrected: 202 }',
      '  "owner:clients.user_id": { corrected: request }',
      '  "relation:visits.client_id": { corrected: none }',
    ].join("\n"),
  );
  const { endpoints } = read.spec.api;
  const post = endpoints.find(({ method }) => method === "POST");
  assert.deepEqual(
    {
      body: post?.request && shapeText(post.request.schema),
      status: post?.responses.map(({ status }) => status),
      patients: endpoints.find(({ path }) => path === "/patients")?.resource?.steps.map(({ table }) => table),
      visits: endpoints.find(({ path }) => path.endsWith("visits"))?.resource?.rest,
      entity: read.spec.domain.entities.map(({ name, table }) => [name, table]),
      owner: read.spec.database.tables[0]?.columns.map(({ name, fromCaller }) => [name, fromCaller]),
      states: read.assumptions.filter(({ state }) => state !== "open").map(({ id, state }) => `${state} ${id}`),
    },
    {
      body: "{ name: string; tags?: string[] }",
      status: [202],
      patients: ["clients"],
      visits: ["visits"],
      entity: [["Customer", "clients"]],
      owner: [
        ["id", undefined],
        ["name", undefined],
        ["user_id", undefined],
      ],
      states: [
        "corrected name:Customer",
        "corrected relation:visits.client_id",
        "corrected owner:clients.user_id",
        "corrected request:POST /clients",
        "corrected status:POST /clients",
        "confirmed resource:patients",
      ],
    },
  );
});

const faults: readonly (readonly [what: string, text: string, problems: readonly string[]])[] = [
  ["an empty file", "", []],
  ["only comments", "# nothing yet\n", []],
  [
    "a confirmation of something else",
    'assumptions:\n  "request:POST /clients":\n    confirmed: "{ title: string }"\n',
    [
      "2 warning What was decided about request:POST /clients is out of date, because { name: string } is assumed now; look at it again.",
    ],
  ],
  [
    "something that nobody assumes",
    'assumptions:\n  "request:POST /gone": { confirmed: x }\n',
    [
      "2 info Nothing is assumed as request:POST /gone any more, the documents say it or no longer have it; delete the entry.",
    ],
  ],
  [
    "a table that does not exist",
    "entities:\n  Customer: people\n",
    [
      "2 warning The correction of name:Customer is not used: no document defines the table people; name another, or none.",
    ],
  ],
  [
    "a shape that cannot be read",
    'assumptions:\n  "request:POST /clients": { corrected: "{ name" }\n',
    [
      "2 warning The correction of request:POST /clients is not used: it is no shape that can be read; write it like { name: string; note?: string }.",
    ],
  ],
  [
    "a status that is none",
    'assumptions:\n  "status:POST /clients": { corrected: soon }\n',
    [
      "2 warning The correction of status:POST /clients is not used: soon is no status of success; write a number from 200 to 299.",
    ],
  ],
  [
    "an unknown section, an entry without a decision, and one with two",
    'notes: x\nassumptions:\n  "status:POST /clients": yes\n  "request:POST /clients": { confirmed: a, corrected: b }\n',
    [
      '1 warning The decisions file has the key "notes", which means nothing; use entities, resources, rules, endpoints, tables or assumptions. What else it says counts.',
      "3 warning The decisions file does not say what is decided about status:POST /clients; write confirmed or corrected under it. What else it says counts.",
      "4 warning The decisions file both confirms and corrects request:POST /clients; keep one of the two. What else it says counts.",
    ],
  ],
  [
    "no map at all",
    "- a\n- b\n",
    [
      "1 warning The decisions file is no map; it has the keys entities, resources, rules, endpoints, tables and assumptions. What else it says counts.",
    ],
  ],
];

for (const [what, text, problems] of faults) {
  test(`the decisions file is read leniently: ${what}`, async () => {
    assert.deepEqual(own(await reading(text)), problems);
  });
}

test("broken YAML is a problem with its line, and the rest counts", async () => {
  const read = await reading("entities:\n  Customer: clients\nassumptions: [\n");
  assert.deepEqual(
    [own(read).map((text) => text.slice(0, 48)), stateOf(read, "name:Customer")],
    [
      ["3 warning The decisions file has no map under as", "4 warning The decisions file is not valid YAML, "],
      "corrected clients",
    ],
  );
});
