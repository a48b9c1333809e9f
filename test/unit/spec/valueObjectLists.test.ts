import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpec } from "../../../src/spec/readSpec.ts";

/** An item of a list under "Value objects", and the fields that it has: name, type and what else is said. */
const items: readonly (readonly [item: string, fields: readonly string[]])[] = [
  [
    "**Money**: amount (decimal(12,2), >= 0), currency (char(3))",
    ["amount decimal(12,2) | >= 0", "currency char(3) |"],
  ],
  ["**Address**: street, city and country (ISO 3166 alpha-2).", ["street |", "city |", "country | ISO 3166 alpha-2"]],
  ["**Address**: `street`, `zip`? (5 digits), `city`", ["street |", "zip? | 5 digits", "city |"]],
  ["**Weight** – value (integer, > 0), unit (g, kg)", ["value integer | > 0", "unit enum(g, kg) |"]],
  ["**Sku**: string matching `^[A-Z]{3}$`", []],
  ["**Money**: an amount, and its currency", []],
  ["**Money**: amount", []],
];
for (const [item, fields] of items) {
  test(`a value object in one line: ${item}`, async () => {
    const text = `# Domain model\n\n## Value objects\n\n- ${item}\n- **Other**: what else there is\n`;
    const { spec } = await readSpec([{ path: "domain.md", text }]);
    const own = spec.domain.valueObjects[0]?.fields ?? [];
    const found = own.map(({ name, type, required, description = "" }) =>
      `${name}${required ? "" : "?"} ${type}${type === "" ? "" : " "}| ${description}`.trim(),
    );
    assert.deepEqual(found, fields);
  });
}

/** What follows a field in a list, and the type and the description that it has. */
const described: readonly (readonly [said: string, type: string, description: string])[] = [
  ["Address", "Address", ""],
  ["Address, where it is fetched", "Address", "where it is fetched"],
  ["Addressee of the parcel", "", "Addressee of the parcel"],
  ["Town, where it is fetched", "", "Town, where it is fetched"],
];
for (const [said, type, description] of described) {
  test(`a field that is "${said}"`, async () => {
    const text = `# Domain model

**Parcel** (aggregate root)
- \`id\` – UUID
- \`pickup\` – ${said}
- \`note\` – text

## Value objects

- **Address**: street, city
`;
    const { spec } = await readSpec([{ path: "domain.md", text }]);
    const field = spec.domain.entities[0]?.fields.find(({ name }) => name === "pickup");
    assert.deepEqual([field?.type, field?.description ?? ""], [type, description]);
  });
}

/** A body in braces, and the models that it refers to. */
const bodies: readonly (readonly [body: string, references: readonly string[]])[] = [
  ["{ parcel: uuid, from: Address, to: Address }", ["from", "to"]],
  ["{ to?: Address }", ["to"]],
  ["{ note: string, to?: Address | null }", ["to"]],
  ['{ "name": "Ada", "town": "Bern" }', []],
  ['{ "note": "string", "town": "near the station" }', []],
];
for (const [body, references] of bodies) {
  test(`a body ${body} refers to ${references.join(" and ") || "nothing"}`, async () => {
    const text = `# API\n\n### POST /parcels\n\nBody: \`${body}\`\n\nResponse: 204\n`;
    const domain = "# Domain model\n\n## Value objects\n\n- **Address**: street, city\n";
    const { spec } = await readSpec([
      { path: "api.md", text },
      { path: "domain.md", text: domain },
    ]);
    const properties = spec.api.endpoints[0]?.request?.schema.properties ?? [];
    assert.deepEqual(
      properties.flatMap(({ name, schema }) => (schema.type === "ref" ? [name] : [])),
      references,
    );
  });
}
