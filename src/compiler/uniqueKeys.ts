import type { DesignSpec, Table } from "../spec/model.ts";
import { tableKey } from "./schemaText.ts";

/**
 * Names of the columns of everything that is unique in the table: keys, constraints, and indexes over plain columns.
 *
 * An index over the rows that are not deleted counts, because no other row is shown.
 */
export function uniqueKeys({ database }: DesignSpec, table: Table): readonly (readonly string[])[] {
  const constraints = table.constraints.filter(({ type }) => type === "primaryKey" || type === "unique");
  const indexes = database.indexes.filter(
    ({ unique, where, parts, table: indexed }) =>
      unique &&
      indexed === tableKey(table) &&
      (where === undefined || /^\(*\s*deleted_at\s+is\s+null\s*\)*$/i.test(where)) &&
      parts.every(({ column }) => column !== undefined),
  );
  return [
    ...constraints.map(({ columns }) => columns),
    ...indexes.map(({ parts }) => parts.flatMap(({ column }) => column ?? [])),
  ].filter((columns) => columns.length > 0);
}
