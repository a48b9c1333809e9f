import type { EnumType, SqlType } from "../../spec/model.ts";
import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CodeType } from "./database.ts";
import type { ClassFact, PythonFile } from "./pythonFile.ts";
import {
  argumentsOf,
  calledMethod,
  calleeOf,
  descendantsOfType,
  dottedName,
  fieldOf,
  keywordArgument,
  lastName,
  positionalArguments,
} from "./syntax.ts";
import { ancestorsOf } from "./types.ts";

const families: Readonly<Record<string, readonly string[]>> = {
  uuid: ["uuid", "uuidtype", "guid"],
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
  tsvector: ["tsvector", "tsvectortype"],
  bit: ["bit", "varbit"],
};

/** What PostgreSQL calls the types of SQL and of SQLAlchemy that it knows under another name. */
const exactNames: Readonly<Record<string, string>> = {
  integer: "int4",
  int: "int4",
  serial: "int4",
  smallint: "int2",
  smallinteger: "int2",
  smallserial: "int2",
  bigint: "int8",
  biginteger: "int8",
  bigserial: "int8",
  string: "varchar",
  unicode: "varchar",
  autostring: "varchar",
  unicodetext: "text",
  char: "bpchar",
  decimal: "numeric",
  real: "float4",
  float: "float8",
  double: "float8",
  double_precision: "float8",
  boolean: "bool",
  largebinary: "bytea",
  uuidtype: "uuid",
  guid: "uuid",
  tsvectortype: "tsvector",
};

/** Families whose names say what their values are; within the others only the name tells. */
const plainFamilies: ReadonlySet<string> = new Set(["enum", "timestamp", "time"]);

/** Types that hold one character or bit where no size is given. */
const singleByDefault: ReadonlySet<string> = new Set(["char", "bit"]);

function exactly(family: string, name: string, sizes: readonly number[]): { exact?: string } {
  if (plainFamilies.has(family)) return {};
  const exact = exactNames[name] ?? name;
  return { exact: exact === "varchar" && sizes.length === 0 ? "text" : exact };
}

const familyOf = new Map(Object.entries(families).flatMap(([family, names]) => names.map((name) => [name, family])));

/** The type of the design in the terms in which the code's types are compared. */
export function designType(type: SqlType, enums: readonly EnumType[]): CodeType {
  const isEnum = enums.some((candidate) => candidate.name === type.name);
  const family = isEnum ? "enum" : (familyOf.get(type.name.toLowerCase()) ?? type.name.toLowerCase());
  const timezone = family === "timestamp" ? { timezone: type.name === "timestamptz" } : {};
  const exact = exactly(family, type.name.toLowerCase(), type.arguments);
  return { family, ...exact, arguments: type.arguments, array: type.array, ...timezone };
}

/** `sa.String(200)`, `postgresql.UUID`, or a name that stands for one. Undefined for a type of the project's own. */
export function sqlAlchemyType(project: Project, file: PythonFile, node: PythonNode, depth = 0): CodeType | undefined {
  const path = (node.type === "call" ? calleeOf(node) : dottedName(node)) ?? "";
  const resolved = depth > deepestType || path === "" ? undefined : resolvePath(project, file, path);
  if (resolved?.kind === "assignment" && node.type !== "call") {
    return sqlAlchemyType(project, resolved.file, resolved.value, depth + 1);
  }
  if (resolved?.kind === "class") return decoratedType({ project, file: resolved.file, depth }, resolved.class, node);
  return libraryType(project, file, node);
}

const deepestType = 4;

interface TypeContext {
  readonly project: Project;
  readonly file: PythonFile;
  readonly depth: number;
}

