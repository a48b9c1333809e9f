import type { EnumType, SqlType } from "../../spec/model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CodeType } from "./database.ts";
import type { PythonFile } from "./pythonFile.ts";
import { calledMethod, calleeOf, dottedName, keywordArgument, lastName, positionalArguments } from "./syntax.ts";

const families: Readonly<Record<string, readonly string[]>> = {
  uuid: ["uuid"],
  text: ["text", "varchar", "bpchar", "char", "citext", "name", "string", "unicode", "unicodetext", "autostring"],
  integer: [
    "int2",
    "int4",
    "int8",
    "integer",
    "smallint",
    "bigint",
    "smallinteger",
    "biginteger",
    "serial",
    "bigserial",
    "smallserial",
  ],
  numeric: ["numeric", "decimal", "money"],
  float: ["float4", "float8", "float", "real", "double", "double_precision"],
  boolean: ["bool", "boolean"],
  timestamp: ["timestamp", "timestamptz", "datetime"],
  date: ["date"],
  time: ["time", "timetz"],
  interval: ["interval"],
  json: ["json", "jsonb"],
  bytes: ["bytea", "largebinary"],
  network: ["inet", "cidr"],
  enum: ["enum", "saenum", "sqlenum"],
  tsvector: ["tsvector"],
  bit: ["bit", "varbit"],
};

const familyOf = new Map(Object.entries(families).flatMap(([family, names]) => names.map((name) => [name, family])));

/** The type of the design in the terms in which the code's types are compared. */
export function designType(type: SqlType, enums: readonly EnumType[]): CodeType {
  const isEnum = enums.some((candidate) => candidate.name === type.name);
  const family = isEnum ? "enum" : (familyOf.get(type.name.toLowerCase()) ?? type.name.toLowerCase());
  const timezone = family === "timestamp" ? { timezone: type.name === "timestamptz" } : {};
  return { family, arguments: type.arguments, array: type.array, ...timezone };
}

/** `sa.String(200)`, `postgresql.UUID`, or a name that stands for one. Undefined for a type of the project's own. */
export function sqlAlchemyType(project: Project, file: PythonFile, node: PythonNode): CodeType | undefined {
  const name = node.type === "call" ? calledMethod(node) : lastName(dottedName(node) ?? "");
  const resolved = node.type === "identifier" ? project.resolve(file, node.text) : undefined;
  if (resolved?.kind === "assignment") return sqlAlchemyType(project, resolved.file, resolved.value);
  if (name === "ARRAY") return arrayType(project, file, node);
  if (name === "with_variant" || name === "as_mutable") return variantType(project, file, node, name);
  const family = familyOf.get((name ?? "").toLowerCase()) ?? dialectType(node);
  if (family === undefined) return spelledType(node);
  const isText = family === "enum" && keywordArgument(node, "native_enum")?.text === "False";
  const timezone = family === "timestamp" ? { timezone: keywordArgument(node, "timezone")?.text === "True" } : {};
  return { family: isText ? "text" : family, arguments: sizesOf(node, family), array: false, ...timezone };
}

/** `postgresql.TSTZRANGE()`: a type by PostgreSQL's own name. */
function dialectType(node: PythonNode): string | undefined {
  const path = node.type === "call" ? calleeOf(node) : dottedName(node);
  return /^postgresql\.([A-Z0-9]+)$/.exec(path ?? "")?.[1]?.toLowerCase();
}

/** `DesignedType("vector(3)")`: a type of the project's own that is given its SQL. */
function spelledType(node: PythonNode): CodeType | undefined {
  const isType = node.type === "call" && (calledMethod(node) ?? "").endsWith("Type");
  const [only, ...others] = isType ? positionalArguments(node) : [];
  const sql =
    only?.type === "string" && others.length === 0 ? /^["']([\w.]+)(?:\(([\d, ]+)\))?["']$/.exec(only.text) : null;
  if (!sql?.[1]) return undefined;
  const sizes = sql[2] === undefined ? [] : sql[2].split(",").map(Number);
  return { family: familyOf.get(sql[1].toLowerCase()) ?? sql[1].toLowerCase(), arguments: sizes, array: false };
}

function arrayType(project: Project, file: PythonFile, node: PythonNode): CodeType | undefined {
  const item = positionalArguments(node)[0];
  const type = item && sqlAlchemyType(project, file, item);
  return type && { ...type, array: true };
}

/** `JSON().with_variant(JSONB(), "postgresql")` is JSONB here; `MutableDict.as_mutable(JSONB)` is what it wraps. */
function variantType(project: Project, file: PythonFile, node: PythonNode, method: string): CodeType | undefined {
  const argument = positionalArguments(node)[0];
  const forPostgres = method === "as_mutable" || /postgres/.test(positionalArguments(node)[1]?.text ?? "");
  return argument && forPostgres ? sqlAlchemyType(project, file, argument) : undefined;
}

function sizesOf(node: PythonNode, family: string): readonly number[] {
  if (node.type !== "call" || (family !== "text" && family !== "numeric")) return [];
  const keywords = family === "text" ? ["length"] : ["precision", "scale"];
  const given = positionalArguments(node);
  return keywords.flatMap((keyword, index) => {
    const size = given[index] ?? keywordArgument(node, keyword);
    return size?.type === "integer" ? [Number(size.text)] : [];
  });
}

const annotationFamilies: Readonly<Record<string, string>> = {
  UUID: "uuid",
  str: "text",
  int: "integer",
  Decimal: "numeric",
  float: "float",
  bool: "boolean",
  datetime: "timestamp",
  date: "date",
  time: "time",
  timedelta: "interval",
  bytes: "bytes",
};

/** The type that SQLAlchemy derives from `Mapped[...]`; only for plain names, whose meaning is fixed. */
export function annotatedType(annotation: string): CodeType | undefined {
  const plain = annotation
    .replace(/\bMapped\[([\s\S]*)\]$/, "$1")
    .replace(/\bOptional\[([\s\S]*)\]$/, "$1")
    .replace(/\|\s*None\b/, "")
    .replace(/["'\s]/g, "");
  const family = annotationFamilies[lastName(plain)];
  return family === undefined ? undefined : { family, arguments: [], array: false };
}

/** Whether the value itself may be None; that of a `dict[str, str | None]` may not. */
export function allowsNone(annotation: string): boolean {
  const type = annotation.replace(/^\s*["']?\s*(?:[\w.]+\.)?Mapped\[([\s\S]*)\]/, "$1");
  const outer = type.replace(/\b(?:dict|list|set|tuple|Mapping|Sequence)\[[^\]]*\]/gi, "");
  return /\bNone\b|\bOptional\[/.test(outer);
}
