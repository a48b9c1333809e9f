import type { Fragment, TableChange } from "../fragment.ts";
import type {
  Column,
  Constraint,
  DatabaseDesign,
  EnumType,
  SourceSpan,
  SqlStatement,
  Table,
  TableIndex,
} from "../model.ts";
import type { Problem } from "../reading.ts";
import { type MigrationOrder, migrationOrder } from "./migrationOrder.ts";
import {
  duplicateProblem,
  type Grouped,
  grouped,
  inDocumentOrder,
  isRealDuplicate,
  type Ranked,
  ranked,
} from "./ranking.ts";
import { withRenames } from "./renames.ts";
import { keyOfTable, withCopies, withDomains, withInherited } from "./tableShapes.ts";

/**
 * One version of every table. What a document says of a table (columns, constraints, indexes,
 * policies) goes with its version: versions are never mixed, because a mixture fits neither design.
 */
export function mergeDatabase(
  documents: readonly Fragment[],
  paths: readonly string[],
  problems: Problem[],
): DatabaseDesign {
  const order = migrationOrder(documents.map(({ path }) => path));
  const fragments = withRenames(documents, order);
  const groups = grouped(
    // A copy of a table that somebody else creates gives way to that somebody's own design.
    ranked(fragments, (fragment) => fragment.tables).toSorted(
      (left, right) => Number(left.value.external ?? false) - Number(right.value.external ?? false),
    ),
    keyOfTable,
  );
  const lost = lostVersions(groups, problems);
  const isLost = (table: string, path: string): boolean => lost.has(versionKey(table, path));
  const altered = order.sorted(fragments.flatMap((fragment) => fragment.tableChanges));
  const changes = altered.filter((item) => !isLost(item.table, item.source.path));
  const stated = ranked(fragments, (fragment) => fragment.indexes);
  const copied = withCopies(
    groups.map((group) => group.first.value),
    stated.map(({ value }) => value),
    (table) => applyChanges(table, changes),
  );
  const domains = fragments.flatMap((fragment) => fragment.domains);
  const own = copied.tables.map((table) => withDomains(table, domains));
  const changed = own.map((table) => withInherited(table, own));
  const tables = inDocumentOrder(
    changed.map((table) => uniqueParts(resolveTargets(table, changed), problems)),
    paths,
  );
  const keep = <T extends { readonly table: string; readonly source: { readonly path: string } }>(
    items: readonly T[],
  ): T[] => {
    const kept = items.filter((item) => !isLost(item.table, item.source.path));
    const covered = new Set(kept.map((item) => item.table));
    return [...kept, ...items.filter((item) => isLost(item.table, item.source.path) && !covered.has(item.table))];
  };
  const indexes = grouped(withoutDropped(stated, changes, order), (index) => index.id);
  reportDuplicates("Index", indexes, (index) => !isLost(index.table, index.source.path), problems);
  const policies = grouped(
    ranked(fragments, (fragment) => fragment.policies),
    (policy) => policy.id,
  );
  reportDuplicates("Policy", policies, () => true, problems);
  return {
    tables,
    enums: inDocumentOrder(mergeEnums(fragments, tables, lost), paths),
    indexes: inDocumentOrder(
      [...keep(indexes.map((group) => group.first.value)), ...copied.indexes].filter((index) =>
        hasColumns(index, tables),
      ),
      paths,
    ),
    policies: inDocumentOrder(keep(policies.map((group) => group.first.value)), paths),
    statements: inDocumentOrder(mergeStatements(fragments), paths),
  };
}

function reportDuplicates<T extends { readonly name: string; readonly source: SourceSpan }>(
  what: string,
  groups: readonly Grouped<T>[],
  counts: (value: T) => boolean,
  problems: Problem[],
): void {
  for (const { first, others } of groups) {
    const other = others.find((item) => isRealDuplicate(first, item) && counts(item.value));
    if (other) problems.push(duplicateProblem(`${what} ${other.value.name}`, other.value.source, first.value.source));
  }
}

