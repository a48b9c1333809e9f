import { createFragment } from "../fragment.ts";
import type { Table } from "../model.ts";
import { createNameRegistry } from "../sql/names.ts";
import { readOutlinedTable } from "./columnTables.ts";
import type { Block, Section } from "./document.ts";
import { type FieldRow, readFieldItem, readFieldTable } from "./fieldTables.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";
import { codeSpans, plainText } from "./text.ts";

/**
 * "Every table has `id`, `created_at` and `updated_at`": adds these columns to the tables
 * that the document outlines without them. Tables in a schema language are complete and stay as they are.
 */
export function addImpliedColumns(reading: MarkdownReading, outlined: ReadonlySet<string>): void {
  const implied = reading.document.sections.flatMap((section) =>
    topicOf(reading, section) === "api" ? [] : impliedIn(reading, section),
  );
  if (implied.length === 0) return;
  const { tables } = reading.prose;
  for (const [index, table] of tables.entries()) {
    if (!outlined.has(table.name)) continue;
    const own = implied.filter(({ exceptions }) => !exceptions.has(table.name)).flatMap(({ rows }) => rows);
    tables[index] = withColumns(reading, table, own);
  }
}

interface Implied {
  readonly rows: readonly FieldRow[];
  readonly exceptions: ReadonlySet<string>;
}

/** A narrower subject ("all mutable tables") is not every table. */
const everyTable =
  /\b(?:every|each|all(?: of)?(?: the)?)\s+(?:database |db |other )?(?:tables?|models?|relations?)\b|全(?:ての)?テーブル|すべてのテーブル|各テーブル|所有表|每张表|每个表|모든 테이블|(?:все|каждая) таблиц|todas las tablas|todas as tabelas|toutes les tables|(?:jede|alle) tabellen?\b/i;
const has =
  /\b(?:has|have|includes?|carry|carries|contains?|shares?|gets?|with)\b|持つ|持ち|共通|含む|包含|都有|가진|포함|имеют|имеет|содерж|tienen|têm|possuem|incluyen|contiennent|ont\b|haben|hat\b/i;
const commonHeading =
  /^(?:\W|\d)*(?:common|standard|base|shared|audit|default|implicit)\s+(?:table\s+)?(?:columns|fields|attributes)\b|共通(?:カラム|列|項目|フィールド)|公共字段|通用字段|공통 컬럼|общие (?:поля|столбцы)|(?:columnas|campos) comunes|colunas comuns|colonnes communes/iu;

/** `All tables: …`, `**Every table** – …`: what follows is what they have. */
const labelled = /^(?:\s*\([^()]*\))?[*_]*\s*(?:[:：]|[—–-]\s)/;

