import { pascalCase, snakeCase, words } from "../support/words.ts";

/**
 * A valid Python attribute or parameter for a name of the design.
 *
 * Keywords get a trailing underscore, and so do the names of types: `date: date | None = None`
 * would hide the type from the annotations after it. Any other name is only made an identifier.
 */
export function pythonName(name: string): string {
  const snake = snakeCase(name) || "field";
  const identifier = /^\d/.test(snake) ? `n${snake}` : snake;
  return keywords.has(identifier) || typeNames.has(identifier) ? `${identifier}_` : identifier;
}

/** A Python class name that hides neither a builtin nor a name that generated modules import. */
export function className(name: string): string {
  const pascal = pascalCase(name) || "Item";
  const identifier = /^\d/.test(pascal) ? `N${pascal}` : pascal;
  return classNamesInUse.has(identifier) ? `${identifier}Record` : identifier;
}

/** Member name of a Python enum: `in-progress` → `IN_PROGRESS`. */
export function enumMemberName(value: string): string {
  const upper = words(value).join("_").toUpperCase() || "EMPTY";
  return /^\d/.test(upper) ? `VALUE_${upper}` : upper;
}

const keywords = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda match nonlocal not or pass raise return try while with yield self cls"
  ).split(" "),
);

const typeNames = new Set([
  "bool",
  "bytes",
  "date",
  "datetime",
  "dict",
  "float",
  "int",
  "list",
  "set",
  "str",
  "time",
  "timedelta",
  "tuple",
]);

const classNamesInUse = new Set([
  "Annotated",
  "Any",
  "Base",
  "BaseModel",
  "Decimal",
  "Depends",
  "Enum",
  "Exception",
  "Field",
  "Page",
  "PageRequest",
  "Path",
  "Principal",
  "Protocol",
  "Query",
  "Request",
  "Response",
  "Self",
  "Settings",
  "StrEnum",
  "UnitOfWork",
  "Unset",
  "UUID",
  "Warning",
]);
