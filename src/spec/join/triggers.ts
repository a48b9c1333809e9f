import type { Column, DesignSpec, Table } from "../model.ts";

/** Whether a trigger of the design keeps this column up to date on every update of the table. */
export function hasChangeTrigger(spec: DesignSpec, table: Table, column: Column): boolean {
  return hasTrigger(spec, { table, column, event: /\bUPDATE\b/i });
}

/** Whether a trigger gives this column its value before a row is inserted, so that it may be left out. */
export function isFilledByTrigger(spec: DesignSpec, table: Table, column: Column): boolean {
  return hasTrigger(spec, { table, column, event: /\bBEFORE\b[^;]*?\bINSERT\b/i });
}

interface Assignment {
  readonly table: Table;
  readonly column: Column;
  readonly event: RegExp;
}

function hasTrigger(spec: DesignSpec, { table, column, event }: Assignment): boolean {
  const functions = spec.database.statements.filter(({ kind }) => kind === "function");
  const assigns = new RegExp(`\\bNEW\\s*\\.\\s*"?${column.name}"?\\s*:?=(?!=)`, "i");
  const onTable = new RegExp(`\\bON\\s+(?:"?\\w+"?\\.)?"?${table.name}"?\\s`, "i");
  return spec.database.statements.some(({ kind, sql }) => {
    const head = onTable.exec(sql);
    if (kind !== "trigger" || !head || !event.test(sql.slice(0, head.index))) return false;
    const called = /EXECUTE\s+(?:FUNCTION|PROCEDURE)\s+"?([\w.]+)"?\s*\(([^)]*)\)/i.exec(sql);
    if (called?.[2]?.includes(column.name)) return true;
    return functions.some(({ name, sql: body }) => name === called?.[1] && hasAssignment(body, assigns));
  });
}

/** `IF NEW.total = 0` compares; only what follows a statement's beginning assigns. */
function hasAssignment(body: string, assigns: RegExp): boolean {
  const code = body.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  return code.split(/;|\bTHEN\b|\bELSE\b|\bBEGIN\b|\bLOOP\b/i).some((statement) => {
    const text = statement.trim();
    return assigns.exec(text)?.index === 0;
  });
}
