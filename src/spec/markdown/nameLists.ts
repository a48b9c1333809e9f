import { addDrawnModel } from "./diagramBlocks.ts";
import { type Block, headingPath, type Item, type ListBlock, type Section, type TableBlock } from "./document.ts";
import { readHeaders } from "./headers.ts";
import { type MarkdownReading, topicOf } from "./reading.ts";
import { entityNameIn, isPartHeading } from "./subjects.ts";
import { cellAt, codeSpans, plainText, withoutNumber } from "./text.ts";

/**
 * Reads the tables and entities that a document only names: `Table | Purpose`, or bare names in a
 * list. They become entities without fields, so that nobody takes the design for complete; merging
 * drops those that another passage or document describes.
 */
export function readNameLists(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    const topic = topicOf(reading, section);
    if (topic !== "database" && topic !== "domain") continue;
    readNamedHeading(reading, section, topic === "database");
    for (const [index, block] of section.blocks.entries()) {
      const label = section.blocks[index - 1];
      if (!reading.used.has(block)) readNames(reading, section, block, label?.type === "paragraph" ? label.raw : "");
    }
  }
}

const groupHeading =
  /^(?:core |main |domain |database )?(?:tables|table definitions|entit(?:y|ies)|aggregates?|value objects?|テーブル(?:一覧|定義)?|エンティティ|集約|値オブジェクト|实体|聚合|值对象|数据表|таблицы|сущности|агрегаты|tablas|tabelas|entidades|entités|테이블|엔티티)$/iu;

/** A heading of its own under "Tables" or "Entities" names one, also where only prose describes it. */
function readNamedHeading(reading: MarkdownReading, section: Section, isDatabase: boolean): void {
  const group = section.parent === undefined ? "" : withoutNumber(section.parent.title);
  const isDescribed = section.blocks.length > 0 && section.blocks.every((block) => block.type === "paragraph");
  const isGroup = reading.document.sections.some((other) => other.parent === section);
  if (!groupHeading.test(group) || !isDescribed || isGroup || isPartHeading(section.title)) return;
  if (/\b(?:superseded|removed|dropped|deprecated|replaced)\b/i.test(section.title)) return;
  const name = isDatabase ? codeName(section) : entityNameIn(section);
  if (name === undefined) return;
  const isValueObject = /value objects?|値オブジェクト|值对象/i.test(group);
  addDrawnModel(reading, { name, line: section.line, rows: [] }, isValueObject);
}

function codeName(section: Section): string | undefined {
  return /^`([A-Za-z_][\w.]*)`(?:\s*[(（].*)?$/.exec(withoutNumber(section.raw))?.[1];
}

/** Shares of the items: from this one on a list is one of names, from the other on it may be a spoilt one. */
const enoughNames = 0.8;
const someNames = 0.3;

function readNames(reading: MarkdownReading, section: Section, block: Block, label: string): void {
  const names = namesIn(section, block, plainText(label));
  if (names.length === 0) return;
  reading.used.add(block);
  if (block.type === "list" && names.length < block.items.length * enoughNames) {
    const text = `${names.length} of the ${block.items.length} items are names of their own, which is too few for a list of tables or entities`;
    reading.prose.notUnderstood.push({ path: reading.path, line: block.line, text });
    return;
  }
  for (const { name, line } of names) addDrawnModel(reading, { name, line, rows: [] }, false);
  if (block.type !== "list") return;
  const lines = new Set(names.map((name) => name.line));
  const odd = block.items.filter((item) => !lines.has(item.line));
  reading.prose.notUnderstood.push(
    ...odd.map(({ raw, line }) => ({ path: reading.path, line, text: `"${raw}" in a list of names` })),
  );
}

interface PlacedName {
  readonly name: string;
  readonly line: number;
}

function namesIn(section: Section, block: Block, label: string): PlacedName[] {
  if (block.type === "table") return namesInTable(block);
  return block.type === "list" ? namesInList(section, block, label) : [];
}

const nameColumn =
  /(?:^|\s)(?:tables?|entit(?:y|ies)|テーブル名?|エンティティ|表名?|таблиц[аы]|tablas?|tabelas?|테이블)$/iu;

/** The columns whose header says tables; the others may only describe them. */
function namesInTable(table: TableBlock): PlacedName[] {
  const columns = table.header.flatMap((title, index) => (nameColumn.test(title) ? [index] : []));
  const headers = readHeaders(table.header);
  if (columns[0] !== 0 || table.header.length - columns.length > 3) return [];
  if (headers.has("columns") || headers.has("index") || headers.has("policy") || headers.has("type")) return [];
  return table.rows.flatMap((row) =>
    columns.flatMap((column) => {
      const cell = cellAt(row.cells, column);
      const names = codeSpans(cell).length > 0 ? codeSpans(cell) : [plainText(cell)];
      return names.filter(isName).map((name) => ({ name, line: row.line }));
    }),
  );
}

const listHeading =
  /\b(?:entit(?:y|ies)|aggregates?|domain objects|value objects|tables|schema areas)\b|エンティティ|テーブル一覧|实体|数据表|сущност|таблиц|entidades|tablas|tabelas|엔티티/iu;
/** Where names in lower case are tables and not roles, states or settings. */
const tableHeading = /\b(?:tables?|schema|database)\b|テーブル|数据表|数据库|таблиц|tablas|tabelas|테이블/iu;
const otherHeading =
  /\b(?:relationships?|rules?|invariants?|index(?:es)?|polic(?:y|ies)|events?|notes?|principles?|retention|naming|migrations?|security|permissions?|states?|status(?:es)?|enums?)\b|関係|关系|связи/i;

/** What can be done with a thing is listed like things are. */
const useCases = /\b(?:use cases?|user actions|commands)\b/i;

/** ``- `Tenant`: who pays`` and `- Tenant`, when the items of the list are names; one or two may be spoilt. */
function namesInList(section: Section, list: ListBlock, label: string): PlacedName[] {
  const headings = [...headingPath(section).map((heading) => heading.title), label];
  const isLabelled = listHeading.test(label) && /[:：]$/.test(label);
  const isOther = useCases.test(section.title) || headings.slice(1).some((title) => otherHeading.test(title));
  const areQualified = list.items.every((item) => /^`[a-z_]+\.[a-z_]+`/.test(item.raw));
  const isSchema = areQualified && headings.some((title) => tableHeading.test(title));
  if (!isLabelled && !isSchema && (isOther || !headings.some((title) => listHeading.test(title)))) return [];
  const names = list.items.flatMap((item) => nameOfItem(item) ?? []);
  const areTables = headings.some((title) => tableHeading.test(title));
  const fit = names.filter(({ name }) => areTables || /^[A-Z]/.test(name));
  return fit.length >= list.items.length * someNames ? fit : [];
}

const listedName =
  /^(?:(?:\*\*|__)?`([A-Za-z_][\w.]*)`(?:\*\*|__)?|(?:\*\*|__)([A-Z]\w*)(?:\*\*|__)|([A-Z][A-Za-z0-9]+))\s*(?:$|[:：—–-]\s|\()/;

function nameOfItem(item: Item): PlacedName | undefined {
  const match = listedName.exec(item.raw);
  const name = match?.[1] ?? match?.[2] ?? (match && /^\w+$/.test(item.raw) ? match[3] : undefined);
  return name === undefined ? undefined : { name, line: item.line };
}

function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text);
}
