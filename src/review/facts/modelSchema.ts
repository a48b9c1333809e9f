import { groupBy } from "../../support/groupBy.ts";
import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { addColumn, type ColumnDefaults, constraintOf, indexOf, type SchemaContext, spanOf } from "./columns.ts";
import { type CodeConstraint, type CodeIndex, type CodeSchema, type CodeTable, createTable } from "./database.ts";
import type { ClassFact, FieldFact, PythonFile } from "./pythonFile.ts";
import { moduleScope } from "./scopes.ts";
import { allowsNone } from "./sqlTypes.ts";
import { evaluate, evaluateString } from "./staticValue.ts";
import {
  calledMethod,
  calleeOf,
  descendants,
  dottedName,
  fieldOf,
  isCode,
  keywordArgument,
  positionalArguments,
  returnedBy,
  unwrap,
} from "./syntax.ts";
import { fieldsOf, tableNameOf } from "./tableNames.ts";
import { descendsFrom } from "./types.ts";

/**
 * The tables that SQLAlchemy models describe: declarative classes with the columns of their mixins,
 * SQLModel tables, and `Table(...)` of the core.
 */
export function readModelSchema(project: Project): CodeSchema {
  const { conclusions, code } = project;
  const files = code.filter((candidate) => candidate.layer !== "migration");
  const tables = files.flatMap((file) => conclusions.aboutFile(tablesIn, project, file));
  const indexes = code.flatMap((file) => conclusions.aboutFile(looseIndexesIn, project, file));
  return conclusions.combined(schemaOf, [...tables, ...indexes]);
}

/** Index of a table that stands outside of it; `table` is undefined where all tables get theirs. */
interface LooseIndex {
  readonly table: string | undefined;
  readonly index: CodeIndex | undefined;
}

function schemaOf(parts: readonly (CodeTable | LooseIndex)[]): CodeSchema {
  const tables = parts.filter((part) => "columns" in part);
  const loose = parts.filter((part) => "index" in part);
  const named = groupBy(loose, ({ table = "" }) => table);
  const isSearchable = loose.some(({ index }) => index === undefined);
  const withIndexes = (table: CodeTable): CodeTable => {
    const own = named.get(table.name)?.flatMap(({ index }) => index ?? []) ?? [];
    // Tables are remembered without what other files add to them.
    return { ...table, indexes: [...table.indexes, ...own, ...(isSearchable ? searchIndexes(table) : [])] };
  };
  return {
    tables: new Map(tables.map((table) => [table.name, withIndexes(table)])),
    views: new Map(),
    enums: new Map(),
  };
}

function tablesIn(project: Project, file: PythonFile): readonly CodeTable[] {
  const schema: CodeSchema = { tables: new Map(), views: new Map(), enums: new Map() };
  for (const fact of file.classes) addModel(project, file, fact, schema);
  for (const call of file.calls) {
    if (call.method === "Table") addCoreTable(contextOf(project, file), call.node, schema);
  }
  return [...schema.tables.values()];
}

function contextOf(project: Project, file: PythonFile): SchemaContext {
  return { project, file, scope: moduleScope(project, file) };
}

function addModel(project: Project, file: PythonFile, fact: ClassFact, schema: CodeSchema): void {
  const name = tableNameOf(project, file, fact);
  if (name === undefined) return;
  const context = contextOf(project, file);
  const owners = lineage(project, file, fact);
  const [optionsIn, options] = tableOptions(project, owners) ?? [context, undefined];
  const key = qualified(schemaOption(optionsIn, options), name);
  const table = createTable(key, spanOf(file, fact));
  schema.tables.set(key, table);
  for (const [owner, from] of owners) {
    for (const field of fieldsOf(owner)) addField(contextOf(project, from), table, field, isSqlModel(project, owner));
  }
  table.isOpen = hasForeignBase(project, file, fact);
  if (options) addOptions(optionsIn, table, options);
}

/** What is written out of `__table_args__`, also of `(Index(…),) + more()`. */
function addOptions(context: SchemaContext, table: CodeTable, options: PythonNode): void {
  const node = unwrap(options);
  if (node.type === "binary_operator") {
    for (const side of ["left", "right"]) {
      const operand = fieldOf(node, side);
      if (operand) addOptions(context, table, operand);
    }
  } else if (node.type !== "tuple") table.hidesParts ||= node.type !== "dictionary";
  else {
    for (const item of node.children.filter(isCode)) addTableItem(context, table, item);
    table.hidesParts ||= node.children.some(({ type }) => type === "list_splat");
  }
}

