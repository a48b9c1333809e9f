import type { JsonValue, Schema } from "../spec/model.ts";
import { valueType } from "../spec/sql/typeKinds.ts";
import type { Direction } from "./apiPlan.ts";
import { isWithoutZone } from "./fieldPlans.ts";
import type { EnumPlan, FieldPlan, PythonImport } from "./plan.ts";
import { importsFrom, stringLiteral } from "./python.ts";

/** Annotation of a value on the wire, never with `| None`, and the arguments of its `Field`. */
export interface WireType {
  readonly expression: string;
  readonly imports: readonly PythonImport[];
  readonly arguments: readonly string[];
}

/** The parts of a form are text like a query, and are stored like a body. */
export type WireForm = Direction | "form";

/**
 * Type of a scalar on the wire that agrees with the contract and with the column behind it.
 *
 * Requests carry the constraints of both; responses carry none, because what is stored already is
 * must not turn an answer into a server error.
 */
export function scalarType(schema: Schema, field: FieldPlan | undefined, direction: WireForm): WireType {
  const type = unconstrained(schema, field, direction);
  if (direction === "response") return { ...type, arguments: [] };
  const limited = { ...type, arguments: constraints(schema, direction === "query" ? wholeOnly(field) : field, type) };
  if (type.expression === "Decimal") return exactNumber(schema, limited, direction);
  if (direction === "query" || direction === "form") return limited;
  return type.expression === "int" ? marked(limited, "AsNumber") : strict(limited);
}

/** A value that is only compared may be more exact than the column. */
function wholeOnly(field: FieldPlan | undefined): FieldPlan | undefined {
  return field?.type.expression === "int" ? field : undefined;
}

/** What a module of schemas takes from the one that they share. */
export const commonSchemas = "app.api.schemas.common";

/** A JSON value of another type is refused, and not turned into this one; a query has nothing but text. */
function strict(type: WireType): WireType {
  const name = strictTypes[type.expression];
  return name === undefined ? type : { ...imported("pydantic", name), arguments: type.arguments };
}

const strictTypes: Readonly<Record<string, string>> = { float: "StrictFloat", bool: "StrictBool" };

/** An exact number is text or a number on the wire, whichever the contract says, and never the other. */
function exactNumber(schema: Schema, type: WireType, direction: WireForm): WireType {
  if (schema.type === "string")
    return marked(type, "AsText", schema.pattern === undefined ? "" : rawString(schema.pattern));
  return direction === "request" ? marked(type, "AsNumber") : type;
}

/** The limits stand in front of the marker, which looks at the value first and leaves it to them. */
function marked(type: WireType, marker: "AsText" | "AsNumber", argument = ""): WireType {
  const limits = type.arguments.length > 0 ? [`Field(${type.arguments.join(", ")})`] : [];
  return {
    expression: `Annotated[${[type.expression, ...limits, `${marker}(${argument})`].join(", ")}]`,
    imports: [...type.imports, ...importsFrom(commonSchemas, marker), ...importsFrom("typing", "Annotated")],
    arguments: [],
  };
}

