import type { Column, DesignSpec, Table } from "../spec/model.ts";

/** Whether a trigger of the design keeps this column up to date on every update of the table. */
export function hasChangeTrigger(spec: DesignSpec, table: Table, column: Column): boolean {
  const functions = spec.database.statements.filter(({ kind }) => kind === "function");
  const assigns = new RegExp(`\\bNEW\\s*\\.\\s*"?${column.name}"?\\s*:?=`, "i");
  const onTable = new RegExp(`\\bON\\s+(?:"?\\w+"?\\.)?"?${table.name}"?\\s`, "i");
  return spec.database.statements.some(({ kind, sql }) => {
    if (kind !== "trigger" || !onTable.test(sql) || !/\bUPDATE\b/i.test(sql)) return false;
    const called = /EXECUTE\s+(?:FUNCTION|PROCEDURE)\s+"?([\w.]+)"?\s*\(([^)]*)\)/i.exec(sql);
    if (called?.[2]?.includes(column.name)) return true;
    return functions.some(({ name, sql: body }) => name === called?.[1] && assigns.test(body));
  });
}