/** What stands in `__table_args__` of the class, else of the first that it inherits, also where `declared_attr` returns it. */
function tableOptions(
  project: Project,
  owners: readonly (readonly [ClassFact, PythonFile])[],
): readonly [SchemaContext, PythonNode] | undefined {
  for (const [owner, file] of [...owners.slice(-1), ...owners]) {
    const value = fieldsOf(owner).find(({ name }) => name === "__table_args__")?.value;
    if (value) return [contextOf(project, file), value];
  }
  return undefined;
}

/** The class itself last, so that it wins over what it inherits. Other mapped classes lend nothing. */
function lineage(project: Project, file: PythonFile, fact: ClassFact, depth = 0): [ClassFact, PythonFile][] {
  if (depth > 5) return [];
  const inherited = fact.bases.flatMap((base) => {
    const definition = project.resolve(file, base);
    if (definition?.kind !== "class" || tableNameOf(project, definition.file, definition.class)) return [];
    return lineage(project, definition.file, definition.class, depth + 1);
  });
  return [...inherited, [fact, file]];
}

const knownBases =
  /^(Base|DeclarativeBase|DeclarativeBaseNoMeta|SQLModel|MappedAsDataclass|AsyncAttrs|Generic|ABC|object|Model|BaseModel|Enum|str)$/;

/** Whether a class above is nobody's of the project, so that it may bring columns that are not visible. */
function hasForeignBase(project: Project, file: PythonFile, fact: ClassFact, depth = 0): boolean {
  return fact.bases.some((base) => {
    const definition = project.resolve(file, base);
    if (definition?.kind !== "class") return definition?.kind !== "assignment" && !knownBases.test(base);
    return depth > 5 || hasForeignBase(project, definition.file, definition.class, depth + 1);
  });
}

const notColumns = /^(relationship|column_property|synonym|association_proxy|Relationship|declared_attr)$/;

/** In a SQLModel every annotated name is a column, with or without `Field(...)`. */
function isSqlModel(project: Project, fact: ClassFact): boolean {
  return fact.bases.includes("SQLModel") || descendsFrom(project, fact.name, /^SQLModel$/);
}

