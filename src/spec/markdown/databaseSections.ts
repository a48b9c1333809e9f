import { readOutlinedTable } from "./columnTables.ts";
import {
  listsIndexes,
  type NoteContext,
  readNote,
  readNoteTable,
  readWordedNote,
  tableOfSection,
} from "./databaseNotes.ts";
import type { Block, Item, ListBlock, Section, TableBlock } from "./document.ts";
import { isExternalTable } from "./externalTables.ts";
import { type FieldRow, fieldNames, readFieldItem, readFieldTable, readGroupedFields } from "./fieldTables.ts";
import { type SqlLine, sqlName } from "./generatedSql.ts";
import { readHeaders } from "./headers.ts";
import { addImpliedColumns } from "./impliedColumns.ts";
import { readPolicyItem, readPolicySentence, readPolicyTable } from "./policyNotes.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";
import { subjectSection, tableNameIn } from "./subjects.ts";
import { plainText } from "./text.ts";

/** Reads tables, indexes, constraints and policies that a document describes without SQL. */
export function readDatabaseSections(reading: MarkdownReading): void {
  const known = new Set<string>();
  const sections = reading.document.sections;
  for (const section of sections) {
    for (const block of section.blocks) readTableBlock(reading, section, block, known);
  }
  addImpliedColumns(reading, known);
  for (const table of reading.sql.tables) known.add(table.name);
  for (const section of sections) readNotes(reading, section, known);
}

function readTableBlock(reading: MarkdownReading, section: Section, block: Block, known: Set<string>): void {
  if (reading.used.has(block) || (block.type !== "table" && block.type !== "list")) return;
  if (block.type === "table" && readGroupedTables(reading, block, known)) return;
  const subject = subjectSection(section);
  const name = tableNameIn(subject);
  if (name === undefined || subject.depth === 0 || !isTableSection(reading, section, block)) return;
  const rows =
    block.type === "table" ? readFieldTable(block) : (listedColumns(block) ?? labelledColumns(section, block));
  if (!rows || rows.length === 0) return;
  const outlined = {
    name,
    line: subject.line,
    rows,
    constraints: block.type === "list" ? keyedConstraints(block) : [],
    ...(isExternalTable(subject, section, block) && { external: true as const }),
  };
  if (!readOutlinedTable(reading, outlined, reading.prose)) return;
  reading.used.add(block);
  known.add(name);
  if (block.type === "list") readKeyedIndexes(reading, section, block, name);
}

/** All tables in one, told apart by a column with their names. */
function readGroupedTables(reading: MarkdownReading, block: TableBlock, known: Set<string>): boolean {
  const groups = readGroupedFields(block, "table");
  if (!groups) return false;
  for (const [name, rows] of groups) {
    const outlined = { name, line: rows[0]?.line ?? block.line, rows, constraints: [] };
    if (readOutlinedTable(reading, outlined, reading.prose)) known.add(name);
  }
  reading.used.add(block);
  return true;
}

