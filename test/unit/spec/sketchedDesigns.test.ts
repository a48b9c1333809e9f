import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../src/spec/join/shapeText.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;

const diagram = `classDiagram
  class Claim {
    <<aggregate root>>
    +UUID id
    +String title
    +UUID? approverId
    +Money total
    +submit()
  }
  class Money <<value object>> {
    +Decimal amount
    +String currency
  }
  <<enumeration>> Category
  class Category {
    TRAVEL
    MEALS
  }
  class ClaimService <<service>> {
    +Clock clock
  }`;

test("a class diagram says what is a value object, an enumeration, optional and no model at all", async () => {
  const { spec } = await readSpec([{ path: "domain.md", text: `# Domain model\n\n${fence("mermaid", diagram)}` }]);
  const fieldsOf = (model: { fields: readonly { name: string; type: string; required: boolean }[] }): string[] =>
    model.fields.map(({ name, type, required }) => `${name}${required ? "" : "?"}: ${type}`);
  assert.deepEqual(
    {
      entities: spec.domain.entities.map((entity) => [entity.name, ...fieldsOf(entity)]),
      valueObjects: spec.domain.valueObjects.map((model) => [model.name, ...fieldsOf(model)]),
      enums: spec.database.enums.map(({ name, values }) => [name, ...values]),
    },
    {
      entities: [["Claim", "id: UUID", "title: String", "approverId?: UUID", "total: Money"]],
      valueObjects: [["Money", "amount: Decimal", "currency: String"]],
      enums: [["category", "TRAVEL", "MEALS"]],
    },
  );
});

/** Text under a heading of the domain, and `entity.field: from > to by trigger` of each transition. */
const stateTexts: readonly (readonly [text: string, transitions: readonly string[]])[] = [
  [
    "## State transitions\n\nCourse: draft → published (publish), published → archived (archive)\nSeat plan: open → closed; closed → open",
    [
      "Course.status: draft > published by publish",
      "Course.status: published > archived by archive",
      "SeatPlan.status: open > closed",
      "SeatPlan.status: closed > open",
    ],
  ],
  [
    "## Values\n\n**ClaimStatus**: `DRAFT → SENT → PAID`, `SENT → DRAFT`\n",
    ["Claim.status: DRAFT > SENT", "Claim.status: SENT > PAID", "Claim.status: SENT > DRAFT"],
  ],
  ["## Order\n\n### State transitions\n\nHappy path: draft → paid\n", ["Order.status: draft > paid"]],
  ["## Notes\n\nFlow: client → server\n", []],
];

test("a bold name with values in capitals enumerates, and is no entity", async () => {
  const text = "# Domain model\n\n**Colour**: `RED`, `DARK_BLUE`\n\n**Paint**: `id`, `colour`\n";
  const { spec } = await readSpec([{ path: "domain.md", text }]);
  assert.deepEqual(
    [spec.database.enums.map(({ name, values }) => [name, ...values]), spec.domain.entities.map(({ name }) => name)],
    [[["colour", "RED", "DARK_BLUE"]], ["Paint"]],
  );
});

test("lines of states name what they belong to where the heading does not", async () => {
  for (const [text, transitions] of stateTexts) {
    const { spec } = await readSpec([{ path: "domain.md", text: `# Domain model\n\n${text}` }]);
    const found = spec.domain.stateMachines.flatMap((machine) =>
      machine.transitions.map(
        ({ from, to, trigger }) =>
          `${machine.entity}.${machine.field}: ${from} > ${to}${trigger === undefined ? "" : ` by ${trigger}`}`,
      ),
    );
    assert.deepEqual(found, transitions, text);
  }
});

const database = `CREATE TABLE claims (id uuid PRIMARY KEY, title text NOT NULL, total_amount numeric(12,2) NOT NULL, total_currency char(3) NOT NULL);
CREATE TABLE claim_items (id uuid PRIMARY KEY, claim_id uuid NOT NULL REFERENCES claims (id), spent_on date NOT NULL);`;

const design = `# Claims

## Domain model

${fence("mermaid", diagram)}
Business rules:

| ID | Rule | Error |
|---|---|---|
| R1 | A claim needs a title. | TITLE_MISSING |
| R2 | The total is never negative. | — |

## Database

${fence("sql", database)}
## API

Every endpoint is below \`/api\` and needs a token.

- \`GET /claims/{id}\` — \`200\` Claim with items; \`404 CLAIM_NOT_FOUND\`
- \`POST /claims/{id}/items\` — body ItemInput → \`201\` ClaimItem

**Claim**: \`id\`, \`title\`, \`total\`: Money, \`items\`: ClaimItem[]
**ItemInput**: \`spentOn\`, \`note\`?, \`cost\`: \`{ "amount": decimal, "currency"?: string }\`
`;

test("shapes that a line names, value objects that they refer to, codes of rules and a base path in a sentence", async () => {
  const { spec, notUnderstood } = await readSpec([{ path: "design.md", text: design }]);
  assert.deepEqual(
    {
      rules: spec.domain.rules.map(({ name, text }) => `${name}: ${text}`),
      codes: spec.errors.codes.map(({ name, status }) => `${name} ${status}`),
      endpoints: spec.api.endpoints.map(
        ({ name, request, responses: [success] }) =>
          `${name} ${request ? shapeText(request.schema) : "-"} ${success?.status} ${success?.schema ? shapeText(success.schema) : "-"}`,
      ),
      schemas: spec.api.schemas.map(({ name, schema }) => `${name} ${shapeText(schema)}`),
      notUnderstood: notUnderstood.map(({ line }) => line),
    },
    {
      rules: ["R1: A claim needs a title (TITLE_MISSING)", "R2: The total is never negative."],
      codes: ["CLAIM_NOT_FOUND 404"],
      endpoints: ["GET /api/claims/{id} - 200 Claim", "POST /api/claims/{id}/items ItemInput 201 ClaimItemOut"],
      schemas: [
        "Claim { id: string<uuid>; title: string; total: Money; items: ClaimItemOut[] }",
        "ItemInput { spentOn: any; note?: any; cost: { amount: string<decimal>; currency?: string } }",
        "Money { amount: string<decimal>; currency: string }",
        "ClaimItemOut { id: string<uuid>; claimId: string<uuid>; spentOn: string<date> }",
      ],
      notUnderstood: [],
    },
  );
});
