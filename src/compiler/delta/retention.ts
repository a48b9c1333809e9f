import type { Column, Constraint, DatabaseDesign, EnumType, Table, TableIndex } from "../../spec/model.ts";
import { planAggregates } from "../aggregates.ts";
import type { BackendPlan } from "../plan.ts";
import { tableKey } from "../schemaText.ts";
import { sqlTypeText } from "../sqlTypes.ts";
import { conversionOf } from "./conversions.ts";
import { isExtension } from "./enumChanges.ts";

/** A design between two others: all of the new one, with what the new one would destroy still there. */
export interface Retention {
  readonly plan: BackendPlan;
  /** What is still there, in words: `orders.note is dropped`. Empty when nothing would be lost. */
  readonly losses: readonly string[];
}

/**
 * Keeps the data of `from` that `to` has no place for.
 *
 * A retained column may be null, because the new application does not fill it.
 */
export function retain(from: BackendPlan, to: BackendPlan): Retention {
  const losses: string[] = [];
  const [old, next] = [from.spec.database, to.spec.database];
  const standing = new Map(old.tables.map((table) => [tableKey(table), table]));
  const tables = next.tables.map((table) => {
    const before = standing.get(tableKey(table));
    return before ? withRetainedColumns(before, table, losses) : table;
  });
  const gone = old.tables.filter((table) => !next.tables.some((other) => tableKey(other) === tableKey(table)));
  losses.push(...gone.map((table) => `the table ${tableKey(table)} is dropped`));
  const enums = [
    ...next.enums.map((type) =>
      withRetainedValues(
        old.enums.find(({ name }) => name === type.name),
        type,
        losses,
      ),
    ),
    ...old.enums.filter(({ name }) => !next.enums.some((type) => type.name === name)),
  ];
  const sequences = missing(old, next, "sequence");
  losses.push(...sequences.map(({ name }) => `the sequence ${name} is dropped`));
  const goneKeys = new Set(gone.map(tableKey));
  const database: DatabaseDesign = {
    tables: [...tables, ...gone.map((table) => withStandingKeys(table, [...tables, ...gone], next.indexes))],
    enums,
    indexes: [...next.indexes, ...old.indexes.filter(({ table }) => goneKeys.has(table))],
    policies: [...next.policies, ...old.policies.filter(({ table }) => goneKeys.has(table))],
    statements: [...sequences, ...missing(old, next, "type"), ...next.statements],
  };
  if (losses.length === 0) return { plan: to, losses };
  const spec = { ...to.spec, database };
  const { aggregates, partitions } = planAggregates(spec);
  return { plan: { ...to, spec, aggregates, partitions }, losses };
}

function withRetainedColumns(before: Table, table: Table, losses: string[]): Table {
  const key = tableKey(table);
  const kept = table.columns.map((column) => {
    const old = before.columns.find(({ name }) => name === column.name);
    const loss = old && lossOf(old, column);
    if (!old || loss === undefined) return column;
    losses.push(`${key}.${column.name} ${loss}`);
    return old;
  });
  const dropped = before.columns.filter(({ name }) => !table.columns.some((column) => column.name === name));
  const lost = dropped.filter(({ generated }) => generated === undefined);
  losses.push(...lost.map(({ name }) => `${key}.${name} is dropped`));
  return { ...table, columns: [...kept, ...lost.map((column) => ({ ...column, nullable: true }))] };
}

/** A foreign key of a table that is only kept must not hold what it refers to in its old shape. */
function withStandingKeys(table: Table, all: readonly Table[], indexes: readonly TableIndex[]): Table {
  const typeOf = (place: Table | undefined, name: string): string | undefined => {
    const column = place?.columns.find((candidate) => candidate.name === name);
    return column && sqlTypeText(column.type);
  };
  const stands = ({ references, columns }: Constraint): boolean => {
    if (references === undefined) return true;
    const target = all.find((other) => tableKey(other) === references.table);
    const wanted = [...references.columns].sort().join();
    const unique = indexes.filter((index) => index.unique && index.table === references.table && !index.where);
    const keys = [
      ...(target?.constraints ?? []).flatMap((item) =>
        /^(?:unique|primaryKey)$/.test(item.type) ? [item.columns] : [],
      ),
      ...unique.map(({ parts }) => parts.map(({ column }) => column ?? "")),
    ];
    const isKey = keys.some((key) => [...key].sort().join() === wanted);
    const outside = target === undefined;
    return (
      outside ||
      (isKey && references.columns.every((name, at) => typeOf(target, name) === typeOf(table, columns[at] ?? "")))
    );
  };
  return { ...table, constraints: table.constraints.filter(stands) };
}

function lossOf(from: Column, to: Column): string | undefined {
  if (from.generated !== undefined) return undefined;
  if (to.generated !== undefined) return "is computed from now on, and the values it has are dropped";
  const change = `${sqlTypeText(from.type)} to ${sqlTypeText(to.type)}`;
  const conversion = conversionOf(from.type, to.type);
  if (conversion === "lossy") return `goes from ${change}, which rounds or cuts off its values`;
  return conversion === "impossible" ? `goes from ${change}, which drops its values` : undefined;
}

/** A removed value goes in a step of its own, which fails while a row still has it. */
function withRetainedValues(old: EnumType | undefined, type: EnumType, losses: string[]): EnumType {
  const lost = old?.values.filter((value) => !type.values.includes(value)) ?? [];
  if (!old || lost.length === 0) return type;
  losses.push(`${type.name} loses ${lost.map((value) => `'${value}'`).join(", ")}`);
  const values = [...old.values];
  for (const value of type.values) {
    if (values.includes(value)) continue;
    const before = type.values[type.values.indexOf(value) - 1];
    values.splice(before === undefined ? 0 : values.indexOf(before) + 1, 0, value);
  }
  const merged = { ...type, values };
  return isExtension(old, merged) ? merged : old;
}

function missing(old: DatabaseDesign, next: DatabaseDesign, kind: "type" | "sequence") {
  const names = new Set(next.statements.filter((item) => item.kind === kind).map(({ name }) => name));
  return old.statements.filter((item) => item.kind === kind && !names.has(item.name));
}