function versionKey(table: string, path: string): string {
  return `${table}\n${path}`;
}

function lostVersions(groups: readonly Grouped<Table>[], problems: Problem[]): Set<string> {
  const lost = new Set<string>();
  for (const { first, others } of groups) {
    for (const other of others) {
      if (other.fragment.path !== first.fragment.path)
        lost.add(versionKey(keyOfTable(other.value), other.fragment.path));
      if (!other.value.external && isRealDuplicate(first, other)) {
        problems.push(duplicateProblem(`Table ${keyOfTable(other.value)}`, other.value.source, first.value.source));
      }
    }
  }
  return lost;
}

/** PostgreSQL refuses a second column or constraint of one name, so the first one counts. */
function uniqueParts(table: Table, problems: Problem[]): Table {
  return {
    ...table,
    columns: uniqueByName(`Column of ${table.name}`, table.columns, problems),
    constraints: uniqueByName(`Constraint of ${table.name}`, table.constraints, problems),
  };
}

function uniqueByName<T extends Column | Constraint>(what: string, items: readonly T[], problems: Problem[]): T[] {
  const first = new Map<string, T>();
  for (const item of items) {
    const known = first.get(item.name);
    if (known) problems.push(duplicateProblem(`${what} ${item.name}`, item.source, known.source));
    else first.set(item.name, item);
  }
  return [...first.values()];
}

/** In their order, but what is said of a column in front of the statement that adds it waits for that statement. */
function applyChanges(table: Table, changes: readonly TableChange[]): Table {
  const key = keyOfTable(table);
  const own = changes.filter((item) => item.table === key).map((item) => item.change);
  const isEarly = (change: Change, index: number, columns: readonly Column[]): boolean =>
    columnsNamedBy(change).some(
      (name) =>
        !hasName(columns, name) &&
        own.slice(index + 1).some((later) => later.type === "addColumn" && later.column.name === name),
    );
  const waiting: Change[] = [];
  const changed = own.reduce((current, change, index) => {
    if (!isEarly(change, index, current.columns)) return applyChange(current, change);
    waiting.push(change);
    return current;
  }, table);
  return waiting.reduce(applyChange, changed);
}

type Change = TableChange["change"];

function columnsNamedBy(change: Change): readonly string[] {
  switch (change.type) {
    case "addConstraint":
      return change.constraint.columns;
    case "default":
    case "nullable":
    case "identity":
    case "columnType":
      return [change.column];
    case "comment":
      return change.column === undefined ? [] : [change.column];
    default:
      return [];
  }
}

function applyChange(table: Table, change: Change): Table {
  switch (change.type) {
    case "addColumn":
      return hasName(table.columns, change.column.name)
        ? table
        : change.constraints.reduce(addConstraint, { ...table, columns: [...table.columns, change.column] });
    case "addConstraint":
      return addConstraint(table, change.constraint);
    case "rowSecurity":
      return {
        ...table,
        rowSecurity: change.rowSecurity === "enabled" && table.rowSecurity === "forced" ? "forced" : change.rowSecurity,
      };
    case "default":
      return changeColumn(table, change.column, ({ default: _, ...column }) =>
        change.expression === undefined ? column : { ...column, default: change.expression },
      );
    case "nullable":
      return changeColumn(table, change.column, (column) => ({ ...column, nullable: change.nullable }));
    case "dropColumn":
      return {
        ...table,
        columns: table.columns.filter(({ name }) => name !== change.column),
        constraints: table.constraints.filter(({ columns }) => !columns.includes(change.column)),
      };
    case "dropConstraint":
      return { ...table, constraints: table.constraints.filter(({ name }) => name !== change.name) };
    case "columnType":
      return changeColumn(table, change.column, (column) => ({ ...column, type: change.columnType }));
    case "partitionOf":
      return { ...table, storage: { ...table.storage, partitionOf: change.parent } };
    case "identity":
      return changeColumn(table, change.column, (column) => ({ ...column, identity: change.identity }));
    case "comment":
      return change.column === undefined
        ? { ...table, comment: change.text }
        : changeColumn(table, change.column, (column) => ({ ...column, comment: change.text }));
  }
}

