import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, compileDesign, fileOf, takes } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE things (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(40) NOT NULL, amount numeric(8, 2), count int4,
  kind text NOT NULL DEFAULT 'small' CHECK (kind IN ('small', 'large')), happened_at timestamptz, noted_at timestamp, day date,
  tags text[], data jsonb, price numeric(8, 2), active boolean NOT NULL DEFAULT true);`;

/** Lines of the generated request model for one property of the contract. */
async function requestField(property: string, required = false): Promise<string> {
  const name = /^\w+/.exec(property)?.[0] ?? "";
  const fields = name === "name" ? property : `name: { type: string }, ${property}`;
  const body = `{ type: object, required: [name${required && name !== "name" ? `, ${name}` : ""}], properties: { ${fields} } }`;
  const operation = `{ operationId: addThing, ${takes(body)}, ${answers("{ type: object, properties: { id: { type: string } } }", 201)} }`;
  const compilation = await compileDesign({ sql, operations: { "POST /things": operation } });
  assert.deepEqual(compilation.needsDetail, []);
  const text = fileOf(compilation, "src/app/api/schemas/thing.py").replace(/\s*\n\s{8,}/g, " ");
  const model = /class AddThingRequest[\s\S]*?\n\n {4}def /.exec(text)?.[0] ?? "";
  const attribute = new RegExp(
    `^ {4}(?:${name}|${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}): (.*)$`,
    "m",
  );
  return (attribute.exec(model.replace(/\(\s+/g, "(").replace(/,?\s+\)/g, ")"))?.[1] ?? "").trim();
}

const fields: readonly (readonly [string, string])[] = [
  ["name: { type: string }", "str = Field(max_length=40)"],
  ["name: { type: string, minLength: 2, maxLength: 10 }", "str = Field(min_length=2, max_length=10)"],
  ["name: { type: string, pattern: '^\\\\d+$' }", 'str = Field(max_length=40, pattern=r"^\\\\d+$")'],
  ["name: { type: string, format: email }", "EmailStr = Field(max_length=40)"],
  ["count: { type: integer, minimum: 1 }", "Omittable[Annotated[int, Field(ge=1, le=2147483647), AsNumber()]] = None"],
  [
    "count: { type: [integer, 'null'], maximum: 9 }",
    "Annotated[int, Field(ge=-2147483648, le=9), AsNumber()] | None = None",
  ],
  [
    "amount: { type: number, exclusiveMinimum: 0 }",
    "Omittable[ Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=2), AsNumber()]",
  ],
  [
    "amount: { type: [string, 'null'], format: decimal }",
    "(Annotated[Decimal, Field(max_digits=8, decimal_places=2), AsText()] | None) = None",
  ],
  ["kind: { type: string, enum: [small, large], default: large }", "ThingKind = ThingKind.LARGE"],
  ["kind: { type: string, enum: [small] }", "Omittable[Literal[ThingKind.SMALL]] = None"],
  ["happenedAt: { type: [string, 'null'], format: date-time }", "IsoDatetime | None = None"],
  ["notedAt: { type: [string, 'null'], format: date-time }", "IsoUtcDatetime | None = None"],
  ["notedAt: { type: [string, 'null'] }", "IsoLocalDatetime | None = None"],
  ["day: { type: [string, 'null'], format: date }", "IsoDate | None = None"],
  ["active: { type: boolean, default: false }", "StrictBool = False"],
  [
    "tags: { type: array, maxItems: 3, items: { type: string, minLength: 1 } }",
    "Omittable[ Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=3)]",
  ],
  [
    "data: { type: object, additionalProperties: { type: integer } }",
    "Omittable[dict[str, Annotated[int, AsNumber()]]] = None",
  ],
];

for (const [property, expected] of fields) {
  test(`the property ${property} becomes ${expected}`, async () => {
    assert.equal(await requestField(property), expected);
  });
}

test("a schema that both directions use gives two models, and the answer carries no constraints", async () => {
  const schemas = {
    Thing:
      "{ type: object, additionalProperties: false, required: [name], properties: { id: { type: string, readOnly: true }, name: { type: string, minLength: 3 }, price: { type: number } } }",
  };
  const thing = "{ $ref: '#/components/schemas/Thing' }";
  const compilation = await compileDesign({
    sql,
    schemas,
    operations: { "POST /things": `{ ${takes(thing)}, ${answers(thing, 201)} }` },
  });
  const text = fileOf(compilation, "src/app/api/schemas/thing.py");
  const bodies = ["ThingRequest(RequestModel)", "Thing(ApiModel)"].map((head) => {
    const start = text.indexOf(`class ${head}:`);
    return text
      .slice(text.indexOf("\n\n", start) + 2)
      .split(/\n\n/)[0]
      ?.trimEnd();
  });
  assert.deepEqual(bodies, [
    [
      "    name: str = Field(min_length=3, max_length=40)",
      "    price: Omittable[",
      "        Annotated[Decimal, Field(max_digits=8, decimal_places=2), AsNumber()]",
      "    ] = None",
    ].join("\n"),
    ["    id: Omitted[UUID] = None", "    name: str", "    price: Omitted[float] = None"].join("\n"),
  ]);
});

test("an answer gives a date-time its offset where the column keeps none", async () => {
  const compilation = await compileDesign({
    sql,
    schemas: { Thing: "{ type: object, properties: { notedAt: { type: string, format: date-time } } }" },
    operations: { "GET /things/{id}": `{ ${answers("{ $ref: '#/components/schemas/Thing' }")} }` },
  });
  assert.match(fileOf(compilation, "src/app/api/schemas/thing.py"), /^ {4}noted_at: Omitted\[UtcDatetime\] = None$/m);
  assert.match(fileOf(compilation, "src/app/core/database.py"), /"timezone": "UTC"/);
});

test("names on the wire that the generator does not make are aliases", async () => {
  const schemas = {
    Thing:
      "{ type: object, properties: { thingId: { type: string }, happenedAt: { type: string }, Name: { type: string } } }",
    Other: "{ type: object, properties: { someValue: { type: string }, anotherValue: { type: string } } }",
  };
  const compilation = await compileDesign({
    sql,
    schemas,
    operations: { "GET /things/{id}": `{ ${answers("{ $ref: '#/components/schemas/Thing' }")} }` },
  });
  const text = fileOf(compilation, "src/app/api/schemas/thing.py");
  assert.match(text, /^ {4}id: Omitted\[UUID\] = Field\(default=None, alias="thingId"\)$/m);
  assert.match(text, /^ {4}happened_at: Omitted\[datetime\] = None$/m);
  assert.match(text, /^ {4}name: Omitted\[str\] = Field\(default=None, alias="Name"\)$/m);
});

test("a schema that contains itself ends", async () => {
  const schemas = {
    Node: "{ type: object, properties: { value: { type: string }, children: { type: array, items: { $ref: '#/components/schemas/Node' } } } }",
  };
  const body = "{ type: object, properties: { data: { $ref: '#/components/schemas/Node' }, name: { type: string } } }";
  const compilation = await compileDesign({ sql, schemas, operations: { "GET /things/{id}": `{ ${answers(body)} }` } });
  assert.match(fileOf(compilation, "src/app/api/schemas/shared.py"), /children: Omitted\[list\["?Node"?\]\] = None/);
});

const variant = (kind: string) =>
  `{ type: object, required: [kind, ${kind}], properties: { kind: { type: string, const: ${kind} }, ${kind}: { type: string } } }`;

const unions: readonly (readonly [string, string, RegExp])[] = [
  [
    "the property that tells the variants apart is named",
    "{ oneOf: [{ $ref: '#/components/schemas/Post' }, { $ref: '#/components/schemas/Mail' }], discriminator: { propertyName: kind } }",
    /data: Annotated\[Post \| Mail, Field\(discriminator="kind"\)\]/,
  ],
  [
    "a union without a discriminator is tried variant by variant",
    "{ oneOf: [{ $ref: '#/components/schemas/Post' }, { $ref: '#/components/schemas/Mail' }] }",
    /data: Post \| Mail/,
  ],
  [
    "a discriminator that a variant leaves open is none",
    "{ oneOf: [{ $ref: '#/components/schemas/Post' }, { $ref: '#/components/schemas/Free' }], discriminator: { propertyName: kind } }",
    /data: Post \| Free/,
  ],
];

for (const [what, union, expected] of unions) {
  test(what, async () => {
    const schemas = {
      Post: variant("post"),
      Mail: variant("mail"),
      Free: "{ type: object, required: [kind], properties: { kind: { type: string } } }",
    };
    const body = `{ type: object, required: [id, data], properties: { id: { type: string }, data: ${union} } }`;
    const compilation = await compileDesign({
      sql,
      schemas,
      operations: { "GET /things/{id}": `{ ${answers(body)} }` },
    });
    assert.match(fileOf(compilation, "src/app/api/schemas/thing.py"), expected);
  });
}
