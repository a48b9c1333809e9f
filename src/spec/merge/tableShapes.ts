import type { DomainDefinition } from "../fragment.ts";
import type { Column, Constraint, SourceSpan, SqlType, Table, TableIndex } from "../model.ts";
import { chooseName, type NameRegistry, sequenceOf } from "../sql/names.ts";
import type { TableCopy } from "../tableParts.ts";

/** As in {@link Column.table}. */
export function keyOfTable(table: Table): string {
  return table.id.slice("table:".length);
}

/** Columns of the tables it inherits from stand first, as PostgreSQL has them. */
export function withInherited(table: Table, tables: readonly Table[], seen: readonly Table[] = []): Table {
  const parents = (table.storage?.inherits ?? []).flatMap(
    (name) => tables.find((item) => keyOfTable(item) === name) ?? [],
  );
  const columns = parents
    .filter((parent) => !seen.includes(parent))
    .flatMap((parent) => withInherited(parent, tables, [...seen, table]).columns)
    .filter(({ name }) => !table.columns.some((own) => own.name === name))
    .map(withoutSequence)
    .map((column) => ({ ...column, id: `column:${keyOfTable(table)}.${column.name}`, table: keyOfTable(table) }));
  return columns.length === 0 ? table : { ...table, columns: [...columns, ...table.columns] };
}

/** An inherited serial column counts with the sequence of its parent; an inherited identity column does not count. */
function withoutSequence({ identity, ...column }: Column): Column {
  return identity === "serial" ? { ...column, default: `nextval('${sequenceOf(column)}')` } : column;
}

/** The types of the columns together with what the domains among them stand for. */
export function withDomains(table: Table, domains: readonly DomainDefinition[]): Table {
  if (domains.length === 0) return table;
  const columns = table.columns.map((column) => {
    const domain = domainNamed(column.type.name, domains);
    return domain ? { ...column, type: { ...column.type, domain } } : column;
  });
  return { ...table, columns };
}

function domainNamed(name: string, domains: readonly DomainDefinition[]): SqlType["domain"] {
  const own = domains.find((domain) => domain.name === name);
  if (!own) return undefined;
  const others = domains.filter((domain) => domain !== own);
  const below = domainNamed(own.base.name, others);
  return {
    base: below ? { ...below.base, array: below.base.array || own.base.array } : own.base,
    notNull: own.notNull,
    hasDefault: own.hasDefault || below?.hasDefault === true,
  };
}

/**
 * Tables with what `LIKE` takes over from others, `apply` having changed each by what later statements say
 * of it, and the indexes that come with it. A copy has what stood before it in its document.
 */
export function withCopies(
  tables: readonly Table[],
  indexes: readonly TableIndex[],
  apply: (table: Table) => Table,
): { readonly tables: readonly Table[]; readonly indexes: readonly TableIndex[] } {
  const taken = [...indexes, ...tables, ...tables.flatMap(({ constraints }) => constraints)].map(({ name }) => name);
  const copying: Copying = { tables, indexes: [...indexes], apply, names: { taken: new Set(taken) }, done: new Map() };
  const whole = tables.map((table) => built(table, copying));
  return { tables: whole, indexes: copying.indexes.slice(indexes.length) };
}

interface Copying {
  readonly tables: readonly Table[];
  readonly indexes: TableIndex[];
  readonly apply: (table: Table) => Table;
  readonly names: NameRegistry;
  readonly done: Map<string, Table>;
}

function built(table: Table, copying: Copying): Table {
  const key = keyOfTable(table);
  const known = copying.done.get(key);
  if (known) return known;
  const { copies, ...storage } = table.storage ?? {};
  const { storage: _, ...bare } = table;
  const start: Table = Object.keys(storage).length > 0 ? { ...bare, storage } : bare;
  copying.done.set(key, start);
  // From the last one, so that the places of the others stay.
  const whole = (copies ?? []).toReversed().reduce((copy, from) => {
    const original = copying.tables.find((candidate) => keyOfTable(candidate) === from.table);
    return original ? withCopy(copy, built(original, copying), from, copying) : copy;
  }, start);
  const result = copying.apply(whole);
  copying.done.set(key, result);
  return result;
}

function withCopy(table: Table, original: Table, copy: TableCopy, copying: Copying): Table {
  const key = keyOfTable(table);
  const stood = <T extends { readonly source: SourceSpan }>(items: readonly T[]): readonly T[] =>
    items.filter(({ source }) => source.path !== table.source.path || source.line < table.source.line);
  const columns = stood(original.columns).map((column) => copiedColumn(column, table, copy));
  const constraints = stood(original.constraints).flatMap(
    (constraint) => copiedConstraint(constraint, table, copy, copying.names) ?? [],
  );
  if (copy.including.includes("indexes")) {
    const own = stood(copying.indexes.filter((index) => index.table === copy.table));
    copying.indexes.push(...own.map((index) => copiedIndex(index, table, copying.names)));
  }
  return {
    ...table,
    ...(copy.including.includes("comments") && original.comment !== undefined && { comment: original.comment }),
    columns: table.columns.toSpliced(copy.at, 0, ...columns.map((column) => ({ ...column, table: key }))),
    constraints: [...constraints, ...table.constraints],
  };
}

function copiedColumn(column: Column, table: Table, { including }: TableCopy): Column {
  const { default: fallback, identity, identityOptions, generated, comment, ...rest } = column;
  const value = identity === "serial" ? `nextval('${sequenceOf(column)}')` : fallback;
  const counts = including.includes("identity") && identity !== undefined && identity !== "serial";
  return {
    ...rest,
    id: `column:${keyOfTable(table)}.${column.name}`,
    source: table.source,
    ...(including.includes("defaults") && value !== undefined && { default: value }),
    ...(counts && { identity, ...(identityOptions && { identityOptions }) }),
    ...(including.includes("generated") && generated !== undefined && { generated }),
    ...(including.includes("comments") && comment !== undefined && { comment }),
  };
}

const labels = { primaryKey: "pkey", unique: "key", exclude: "excl" } as const;

/** Checks keep their names; what stands on an index gets the one PostgreSQL gives; foreign keys stay behind. */
function copiedConstraint(
  constraint: Constraint,
  table: Table,
  { including }: TableCopy,
  names: NameRegistry,
): Constraint | undefined {
  const { type, columns } = constraint;
  if (type === "foreignKey" || !including.includes(type === "check" ? "constraints" : "indexes")) return undefined;
  const added = type === "primaryKey" ? undefined : columns.join("_");
  const name = type === "check" ? constraint.name : chooseName(names, [table.name, added], labels[type]);
  const key = keyOfTable(table);
  return { ...constraint, id: `constraint:${key}.${name}`, name, named: false, table: key, source: table.source };
}

function copiedIndex({ sql: _, verbatim: __, ...index }: TableIndex, table: Table, names: NameRegistry): TableIndex {
  const parts = index.parts.map(({ column, expression }) => column ?? /^(\w+)\(/.exec(expression ?? "")?.[1] ?? "expr");
  const name = chooseName(names, [table.name, parts.join("_")], "idx");
  return { ...index, id: `index:${name}`, name, table: keyOfTable(table), source: table.source };
}