function addField(context: SchemaContext, table: CodeTable, field: FieldFact, isSqlModelField: boolean): void {
  if (field.name.startsWith("__") || notColumns.test(calledMethod(field.value) ?? "")) return;
  const method = calledMethod(field.value);
  const isColumn = method === "mapped_column" || method === "Column" || method === "Field";
  const isPlain = isSqlModelField && field.annotation !== "" && !/^ClassVar\b|ConfigDict/.test(field.annotation);
  const isMapped = isPlain || /\bMapped\[/.test(field.annotation);
  if (!isColumn && !isMapped) return;
  const alias = isMapped ? aliasOf(context, field) : undefined;
  const annotation = alias?.annotation ?? field.annotation;
  const call = isColumn ? field.value : alias?.call;
  const defaults: ColumnDefaults = {
    name: field.name,
    annotation,
    nullable: field.annotation === "" ? true : allowsNone(field.annotation) || allowsNone(annotation),
    span: spanOf(context.file, field),
  };
  addColumn(alias && !isColumn ? alias.context : context, table, call, defaults);
}

interface ColumnAlias {
  readonly context: SchemaContext;
  readonly call: PythonNode | undefined;
  readonly annotation: string;
}

/** `Mapped[CreatedAt]` where `CreatedAt = Annotated[datetime, mapped_column(...)]`. */
function aliasOf(context: SchemaContext, field: FieldFact): ColumnAlias | undefined {
  for (const name of field.annotation.match(/[A-Za-z_]\w*/g) ?? []) {
    const definition = name === "Mapped" ? undefined : context.project.resolve(context.file, name);
    if (definition?.kind !== "assignment" || !definition.value.text.startsWith("Annotated[")) continue;
    const call = descendants(definition.value).find((node) => calledMethod(node) === "mapped_column");
    const annotation = definition.value.text.match(/^Annotated\[\s*([^,]+),/)?.[1] ?? "";
    return { context: contextOf(context.project, definition.file), call, annotation };
  }
  return undefined;
}

function schemaOption(context: SchemaContext, options: PythonNode | undefined): string | undefined {
  const dictionary = options?.type === "tuple" ? options.children.filter(isCode).at(-1) : options;
  const value = evaluate(dictionary, context.scope);
  const schema = value instanceof Map ? value.get("schema") : undefined;
  return typeof schema === "string" ? schema : undefined;
}

/** The default schema has no place in a table's name. */
export function qualified(schema: string | undefined, name: string): string {
  return schema === undefined || schema === "public" ? name : `${schema}.${name}`;
}

function addTableItem(context: SchemaContext, table: CodeTable, item: PythonNode): void {
  if (calledMethod(item) === "Index") table.indexes.push(indexOf(context, item));
  else for (const constraint of constraintOf(context, item)) addConstraint(table, constraint);
}

/** A key that is written out replaces the one that the columns add up to; its columns cannot be null. */
function addConstraint(table: CodeTable, constraint: CodeConstraint): void {
  if (constraint.type !== "primaryKey") {
    table.constraints.push(constraint);
    return;
  }
  for (const name of constraint.columns) {
    const column = table.columns.get(name);
    if (column) table.columns.set(name, { ...column, nullable: false });
  }
  const existing = table.constraints.findIndex((other) => other.type === "primaryKey");
  table.constraints.splice(existing < 0 ? table.constraints.length : existing, 1, constraint);
}

/** `Table("name", metadata, …)`; other libraries have tables as well, which are given texts. */
function addCoreTable(context: SchemaContext, call: PythonNode, schema: CodeSchema): void {
  const [first, metadata, ...items] = positionalArguments(call);
  // A function that puts a prefix in front is given the name.
  const plain = first?.type === "call" ? positionalArguments(first)[0] : undefined;
  const name = evaluateString(first, context.scope) ?? evaluateString(plain, context.scope);
  if (name === undefined || !metadata || dottedName(metadata) === undefined) return;
  const key = qualified(evaluateString(keywordArgument(call, "schema"), context.scope), name);
  const table = createTable(key, spanOf(context.file, call));
  schema.tables.set(key, table);
  addTableItems(context, table, items);
}

/** The columns, constraints and indexes among the arguments of `Table(...)` or `op.create_table(...)`. */
export function addTableItems(context: SchemaContext, table: CodeTable, items: readonly PythonNode[]): void {
  for (const item of items) {
    if (item.type === "list_splat") {
      addSpreadItems(context, table, item);
      continue;
    }
    const name =
      calledMethod(item) === "Column" ? evaluateString(positionalArguments(item)[0], context.scope) : undefined;
    if (name === undefined) addTableItem(context, table, item);
    else addColumn(context, table, item, { name, annotation: "", nullable: true, span: spanOf(context.file, item) });
  }
}

/** `*timestamps()`: the columns of the tuple that a function of the project returns, or that has a name. */
function addSpreadItems(context: SchemaContext, table: CodeTable, spread: PythonNode): void {
  const what = spread.children.find(isCode);
  const path = what?.type === "call" ? calleeOf(what) : dottedName(what);
  const definition = path === undefined ? undefined : resolvePath(context.project, context.file, path);
  const list = definition?.kind === "function" ? returnedBy(definition.function.body) : undefined;
  const items = definition?.kind === "assignment" ? definition.value : list;
  if (!definition || (items?.type !== "tuple" && items?.type !== "list" && items?.type !== "expression_list")) {
    table.isOpen = true;
    return;
  }
  addTableItems(contextOf(context.project, definition.file), table, items.children.filter(isCode));
}

/** `Index("name", OrderRow.status)` outside a class belongs to the table of the class it names. */
function looseIndexesIn(project: Project, file: PythonFile): readonly LooseIndex[] {
  return file.calls.flatMap((call): LooseIndex[] => {
    if (call.method === "make_searchable") return [{ table: undefined, index: undefined }];
    if (call.method !== "Index" || call.within || call.node.parent?.type !== "expression_statement") return [];
    const owner =
      descendants(call.node)
        .find((node) => node.type === "attribute")
        ?.text.split(".")[0] ?? "";
    const definition = project.resolve(file, owner);
    const name = definition?.kind === "class" ? tableNameOf(project, definition.file, definition.class) : undefined;
    return name === undefined ? [] : [{ table: name, index: indexOf(contextOf(project, file), call.node) }];
  });
}

/** SQLAlchemy-Searchable gives each column that holds a search vector an index of its own. */
function searchIndexes({ columns }: CodeTable): CodeIndex[] {
  const vectors = [...columns.values()].filter(({ type }) => type?.family === "tsvector");
  return vectors.map(({ name: column, span }) => {
    const parts = [{ column, descending: false }];
    return { name: undefined, unique: false, method: "gin", parts, where: undefined, span };
  });
}