function hasName(items: readonly { readonly name: string }[], name: string): boolean {
  return items.some((item) => item.name === name);
}

function addConstraint(table: Table, constraint: Constraint): Table {
  if (hasName(table.constraints, constraint.name)) return table;
  const isKey = constraint.type === "primaryKey";
  const columns = table.columns.map((column) =>
    isKey && constraint.columns.includes(column.name) ? { ...column, nullable: false } : column,
  );
  return { ...table, columns, constraints: [...table.constraints, constraint] };
}

function changeColumn(table: Table, name: string, change: (column: Column) => Column): Table {
  return { ...table, columns: table.columns.map((column) => (column.name === name ? change(column) : column)) };
}

/** `REFERENCES users` without columns means the primary key, which may stand in another document. */
function resolveTargets(table: Table, tables: readonly Table[]): Table {
  const constraints = table.constraints.map((constraint) => {
    const { references } = constraint;
    if (!references || references.columns.length > 0) return constraint;
    const target = tables.find((candidate) => keyOfTable(candidate) === references.table);
    const key = target?.constraints.find((candidate) => candidate.type === "primaryKey");
    return key ? { ...constraint, references: { ...references, columns: key.columns } } : constraint;
  });
  return { ...table, constraints };
}

/** An index goes with any of its columns; one on a column that came anew under the name stays. */
function withoutDropped(
  indexes: readonly Ranked<TableIndex>[],
  changes: readonly TableChange[],
  order: MigrationOrder,
): Ranked<TableIndex>[] {
  const drops = changes.flatMap(({ table, source, change }) =>
    change.type === "dropColumn" ? [{ table, source, column: change.column }] : [],
  );
  return indexes.filter(({ value }) => {
    const columns = columnsOf(value);
    return !drops.some(
      ({ table, source, column }) =>
        table === value.table && columns.includes(column) && order.isBefore(value.source, source),
    );
  });
}

function columnsOf({ parts, include }: TableIndex): readonly string[] {
  return [...parts.flatMap((part) => part.column ?? []), ...include];
}

/** An index of a version that lost may name columns that the counting version does not have. */
function hasColumns(index: TableIndex, tables: readonly Table[]): boolean {
  const table = tables.find((candidate) => keyOfTable(candidate) === index.table);
  if (!table) return true;
  const names = columnsOf(index);
  return index.source.path === table.source.path || names.every((name) => hasName(table.columns, name));
}

/** An enum that only lost versions of tables used would be a type that nothing needs. */
function mergeEnums(fragments: readonly Fragment[], tables: readonly Table[], lost: ReadonlySet<string>): EnumType[] {
  const used = new Set(tables.flatMap((table) => table.columns.map((column) => column.type.name)));
  const losers = new Set([...lost].map((key) => key.split("\n")[1]));
  return grouped(
    ranked(fragments, (fragment) => fragment.enums),
    (type) => type.name,
  )
    .map((group) => group.first.value)
    .filter((type) => used.has(type.name) || !losers.has(type.source.path));
}

function mergeStatements(fragments: readonly Fragment[]): SqlStatement[] {
  return grouped(
    ranked(fragments, (fragment) => fragment.statements),
    statementKey,
  ).map((group) => group.first.value);
}

function statementKey(statement: SqlStatement): string {
  const text = statement.sql.replace(/\s+/g, " ");
  if (statement.kind === "trigger") return `trigger ${statement.name} ${/ ON (\S+)/i.exec(text)?.[1] ?? ""}`;
  if (statement.kind === "function") return `function ${statement.name} ${/\(([^)]*)\)/.exec(text)?.[1] ?? ""}`;
  const named = ["extension", "view", "type", "role", "sequence"].includes(statement.kind);
  return named ? `${statement.kind} ${statement.name}` : text;
}