const sqlTypes = /\b(?:varchar|timestamptz|bigint|bigserial|serial|jsonb|numeric\(|char\(|smallint|bytea|text\b)/i;

/** A column table by its header or subject; elsewhere only when its types are SQL. */
function isTableSection(reading: MarkdownReading, section: Section, block: TableBlock | ListBlock): boolean {
  const topic = topicOf(reading, section);
  if (block.type === "table" && listsIndexes(section, block)) return false;
  if (topic === "database") return true;
  if (topic === "api" || topic === "errors" || block.type === "list") return false;
  const headers = readHeaders(block.header);
  const type = headers.find("type");
  const cells = type === undefined ? [] : block.rows.map((row) => plainText(row.cells[type] ?? ""));
  const areSql = cells.filter((cell) => sqlTypes.test(cell)).length >= 2;
  return areSql && (headers.has("column") || topic === undefined);
}

/** Columns in a list: typed items, or the items `PK`, `Columns`, `FKs` of a summary. */
function listedColumns(list: ListBlock): FieldRow[] | undefined {
  const keyed = keyedItems(list);
  if (keyed.has("pk") || keyed.has("columns")) return summaryColumns(keyed);
  const rows = list.items.map(readFieldItem);
  const typed = rows.filter((row) => row !== undefined && row.type !== "");
  return typed.length >= 2 && typed.length === list.items.length ? typed.flatMap((row) => row ?? []) : undefined;
}

const columnLabel =
  /\b(?:columns|fields|attributes)\b|字段|カラム|列|컬럼|필드|поля|столбцы|campos|columnas|colunas|champs|colonnes|spalten|felder/iu;

/** ``- `user_id`：who took part`` under "Fields:": columns whose types the document leaves open. */
function labelledColumns(section: Section, list: ListBlock): FieldRow[] | undefined {
  const before = section.blocks[section.blocks.indexOf(list) - 1];
  const label = before?.type === "paragraph" ? plainText(before.raw.split("\n").at(-1) ?? "") : "";
  if (!columnLabel.test(label) || !/[:：]$/.test(label)) return undefined;
  const rows = list.items.flatMap((item) => (/^`[a-z_]\w*`/.test(item.raw) ? (readFieldItem(item) ?? []) : []));
  return rows.length >= 2 && rows.length === list.items.length ? rows : undefined;
}

const keys: readonly (readonly [string, RegExp])[] = [
  ["pk", /^(?:pk|primary key|主キー|主键)$/i],
  ["columns", /^(?:(?:important |key |main |other )?(?:columns|fields)|カラム)$/i],
  ["further", /^(?:timestamps?|soft delete)$/i],
  ["fks", /^(?:fks?|foreign keys?|外部キー|外键)$/i],
  ["indexes", /^(?:indexes|indices|index|インデックス|索引)$/i],
  ["uniques", /^(?:unique|unique constraints?|constraints?)$/i],
];

function keyedItems(list: ListBlock): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of list.items) {
    const label = /^[*_`]*([\p{L} ]+?)[*_`]*\s*[:：]/u.exec(item.raw)?.[1] ?? "";
    const key = keys.find(([, words]) => words.test(label.trim()))?.[0];
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}

function summaryColumns(keyed: ReadonlyMap<string, readonly Item[]>): FieldRow[] {
  const rows = new Map<string, FieldRow>();
  const add = (name: string, constraints: string, line: number): void => {
    const known = rows.get(name);
    rows.set(name, {
      name,
      type: "",
      required: undefined,
      description: "",
      default: "",
      location: "",
      line,
      constraints: `${known?.constraints ?? ""} ${constraints}`,
    });
  };
  for (const item of keyed.get("pk") ?? []) for (const name of namesIn(item.raw)) add(name, "PK", item.line);
  for (const item of [...(keyed.get("columns") ?? []), ...(keyed.get("further") ?? [])])
    for (const name of namesIn(item.raw)) add(name, "", item.line);
  for (const item of keyed.get("fks") ?? []) {
    for (const [, name = "", target = ""] of plainText(item.raw).matchAll(/(\w+)\s*(?:->|→)\s*([\w.]+)/g))
      add(name, `FK → ${target}`, item.line);
  }
  return [...rows.values()];
}

function namesIn(raw: string): string[] {
  const text = raw.slice(raw.search(/[:：]/) + 1);
  return fieldNames(text.replace(/composite|[()]/g, " ")).filter((name) => !/^(?:none|no|yes)$/i.test(name));
}

function keyedConstraints(list: ListBlock): SqlLine[] {
  return (keyedItems(list).get("uniques") ?? []).flatMap((item) => {
    const columns = namesIn(item.raw);
    return columns.length > 0 ? [{ text: `UNIQUE (${columns.map(sqlName).join(", ")})`, line: item.line }] : [];
  });
}

function readKeyedIndexes(reading: MarkdownReading, section: Section, list: ListBlock, table: string): void {
  for (const item of keyedItems(list).get("indexes") ?? []) {
    const text = item.raw.slice(item.raw.search(/[:：]/) + 1).trim();
    if (text !== "") readNote({ reading, section, table, label: "indexes" }, text, item.line);
  }
}

function readNotes(reading: MarkdownReading, section: Section, known: ReadonlySet<string>): void {
  let label = "";
  for (const block of section.blocks) {
    if (block.type === "paragraph") {
      const context: NoteContext = { reading, section, table: tableOfSection(section, known), label };
      for (const [index, line] of block.raw.split("\n").entries()) readLine(context, line, block.line + index);
      label = plainText(block.raw.split("\n").at(-1) ?? "");
    }
    if (reading.used.has(block)) continue;
    const context: NoteContext = { reading, section, table: tableOfSection(section, known), label };
    const isRead =
      (block.type === "table" && (readPolicyTable(context, block) || readNoteTable(context, block))) ||
      (block.type === "list" && topicOf(reading, section) === "database" && readItems(context, block.items));
    if (isRead) reading.used.add(block);
  }
}

function readItems(context: NoteContext, items: readonly Item[]): boolean {
  const isRead = (item: Item): boolean =>
    readPolicySentence(context, item.raw, item.line) ||
    readPolicyItem(context, item) ||
    readNote(context, item.raw, item.line);
  return items.filter(isRead).length > 0;
}

/** `Indexes: (a), (b)` and `UNIQUE (a, b)` in a line of its own. */
function readLine(context: NoteContext, line: string, at: number): void {
  if (readPolicySentence(context, line, at) || readLabelledLine(context, line, at) || context.table === undefined)
    return;
  if (
    /^[`*]*(?:UNIQUE|CHECK|PRIMARY KEY|FOREIGN KEY|EXCLUDE)\b/.test(line) &&
    readNote({ ...context, label: "constraint" }, line, at)
  )
    return;
  readWordedNote(context, line, at);
}

function readLabelledLine(context: NoteContext, line: string, at: number): boolean {
  const labelled = /^[*_`]*([\p{L} ]{3,20})[*_`]*\s*[:：][*_]*\s*(.+)$/u.exec(line);
  return labelled?.[2] !== undefined && readNote({ ...context, label: labelled[1] ?? "" }, labelled[2], at);
}
