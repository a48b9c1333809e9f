import type { Constraint, DesignSpec, Table, TableIndex } from "../../spec/model.ts";
import { planAggregates } from "../aggregates.ts";
import { executeSql } from "../migrationText.ts";
import type { BackendPlan } from "../plan.ts";
import { quoted, quotedKey, tableKey } from "../schemaText.ts";

/** A column that the new design says had another name. */
export interface ColumnRename {
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The renames that the new design states: a column whose comment reads "renamed from `x`", where the
 * old design has `x` and the new one has not. Nothing else is certain enough to keep data by.
 */
export function statedRenames(from: DesignSpec, to: DesignSpec): readonly ColumnRename[] {
  return to.database.tables.flatMap((table) => {
    const before = from.database.tables.find((other) => tableKey(other) === tableKey(table));
    return table.columns.flatMap(({ name, comment }) => {
      const old = /\b(?:renamed from|formerly)\s+["'`]?(\w+)/i.exec(comment ?? "")?.[1];
      const isCertain = old !== undefined && has(before, old) && !has(before, name) && !has(table, old);
      return isCertain ? [{ table: tableKey(table), from: old, to: name }] : [];
    });
  });
}

/** The design as it is once the columns have their new names. What is SQL is left as it was, and so made anew. */
export function withRenames(plan: BackendPlan, renames: readonly ColumnRename[]): BackendPlan {
  if (renames.length === 0) return plan;
  const { database } = plan.spec;
  const nameIn = (table: string) => (name: string) =>
    renames.find((rename) => rename.table === table && rename.from === name)?.to ?? name;
  const tables = database.tables.map((table): Table => {
    const nameOf = nameIn(tableKey(table));
    return {
      ...table,
      columns: table.columns.map((column) => ({ ...column, name: nameOf(column.name) })),
      constraints: table.constraints.map((constraint) => renamedConstraint(constraint, nameOf, nameIn)),
    };
  });
  const indexes = database.indexes.map((index) => renamedIndex(index, nameIn(index.table)));
  const spec = { ...plan.spec, database: { ...database, tables, indexes } };
  const { aggregates, partitions } = planAggregates(spec);
  return { ...plan, spec, aggregates, partitions };
}

export function renameColumn({ table, from, to }: ColumnRename): string {
  return executeSql(`ALTER TABLE ${quotedKey(table)} RENAME COLUMN ${quoted(from)} TO ${quoted(to)}`);
}

function has(table: Table | undefined, column: string): boolean {
  return table?.columns.some(({ name }) => name === column) ?? false;
}

type Naming = (name: string) => string;

function renamedConstraint(constraint: Constraint, nameOf: Naming, nameIn: (table: string) => Naming): Constraint {
  const { references } = constraint;
  return {
    ...constraint,
    columns: constraint.columns.map(nameOf),
    ...(references ? { references: { ...references, columns: references.columns.map(nameIn(references.table)) } } : {}),
  };
}

function renamedIndex(index: TableIndex, nameOf: Naming): TableIndex {
  return {
    ...index,
    parts: index.parts.map((part) => (part.column === undefined ? part : { ...part, column: nameOf(part.column) })),
    include: index.include.map(nameOf),
  };
}
