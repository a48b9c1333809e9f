import type { Column, Constraint, DatabaseDesign, DesignSpec, Table, TableIndex } from "../spec/model.ts";
import type { Assumption, NeedsDetail } from "./compilation.ts";
import { withoutRolePasswords } from "./rolePasswords.ts";
import { tableKey } from "./schemaText.ts";
import { isKnownType } from "./sqlTypes.ts";
import { withOperatorClass, withTrigrams } from "./trigramIndexes.ts";
import { withoutUndefinedRelations } from "./undefinedRelations.ts";

export interface BuildableDesign {
  readonly spec: DesignSpec;
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

/**
 * The design without what PostgreSQL would refuse, so that one slip does not cost the whole migration.
 *
 * A column of an unknown type becomes text. A constraint or an index on something that does not
 * exist is left out and named; one whose column differs only in its casing is put right.
 */
export function buildableDesign(spec: DesignSpec): BuildableDesign {
  const types = definedTypes(spec.database);
  const assumptions: Assumption[] = [];
  const needsDetail: NeedsDetail[] = [];
  const empty = spec.database.tables.filter(({ columns }) => columns.length === 0);
  const reason = "No column of the table is known; add them.";
  needsDetail.push(...empty.map(({ id: element, source }) => ({ element, reason, source })));
  const filled = spec.database.tables.filter((table) => !empty.includes(table));
  const typed = filled.map((table) => ({
    ...table,
    columns: table.columns
      .map((column) => withKnownType(column, types, assumptions))
      .map((column) => withFittingDefault(column, assumptions)),
  }));
  const tables = typed.map((table) => ({
    ...table,
    constraints: table.constraints.flatMap((constraint) => {
      const result = buildableConstraint(table, constraint, { ...spec.database, tables: typed });
      if (typeof result !== "string") return [result];
      needsDetail.push({ element: constraint.id, reason: result, source: constraint.source });
      return [];
    }),
  }));
  const views = new Set(spec.database.statements.filter(({ kind }) => kind === "view").map(({ name }) => name));
  const onViews = spec.database.indexes.filter(({ table, sql }) => views.has(table) && sql !== undefined);
  const indexes = spec.database.indexes.flatMap((index) => {
    if (onViews.includes(index)) return [];
    const result = buildableIndex(index, tables);
    if (typeof result !== "string") return [withOperatorClass(result, tables, assumptions)];
    needsDetail.push({ element: index.id, reason: result, source: index.source });
    return [];
  });
  const viewIndexes = onViews.map(({ name, sql = "", source }) => ({ kind: "other" as const, name, sql, source }));
  const open = withoutRolePasswords([...spec.database.statements, ...viewIndexes], assumptions);
  const statements = withTrigrams(open, indexes);
  const database = { ...spec.database, tables, indexes, statements };
  const rest = withoutUndefinedRelations(database, needsDetail);
  return { spec: { ...spec, database: { ...database, ...rest } }, assumptions, needsDetail };
}

function definedTypes({ enums, statements, tables }: DatabaseDesign): ReadonlySet<string> {
  const own = statements.filter(({ kind }) => kind === "type").map(({ name }) => name);
  const extensions = statements.filter(({ kind }) => kind === "extension").map(({ name }) => name);
  const extended = extensions.flatMap((name) => extensionTypes[name] ?? [name]);
  return new Set([...enums.map(({ name }) => name), ...own, ...extended, ...tables.map(tableKey)]);
}

const extensionTypes: Readonly<Record<string, readonly string[]>> = {
  postgis: ["geometry", "geography"],
  pgvector: ["vector"],
  vector: ["vector", "halfvec", "sparsevec"],
};

function withKnownType(column: Column, types: ReadonlySet<string>, assumptions: Assumption[]): Column {
  if (isKnownType(column.type) || types.has(column.type.name)) return column;
  assumptions.push({
    text: `The type ${column.type.name} of ${column.table}.${column.name} is not defined; text is used.`,
    element: column.id,
    source: column.source,
  });
  return { ...column, type: { ...column.type, name: "text", arguments: [] } };
}

/** MySQL's and SQLite's way of a truth value. */
function withFittingDefault(column: Column, assumptions: Assumption[]): Column {
  const number = /^'?([01])'?$/.exec(column.type.name === "bool" && !column.type.array ? (column.default ?? "") : "");
  if (!number) return column;
  const value = number[1] === "1" ? "true" : "false";
  assumptions.push({
    text: `The default ${column.default} of ${column.table}.${column.name} is no boolean; ${value} is used.`,
    element: column.id,
    source: column.source,
  });
  return { ...column, default: value };
}

/** The constraint, its columns spelled as the table does, or the reason why it cannot be. */
function buildableConstraint(table: Table, constraint: Constraint, database: DatabaseDesign): Constraint | string {
  const columns = spelled(table, constraint.columns);
  if (typeof columns === "string") return columns;
  const own = { ...constraint, columns };
  const { references } = constraint;
  if (!references) return own;
  if (/^auth\./.test(references.table)) {
    const known = references.columns.length > 0 ? references.columns : ["id"];
    return { ...own, references: { ...references, columns: known } };
  }
  const target = database.tables.find((candidate) => tableKey(candidate) === references.table);
  if (!target) return `The design has no table ${references.table}; add it.`;
  const key = references.columns.length > 0 ? references.columns : primaryKey(target);
  const targetColumns = spelled(target, key);
  if (typeof targetColumns === "string") return targetColumns;
  if (targetColumns.length !== columns.length || !isUnique(target, targetColumns, database)) {
    return `(${key.join(", ")}) is no key of ${references.table}; refer to its primary key or a unique constraint.`;
  }
  const misfit = columns.findIndex(
    (name, index) => !comparable(typeOf(table, name), typeOf(target, targetColumns[index])),
  );
  if (misfit !== -1) {
    const [from, to] = [columns[misfit], targetColumns[misfit]];
    return `${tableKey(table)}.${from} is ${typeOf(table, from)} and ${references.table}.${to} is ${typeOf(target, to)}; give them one type.`;
  }
  return { ...own, references: { ...references, columns: targetColumns } };
}

function typeOf(table: Table, name: string | undefined): string {
  return table.columns.find((column) => column.name === name)?.type.name ?? "";
}

const families = [
  ["int2", "int4", "int8", "numeric", "float4", "float8"],
  ["text", "varchar", "char", "bpchar", "citext", "name"],
  ["timestamp", "timestamptz", "date"],
];

/** Whether PostgreSQL compares the two in a foreign key; what it does not know (a domain) is left to it. */
function comparable(left: string, right: string): boolean {
  const isPlain = (name: string) => isKnownType({ name, arguments: [], array: false });
  if (left === right || !isPlain(left) || !isPlain(right)) return true;
  return families.some((family) => family.includes(left) && family.includes(right));
}

function buildableIndex(index: TableIndex, tables: readonly Table[]): TableIndex | string {
  const table = tables.find((candidate) => tableKey(candidate) === index.table);
  if (!table) return `The design has no table ${index.table}; add it.`;
  const names = spelled(
    table,
    index.parts.flatMap(({ column }) => column ?? []),
  );
  const include = spelled(table, index.include);
  if (typeof names === "string") return names;
  if (typeof include === "string") return include;
  const queue = [...names];
  const parts = index.parts.map((part) => {
    const column = part.column === undefined ? undefined : queue.shift();
    return column === undefined ? part : { ...part, column };
  });
  return { ...index, parts, include };
}

function spelled(table: Table, names: readonly string[]): readonly string[] | string {
  const result: string[] = [];
  for (const name of names) {
    const exact = table.columns.find((column) => column.name === name);
    const similar = table.columns.find((column) => sameLetters(column.name, name));
    const found = exact ?? similar;
    if (!found) return `The table ${tableKey(table)} has no column ${name}; add it or correct the name.`;
    result.push(found.name);
  }
  return result;
}

function sameLetters(left: string, right: string): boolean {
  return left.replaceAll("_", "").toLowerCase() === right.replaceAll("_", "").toLowerCase();
}

function primaryKey(table: Table): readonly string[] {
  return table.constraints.find(({ type }) => type === "primaryKey")?.columns ?? [];
}

function isUnique(table: Table, columns: readonly string[], { indexes }: DatabaseDesign): boolean {
  const wanted = [...columns].sort().join();
  const constraints = table.constraints.filter(({ type }) => type === "primaryKey" || type === "unique");
  const unique = indexes.filter(
    (index) => index.unique && index.where === undefined && index.table === tableKey(table),
  );
  const keys = [
    ...constraints.map((item) => item.columns),
    ...unique.map(({ parts }) => parts.map(({ column }) => column ?? "")),
  ];
  return keys.some((key) => spelledSorted(table, key) === wanted);
}

function spelledSorted(table: Table, names: readonly string[]): string {
  const columns = spelled(table, names);
  return typeof columns === "string" ? "" : [...columns].sort().join();
}
