import { shapeText } from "../join/shapeText.ts";
import type { Schema } from "../model.ts";
import { type Fact, type Facts, factsOf } from "./facts.ts";

/**
 * What a schema decides, field by field: `items[].sku` → `string (maxLength 40)`. Other schemas are named, not entered,
 * so that a schema is compared once however many use it. Descriptions, examples and the order of fields decide nothing.
 */
export function schemaFacts(schema: Schema, required = true): Facts {
  return factsOf(entriesOf(schema, "", required).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The named schemas that this one uses, those that they use not among them. */
export function namesUsed(schema: Schema): readonly string[] {
  const inner = [
    ...(schema.items ? [schema.items] : []),
    ...(schema.properties ?? []).map((property) => property.schema),
    ...(schema.variants ?? []),
    ...(schema.additional ? [schema.additional] : []),
  ];
  return [...(schema.ref === undefined ? [] : [schema.ref]), ...inner.flatMap(namesUsed)];
}

function entriesOf(schema: Schema, at: string, required: boolean): (readonly [string, Fact | string])[] {
  const inner = schema.type === "array" && schema.items ? entriesOf(schema.items, `${at}[]`, true) : [];
  const fields = (schema.properties ?? []).flatMap(({ name, required: isRequired, schema: type }) =>
    entriesOf(type, at === "" ? name : `${at}.${name}`, isRequired),
  );
  return [[at, textOf(schema, required)], ...inner, ...fields];
}

function textOf(schema: Schema, required: boolean): string {
  const notes = [
    ...limits.flatMap((key) => (schema[key] === undefined ? [] : [`${key} ${String(schema[key])}`])),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
    ...(schema.additional === false ? ["nothing else"] : []),
    ...(required ? [] : ["optional"]),
  ];
  const text = `${kindOf(schema)}${schema.nullable ? " | null" : ""}`;
  return notes.length === 0 ? text : `${text} (${notes.join(", ")})`;
}

function kindOf(schema: Schema): string {
  if (schema.enum)
    return schema.enum
      .map((value) => JSON.stringify(value))
      .sort()
      .join(" | ");
  if (schema.type === "object") return "object";
  if (schema.type === "array") return "list";
  return shapeText({ ...schema, nullable: false });
}

const limits = [
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "readOnly",
  "writeOnly",
] as const;
