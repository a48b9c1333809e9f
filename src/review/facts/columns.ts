import type { SourceSpan } from "../../spec/model.ts";
import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CodeColumn, CodeConstraint, CodeIndex, CodeIndexPart, CodeTable, CodeTarget } from "./database.ts";
import type { PythonFile } from "./pythonFile.ts";
import { annotatedType, sqlAlchemyType } from "./sqlTypes.ts";
import { evaluateString, evaluateStrings, type Scope } from "./staticValue.ts";
import {
  argumentsOf,
  calledMethod,
  dottedName,
  fieldOf,
  keywordArgument,
  lastName,
  positionalArguments,
} from "./syntax.ts";
import { tableNameOf } from "./tableNames.ts";

/** Where SQLAlchemy calls stand and what the names in them mean. */
export interface SchemaContext {
  readonly project: Project;
  readonly file: PythonFile;
  readonly scope: Scope;
}

export function spanOf(file: PythonFile, node: { readonly line: number; readonly endLine?: number }): SourceSpan {
  return { path: file.path, line: node.line, endLine: node.endLine ?? node.line };
}

/** What a column says besides its call: name and annotation of the attribute that it is assigned to. */
export interface ColumnDefaults {
  readonly name: string;
  readonly annotation: string;
  readonly nullable: boolean | undefined;
  readonly span: SourceSpan;
}

/** Adds `Column(...)` or `mapped_column(...)` to the table, with the constraints and the index it carries. */
export function addColumn(
  context: SchemaContext,
  table: CodeTable,
  call: PythonNode | undefined,
  defaults: ColumnDefaults,
): void {
  const positional = call ? positionalArguments(call) : [];
  // The first argument of SQLModel's `Field` is the default.
  const first = calledMethod(call) === "Field" ? undefined : positional[0];
  const given = evaluateString(first, context.scope) ?? (call && keyword(context, call, "name"));
  const name = given ?? defaults.name;
  const isKey = call !== undefined && isTrue(call, "primary_key");
  const nullable = call && keywordArgument(call, "nullable")?.text;
  const column: CodeColumn = {
    name,
    span: defaults.span,
    type: columnType(context, call) ?? annotatedType(defaults.annotation),
    nullable: nullable === undefined ? !isKey && defaults.nullable : nullable === "True",
  };
  table.columns.set(name, column);
  const inner = call && keywordArgument(call, "sa_column");
  // SQLModel takes the column as it is: its annotation no longer says whether it may be null.
  if (inner && calledMethod(inner) === "Column")
    addColumn(context, table, inner, { ...defaults, name, nullable: true });
  else if (call) addColumnOptions(context, table, call, column);
}

function columnType(context: SchemaContext, call: PythonNode | undefined) {
  if (!call) return undefined;
  const candidates = [keywordArgument(call, "type_"), ...positionalArguments(call)].filter(
    (node) => node !== undefined,
  );
  return candidates
    .map((node) => sqlAlchemyType(context.project, context.file, node))
    .find((type) => type !== undefined);
}

function addColumnOptions(context: SchemaContext, table: CodeTable, call: PythonNode, column: CodeColumn): void {
  const { span } = column;
  const columns = [column.name];
  const constraints: CodeConstraint[] = [];
  if (isTrue(call, "primary_key")) addKeyColumn(table, column);
  const target = keywordArgument(call, "foreign_key");
  if (target) {
    const references = { ...targetOf(context, [target]), onDelete: deletionOf(context, call) };
    constraints.push({ name: undefined, type: "foreignKey", columns, references, span });
  }
  // With `index=True` SQLAlchemy makes a unique index, and no constraint beside it.
  if (isTrue(call, "unique") && !isTrue(call, "index"))
    constraints.push({ name: undefined, type: "unique", columns, span });
  for (const argument of positionalArguments(call)) {
    const method = calledMethod(argument);
    if (method === "ForeignKey") constraints.push(inlineForeignKey(context, argument, columns, span));
    if (method === "CheckConstraint") constraints.push(...constraintOf(context, argument));
  }
  table.constraints.push(...constraints);
  if (isTrue(call, "index")) {
    const parts: CodeIndexPart[] = [{ column: column.name, descending: false }];
    const unique = isTrue(call, "unique");
    table.indexes.push({ name: undefined, unique, method: undefined, parts, where: undefined, span });
  }
}

function addKeyColumn(table: CodeTable, column: CodeColumn): void {
  const existing = table.constraints.findIndex((constraint) => constraint.type === "primaryKey");
  const before = table.constraints[existing];
  // A class declares a column of its base anew.
  const columns = [...new Set([...(before?.columns ?? []), column.name])];
  const key: CodeConstraint = { name: before?.name, type: "primaryKey", columns, span: before?.span ?? column.span };
  if (before) table.constraints[existing] = key;
  else table.constraints.push(key);
}

function inlineForeignKey(
  context: SchemaContext,
  call: PythonNode,
  columns: readonly string[],
  span: SourceSpan,
): CodeConstraint {
  const target = positionalArguments(call)[0];
  const name = keyword(context, call, "name");
  const onDelete = deletionOf(context, call);
  const references = { ...targetOf(context, target ? [target] : []), onDelete };
  return { name, type: "foreignKey", columns, references, span };
}

const deletions: Readonly<Record<string, CodeTarget["onDelete"]>> = {
  CASCADE: "cascade",
  "SET NULL": "setNull",
  "SET DEFAULT": "setDefault",
  RESTRICT: "restrict",
  "NO ACTION": "noAction",
};

/** `ondelete="CASCADE"` of a foreign key; undefined where it is given and not certain. */
export function deletionOf({ scope }: SchemaContext, call: PythonNode): CodeTarget["onDelete"] {
  const given = keywordArgument(call, "ondelete");
  return given === undefined || given.text === "None"
    ? "noAction"
    : deletions[evaluateString(given, scope)?.toUpperCase() ?? ""];
}

