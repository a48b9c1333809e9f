import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../../src/spec/join/shapeText.ts";
import { readSpec } from "../../../../src/spec/readSpec.ts";
import { answers, documentsOf } from "../../../support/compiledApi.ts";

const domain = `# Domain model

### Offer

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| price | Money | yes |

## Value objects

### Money

| Field | Type | Required |
|---|---|---|
| amount | decimal(12,2) | yes |
| currency | string(3) | yes |
`;
const money = "price: { type: object, properties: { amount: { type: number }, currency: { type: string } } }";
const columns = "price_amount numeric(12, 2) NOT NULL, price_currency char(3) NOT NULL";

interface Case {
  readonly what: string;
  readonly columns: string;
  readonly domain?: string;
  /** What `GET /offers` shows of each of them. */
  readonly shown?: string;
  readonly body: string;
}

/** The body of `POST /offers`, of which no document says anything. */
const cases: readonly Case[] = [
  {
    what: "columns that nothing puts together",
    columns,
    body: "{ price_amount: number<decimal>; price_currency: string }",
  },
  {
    what: "a value object of the domain",
    columns,
    domain,
    body: "{ price: { amount: number<decimal>; currency: string } }",
  },
  {
    what: "an object that another answer shows",
    columns,
    shown: money,
    body: "{ price: { amount: number<decimal>; currency: string } }",
  },
  {
    what: "a value object whose columns another answer shows one by one",
    columns,
    domain,
    shown: "price_amount: { type: number }",
    body: "{ price_amount: number<decimal>; price_currency: string }",
  },
  {
    what: "a value object that may be missing",
    columns: "price_amount numeric(12, 2), price_currency char(3)",
    domain,
    body: "{ price?: { amount: number<decimal>; currency: string } | null }",
  },
  {
    what: "a value object without a column for each part",
    columns: "price_amount numeric(12, 2) NOT NULL",
    domain,
    body: "{ price_amount: number<decimal> }",
  },
];
for (const { what, columns: own, domain: model, shown, body } of cases) {
  test(`an open body has ${what}`, async () => {
    const sql = `CREATE TABLE offers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ${own});`;
    const list = `{ type: array, items: { type: object, properties: { id: { type: string }, ${shown} } } }`;
    const operations = {
      "POST /offers": "{ responses: { '201': { description: Made. } } }",
      ...(shown !== undefined && { "GET /offers": `{ ${answers(list)} }` }),
    };
    const documents = documentsOf({ sql, operations, more: model === undefined ? {} : { "domain.md": model } });
    const { spec } = await readSpec(Object.entries(documents).map(([path, text]) => ({ path, text })));
    const creation = spec.api.endpoints.find(({ method }) => method === "POST");
    assert.equal(creation?.request && shapeText(creation.request.schema), body);
  });
}
