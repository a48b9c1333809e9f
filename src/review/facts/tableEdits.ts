import type { CodeConstraint, CodeTable } from "./database.ts";

/** With a column go the keys, constraints and indexes on it, as in PostgreSQL. */
export function dropColumn({ columns, constraints, indexes }: CodeTable, name: string): void {
  columns.delete(name);
  keep(constraints, (one) => !one.columns.includes(name));
  keep(indexes, ({ parts }) => !parts.some((part) => part?.column === name));
}

/** By its name, or by the one that PostgreSQL gives what has none. */
export function dropConstraint({ name: table, constraints }: CodeTable, name: string): void {
  const at = constraints.findIndex((one) => (one.name ?? usualName(table, one)) === name);
  if (at >= 0) constraints.splice(at, 1);
}

/** Keys and indexes on a column go with it. */
export function renameColumn({ columns, constraints, indexes }: CodeTable, from: string, to: string): void {
  const column = columns.get(from);
  if (column) {
    columns.delete(from);
    columns.set(to, { ...column, name: to });
  }
  const current = (name: string): string => (name === from ? to : name);
  for (const [at, one] of constraints.entries()) constraints[at] = { ...one, columns: one.columns.map(current) };
  for (const [at, one] of indexes.entries()) {
    const parts = one.parts.map((part) =>
      part?.column === undefined ? part : { ...part, column: current(part.column) },
    );
    indexes[at] = { ...one, parts };
  }
}

/** Under another key; what others point at follows. */
export function renameTable(tables: Map<string, CodeTable>, from: string, to: string): void {
  const table = tables.get(from);
  if (!table) return;
  tables.delete(from);
  tables.set(to, { ...table, name: to });
  for (const { constraints } of tables.values()) {
    for (const [at, one] of constraints.entries()) {
      if (one.references?.table === from) constraints[at] = { ...one, references: { ...one.references, table: to } };
    }
  }
}

const endings: Readonly<Partial<Record<CodeConstraint["type"], string>>> = {
  primaryKey: "pkey",
  foreignKey: "fkey",
  unique: "key",
};

function usualName(table: string, { type, columns }: CodeConstraint): string | undefined {
  const ending = endings[type];
  const parts = [table.slice(table.lastIndexOf(".") + 1), ...(type === "primaryKey" ? [] : columns), ending];
  return ending === undefined ? undefined : parts.join("_");
}

function keep<Item>(items: Item[], isKept: (item: Item) => boolean): void {
  items.splice(0, items.length, ...items.filter(isKept));
}
