/** A parsed OpenAPI document, or any part of one. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function nodeAt(value: unknown, ...path: readonly string[]): Node {
  const found = path.reduce<unknown>((current, key) => (isNode(current) ? current[key] : undefined), value);
  return isNode(found) ? found : {};
}

export function listAt(value: Node, key: string): readonly unknown[] {
  const found = value[key];
  return Array.isArray(found) ? found : [];
}

/** Follows references; other documents do not occur in our fixtures. */
export function resolved(document: Node, value: unknown): Node {
  if (!isNode(value)) return {};
  const { $ref } = value;
  if (typeof $ref !== "string") return value;
  return resolved(document, nodeAt(document, ...$ref.replace("#/", "").split("/")));
}

/** What a schema says, whatever OpenAPI version and nesting of `allOf` and null it says it in. */
export interface Shape {
  readonly types: readonly string[];
  readonly nullable: boolean;
  readonly keywords: Readonly<Record<string, unknown>>;
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: readonly string[];
  readonly items: unknown;
  readonly variants: readonly unknown[];
  readonly open: boolean;
}

export function shapeOf(document: Node, value: unknown): Shape {
  const schema = merged(document, value);
  const variants = [...listAt(schema, "anyOf"), ...listAt(schema, "oneOf")];
  const isNull = (variant: unknown) => resolved(document, variant)["type"] === "null";
  const others = variants.filter((variant) => !isNull(variant));
  const [only] = others;
  if (only !== undefined && others.length === 1) {
    const inner = shapeOf(document, only);
    return { ...inner, nullable: inner.nullable || variants.length > 1 };
  }
  const type = schema["type"];
  const types = (Array.isArray(type) ? type : [type]).filter((item) => typeof item === "string");
  const values = enumOf(schema);
  return {
    types: types.filter((item) => item !== "null"),
    nullable: schema["nullable"] === true || types.includes("null") || variants.some(isNull) || values.includes(null),
    keywords: { ...sharedKeywords(document, others), ...keywordsOf(schema, values) },
    properties: new Map(Object.entries(nodeAt(schema, "properties"))),
    required: listAt(schema, "required").filter((name) => typeof name === "string"),
    items: schema["items"],
    variants: others,
    open: schema["additionalProperties"] !== false,
  };
}

/** An exact number may be a number or text in a query, and is limited as the former. */
function sharedKeywords(document: Node, variants: readonly unknown[]): Readonly<Record<string, unknown>> {
  const shapes = variants.map((variant) => shapeOf(document, variant));
  return shapes.find(({ types }) => types.includes("number"))?.keywords ?? {};
}

/** Limits of a value; an inclusive and an exclusive bound of OpenAPI 3.0 become those of 3.1. */
const limits = ["minLength", "maxLength", "pattern", "minItems", "maxItems", "multipleOf"] as const;

/** Formats that a client can see; widths of numbers say nothing about their text. */
const formats = new Set(["uuid", "date-time", "date", "time", "email", "binary"]);

function keywordsOf(schema: Node, values: readonly unknown[]): Record<string, unknown> {
  const keywords: Record<string, unknown> = {};
  for (const name of limits) if (schema[name] !== undefined) keywords[name] = schema[name];
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    const isExclusive = schema[exclusive] === true;
    if (schema[bound] !== undefined) keywords[isExclusive ? exclusive : bound] = schema[bound];
    if (typeof schema[exclusive] === "number") keywords[exclusive] = schema[exclusive];
  }
  const named = values.filter((item) => item !== null);
  if (named.length > 0) keywords["enum"] = named.map(String).sort();
  if (typeof schema["format"] === "string" && formats.has(schema["format"])) keywords["format"] = schema["format"];
  const property = nodeAt(schema, "discriminator")["propertyName"];
  if (property !== undefined) keywords["discriminator"] = property;
  return keywords;
}

function enumOf(schema: Node): readonly unknown[] {
  return "const" in schema ? [schema["const"]] : listAt(schema, "enum");
}

function merged(document: Node, value: unknown): Node {
  const schema = resolved(document, value);
  const parts = listAt(schema, "allOf").map((part) => merged(document, part));
  if (parts.length === 0) return schema;
  const all = [...parts, schema];
  return {
    ...Object.assign({}, ...all),
    allOf: [],
    properties: Object.assign({}, ...all.map((part) => nodeAt(part, "properties"))),
    required: [...new Set(all.flatMap((part) => listAt(part, "required")))],
  };
}
