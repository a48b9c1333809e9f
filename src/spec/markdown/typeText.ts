import type { JsonValue, Property, Schema } from "../model.ts";
import { plainText } from "./text.ts";

/**
 * A type as people write it in tables, interfaces, Pydantic models and examples: `string(255)`,
 * `UUID | null`, `List[OrderItem]`, `"draft" | "sent"`, `decimal(10,2)`, `enum(a, b)`, `string?`.
 * A name that is no basic type becomes a reference; merging turns it into `any` when nobody defines it.
 */
export function schemaOfType(text: string, depth = 0): Schema {
  const type = plainText(text).replace(/[;,]$/, "").trim();
  if (type === "" || depth > 8) return { type: "any" };
  const optional = /^(?:Optional|Nullable|Maybe)\s*[[<](.+)[\]>]$/.exec(type) ?? /^([^|]+)\?$/.exec(type);
  if (optional?.[1] !== undefined) return { ...schemaOfType(optional[1], depth + 1), nullable: true };
  const alternatives = splitTop(type, "|");
  if (alternatives.length > 1) return unionOf(alternatives, depth);
  const list =
    /^(?:array of|list of|List|Array|Sequence|Set|ReadonlyArray|Iterable|tuple|Collection|IReadOnlyList)\s*[[<(\s]\s*(.+?)\s*[\]>)]?$/i.exec(
      type,
    ) ?? /^(.+?)\s*\[\]$/.exec(type);
  if (list?.[1] !== undefined && !/^of$/i.test(list[1])) {
    return { type: "array", items: schemaOfType(list[1].replace(/,\s*\.\.\.$/, ""), depth + 1) };
  }
  return basicType(type);
}

function unionOf(alternatives: readonly string[], depth: number): Schema {
  const rest = alternatives.filter((item) => !/^(?:null|none|undefined|nil)$/i.test(item));
  const nullable = rest.length < alternatives.length ? { nullable: true } : {};
  const areValues = rest.length > 1 && rest.every(isValueWord);
  const literals = areValues ? rest : rest.map(literalOf);
  if (rest.length > 0 && literals.every((literal) => literal !== undefined))
    return { ...enumOf(literals), ...nullable };
  const [only] = rest;
  if (only !== undefined && rest.length === 1) return { ...schemaOfType(only, depth + 1), ...nullable };
  return { type: "union", variants: rest.map((item) => schemaOfType(item, depth + 1)), ...nullable };
}

/** `draft` and `DRAFT` in a list of alternatives are values; `Draft` would be a type. */
function isValueWord(text: string): boolean {
  const isWord = /^(?:[a-z][\w-]*|[A-Z][A-Z0-9_-]*)$/.test(text);
  return isWord && basicType(text).type === "any" && !/^(?:any|unknown)$/.test(text);
}

function enumOf(values: readonly JsonValue[]): Schema {
  return { type: values.every((value) => typeof value === "number") ? "integer" : "string", enum: values };
}

function literalOf(text: string): JsonValue | undefined {
  const quoted = /^["'“”](.*)["'“”]$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** Splits at separators outside brackets and quotes. */
export function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const piece of text.match(/"[^"]*"|'[^']*'|[\s\S]/g) ?? []) {
    if ("([{<".includes(piece)) depth++;
    else if (")]}>".includes(piece)) depth--;
    if (piece === separator && depth <= 0) {
      parts.push(part.trim());
      part = "";
    } else part += piece;
  }
  return [...parts, part.trim()].filter((item) => item !== "");
}

const basicTypes: readonly (readonly [RegExp, Schema])[] = [
  [/^(?:uuid|guid|uuidv?\d)$/, { type: "string", format: "uuid" }],
  [
    /^(?:timestamp(?:tz)?|datetime|date-?time|instant|zoneddatetime|localdatetime|offsetdatetime|iso ?-?8601.*|timestamp with(?:out)? time zone)$/,
    { type: "string", format: "date-time" },
  ],
  [/^(?:date|localdate)$/, { type: "string", format: "date" }],
  [/^(?:time|localtime)$/, { type: "string", format: "time" }],
  [/^(?:email|emailstr|e-mail|email address)$/, { type: "string", format: "email" }],
  [/^(?:url|uri|httpurl|anyurl|link)$/, { type: "string", format: "uri" }],
  [/^(?:decimal|numeric|money|bigdecimal|currency)$/, { type: "string", format: "decimal" }],
  [/^(?:bigint|bigserial|long|int64|int8)$/, { type: "integer", format: "int64" }],
  [
    /^(?:int|integer|smallint|int32|int4|int2|serial|short|positiveint|nonnegativeint|整数|число)$/,
    { type: "integer" },
  ],
  [/^(?:float|double|number|real|double precision|float8|float64)$/, { type: "number" }],
  [/^(?:bool|boolean|真偽値|булево)$/, { type: "boolean" }],
  [/^(?:bytes|binary|file|blob|bytea)$/, { type: "string", format: "binary" }],
  [
    /^(?:str|string|text|varchar|char|character varying|citext|nvarchar|文字列|строка|slug|phone|password|token|enum)$/,
    { type: "string" },
  ],
  [/^(?:object|json|jsonb|dict|map|record|any object|hash)$/, { type: "object", additional: { type: "any" } }],
  [/^(?:array|list|set)$/, { type: "array", items: { type: "any" } }],
  [/^(?:any|unknown|mixed|void|null|-|—|–)$/, { type: "any" }],
];

