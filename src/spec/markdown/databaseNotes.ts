import type { Table } from "../model.ts";
import { constraintInProse, type ProseConstraint } from "./constraintProse.ts";
import { headingPath, type Row, type Section, type TableBlock } from "./document.ts";
import { yesOrNo } from "./errorTables.ts";
import { readComposed, sqlName } from "./generatedSql.ts";
import { type Headers, readHeaders } from "./headers.ts";
import { indexInProse } from "./indexProse.ts";
import type { MarkdownReading } from "./reading.ts";
import { tableNameIn } from "./subjects.ts";
import { cellAt, isBlank, plainText } from "./text.ts";
import { splitTop } from "./typeText.ts";

/** Indexes and constraints that stand in lists, lines and tables of a database design. */
export interface NoteContext {
  readonly reading: MarkdownReading;
  readonly section: Section;
  /** Table that the notes belong to unless they name another. */
  readonly table: string | undefined;
  readonly label: string;
}

const indexLabel = /index|indices|インデックス|索引|индекс|índice|인덱스|indi[zc]es/i;
const constraintLabel = /constraint|unique|checks?\b|制約|约束|ограничени|restriccion|restriç/i;
const indexName = /(?:^|_)(?:idx|ix|index|uq|uniq|uidx|gin|gist)(?:_|$)/i;

/** One line that may describe an index or a constraint; false when it does neither. */
export function readNote(context: NoteContext, raw: string, line: number): boolean {
  const text = plainText(raw).replace(/[.。;]$/, "");
  const topic = `${context.label} ${context.section.title}`;
  if (/^CREATE (?:UNIQUE )?INDEX\b/i.test(text)) return compose(context, text, line);
  if (/\b(?:CHECK|UNIQUE|PRIMARY KEY|FOREIGN KEY|EXCLUDE)\b.*\(/.test(text) && !indexLabel.test(context.label)) {
    return constraintLabel.test(topic) && readConstraintNote(context, text, line);
  }
  const first = /^[\w.]+/.exec(text)?.[0] ?? "";
  const isIndex = indexLabel.test(topic) || indexName.test(first);
  return (isIndex && readIndexNote(context, text, line)) || readWordedNote(context, raw, line);
}

/** A sentence: "Partial index on `a` where …", "the combination of `a` and `b` must be unique". */
export function readWordedNote(context: NoteContext, raw: string, line: number): boolean {
  const table = context.reading.prose.tables.find(({ name }) => name === context.table);
  if (!table) return false;
  const known = table.columns.map((column) => column.name);
  const index = indexInProse(raw, known);
  if (index) return createIndex(context, index, line);
  const expression = /^\W*unique\W*\((.*\w\(.*\).*)\)\W*$/i.exec(plainText(raw.split(". ")[0] ?? ""))?.[1];
  if (expression !== undefined) return createIndex(context, { unique: true, columns: expression }, line);
  const constraint = constraintInProse(raw, known);
  return constraint !== undefined && !isKnown(context, table, constraint) && addConstraint(context, constraint, line);
}

/** Sentences repeat what the columns say; a key that is only implied gives way to one in words. */
function isKnown({ reading }: NoteContext, table: Table, { type, columns }: ProseConstraint): boolean {
  const added = reading.prose.tableChanges.flatMap(({ table: name, change }) =>
    name === table.name && change.type === "addConstraint" ? [change.constraint] : [],
  );
  return [...table.constraints, ...added].some(
    (own) =>
      own.type === type &&
      own.confidence === "declared" &&
      own.columns.length === columns.length &&
      columns.length > 0 &&
      columns.every((name) => own.columns.includes(name)),
  );
}

function addConstraint(context: NoteContext, constraint: ProseConstraint, line: number): boolean {
  const { type, columns, definition, where } = constraint;
  if (where !== undefined) return createIndex(context, { unique: true, columns: columns.join(", "), where }, line);
  const { tables } = context.reading.prose;
  for (const [index, table] of tables.entries()) {
    if (type !== "primaryKey" || table.name !== context.table) continue;
    const constraints = table.constraints.filter((own) => own.type !== type || own.confidence === "declared");
    tables[index] = { ...table, constraints };
  }
  return compose(context, `ALTER TABLE ${sqlName(context.table ?? "")} ADD ${definition}`, line);
}

function compose(context: NoteContext, sql: string, line: number): boolean {
  return readComposed(context.reading, [{ text: sql, line }], context.reading.prose);
}

const namedConstraint =
  /^(?:`?(\w+)`?(?:\s*[:：—–-]+\s*|\s+))?((?:CHECK|UNIQUE|PRIMARY KEY|FOREIGN KEY|EXCLUDE)\b.*)$/i;

function readConstraintNote(context: NoteContext, text: string, line: number): boolean {
  const match = namedConstraint.exec(text);
  const definition = match?.[2];
  if (context.table === undefined || definition === undefined) return false;
  const name = match?.[1] === undefined ? "" : `CONSTRAINT ${sqlName(match[1])} `;
  const candidates = [definition, definition.replace(/\)[^)]*$/, ")")];
  return candidates.some((candidate) =>
    compose(context, `ALTER TABLE ${sqlName(context.table ?? "")} ADD ${name}${candidate}`, line),
  );
}

