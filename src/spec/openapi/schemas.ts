import { arrayAt, isObject, type JsonObject, jsonValue, numberAt, objectAt, stringAt } from "../json.ts";
import type { JsonValue, Property, Schema } from "../model.ts";
import type { SchemaType } from "../schemaParts.ts";
import { lookUp, type OpenApiReader } from "./references.ts";

/** Inline nesting beyond this is a circle that no reference name breaks. */
const maxDepth = 40;

/** Schemas that one schema may expand to: circles in `allOf` and `oneOf` would double at every turn. */
const maxExpansions = 5000;

/**
 * A schema object of OpenAPI 3.0 or 3.1 in our one form: `allOf` merged, `oneOf` and `anyOf` as union,
 * `null` in a type list or union as `nullable`. References to named schemas stay references.
 */
export function readSchema(reader: OpenApiReader, value: unknown): Schema {
  return convert({ ...reader, expansions: { left: maxExpansions } }, value, 0);
}

/** A reader that counts down what it may still expand; readers of other documents share the count. */
interface SchemaReader extends OpenApiReader {
  readonly expansions: { left: number };
}

function convert(reader: SchemaReader, value: unknown, depth: number): Schema {
  if (!isObject(value) || depth > maxDepth || reader.expansions.left-- <= 0) return { type: "any" };
  const nullable = value["nullable"] === true ? { nullable: true } : {};
  const reference = stringAt(value, "$ref");
  if (reference !== undefined) return { ...referenced(reader, reference, depth), ...annotations(value), ...nullable };
  if (arrayAt(value, "allOf").length > 0) return { ...mergedAllOf(reader, value, depth), ...nullable };
  const alternatives = [...arrayAt(value, "oneOf"), ...arrayAt(value, "anyOf")];
  if (alternatives.length > 0) return { ...union(reader, value, alternatives, depth), ...nullable };
  return plain(reader, value, depth);
}

function referenced(reader: SchemaReader, reference: string, depth: number): Schema {
  const target = lookUp(reader, reference);
  if (!target) return { type: "any" };
  const [section, group, name, ...deeper] = target.keys;
  const isNamed = section === "components" && group === "schemas" && name !== undefined && deeper.length === 0;
  return isNamed
    ? { type: "ref", ref: name }
    : convert({ ...target.reader, expansions: reader.expansions }, target.value, depth + 1);
}

interface Member {
  readonly reader: SchemaReader;
  readonly value: JsonObject;
}

function mergedAllOf(reader: SchemaReader, value: JsonObject, depth: number): Schema {
  const { allOf: _, ...own } = value;
  const parts = arrayAt(value, "allOf").filter((part) => isObject(part) && Object.keys(part).length > 0);
  const only = parts[0];
  if (parts.length === 1 && isObject(only) && stringAt(only, "$ref") !== undefined && !hasShape(own)) {
    return { ...convert(reader, only, depth + 1), ...annotations(own) };
  }
  const members = flatten(reader, value, new Set());
  const alternatives = members.find((member) => variantsOf(member.value).length > 0);
  if (alternatives) return distributed(members, alternatives, depth);
  return merge(members, depth);
}

function variantsOf(value: JsonObject): readonly unknown[] {
  return [...arrayAt(value, "oneOf"), ...arrayAt(value, "anyOf")];
}

/** `allOf` beside `oneOf`: every alternative gets the common part. */
function distributed(members: readonly Member[], alternatives: Member, depth: number): Schema {
  const common = members.filter((member) => member !== alternatives);
  const { oneOf: _one, anyOf: _any, ...own } = alternatives.value;
  const variants = variantsOf(alternatives.value).map((variant) => {
    const flat = isObject(variant) ? flatten(alternatives.reader, variant, new Set()) : [];
    return merge([...common, { ...alternatives, value: own }, ...flat], depth + 1);
  });
  const [only] = variants;
  return only && variants.length === 1 ? only : { type: "union", variants };
}

function hasShape(value: JsonObject): boolean {
  return ["properties", "items", "oneOf", "anyOf", "enum", "required"].some((key) => value[key] !== undefined);
}

/** The members of nested `allOf` lists with their references followed, the schema's own keys last. */
function flatten(reader: SchemaReader, value: JsonObject, seen: Set<unknown>): Member[] {
  if (seen.has(value) || seen.size > 200) return [];
  seen.add(value);
  const reference = stringAt(value, "$ref");
  if (reference !== undefined) {
    const target = lookUp(reader, reference);
    return target ? flatten({ ...target.reader, expansions: reader.expansions }, target.value, seen) : [];
  }
  const { allOf: _, ...own } = value;
  const members = arrayAt(value, "allOf").flatMap((part) => (isObject(part) ? flatten(reader, part, seen) : []));
  return [...members, { reader, value: own }];
}

function merge(members: readonly Member[], depth: number): Schema {
  const required = new Set(members.flatMap((member) => arrayAt(member.value, "required")));
  const properties = new Map<string, Property>();
  let merged: Schema = { type: "any" };
  for (const member of members) {
    const schema = convert(member.reader, member.value, depth + 1);
    for (const property of schema.properties ?? []) properties.set(property.name, property);
    merged = { ...merged, ...schema, type: schema.type === "any" ? merged.type : schema.type };
  }
  if (properties.size === 0) return merged;
  const list = [...properties.values()].map((property) => ({
    ...property,
    required: property.required || required.has(property.name),
  }));
  return { ...merged, type: "object", properties: list };
}

