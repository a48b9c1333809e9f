import type { Column, Constraint, TableIndex } from "../../spec/model.ts";
import { migratedTables } from "../migratedTables.ts";
import type { AggregatePlan, BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import { isReplaced, type PlacedColumn } from "./columnChanges.ts";
import { conversionOf, rebuildsDependents } from "./conversions.ts";
import { isExtension } from "./enumChanges.ts";
import type { ColumnRename } from "./renames.ts";

/** How the tables of one design differ from those of another. */
export interface TableChanges {
  readonly added: readonly AggregatePlan[];
  readonly removed: readonly AggregatePlan[];
  readonly changed: readonly TableChange[];
  /** Keys of tables whose rows have another shape for those who ask for all columns. */
  readonly reshaped: ReadonlySet<string>;
}

export interface TableChange {
  readonly from: AggregatePlan;
  readonly to: AggregatePlan;
  readonly addedColumns: readonly PlacedColumn[];
  readonly removedColumns: readonly Column[];
  readonly alteredColumns: readonly { readonly from: PlacedColumn; readonly to: PlacedColumn }[];
  /** Names of columns whose values or type are not what they were: what is built on them is built anew. */
  readonly remade: ReadonlySet<string>;
  readonly removedConstraints: readonly Constraint[];
  readonly addedConstraints: readonly Constraint[];
  readonly removedIndexes: readonly TableIndex[];
  readonly addedIndexes: readonly TableIndex[];
}

interface ColumnChanges
  extends Pick<TableChange, "from" | "to" | "addedColumns" | "removedColumns" | "alteredColumns" | "remade"> {
  /** Those of the remade columns whose constraints and indexes PostgreSQL does not build anew by itself. */
  readonly unbuilt: ReadonlySet<string>;
}

/** `from` has the new names of renamed columns already. */
export function tableChanges(from: BackendPlan, to: BackendPlan, renames: readonly ColumnRename[] = []): TableChanges {
  const olds = new Map(migratedTables(from).map((aggregate) => [tableKey(aggregate.table), aggregate]));
  // A table that somebody else takes over stays where it is.
  const news = new Set([...to.aggregates, ...to.partitions].map(({ table }) => tableKey(table)));
  // A partition changes with its table.
  const columns = migratedTables({ ...to, partitions: [] }).flatMap((aggregate) => {
    const old = olds.get(tableKey(aggregate.table));
    return old ? [columnChanges(old, aggregate, { from, to })] : [];
  });
  const reshaped = columns.filter(({ addedColumns, remade }) => addedColumns.length > 0 || remade.size > 0);
  const removed = migratedTables(from).filter(({ table }) => !news.has(tableKey(table)));
  return {
    added: migratedTables(to).filter(({ table }) => !olds.has(tableKey(table))),
    removed,
    reshaped: new Set([
      ...reshaped.map((change) => tableKey(change.to.table)),
      ...removed.map(({ table }) => tableKey(table)),
      ...renames.map(({ table }) => table),
    ]),
    changed: columns.map((change) => withDependents(change, columns, removed, { from, to })),
  };
}

/** Whether the text names one of the columns; a name in a longer word does not count. */
export function mentions(text: string | undefined, names: Iterable<string>): boolean {
  if (text === undefined) return false;
  return [...names].some((name) => new RegExp(`(?<!\\w)${name.replace(/\W/g, "\\$&")}(?!\\w)`, "i").test(text));
}

interface Plans {
  readonly from: BackendPlan;
  readonly to: BackendPlan;
}

function columnChanges(from: AggregatePlan, to: AggregatePlan, plans: Plans): ColumnChanges {
  const place = (aggregate: AggregatePlan, column: Column): PlacedColumn => ({ aggregate, column });
  const pairs = to.table.columns.map((column) => ({
    column,
    old: from.table.columns.find(({ name }) => name === column.name),
  }));
  const enums = remadeEnums(plans);
  const retyped = pairs.filter(
    ({ column, old }) => old && (conversionOf(old.type, column.type) !== "same" || enums.has(column.type.name)),
  );
  const names = new Set(retyped.map(({ column }) => column.name));
  const rebuilt = retyped.filter(({ column, old }) => old && rebuildsDependents(old.type, column.type));
  const replaced = pairs.filter(
    ({ column, old }) =>
      old && (isReplaced(old, column) || (column.generated !== undefined && mentions(column.generated, names))),
  );
  const kept = pairs.filter((pair) => pair.old && !replaced.includes(pair));
  const gone = from.table.columns.filter(({ name }) => !to.table.columns.some((column) => column.name === name));
  const remade = new Set([...names, ...[...gone, ...replaced.map(({ column }) => column)].map(({ name }) => name)]);
  return {
    from,
    to,
    addedColumns: [...pairs.filter(({ old }) => !old), ...replaced].map(({ column }) => place(to, column)),
    removedColumns: [...gone, ...replaced.flatMap(({ old }) => old ?? [])],
    alteredColumns: kept.flatMap(({ column, old }) => (old ? [{ from: place(from, old), to: place(to, column) }] : [])),
    remade,
    unbuilt: new Set([...remade].filter((name) => !rebuilt.some(({ column }) => column.name === name))),
  };
}

/** Enums that cannot be extended in place: their columns are converted, and what compares them is built anew. */
function remadeEnums({ from, to }: Plans): ReadonlySet<string> {
  const olds = new Map(from.spec.database.enums.map((type) => [type.name, type]));
  const remade = to.spec.database.enums.filter((type) => {
    const old = olds.get(type.name);
    return old && !isExtension(old, type);
  });
  return new Set(remade.map(({ name }) => name));
}

/** Constraints and indexes that differ, and those that stand on something that is made anew. */
function withDependents(
  change: ColumnChanges,
  all: readonly ColumnChanges[],
  removed: readonly AggregatePlan[],
  plans: Plans,
): TableChange {
  const { from, to, unbuilt } = change;
  const isRemade = (item: Constraint): boolean =>
    item.columns.some((name) => unbuilt.has(name)) ||
    mentions(item.expression, unbuilt) ||
    (item.references !== undefined && targetIsRemade(item.references, all, removed));
  const constraints = differences(from.table.constraints, to.table.constraints, constraintKey, isRemade);
  const indexesOf = (plan: BackendPlan) =>
    plan.spec.database.indexes.filter(({ table }) => table === tableKey(to.table));
  const onRemade = ({ parts, include, where }: TableIndex): boolean =>
    [...parts.map(({ column, expression }) => column ?? expression), ...include, where].some((part) =>
      mentions(part, unbuilt),
    );
  const indexes = differences(indexesOf(plans.from), indexesOf(plans.to), indexKey, onRemade);
  return {
    ...change,
    removedConstraints: constraints.removed,
    addedConstraints: constraints.added,
    removedIndexes: indexes.removed,
    addedIndexes: indexes.added,
  };
}

/** Whether a foreign key has to go for a while, because the key that it refers to changes. */
function targetIsRemade(
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  all: readonly ColumnChanges[],
  removed: readonly AggregatePlan[],
): boolean {
  if (removed.some((aggregate) => tableKey(aggregate.table) === table)) return true;
  const target = all.find((change) => tableKey(change.to.table) === table);
  if (!target) return false;
  const keys = differences(target.from.table.constraints, target.to.table.constraints, constraintKey, () => false);
  const same = (item: Constraint) => item.type !== "foreignKey" && item.columns.join() === columns.join();
  return columns.some((name) => target.unbuilt.has(name)) || keys.removed.some(same);
}

function differences<Item>(
  olds: readonly Item[],
  news: readonly Item[],
  keyOf: (item: Item) => string,
  isRemade: (item: Item) => boolean,
): { readonly removed: readonly Item[]; readonly added: readonly Item[] } {
  const oldKeys = new Set(olds.map(keyOf));
  const newKeys = new Set(news.map(keyOf));
  return {
    removed: olds.filter((item) => !newKeys.has(keyOf(item)) || isRemade(item)),
    added: news.filter((item) => !oldKeys.has(keyOf(item)) || isRemade(item)),
  };
}

function constraintKey({
  name,
  type,
  columns,
  references,
  expression,
  deferrable,
  nullsNotDistinct,
}: Constraint): string {
  const target = references && [references.table, references.columns, references.onDelete, references.onUpdate];
  const check = type === "check" || type === "exclude" ? expression?.replace(/\s+/g, " ").trim() : undefined;
  return JSON.stringify([name, type, type === "check" ? [] : columns, target, check, deferrable, nullsNotDistinct]);
}

function indexKey({ name, unique, method, parts, include, where }: TableIndex): string {
  return JSON.stringify([name, unique, method, parts, include, where]);
}