/** `Common columns: …`, `Standard fields (on every table): …`. */
const commonLabel =
  /^[*_\s]*(?:common|standard|base|shared|audit|default|implicit)\s+(?:table\s+)?(?:columns|fields|attributes)\b(?=[^.:`]{0,40}:)/i;

function impliedIn(reading: MarkdownReading, section: Section): Implied[] {
  const isCommon = commonHeading.test(section.title);
  return section.blocks.flatMap((block, index): Implied[] => {
    const before = section.blocks[index - 1];
    const label = before?.type === "paragraph" ? plainText(before.raw) : "";
    const isAnnounced = isCommon || (everyTable.test(label) && has.test(label) && /[:：]\s*$/.test(label));
    if (isAnnounced && !reading.used.has(block)) {
      const rows = rowsOf(block);
      if (rows.length > 0) {
        reading.used.add(block);
        return [{ rows, exceptions: exceptionsIn(label) }];
      }
    }
    return sentencesOf(block).flatMap(({ text, line }) => impliedBySentence(text, line));
  });
}

function rowsOf(block: Block): FieldRow[] {
  if (block.type === "table") return readFieldTable(block) ?? [];
  return block.type === "list"
    ? block.items.flatMap((item) => readFieldItem(item) ?? columnsIn(item.raw, item.line))
    : [];
}

function sentencesOf(block: Block): { readonly text: string; readonly line: number }[] {
  if (block.type === "list") return block.items.map((item) => ({ text: item.raw, line: item.line }));
  if (block.type !== "paragraph") return [];
  const lines = block.raw.split("\n");
  return lines.flatMap((line, index) =>
    sentencesFrom(line, lines[index + 1] ?? "").map((text) => ({ text, line: block.line + index })),
  );
}

/** The sentences that begin in a line; the last of them may end in the next one. */
function sentencesFrom(line: string, next: string): string[] {
  const starts = [0, ...[...line.matchAll(/[.。]\s+(?=[A-Z*_])/g)].map(({ index, 0: end }) => index + end.length)];
  return starts.map((start) => `${line.slice(start)} ${next}`);
}

function impliedBySentence(text: string, line: number): Implied[] {
  const [whole = ""] = text.split(/(?<=[.。])\s+(?=[A-Z*_])/);
  // "Unless noted otherwise" in front makes no exception that could be named.
  const sentence = whole.replace(/^\W*(?:unless|except)\b[^,`]*,\s*/i, "");
  const subject = everyTable.exec(sentence) ?? commonLabel.exec(sentence);
  if (!subject || subject.index > 60) return [];
  // "Every table with a `tenant_id`: …" is about some of them.
  if (
    /^[*_]*\s+(?:with|having|that ha(?:s|ve))\b[^:：]*`\w+`[^:：`]*[:：]/i.test(
      sentence.slice(subject.index + subject[0].length),
    )
  )
    return [];
  if (!has.test(sentence) && !labelled.test(sentence.slice(subject.index + subject[0].length))) return [];
  const [before = "", after = ""] = sentence.split(exception);
  const rows = columnsIn(before, line);
  // "All tables except `tags` have …" names its exceptions in front of the columns.
  const verb = rows.length === 0 ? has.exec(after) : null;
  const listed = verb ? columnsIn(after.slice(verb.index), line) : rows;
  const excepted = verb ? codeSpans(after.slice(0, verb.index)) : codeSpans(after);
  return listed.length > 0 ? [{ rows: listed, exceptions: new Set(excepted) }] : [];
}

const exception =
  /\b(?:except|unless|other than|apart from|aside from)\b|を除|除外|除了|кроме|excepto|salvo|exceto|sauf|außer/i;

function exceptionsIn(text: string): Set<string> {
  const at = text.search(exception);
  return new Set(at === -1 ? [] : codeSpans(text.slice(at)));
}

const typedSpan = /^([a-z_][a-z0-9_]*)(?:\s*:\s*|\s+|$)([a-z].*)?$/;

const markedColumn =
  /`([^`]+)`(?:\s*[(（]((?:[^()（）]|\([^()]*\))*)[)）]|\s+((?:uuid|text|varchar|timestamp|timestamptz|date|big(?:int|serial)|integer|int|boolean|jsonb)\b[^,;.`]*))?/gi;

/** ``a `created_at` (timestamptz), `deleted_at timestamptz NULL`, `id` uuid``: only marked names are columns. */
function columnsIn(text: string, line: number): FieldRow[] {
  return [...text.matchAll(markedColumn)].flatMap(([, span = "", note = "", behind = ""]): FieldRow[] => {
    const [, name = "", type = ""] = typedSpan.exec(span.trim()) ?? [];
    const said = `${type} ${note} ${behind}`.replaceAll("`", "").trim();
    const isColumn = name !== "" && !/^(?:uuid|text|now|null|true|false|timestamptz?|bigint|serial|jsonb)$/.test(name);
    return isColumn ? [{ ...empty, name, type: said, constraints: said, line }] : [];
  });
}

const empty = { required: undefined, description: "", default: "", location: "" };

function withColumns(reading: MarkdownReading, table: Table, rows: readonly FieldRow[]): Table {
  const missing = rows.filter((row) => !table.columns.some((column) => column.name === row.name));
  const hasKey = table.constraints.some((constraint) => constraint.type === "primaryKey");
  const keyed = missing.map((row) =>
    row.name === "id" && !hasKey ? { ...row, constraints: `${row.constraints} PK` } : row,
  );
  const into = createFragment(reading.path, reading.prose.rank);
  const outlined = { name: table.name, line: table.source.line, rows: keyed, constraints: [] };
  const [read] = readOutlinedTable({ path: reading.path, names: createNameRegistry() }, outlined, into)
    ? into.tables
    : [];
  if (!read) return table;
  const [keys, others] = [
    read.columns.filter(({ name }) => name === "id"),
    read.columns.filter(({ name }) => name !== "id"),
  ];
  const constraints = read.constraints
    .filter(({ type }) => type !== "primaryKey" || !hasKey)
    .map((constraint) => ({ ...constraint, confidence: "inferred" as const }));
  return {
    ...table,
    columns: [...keys, ...table.columns, ...others],
    constraints: [...table.constraints, ...constraints],
  };
}