function union(reader: SchemaReader, value: JsonObject, alternatives: readonly unknown[], depth: number): Schema {
  if (isObject(value["properties"])) {
    const { oneOf: _one, anyOf: _any, ...own } = value;
    if (alternatives.every(onlyRequires)) return convert(reader, own, depth + 1);
    return distributed(flatten(reader, value, new Set()), { reader, value }, depth);
  }
  const variants = alternatives
    .filter((variant) => !isNull(variant))
    .map((variant) => convert(reader, variant, depth + 1));
  const nullable = variants.length < alternatives.length || variants.some((variant) => variant.nullable);
  const [only] = variants;
  const discriminator = stringAt(objectAt(value, "discriminator"), "propertyName");
  const base: Schema =
    variants.length === 1 && only
      ? only
      : { type: "union", variants, ...(discriminator !== undefined && { discriminator }) };
  return { ...base, ...annotations(value), ...(nullable && { nullable }) };
}

/** `anyOf: [{required: [a]}, {required: [b]}]` restricts combinations, it describes no shape. */
function onlyRequires(variant: unknown): boolean {
  return isObject(variant) && Object.keys(variant).every((key) => key === "required");
}

function isNull(variant: unknown): boolean {
  return isObject(variant) && variant["type"] === "null";
}

function plain(reader: SchemaReader, value: JsonObject, depth: number): Schema {
  const declared = Array.isArray(value["type"]) ? value["type"] : [value["type"]];
  const types = declared.filter((type) => typeof type === "string" && type !== "null");
  const nullable = value["nullable"] === true || declared.includes("null");
  if (types.length > 1) {
    const variants = types.map((type) => plain(reader, { ...value, type, nullable: false }, depth + 1));
    return { type: "union", variants, ...annotations(value), ...(nullable && { nullable }) };
  }
  const type = typeOf(types[0], value);
  return {
    type,
    ...annotations(value),
    ...(nullable && { nullable }),
    ...limits(value),
    ...(type === "array" && { items: convert(reader, value["items"], depth + 1) }),
    ...(type === "object" && objectShape(reader, value, depth)),
  };
}

const knownTypes: readonly SchemaType[] = ["string", "integer", "number", "boolean", "array", "object"];

function typeOf(declared: unknown, value: JsonObject): SchemaType {
  const known = knownTypes.find((type) => type === declared);
  if (known) return known;
  if (isObject(value["properties"]) || isObject(value["additionalProperties"])) return "object";
  if (isObject(value["items"])) return "array";
  const samples = value["const"] === undefined ? arrayAt(value, "enum") : [value["const"]];
  if (samples.length === 0) return "any";
  if (samples.every((sample) => typeof sample === "string")) return "string";
  if (samples.every((sample) => Number.isInteger(sample))) return "integer";
  return samples.every((sample) => typeof sample === "boolean") ? "boolean" : "any";
}

function objectShape(reader: SchemaReader, value: JsonObject, depth: number): Partial<Schema> {
  const required = arrayAt(value, "required");
  const properties = Object.entries(objectAt(value, "properties")).map(
    ([name, property]): Property => ({
      name,
      required: required.includes(name),
      schema: convert(reader, property, depth + 1),
    }),
  );
  const additional = value["additionalProperties"];
  return {
    ...(isObject(value["properties"]) && { properties }),
    ...(additional === false && { additional: false as const }),
    ...((additional === true || isObject(additional)) && { additional: convert(reader, additional, depth + 1) }),
  };
}

function annotations(value: JsonObject): Partial<Schema> {
  const description = stringAt(value, "description");
  const fallback = jsonValue(value["default"]);
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(value["readOnly"] === true && { readOnly: true }),
    ...(value["writeOnly"] === true && { writeOnly: true }),
  };
}

const numericLimits = ["minLength", "maxLength", "minimum", "maximum", "multipleOf", "minItems", "maxItems"] as const;

function limits(value: JsonObject): Partial<Schema> {
  const found: { -readonly [Key in keyof Schema]?: Schema[Key] } = {};
  for (const key of numericLimits) {
    const limit = numberAt(value, key);
    if (limit !== undefined) found[key] = limit;
  }
  exclusiveLimit(value, found, ["minimum", "exclusiveMinimum"]);
  exclusiveLimit(value, found, ["maximum", "exclusiveMaximum"]);
  const format = stringAt(value, "format") ?? (isBinary(value) ? "binary" : undefined);
  const pattern = stringAt(value, "pattern");
  const values = enumOf(value);
  return {
    ...found,
    ...(format !== undefined && { format }),
    ...(pattern !== undefined && { pattern }),
    ...(values.length > 0 && { enum: values }),
  };
}

/** OpenAPI 3.1 has no format for it: bytes are what has a media type and no encoding as text. */
function isBinary(value: JsonObject): boolean {
  const mediaType = stringAt(value, "contentMediaType") ?? "text/plain";
  const isBytes = value["contentEncoding"] === undefined && !/^text\/|json|xml/.test(mediaType);
  return value["contentEncoding"] === "binary" || isBytes;
}

/** OpenAPI 3.0 has a flag beside the limit, 3.1 a limit of its own. */
function exclusiveLimit(
  value: JsonObject,
  found: { -readonly [Key in keyof Schema]?: Schema[Key] },
  [inclusive, exclusive]: readonly ["minimum" | "maximum", "exclusiveMinimum" | "exclusiveMaximum"],
): void {
  const limit = value[exclusive] === true ? numberAt(value, inclusive) : numberAt(value, exclusive);
  if (limit === undefined) return;
  found[exclusive] = limit;
  if (value[exclusive] === true) delete found[inclusive];
}

function enumOf(value: JsonObject): JsonValue[] {
  const values = value["const"] === undefined ? arrayAt(value, "enum") : [value["const"]];
  return values.flatMap((item) => jsonValue(item) ?? []).filter((item) => item !== null);
}