/** `orders.id`, `billing.orders.id` or `OrderRow.id`. */
function targetOf(context: SchemaContext, nodes: readonly PythonNode[]): { table: string; columns: string[] } {
  const paths = nodes.flatMap((node) => {
    const strings = evaluateStrings(node, context.scope);
    return strings.length > 0 ? strings : [dottedName(node) ?? ""];
  });
  const owner = paths[0]?.split(".").slice(0, -1).join(".") ?? "";
  const definition = /[A-Z]/.test(owner) ? resolvePath(context.project, context.file, owner) : undefined;
  const mapped =
    definition?.kind === "class" ? tableNameOf(context.project, definition.file, definition.class) : undefined;
  return { table: mapped ?? owner, columns: paths.map(lastName) };
}

const constraintTypes: Readonly<Record<string, CodeConstraint["type"]>> = {
  PrimaryKeyConstraint: "primaryKey",
  UniqueConstraint: "unique",
  CheckConstraint: "check",
  ForeignKeyConstraint: "foreignKey",
  ExcludeConstraint: "exclude",
};

/** A constraint among the arguments of a table; nothing for any other call. */
export function constraintOf(context: SchemaContext, call: PythonNode): CodeConstraint[] {
  const type = constraintTypes[calledMethod(call) ?? ""];
  if (type === undefined) return [];
  const positional = positionalArguments(call);
  const base = { name: keyword(context, call, "name"), type, span: spanOf(context.file, call) };
  if (type === "check") {
    const condition = positional[0] ?? keywordArgument(call, "sqltext");
    return [{ ...base, columns: [], expression: evaluateString(condition, context.scope) }];
  }
  if (type === "foreignKey") {
    const columns = evaluateStrings(positional[0] ?? keywordArgument(call, "columns"), context.scope);
    const target = positional[1] ?? keywordArgument(call, "refcolumns");
    const onDelete = deletionOf(context, call);
    return [{ ...base, columns, references: { ...targetOf(context, target ? [target] : []), onDelete } }];
  }
  if (type === "exclude") return [{ ...base, columns: [] }];
  return [{ ...base, columns: positional.flatMap((node) => columnName(context, node)) }];
}

/** `Index("name", "a", Row.b.desc(), unique=True)`; the name may be missing. */
export function indexOf(context: SchemaContext, call: PythonNode): CodeIndex {
  const [first, ...rest] = positionalArguments(call);
  return indexFrom(context, call, { name: evaluateString(first, context.scope), parts: rest });
}

export interface IndexArguments {
  readonly name: string | undefined;
  readonly parts: readonly PythonNode[];
}

export function indexFrom(context: SchemaContext, call: PythonNode, { name, parts }: IndexArguments): CodeIndex {
  const where = keyword(context, call, "postgresql_where");
  return {
    name,
    unique: isTrue(call, "unique"),
    method: keyword(context, call, "postgresql_using")?.toLowerCase(),
    parts: parts.map((part) => indexPart(context, part)),
    where,
    hidesWhere: where === undefined && keywordArgument(call, "postgresql_where") !== undefined,
    span: spanOf(context.file, call),
  };
}

function indexPart(context: SchemaContext, node: PythonNode): CodeIndexPart | undefined {
  const text = evaluateString(node, context.scope);
  if (text !== undefined) return textPart(text);
  const name = dottedName(node);
  if (name !== undefined) return { column: lastName(name), descending: false };
  const method = calledMethod(node);
  const callee = node.type === "call" ? fieldOf(node, "function") : undefined;
  const object = callee && fieldOf(callee, "object");
  if (object && (method === "desc" || method === "asc")) return ordered(indexPart(context, object), method === "desc");
  if (object && /^(sa\.|sqlalchemy\.)?func$/.test(object.text)) return functionPart(context, node, method ?? "");
  const wrapped = positionalArguments(node)[0];
  if (wrapped && (method === "desc" || method === "asc"))
    return ordered(indexPart(context, wrapped), method === "desc");
  return undefined;
}

function ordered(part: CodeIndexPart | undefined, descending: boolean): CodeIndexPart | undefined {
  return part && { ...part, descending };
}

function functionPart(context: SchemaContext, node: PythonNode, method: string): CodeIndexPart | undefined {
  const parts = positionalArguments(node).map((argument) => indexPart(context, argument));
  const texts = parts.map((part) => part?.column ?? part?.expression);
  if (texts.some((text) => text === undefined)) return undefined;
  return { expression: `${method}(${texts.join(", ")})`, descending: false };
}

/** `created_at DESC`, `lower(email)`, `id`. */
export function textPart(text: string): CodeIndexPart {
  const match = text.trim().match(/^([\s\S]*?)(?:\s+(ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?$/i);
  const what = match?.[1] ?? text;
  const descending = match?.[2]?.toUpperCase() === "DESC";
  return /^"?\w+"?$/.test(what) ? { column: what.replace(/"/g, ""), descending } : { expression: what, descending };
}

function columnName(context: SchemaContext, node: PythonNode): string[] {
  const text = evaluateString(node, context.scope);
  if (text !== undefined) return [text];
  const name = dottedName(node);
  return name === undefined ? [] : [lastName(name)];
}

function keyword(context: SchemaContext, call: PythonNode, name: string): string | undefined {
  const value = keywordArgument(call, name);
  const named = value && calledMethod(value) === "f" ? argumentsOf(value)[0] : value;
  return evaluateString(named, context.scope);
}

function isTrue(call: PythonNode, name: string): boolean {
  return keywordArgument(call, name)?.text === "True";
}
