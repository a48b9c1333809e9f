import type { Fragment } from "../fragment.ts";
import { type ColumnText, columnText } from "./columnText.ts";
import type { FieldRow } from "./fieldTables.ts";
import { isValid, readComposed, type SqlLine, sqlName } from "./generatedSql.ts";
import type { MarkdownReading } from "./reading.ts";

/** A database table as rows of columns: from a Markdown table, a list or a diagram. */
export interface OutlinedTable {
  readonly name: string;
  readonly line: number;
  readonly rows: readonly FieldRow[];
  /** Composite keys, uniques and checks as SQL. */
  readonly constraints: readonly SqlLine[];
}

/** Reads the outlined table as the CREATE TABLE statement that it stands for. */
export function readOutlinedTable(reading: MarkdownReading, table: OutlinedTable, into: Fragment): boolean {
  const columns = uniqueRows(table.rows).map((row) => ({ row, text: columnText(row) }));
  if (columns.length === 0) return false;
  const keys = columns.filter((column) => column.text.isKey);
  const definitions = columns.flatMap(({ row, text }) => columnLine(reading, row, text, keys.length === 1));
  const names = keys.map((key) => sqlName(key.row.name)).join(", ");
  const composite = keys.length > 1 ? [{ text: `PRIMARY KEY (${names})`, line: table.line }] : [];
  const constraints = [...composite, ...table.constraints].filter((constraint) =>
    isValid(reading, [...head(table), ...joined([...definitions, constraint]), end(table)]),
  );
  const before = into.tables.length;
  const lines = [...head(table), ...joined([...definitions, ...constraints]), end(table)];
  if (definitions.length === 0 || !readComposed(reading, lines, into)) return false;
  const read = into.tables[before];
  if (read) into.tables[before] = { ...read, columns: read.columns.map((column) => withConfidence(column, columns)) };
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
    (row, index) => /^[A-Za-z_]\w*$/.test(row.name) && rows.findIndex((other) => other.name === row.name) === index,
  );
}

/** The fullest form of the column that PostgreSQL accepts; one odd cell must not cost the table. */
function columnLine(reading: MarkdownReading, row: FieldRow, text: ColumnText, singleKey: boolean): SqlLine[] {
  const key = text.isKey && singleKey ? " PRIMARY KEY" : "";
  const candidates = [
    `${text.definition}${key} ${text.foreignKey}`,
    `${text.bare}${key} ${text.foreignKey}`,
    `${text.bare}${key}`,
    `${sqlName(row.name)} text${key}`,
  ];
  const accepted = candidates.find((candidate) =>
    isValid(reading, [{ text: `CREATE TABLE t (${candidate})`, line: row.line }]),
  );
  return accepted === undefined ? [] : [{ text: accepted.trim(), line: row.line }];
}

function head(table: OutlinedTable): SqlLine[] {
  return [{ text: `CREATE TABLE ${sqlName(table.name)} (`, line: table.line }];
}

function joined(lines: readonly SqlLine[]): SqlLine[] {
  return lines.map((line, index) => ({ ...line, text: index < lines.length - 1 ? `${line.text},` : line.text }));
}

function end(table: OutlinedTable): SqlLine {
  return { text: ")", line: table.rows.at(-1)?.line ?? table.line };
}
