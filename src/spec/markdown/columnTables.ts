import type { Fragment } from "../fragment.ts";
import { type ColumnText, columnText } from "./columnText.ts";
import type { FieldRow } from "./fieldTables.ts";
import { isValid, readComposed, type SqlLine, type SqlOrigin, sqlName } from "./generatedSql.ts";

/** A database table as rows of columns: from a Markdown table, a list or a diagram. */
export interface OutlinedTable {
  readonly name: string;
  readonly line: number;
  readonly rows: readonly FieldRow[];
  /** Composite keys, uniques and checks as SQL. */
  readonly constraints: readonly SqlLine[];
  readonly external?: true;
}

/** Reads the outlined table as the CREATE TABLE statement that it stands for. */
export function readOutlinedTable(origin: SqlOrigin, table: OutlinedTable, into: Fragment): boolean {
  const columns = uniqueRows(table.rows).map((row) => ({ row, text: columnText(row) }));
  const keys = columns.filter((column) => column.text.isKey);
  const full = columns.map(
    ({ row, text }): SqlLine => ({ text: columnForms(row, text, keys.length === 1)[0] ?? "", line: row.line }),
  );
  const isPlain = columns.length > 0 && isValid(statementOf(table, full));
  const definitions = isPlain
    ? full
    : columns.flatMap(({ row, text }) => acceptedForm(row, columnForms(row, text, keys.length === 1)));
  const names = keys.map((key) => sqlName(key.row.name)).join(", ");
  const line = keys[0]?.row.line ?? table.line;
  const composite = keys.length > 1 ? [{ text: `PRIMARY KEY (${names})`, line }] : [];
  const constraints = [...composite, ...table.constraints].filter((constraint) =>
    isValid(statementOf(table, [...definitions, constraint])),
  );
  const before = into.tables.length;
  if (definitions.length === 0 || !readComposed(origin, statementOf(table, [...definitions, ...constraints]), into))
    return false;
  const read = into.tables[before];
  if (!read) return true;
  const named = read.columns.map((column) => withConfidence(column, columns));
  into.tables[before] = { ...read, columns: named, ...(table.external && { external: true }) };
  return true;
}

function withConfidence<T extends { readonly name: string }>(
  column: T,
  columns: readonly { readonly row: FieldRow; readonly text: ColumnText }[],
): T {
  const inferred = columns.some(({ row, text }) => row.name === column.name && text.typeInferred);
  return inferred ? { ...column, confidence: "inferred" } : column;
}

function uniqueRows(rows: readonly FieldRow[]): FieldRow[] {
  return rows.filter(
    (row, index) =>
      /^[\p{L}_][\p{L}\p{N}_]*$/u.test(row.name) && rows.findIndex((other) => other.name === row.name) === index,
  );
}

/** The column as fully as the document gives it, then with less and less, down to its name. */
function columnForms(row: FieldRow, text: ColumnText, singleKey: boolean): string[] {
  const key = text.isKey && singleKey ? " PRIMARY KEY" : "";
  return [
    `${text.definition}${key} ${text.foreignKey}`.trim(),
    `${text.bare}${key} ${text.foreignKey}`.trim(),
    `${text.bare}${key}`,
    `${sqlName(row.name)} text${key}`,
  ];
}

/** The fullest form that PostgreSQL accepts; one odd cell must not cost the table. */
function acceptedForm(row: FieldRow, forms: readonly string[]): SqlLine[] {
  const accepted = forms.find((form) => isValid([{ text: `CREATE TABLE t (${form})`, line: row.line }]));
  return accepted === undefined ? [] : [{ text: accepted, line: row.line }];
}

function statementOf(table: OutlinedTable, parts: readonly SqlLine[]): SqlLine[] {
  const separated = parts.map((part, index) => ({
    ...part,
    text: index < parts.length - 1 ? `${part.text},` : part.text,
  }));
  const end = { text: ")", line: table.rows.at(-1)?.line ?? table.line };
  return [{ text: `CREATE TABLE ${sqlName(table.name)} (`, line: table.line }, ...separated, end];
}
