import type { SqlStatement, Table, TableIndex } from "../spec/model.ts";
import { isText } from "../spec/sql/typeKinds.ts";
import type { Assumption } from "./compilation.ts";
import { tableKey } from "./schemaText.ts";

const trigrams = "gin_trgm_ops";

/** A GIN index on plain text, as column tables write it, can only mean the one for similar texts. */
export function withOperatorClass(index: TableIndex, tables: readonly Table[], assumptions: Assumption[]): TableIndex {
  const table = tables.find((candidate) => tableKey(candidate) === index.table);
  if (index.method !== "gin" || index.verbatim || !table) return index;
  const parts = index.parts.map((part) => {
    const column = table.columns.find(({ name }) => name === part.column);
    const isPlainText = column !== undefined && isText(column.type) && !column.type.array;
    return isPlainText && part.operatorClass === undefined ? { ...part, operatorClass: trigrams } : part;
  });
  if (parts.every((part, position) => part === index.parts[position])) return index;
  assumptions.push({
    text: `The GIN index ${index.name} is on plain text, for which PostgreSQL has no default; it finds similar texts (${trigrams}).`,
    element: index.id,
    source: index.source,
  });
  return { ...index, parts };
}

/** The extension that the class comes from, unless the design has it. */
export function withTrigrams(
  statements: readonly SqlStatement[],
  indexes: readonly TableIndex[],
): readonly SqlStatement[] {
  const user = indexes.find(({ parts }) => parts.some(({ operatorClass }) => operatorClass === trigrams));
  const isThere = statements.some(({ kind, name }) => kind === "extension" && name === "pg_trgm");
  if (!user || isThere) return statements;
  const sql = "CREATE EXTENSION IF NOT EXISTS pg_trgm";
  return [{ kind: "extension", name: "pg_trgm", sql, source: user.source }, ...statements];
}
