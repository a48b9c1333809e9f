import assert from "node:assert/strict";
import { test } from "node:test";
import { planErrors } from "../../../src/compiler/errorClasses.ts";
import { readValueConditions } from "../../../src/compiler/rules/valueConditions.ts";
import { answers, compileDesign, fileOf, takes } from "../../support/compiledApi.ts";
import { specOf } from "../../support/compilerPlans.ts";

const errors =
  "# Errors\n\n| HTTP status | Code | Message |\n|---|---|---|\n| 422 | VALIDATION_ERROR | Not valid |\n| 409 | TOO_DEAR | Too dear |\n";

/** A value object `Money` of one field, and what is demanded of it. */
const said: readonly (readonly [
  type: string,
  description: string,
  rules: readonly string[],
  demanded: readonly string[],
])[] = [
  ["string(3)", "ISO 4217 code", [], ["length <= 3", "pattern ^[A-Z]{3}$"]],
  ["string", "The ISO 3166-1 alpha-2 country code", [], ["pattern ^[A-Z]{2}$"]],
  ["string", "matches `^[0-9]{5}$`", [], ["pattern ^[0-9]{5}$"]],
  ["string", "matches `^(?=a)b$`, which PostgreSQL reads in another way", [], []],
  ["string", "A valid email address. Never shown", [], ["pattern ^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"]],
  ["string", "not blank", [], ["pattern \\S"]],
  ["string", "at most 40 characters", [], ["length <= 40"]],
  ["string", "The currency of the shop", [], []],
  ["decimal(12,2)", "Not negative", [], ["digits 12,2", "range >= 0"]],
  ["integer", "1 to 9999", [], ["range >= 1", "range <= 9999"]],
  ["integer", "at most 5, unless the caretaker agrees", [], []],
  ["decimal", "", ["The part must be greater than 0."], ["range > 0 business-rules-1"]],
  ["decimal", "", ["The part of a Money cannot exceed 900 (TOO_DEAR)."], ["range <= 900 business-rules-1 TOO_DEAR"]],
  ["decimal", "", ["Money.part must be positive."], ["range > 0 business-rules-1"]],
  ["decimal", "", ["A Money must be positive."], ["range > 0 business-rules-1"]],
  ["decimal", "", ["The part of a Money is rounded to the nearest cent."], []],
];
for (const [type, description, rules, demanded] of said) {
  test(`demanded of a ${type} that is "${description}" ${rules.join(" ")}`, async () => {
    const domain = [
      "# Domain model\n\n## Value objects\n\n### Money\n\n| Field | Type | Required | Description |\n|---|---|---|---|",
      `| part | ${type} | yes | ${description} |\n`,
      ...(rules[0]?.startsWith("The part must") ? ["Rules:\n"] : ["## Business rules\n"]),
      ...rules.map((rule) => `- ${rule}`),
    ].join("\n");
    const spec = await specOf({ "domain.md": domain, "errors.md": errors });
    const found = readValueConditions(spec, planErrors(spec).errors).map(({ condition, rule, error }) => {
      const { kind, ...rest } = condition;
      const { column: _, ...what } = rest;
      const limits = "digits" in what ? `${what.digits},${what.places}` : Object.values(what).join(" ");
      return [
        kind,
        limits,
        rule?.name.replace(/^.*rules-/, "business-rules-"),
        error.code === "VALIDATION_ERROR" ? "" : error.code,
      ]
        .filter(Boolean)
        .join(" ");
    });
    assert.deepEqual(found, demanded);
  });
}

const domain = `# Domain model

### Offer

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | Identity |
| price | Money | yes | What it costs |
| deposit | Money | no | |
| discount | Money | no | |
| contact | EmailAddress | yes | |

## Value objects

### Money

| Field | Type | Required | Description |
|---|---|---|---|
| amount | decimal(12,2) | yes | Not negative |
| currency | string(3) | yes | ISO 4217 code |

### EmailAddress

| Field | Type | Required | Description |
|---|---|---|---|
| value | string(320) | yes | A valid email address |
`;
const sql = `CREATE TABLE offers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  price numeric(12, 2) NOT NULL, price_currency text NOT NULL,
  deposit_amount numeric(12, 2), deposit_currency char(3), discount numeric(12, 2), contact text NOT NULL);`;

const oneByOne = `{ type: object, properties: { ${[
  "price: { type: number }",
  "price_currency: { type: string }",
  "deposit_amount: { type: number }",
  "deposit_currency: { type: string }",
].join(", ")} } }`;

test("a value object is held to its form in its class and in the columns that a contract changes one by one", async () => {
  const operations = { "PATCH /offers/{id}": `{ ${takes(oneByOne)}, ${answers(oneByOne)} }` };
  const compilation = await compileDesign({ sql, operations, more: { "domain.md": domain, "errors.md": errors } });
  const bodyOf = (path: string, name: string) =>
    new RegExp(`class ${name}:[\\s\\S]*?def __post_init__\\(self\\) -> None:\\n([\\s\\S]*?)(?:\\n\\n\\n|$)`)
      .exec(fileOf(compilation, path))?.[1]
      ?.replace(/\(\s+/g, "(")
      .replace(/,?\s+\)/g, ")")
      .replace(/,\s+/g, ", ")
      .trim()
      .split(/\n\s*/);
  assert.deepEqual(bodyOf("src/app/domain/value_objects.py", "Money"), [
    'require_range(ValidationError, "amount", self.amount, ge=0)',
    'require_length(ValidationError, "currency", self.currency, most=3)',
    'require_digits(ValidationError, "amount", self.amount, digits=12, places=2)',
    'require_pattern(ValidationError, "currency", self.currency, r"^[A-Z]{3}\\Z")',
  ]);
  assert.deepEqual(bodyOf("src/app/domain/offer.py", "NewOffer"), [
    'require_range(ValidationError, "price", self.price, ge=0)',
    'require_length(ValidationError, "price_currency", self.price_currency, most=3)',
    'require_range(ValidationError, "deposit_amount", self.deposit_amount, ge=0)',
    'require_length(ValidationError, "contact", self.contact, most=320)',
    'require_pattern(ValidationError, "price_currency", self.price_currency, r"^[A-Z]{3}\\Z")',
    'require_pattern(ValidationError, "deposit_currency", self.deposit_currency, r"^[A-Z]{3}\\Z")',
    'require_pattern(ValidationError, "contact", self.contact, r"^[^@\\s]+@[^@\\s]+\\.[^@\\s]+\\Z")',
  ]);
  const assumed = compilation.assumptions.filter(({ element }) => element?.startsWith("field:"));
  assert.deepEqual(
    assumed.map(({ element, text }) => [element, text.slice(0, 90)]),
    [
      [
        "field:Offer.discount",
        "Offer.discount is a Money, and offers has no columns that are clearly its amount, currency",
      ],
    ],
  );
});
