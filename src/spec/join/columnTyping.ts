import { plural, snakeCase } from "../../support/words.ts";
import { limitsAtStart } from "../markdown/fieldTables.ts";
import type { Parameter, Property, Schema } from "../model.ts";
import { refersTo } from "./relations.ts";
import type { ResourceField } from "./resourceFields.ts";
import { canonicalName, type Resource } from "./resources.ts";

/** What the types of values that a document only names are taken from. */
export interface TypingContext {
  readonly fieldsOf: (resource: Resource) => readonly ResourceField[];
  readonly resourceNamed: (name: string) => Resource | undefined;
}

/** A body that only names its properties gets the types of the columns with these names; so do the items of its lists. */
export function withColumnTypes(schema: Schema, target: Resource, context: TypingContext): Schema {
  if (schema.type === "array" && schema.items) {
    return { ...schema, items: withColumnTypes(schema.items, target, context) };
  }
  const fields = fieldsByName(target, context);
  const properties = schema.properties?.map((property): Property => {
    const part = partNamed(property, target, context);
    if (part) return { ...property, schema: withColumnTypes(property.schema, part, context) };
    const field = isUntyped(property.schema) ? fields.get(plainName(property.name)) : undefined;
    return field ? { ...property, schema: typedAs(field, property.schema) } : property;
  });
  return properties?.some((property, index) => property !== schema.properties?.[index])
    ? { ...schema, properties }
    : schema;
}

/** `medications` of a treatment, where their table refers to that of treatments. */
function partNamed({ name, schema }: Property, target: Resource, context: TypingContext): Resource | undefined {
  if (schema.type !== "array" || !schema.items?.properties) return undefined;
  const part = context.resourceNamed(name);
  return part && refersTo(part, target) ? part : undefined;
}

/** The limits that a document opens the description with hold for the type of the column: `name` (1..80). */
function typedAs({ schema: column }: ResourceField, said: Schema): Schema {
  return limitsAtStart(said.description ?? "", { ...said, ...column });
}

const usualTypes: readonly (readonly [RegExp, Schema])[] = [
  [/^(?:(?:(?:new|old|current)_)?password|(?:(?:access|refresh|id|auth)_)?token|token_type|jwt)$/, { type: "string" }],
  [/^(?:refresh_)?expires_in$/, { type: "integer" }],
  [/^e_?mail$/, { type: "string" }],
];

/** What signs somebody in has names with one meaning, though no column is called so. */
export function withUsualTypes(schema: Schema): Schema {
  const properties = schema.properties?.map((property): Property => {
    const name = snakeCase(property.name);
    const usual = isUntyped(property.schema) ? usualTypes.find(([names]) => names.test(name))?.[1] : undefined;
    return usual ? { ...property, schema: { ...property.schema, ...usual } } : property;
  });
  return properties ? { ...schema, properties } : schema;
}

/** Parameters of a query that are only named are of the type of the column with the name. */
export function withParameterTypes(
  parameters: readonly Parameter[],
  target: Resource,
  context: TypingContext,
): readonly Parameter[] {
  const fields = fieldsByName(target, context);
  return parameters.map((parameter) => {
    if (!isUntyped(parameter.schema) || parameter.in !== "query") return parameter;
    const field = fields.get(plainName(parameter.name));
    // `tag` of a list asks for one of the `tags`.
    const items = field ? undefined : elementOf(parameter.name, fields);
    if (items) return { ...parameter, schema: { ...parameter.schema, ...items } };
    if (!field) return parameter;
    const { nullable: _, ...schema } = typedAs(field, parameter.schema);
    return { ...parameter, schema };
  });
}

function elementOf(name: string, fields: ReadonlyMap<string, ResourceField>): Schema | undefined {
  return fields.get(plainName(plural(snakeCase(name))))?.schema.items;
}

const pageNames: readonly (readonly [RegExp, Schema])[] = [
  [
    /^(?:total|count|total_?count|total_?items|total_?pages|page|pages|page_?size|per_?page|limit|offset)$/,
    { type: "integer" },
  ],
  [/^(?:next|prev|previous|end|start)?_?(?:cursor|page_?token)$/, { type: "string", nullable: true }],
  [/^(?:has_?(?:more|next|previous|prev)|success|ok)$/, { type: "boolean" }],
];

/**
 * The page of a list as its document names it, `` `items`, `next_cursor` ``: the rows under the usual names or the one of the
 * resource, and what pages are counted by.
 */
export function withPageTypes(schema: Schema, target: Resource, shown: () => Schema | undefined): Schema {
  const properties = schema.properties?.map((property): Property => {
    const { schema: said } = property;
    if (said.type === "object") return { ...property, schema: withPageTypes(said, target, shown) };
    const known = isUntyped(said) || isOpenList(said) ? pagePart(property.name, target, shown) : undefined;
    return known ? { ...property, schema: { ...property.schema, ...known } } : property;
  });
  return properties ? { ...schema, properties } : schema;
}

/** `[…]`, of which nothing is said. */
function isOpenList({ type, items }: Schema): boolean {
  return type === "array" && items !== undefined && isUntyped(items);
}

const rowNames = /^(?:items|data|results|rows|records|entries|content)$/;

function pagePart(name: string, target: Resource, shown: () => Schema | undefined): Schema | undefined {
  const word = snakeCase(name);
  if (!rowNames.test(word) && !target.names.has(canonicalName(word))) {
    return pageNames.find(([names]) => names.test(word))?.[1];
  }
  const items = shown();
  return items && { type: "array", items };
}

function fieldsByName(target: Resource, { fieldsOf }: TypingContext): ReadonlyMap<string, ResourceField> {
  return new Map(fieldsOf(target).map((field) => [plainName(field.name), field]));
}

export function isUntyped({ type, enum: values, format }: Schema): boolean {
  return type === "any" && values === undefined && format === undefined;
}

/** A name without regard to case and convention. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