function basicType(text: string): Schema {
  const enumeration = /^(?:enum|one of|literal)\s*[:([{]?\s*(.+?)[)\]}]?$/i.exec(text);
  if (enumeration?.[1] !== undefined) return { type: "string", enum: enumValues(enumeration[1]) };
  const literal = literalOf(text);
  // Of a value that is cut off, `"eyJ..."`, only the kind is said.
  if (typeof literal === "string" && /\.\.\.|…/.test(literal)) return { type: "string" };
  if (literal !== undefined) return enumOf([literal]);
  const bare = text.replace(/\s*[([<{].*$/s, "").trim();
  const name = bare.toLowerCase();
  const found =
    basicTypes.find(([pattern]) => pattern.test(name)) ??
    basicTypes.find(([pattern]) => pattern.test(name.split(" ")[0] ?? ""));
  // Domain models have a value object of this name more often than not; merging knows whether there is one.
  if (bare === "Money") return { type: "ref", ref: bare };
  if (!found) return /^[A-Z][A-Za-z0-9_]*$/.test(bare) ? { type: "ref", ref: bare } : { type: "any" };
  const bracket = /[([]([^()[\]]*)[)\]]/.exec(text)?.[1] ?? "";
  const length = /^\d+$/.test(bracket) && found[1].type === "string" && found[1].format === undefined;
  const qualifier = basicTypes.find(([pattern]) => pattern.test(bracket.toLowerCase()))?.[1];
  if (length) return { ...found[1], maxLength: Number(bracket) };
  return found[1].type === "string" && qualifier?.type === "string" ? qualifier : found[1];
}

/** `a, b`, `A · B`, `a / b`, `A → B | C`, `"a" or "b"`: the values of a closed set. */
export function enumValues(text: string): string[] {
  return text
    .split(/\s*(?:[,、|/·]|→|->|\bor\b|\band\b)\s*/)
    .map((value) => value.replace(/^[\s"'`“”(]+|[\s"'`“”).;]+$/g, ""))
    .filter((value) => value !== "");
}

/** Limits named in prose next to a field: `min 1, max 255 chars`, `min_length=1`, `1–80`, `≥ 0`, `one of: a, b`. */
export function limitsIn(text: string, schema: Schema): Schema {
  const plain = plainText(text);
  const isText = schema.type === "string";
  const lower = numberIn(
    /(?:\bmin(?:imum|[_ ]?length|Length)?|\bge|≥|>=|at least)\s*[:=]?\s*(-?\d+(?:\.\d+)?)/i,
    plain,
  );
  const upper = numberIn(
    /(?:\bmax(?:imum|[_ ]?length|Length)?|\ble|≤|<=|at most|up to)\s*[:=]?\s*(-?\d+(?:\.\d+)?)/i,
    plain,
  );
  const range = /(?<![\d.-])(\d+)\s*(?:\.\.|–|-|〜|~|to)\s*(\d+)(?![\d-])/.exec(plain);
  const above = numberIn(/(?<![<>=-])>\s*(-?\d+(?:\.\d+)?)/, plain);
  const low = lower ?? (range ? Number(range[1]) : undefined);
  const high = upper ?? (range ? Number(range[2]) : undefined);
  const listed = /(?:one of|enum|allowed|values?|有効値|取值)\s*[:：=]?\s*([^.;]+)/i.exec(plain)?.[1];
  const pattern = /(?:pattern|regex|format)\s*[:=]?\s*(\^\S*\$)/i.exec(plain)?.[1];
  const values = listed === undefined || !isText ? [] : enumValues(listed);
  return {
    ...schema,
    ...(low !== undefined && isText && { minLength: low }),
    ...(high !== undefined && isText && { maxLength: high }),
    ...(low !== undefined && isNumeric(schema) && { minimum: low }),
    ...(high !== undefined && isNumeric(schema) && { maximum: high }),
    ...(above !== undefined && isNumeric(schema) && { exclusiveMinimum: above }),
    ...(pattern !== undefined && isText && { pattern }),
    ...(values.length > 1 && schema.enum === undefined && { enum: values }),
  };
}

function isNumeric(schema: Schema): boolean {
  return schema.type === "integer" || schema.type === "number";
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** One field of a request, response or model, before its dotted name is put into its place. */
export interface FlatProperty {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** `address.city` and `items[].sku` inside the objects and arrays that their names describe. */
export function nestProperties(flat: readonly FlatProperty[]): Property[] {
  const properties: Property[] = [];
  for (const field of flat) insert(properties, field.name.split("."), field);
  return properties;
}

function insert(properties: Property[], path: readonly string[], field: FlatProperty): void {
  const [head = "", ...rest] = path;
  const isList = head.endsWith("[]");
  const name = isList ? head.slice(0, -2) : head;
  const index = properties.findIndex((property) => property.name === name);
  if (rest.length === 0) {
    const schema: Schema =
      isList && field.schema.type !== "array" ? { type: "array", items: field.schema } : field.schema;
    if (index === -1) properties.push({ name, required: field.required, schema });
    return;
  }
  const known = properties[index];
  const inner = [...((isList ? known?.schema.items?.properties : known?.schema.properties) ?? [])];
  insert(inner, rest, field);
  const object: Schema = { type: "object", properties: inner };
  const { additional: _, ...outer } = known?.schema ?? {};
  const schema: Schema = isList ? { ...outer, type: "array", items: object } : { ...outer, ...object };
  const property: Property = { name, required: known?.required ?? field.required, schema };
  if (index === -1) properties.push(property);
  else properties[index] = property;
}