/** An index as a line of the document gives it; brackets inside `columns` may stand for themselves. */
export interface IndexNote {
  readonly name?: string | undefined;
  readonly table?: string | undefined;
  readonly unique: boolean;
  readonly method?: string | undefined;
  readonly columns: string;
  readonly where?: string | undefined;
}

const bracketed = /^([^()]*)\((.+?)\)(?:\s*,?\s*where\s+([^—–]+?))?(?:\s*[—–:].*|\s+-\s.*|\s*\(.*|\s*,\s+[a-z].*)?$/i;

function readIndexNote(context: NoteContext, text: string, line: number): boolean {
  const isTable = tablesOf(context.reading);
  const parts = splitTop(text.split(/\.\s+(?=\p{Lu})/u)[0] ?? "", ",");
  const listed = parts.every((part) => part.includes("(")) ? parts : text.split(/,\s*(?=(?:unique\s*)?\()/i);
  const notes = listed.map((note) => parseIndexNote(note, isTable));
  // Outside the section of a table, what stands before a bracket may be any word.
  const isPlaced = ({ table }: IndexNote): boolean => context.table !== undefined || isTable(table ?? "");
  return notes.filter((note) => note && isPlaced(note) && createIndex(context, note, line)).length > 0;
}

type IsTable = (name: string) => boolean;

function tablesOf({ prose, sql }: MarkdownReading): IsTable {
  const names = new Set([...prose.tables, ...sql.tables].map(({ name }) => name.toLowerCase()));
  return (name) => names.has(name.toLowerCase());
}

/**
 * Name and table of an index from what stands before its columns. Of a sentence, only a table that the document has:
 * `Common query indexes: trips(user_id)`, but nothing of `Indexes on frequently filtered columns (status)`.
 */
function ownerIn(before: string, isTable: IsTable): Pick<IndexNote, "name" | "table"> {
  const words = before
    .replace(/\b(?:unique|partial|composite|index|on|auf|eindeutiger?|gin|gist|btree|b-tree|for)\b|[:：—–-]/gi, " ")
    .split(/\s+/)
    .filter((word) => /^[A-Za-z_][\w.]*$/.test(word));
  const [first] = words;
  const isNamed = first !== undefined && (indexName.test(first) || (words.length === 2 && /\bon\b/i.test(before)));
  const others = isNamed ? words.slice(1) : words;
  const table = others.at(-1);
  const isPlaced = others.length === 1 && (before.endsWith(table ?? "") || /\b(?:on|auf)\s+\S+\s*$/i.test(before));
  const isOwner = table !== undefined && (isPlaced || isTable(table));
  return { name: isNamed ? first : undefined, table: isOwner ? table : undefined };
}

/** What stands directly before a bracket that holds no columns: `lower(email)`. */
const sqlFunction =
  /\b(lower|upper|trim|date|date_trunc|coalesce|md5|left|right|to_tsvector|extract|length|abs|substring|unaccent|concat|jsonb_\w+|st_\w+)$/i;

/** `idx_orders_status ON orders (status)`, `orders (status) WHERE …`, `unique (a, b)`, `idx_a: a, b`. */
function parseIndexNote(text: string, isTable: IsTable): IndexNote | undefined {
  const match = bracketed.exec(balanced(text));
  if (!match) return parseBareNote(text);
  const [, before = "", columns = "", where] = match;
  const method = /using\s+(\w+)/i.exec(before)?.[1] ?? /\b(gin|gist|hash|brin)\b/i.exec(text)?.[1]?.toLowerCase();
  const call = sqlFunction.exec(before)?.[1];
  const owner = before.replace(/using\s+\w+\s*$/i, "").replace(call === undefined ? "" : sqlFunction, "");
  return {
    ...ownerIn(/\bindex\s+on\s*$/i.test(owner) && !indexName.test(owner) ? "" : owner, isTable),
    unique: /\bunique\b|ユニーク|唯一|eindeutig/i.test(text),
    method,
    // `idx_users_email on lower(email)`: the bracket belongs to the expression.
    columns: call === undefined ? columns : `${call}(${columns})`,
    where,
  };
}

/** The text up to the bracket that closes the first one, with what follows. */
function balanced(text: string): string {
  const open = text.indexOf("(");
  let depth = 0;
  for (let at = open; at !== -1 && at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) {
      return `${text.slice(0, open)}(${text
        .slice(open + 1, at)
        .replaceAll("(", "\u0001")
        .replaceAll(")", "\u0002")})${text.slice(at + 1)}`;
    }
  }
  return text;
}

const bareColumns = /^(\w+)\s*[:：—–-]+\s*((?:\w+)(?:\s*,\s*\w+)*)\s*(?:[(—–].*)?$/;

function parseBareNote(text: string): IndexNote | undefined {
  const match = bareColumns.exec(text);
  if (!match || !indexName.test(match[1] ?? "")) return undefined;
  return { name: match[1], unique: /\bunique\b/i.test(text), columns: match[2] ?? "" };
}

function createIndex(context: NoteContext, note: IndexNote, line: number): boolean {
  const table = note.table ?? context.table;
  if (table === undefined) return false;
  const restore = (text: string): string => text.replaceAll("\u0001", "(").replaceAll("\u0002", ")");
  const name = note.name === undefined ? "" : ` ${sqlName(note.name)}`;
  const method = note.method === undefined ? "" : ` USING ${note.method}`;
  const parts = splitTop(restore(note.columns), ",").map(indexPart).join(", ");
  const start = `CREATE${note.unique ? " UNIQUE" : ""} INDEX${name} ON ${sqlName(table)}${method} (${parts})`;
  const where = note.where === undefined ? undefined : `${start} WHERE ${restore(note.where)}`;
  return (where !== undefined && compose(context, where, line)) || compose(context, start, line);
}

/** A column keeps its case like in the table; an expression stays as it is written. */
function indexPart(text: string): string {
  const [, column, rest = ""] = /^\s*([A-Za-z_]\w*)((?:\s+\w+)*)\s*$/.exec(text) ?? [];
  return column === undefined ? text : `${sqlName(column)}${rest}`;
}

/** A table of indexes by its heading, whose rows are not columns. */
export function listsIndexes(section: Section, { header }: TableBlock): boolean {
  return indexLabel.test(section.title) && readHeaders(header).has("columns");
}

/** `Index | Table | Columns | Type | Where` and `Constraint | Definition`, in any order of columns. */
export function readNoteTable(context: NoteContext, table: TableBlock): boolean {
  const headers = readHeaders(table.header);
  if (headers.has("index") || listsIndexes(context.section, table))
    return table.rows.filter((row) => readIndexRow(context, headers, row)).length > 0;
  const definition = headers.find("predicate", "constraints");
  if (!constraintLabel.test(`${context.section.title} ${context.label}`) || definition === undefined) return false;
  const owner = headers.find("table");
  return (
    table.rows.filter((row) => {
      const name = isBlank(cellAt(row.cells, owner)) ? context.table : plainText(cellAt(row.cells, owner));
      const text = row.cells
        .map(plainText)
        .find((cell) => /\b(?:CHECK|UNIQUE|PRIMARY KEY|FOREIGN KEY)\b.*\(/i.test(cell));
      const own = plainText(row.cells[0] ?? "");
      const named = text !== undefined && text !== own && /^\w+$/.test(own) ? `${own}: ${text}` : text;
      return named !== undefined && readConstraintNote({ ...context, table: name }, named, row.line);
    }).length > 0
  );
}

function readIndexRow(context: NoteContext, headers: Headers, row: Row): boolean {
  const text = (index: number | undefined): string => plainText(cellAt(row.cells, index));
  const nameColumn = headers.find("index", "field", "code");
  const columnsColumn = headers.find("columns") === nameColumn ? undefined : headers.find("columns");
  const name = text(nameColumn);
  const columns = text(columnsColumn);
  const owner = text(headers.find("table"));
  const parsed =
    owner === "" || columns === ""
      ? parseIndexNote(columns.includes("(") ? columns : name, tablesOf(context.reading))
      : undefined;
  const bare = bareIndex(columns);
  const type = text(headers.find("type", "key"));
  const where = text(headers.find("where")).replace(/^where\s+/i, "");
  const ownName = /^\w+$/.test(name) ? name : undefined;
  const note: IndexNote = {
    name: columnsColumn === undefined ? parsed?.name : ownName,
    table: owner === "" ? parsed?.table : owner,
    unique: yesOrNo(text(headers.find("unique"))) ?? /unique/i.test(`${type} ${columns}`),
    method: /\b(gin|gist|hash|brin)\b/i.exec(type)?.[1]?.toLowerCase() ?? parsed?.method,
    columns: parsed?.columns ?? bare.columns,
    where: isBlank(where) ? (parsed?.where ?? bare.where ?? partialIn(type)) : where,
  };
  return note.columns !== "" && createIndex(context, note, row.line);
}

/** `B-tree (partial: deleted_at IS NULL)`. */
function partialIn(type: string): string | undefined {
  return /\bpartial\s*[:：]\s*([^()]+)/i.exec(type)?.[1]?.trim();
}

/** A cell that holds only the columns: `(a, b) WHERE c`. */
function bareIndex(columns: string): { readonly columns: string; readonly where: string | undefined } {
  const [list = "", where] = columns.split(/\s*\bwhere\b\s*/i);
  return { columns: list.replace(/^\((.*)\)$/, "$1"), where };
}

/** The table whose indexes or rules a section lists: the nearest heading that names one already read. */
export function tableOfSection(section: Section, known: ReadonlySet<string>): string | undefined {
  const names = headingPath(section).map(tableNameIn);
  return names.findLast((name) => name !== undefined && known.has(name));
}
