import assert from "node:assert/strict";
import { test } from "node:test";
import { planAggregates } from "../../../src/compiler/aggregates.ts";
import { withHeldValues } from "../../../src/compiler/heldValues.ts";
import { answers, documentsOf, takes } from "../../support/compiledApi.ts";
import { specOf } from "../../support/compilerPlans.ts";

const money =
  "{ type: object, required: [amount, currency], properties: { amount: { type: number }, currency: { type: string } } }";
const address =
  "{ type: object, required: [street], properties: { street: { type: string }, city: { type: string } } }";
const priced = "price_amount numeric(12, 2) NOT NULL, price_currency char(3) NOT NULL";
const places = "street text NOT NULL, city text";

const domainOf = (field: string) => `# Domain model

### Offer

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
${field}

## Value objects

### Money

| Field | Type | Required |
|---|---|---|
| amount | decimal(12,2) | yes |
| currency | string(3) | yes |
`;

interface Case {
  readonly what: string;
  readonly columns: string;
  /** Properties of what a request to `/offers/{id}` takes and is answered with. */
  readonly taken?: string;
  readonly shown?: string;
  readonly domain?: string;
  /** Attribute, class and parts with their columns; `?` for what may be null. */
  readonly held: readonly string[];
  readonly assumed?: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: "an object of the contract",
    columns: priced,
    shown: `price: ${money}`,
    held: ["price: Price(amount=price_amount, currency=price_currency)"],
  },
  {
    what: "a value object of the domain, whose class it is",
    columns: priced,
    shown: `price: ${money}`,
    domain: "| price | Money | yes |",
    held: ["price: Money(amount=price_amount, currency=price_currency)"],
  },
  {
    what: "a value object that no contract shows",
    columns: priced,
    domain: "| price | Money | yes |",
    held: ["price: Money(amount=price_amount, currency=price_currency)"],
  },
  {
    what: "a value object that the contract shows one by one",
    columns: priced,
    shown: "price_amount: { type: number }",
    domain: "| price | Money | yes |",
    held: [],
  },
  {
    what: "an object whose column a request changes by itself",
    columns: priced,
    shown: `price: ${money}`,
    taken: "price_amount: { type: number }",
    held: [],
  },
  {
    what: "a first part that is called like the whole",
    columns: "price numeric(12, 2) NOT NULL, price_currency char(3) NOT NULL",
    shown: `price: ${money}`,
    held: ["price: Price(amount=price, currency=price_currency)"],
  },
  {
    what: "columns that may all be null",
    columns: "price_amount numeric(12, 2), price_currency char(3)",
    shown: `price: { anyOf: [${money}, { type: 'null' }] }`,
    held: ["price: Price(amount=price_amount, currency=price_currency)?"],
  },
  {
    what: "a part that may be null",
    columns: "site_street text NOT NULL, site_city text",
    shown: `site: ${address}`,
    held: ["site: Site(street=site_street, city=site_city?)"],
  },
  {
    what: "columns without the name in front",
    columns: places,
    shown: `site: ${address}`,
    held: ["site: Site(street=street, city=city?)"],
    assumed: ["site of offers is what its columns street, city hold together."],
  },
  {
    what: "columns without the name in front that two could be",
    columns: places,
    shown: `site: ${address}, office: ${address}`,
    held: [],
  },
  {
    what: "columns without the name in front that are shown by themselves",
    columns: places,
    shown: `site: ${address}, street: { type: string }`,
    held: [],
  },
  {
    what: "a part that has no column",
    columns: "price_amount numeric(12, 2) NOT NULL",
    shown: `price: ${money}`,
    held: [],
  },
  { what: "a column of JSON", columns: `price jsonb NOT NULL, ${priced}`, shown: `price: ${money}`, held: [] },
  {
    what: "a column that refers to another row",
    columns: "price_amount numeric(12, 2) NOT NULL, price_currency char(3) NOT NULL REFERENCES currencies (code)",
    shown: `price: ${money}`,
    held: [],
  },
];
for (const { what, columns, taken, shown, domain, held, assumed = [] } of cases) {
  test(`held as one: ${what}`, async () => {
    const sql = `CREATE TABLE currencies (code char(3) PRIMARY KEY);
      CREATE TABLE offers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ${columns});`;
    const body = taken ? `${takes(`{ type: object, properties: { ${taken} } }`)}, ` : "";
    const operation = `{ ${body}${answers(`{ type: object, properties: { id: { type: string }, ${shown} } }`)} }`;
    const operations = shown === undefined ? {} : { [`${taken ? "PATCH" : "GET"} /offers/{id}`]: operation };
    const more = domain === undefined ? {} : { "domain.md": domainOf(domain) };
    const spec = await specOf(documentsOf({ sql, operations, more }));
    const found = withHeldValues(spec, planAggregates(spec).aggregates);
    const offer = found.aggregates.find(({ className }) => className === "Offer");
    const texts = (offer?.held ?? []).map(({ name, className, parts, optional }) => {
      const list = parts.map((part) => `${part.name}=${part.field.column.name}${part.optional ? "?" : ""}`);
      return `${name}: ${className}(${list.join(", ")})${optional ? "?" : ""}`;
    });
    assert.deepEqual([texts, found.assumptions.map(({ text }) => text)], [held, assumed]);
  });
}