export function pythonLiteral(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${stringLiteral(key)}: ${pythonLiteral(item)}`);
  return `{${entries.join(", ")}}`;
}

function unconstrained(schema: Schema, field: FieldPlan | undefined, direction: WireForm): WireType {
  if (schema.enum && schema.enum.length > 0) return enumType(schema.enum, field, direction);
  const own = field?.type.expression;
  switch (schema.type) {
    case "string":
      return field?.enum ? columnType(field) : stringType(schema, field, direction);
    case "integer":
      return own === "Decimal" && direction !== "response" ? imported("decimal", "Decimal") : builtin("int");
    case "number":
      if (own === "int") return builtin("int");
      return own === "Decimal" && direction !== "response" ? imported("decimal", "Decimal") : builtin("float");
    case "boolean":
      return builtin("bool");
    default:
      return field ? columnType(field) : imported("typing", "Any");
  }
}

function enumType(values: readonly JsonValue[], field: FieldPlan | undefined, direction: WireForm): WireType {
  const members = new Set<JsonValue>(field?.enum?.members.map(({ value }) => value));
  const same = field?.enum && values.length === members.size && values.every((value) => members.has(value));
  if (field?.enum && (same || direction === "response")) return columnType(field);
  if (field?.enum) return memberType(values, field, field.enum);
  if (direction === "query" && field?.type.expression === "bool" && values.every(isTruthText)) return builtin("bool");
  const literals = values.filter((value) => value !== null).map(pythonLiteral);
  return { expression: `Literal[${literals.join(", ")}]`, imports: importsFrom("typing", "Literal"), arguments: [] };
}

/** A contract may write a flag of the query as what stands in the address. */
function isTruthText(value: JsonValue): boolean {
  return value === "true" || value === "false";
}

/** The states that the contract lets a request name, of those that the column may have. */
function memberType(values: readonly JsonValue[], field: FieldPlan, { className, members }: EnumPlan): WireType {
  const allowed = members.filter(({ value }) => values.includes(value));
  if (allowed.length === 0 || allowed.length === members.length) return columnType(field);
  const names = allowed.map(({ name }) => `${className}.${name}`);
  return {
    expression: `Literal[${names.join(", ")}]`,
    imports: [...field.type.imports, ...importsFrom("typing", "Literal")],
    arguments: [],
  };
}

function stringType(schema: Schema, field: FieldPlan | undefined, direction: WireForm): WireType {
  const own = field?.type.expression;
  if (own === "datetime") return momentType(schema.format, field, direction);
  if (own === "date" && direction !== "response") return imported(commonSchemas, "IsoDate");
  if (schema.format === "email") {
    return direction === "response" ? imported(commonSchemas, "EmailText") : imported("pydantic", "EmailStr");
  }
  if (!field) return formatType(schema.format, direction);
  return own === "int" || own === "str" || isOpaque(field) ? builtin("str") : columnType(field);
}

/** A string that stands for bytes, or for a whole document or list, is passed on as text. */
function isOpaque({ type }: FieldPlan): boolean {
  return /^(?:bytes|dict|list)/.test(type.expression);
}

function formatType(format: string | undefined, direction: WireForm): WireType {
  if (format === "date-time") return momentType(format, undefined, direction);
  if (format === "date" && direction !== "response") return imported(commonSchemas, "IsoDate");
  const module = formatModules[format ?? ""];
  return module ? imported(...module) : builtin("str");
}

const formatModules: Readonly<Record<string, readonly [string, string]>> = {
  uuid: ["uuid", "UUID"],
  date: ["datetime", "date"],
  time: ["datetime", "time"],
  decimal: ["decimal", "Decimal"],
};

/**
 * A moment from outside must say its offset where the column keeps one: asyncpg refuses to guess.
 *
 * A `date-time` has an offset (RFC 3339 §5.6), which a column `timestamp` does not keep; it holds UTC then.
 */
function momentType(format: string | undefined, field: FieldPlan | undefined, direction: WireForm): WireType {
  if (!(field && isWithoutZone(field))) {
    return direction === "response" ? imported("datetime", "datetime") : imported(commonSchemas, "IsoDatetime");
  }
  if (format === "date-time")
    return imported(commonSchemas, direction === "response" ? "UtcDatetime" : "IsoUtcDatetime");
  return direction === "response" ? imported("datetime", "datetime") : imported(commonSchemas, "IsoLocalDatetime");
}

function columnType(field: FieldPlan): WireType {
  return { expression: field.type.expression, imports: field.type.imports, arguments: [] };
}

function builtin(expression: string): WireType {
  return { expression, imports: [], arguments: [] };
}

function imported(module: string, name: string): WireType {
  return { expression: name, imports: importsFrom(module, name), arguments: [] };
}

function constraints(schema: Schema, field: FieldPlan | undefined, { expression }: WireType): readonly string[] {
  switch (expression) {
    case "str":
    case "EmailStr":
      return textConstraints(schema, field);
    case "int":
    case "float":
      return [
        ...numberConstraints(schema, expression === "int" ? field : undefined),
        ...(expression === "float" ? ["allow_inf_nan=False"] : []),
      ];
    case "Decimal":
      return [...numberConstraints(schema, undefined), ...digits(field)];
    default:
      return [];
  }
}

function textConstraints(schema: Schema, field: FieldPlan | undefined): readonly string[] {
  const type = field && valueType(field.column.type);
  const size = type && /char$/.test(type.name) ? type.arguments[0] : undefined;
  const maximum = schema.maxLength ?? size;
  const pattern = schema.pattern ?? (schema.format === "uri" ? "^[A-Za-z][A-Za-z0-9+.-]*:\\S+$" : undefined);
  return [
    ...argument("min_length", schema.minLength),
    ...argument("max_length", maximum),
    ...(pattern === undefined ? [] : [`pattern=${rawString(pattern)}`]),
  ];
}

function numberConstraints(schema: Schema, field: FieldPlan | undefined): readonly string[] {
  const range = field && ranges[valueType(field.column.type).name];
  const lower = schema.minimum ?? (schema.exclusiveMinimum === undefined && range ? -range - 1 : undefined);
  const upper = schema.maximum ?? (schema.exclusiveMaximum === undefined ? range : undefined);
  return [
    ...argument("ge", lower),
    ...argument("gt", schema.exclusiveMinimum),
    ...argument("le", upper),
    ...argument("lt", schema.exclusiveMaximum),
    ...argument("multiple_of", schema.multipleOf),
  ];
}

/** Largest value of PostgreSQL's integer types that a JSON number of ours can name exactly. */
const ranges: Readonly<Record<string, number>> = { int2: 32_767, int4: 2_147_483_647 };

function digits(field: FieldPlan | undefined): readonly string[] {
  const [precision, scale] = field ? valueType(field.column.type).arguments : [];
  return [
    ...argument("max_digits", precision),
    ...argument("decimal_places", precision === undefined ? undefined : scale),
  ];
}

function argument(name: string, value: number | undefined): readonly string[] {
  return value === undefined ? [] : [`${name}=${value}`];
}

function rawString(text: string): string {
  if (!text.includes("\\")) return stringLiteral(text);
  return text.includes('"') ? stringLiteral(text) : `r"${text}"`;
}