/** A `TypeDecorator` of the project: what it is in PostgreSQL, else the type that it wraps, with the arguments given to it. */
function decoratedType(context: TypeContext, fact: ClassFact, use: PythonNode): CodeType | undefined {
  const { project, file, depth } = context;
  const fieldOfClass = (name: string): PythonNode | undefined =>
    [fact, ...ancestorsOf(project, fact)].flatMap(({ fields }) => fields.filter((field) => field.name === name))[0]
      ?.value;
  const loaded = fact.methods.find(({ name }) => name === "load_dialect_impl");
  const forPostgres = loaded && postgresType(loaded.body);
  if (forPostgres) return sqlAlchemyType(project, file, forPostgres, depth + 1);
  const impl = loaded === undefined ? fieldOfClass("impl") : undefined;
  const type = impl && sqlAlchemyType(project, file, impl, depth + 1);
  if (!type) return spelledType(use);
  return use.type === "call" && argumentsOf(use).length > 0 ? givenArguments(type, use) : type;
}

/** Its arguments may be for the type that it wraps or for itself; only a size and a time zone tell. */
function givenArguments({ exact, ...type }: CodeType, use: PythonNode): CodeType {
  const sizes = sizesOf(use, type.family);
  const zone = type.family === "timestamp" ? keywordArgument(use, "timezone") : undefined;
  const timezone = zone === undefined ? {} : { timezone: zone.text === "True" };
  const sized = sizes.length > 0 && exact !== undefined ? { exact: exact === "text" ? "varchar" : exact } : {};
  return { ...type, ...sized, arguments: sizes, ...timezone };
}

/** What `load_dialect_impl` describes where the dialect is PostgreSQL's, or where it makes no difference. */
function postgresType(body: PythonNode): PythonNode | undefined {
  const branch = descendantsOfType(body, "if_statement").find((node) =>
    fieldOf(node, "condition")?.text.includes("postgres"),
  );
  const within = branch && fieldOf(branch, "consequence");
  const described = descendantsOfType(within ?? body, "call").filter(
    (call) => calledMethod(call) === "type_descriptor",
  );
  return described.length === 1 || within ? described[0] && positionalArguments(described[0])[0] : undefined;
}

const sized: ReadonlySet<string> = new Set(["text", "numeric", "float", "interval", "bit"]);

function libraryType(project: Project, file: PythonFile, node: PythonNode): CodeType | undefined {
  const name = node.type === "call" ? calledMethod(node) : lastName(dottedName(node) ?? "");
  if (name === "ARRAY") return arrayType(project, file, node);
  if (name === "with_variant" || name === "as_mutable") return variantType(project, file, node, name);
  const family = familyOf.get((name ?? "").toLowerCase()) ?? dialectType(node);
  return family === undefined ? spelledType(node) : namedType(node, family, (name ?? "").toLowerCase());
}

function namedType(node: PythonNode, family: string, name: string): CodeType {
  const isText = family === "enum" && keywordArgument(node, "native_enum")?.text === "False";
  const timezone = family === "timestamp" ? { timezone: keywordArgument(node, "timezone")?.text === "True" } : {};
  const given = sizesOf(node, family);
  const varies = family === "bit" && keywordArgument(node, "varying")?.text === "True";
  // `FLOAT(24)` is another type than `FLOAT`.
  const isCertain = given.length > 0 || varies || !sized.has(family) || argumentsOf(node).length === 0;
  const sizes = isCertain && !varies && given.length === 0 && singleByDefault.has(name) ? [1] : given;
  const exact = isText || !isCertain ? {} : exactly(family, varies ? "varbit" : name, sizes);
  return { family: isText ? "text" : family, ...exact, arguments: sizes, array: false, ...timezone };
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

/** How the sizes of a family are given: by position or by one of the names; SQLAlchemy and its dialects differ in the latter. */
const sizeKeywords: Readonly<Record<string, readonly (readonly string[])[]>> = {
  text: [["length"]],
  bit: [["length"]],
  numeric: [["precision"], ["scale"]],
  interval: [["precision", "second_precision"]],
};

function sizesOf(node: PythonNode, family: string): readonly number[] {
  if (node.type !== "call") return [];
  const given = positionalArguments(node);
  return (sizeKeywords[family] ?? []).flatMap((keywords, index) => {
    const named = keywords.map((keyword) => keywordArgument(node, keyword)).find((value) => value !== undefined);
    const size = given[index] ?? named;
    return size?.type === "integer" ? [Number(size.text)] : [];
  });
}

const annotationFamilies: Readonly<Record<string, string>> = {
  UUID: "uuid",
  UUID4: "uuid",
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
