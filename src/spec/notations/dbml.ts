import { type Excerpt, spanAt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { readOutlinedTable } from "../markdown/columnTables.ts";
import { snakeCase } from "../markdown/columnText.ts";
import type { FieldRow } from "../markdown/fieldTables.ts";
import { readComposed, type SqlLine, type SqlOrigin, sqlName } from "../markdown/generatedSql.ts";
import {
  joinedLines,
  type NotationBlock,
  notationBlocks,
  noteText,
  openBlockProblems,
  settingsIn,
  unquoted,
} from "./notationBlocks.ts";

/** Reads the tables, enums, references, indexes and notes of a DBML text; other blocks of it say nothing of the database. */
export function readDbml(origin: SqlOrigin, excerpt: Excerpt, into: Fragment): void {
  const blocks = notationBlocks(excerpt, /^(?:Table|Enum|Ref)\b/i);
  into.problems.push(...openBlockProblems(excerpt.path, blocks));
  const references: SqlLine[] = [];
  const tables = new Set(blocks.flatMap((block) => tableNameOf(block) ?? []));
  const aliases = new Map(blocks.flatMap(aliasOf));
  for (const block of blocks) if (/^Enum\b/i.test(block.head)) readEnum(excerpt, block, into);
  for (const block of blocks) {
    if (/^Table\b/i.test(block.head)) references.push(...readTable({ origin, into, tables, aliases }, block));
    else if (/^Ref\b/i.test(block.head)) {
      const [, label = "", rest = ""] = /^Ref\b\s*([^:{]*?)\s*(?::(.*))?$/i.exec(block.head) ?? [];
      for (const line of [{ text: rest, line: block.line }, ...joinedLines(block.lines)])
        references.push(...referenceLine(line, { aliases, label: unquoted(label) }));
    }
  }
  for (const reference of references) readComposed(origin, [reference], into);
}

/** `Table core.users as U`. */
function aliasOf(block: NotationBlock): [alias: string, table: string][] {
  const table = tableNameOf(block);
  const alias = /\bas\s+("[^"]+"|\w+)/i.exec(block.head)?.[1];
  return table === undefined || alias === undefined ? [] : [[unquoted(alias), table]];
}

const name = String.raw`(?:"[^"]+"|[\w.]+)(?:\."[^"]+")?`;

function readEnum(excerpt: Excerpt, block: NotationBlock, into: Fragment): void {
  const declared = new RegExp(`^Enum\\s+(${name})`, "i").exec(block.head)?.[1];
  const values = block.lines
    .flatMap(({ text }) => text.replace(/\[[^\]]*\]/g, "").match(/"[^"]+"|[\w-]+/g) ?? [])
    .map(unquoted);
  if (declared === undefined || values.length === 0) return;
  into.enums.push({ name: snakeCase(unquoted(declared)), values, source: spanAt(excerpt, block.start, block.end) });
}

interface DbmlReading {
  readonly origin: SqlOrigin;
  readonly into: Fragment;
  /** Names of all tables: a column of such a type is a relation that a generator wrote down. */
  readonly tables: ReadonlySet<string>;
  readonly aliases: Aliases;
}

type Aliases = ReadonlyMap<string, string>;

function tableNameOf(block: NotationBlock): string | undefined {
  const declared = new RegExp(`^Table\\s+(${name})`, "i").exec(block.head)?.[1];
  return declared === undefined ? undefined : unquoted(declared);
}

/** Adds the table with its indexes; the references stand behind all tables, like in a script. */
function readTable({ origin, into, tables, aliases }: DbmlReading, block: NotationBlock): SqlLine[] {
  const table = tableNameOf(block);
  if (table === undefined) return [];
  const { columns, indexes, checks, notes } = partsOf(joinedLines(block.lines));
  const rows = columns.flatMap(columnRow).filter((row) => !tables.has(row.type.replace(/\[\]$/, "")));
  const keys = indexes.filter((line) => /\[[^\]]*\bpk\b/i.test(line.text));
  const constraints = keys.map((line) => ({ text: `PRIMARY KEY (${indexColumns(line.text)})`, line: line.line }));
  if (!readOutlinedTable(origin, { name: table, line: block.line, rows, constraints }, into)) return [];
  const rest = [
    ...indexes.filter((index) => !keys.includes(index)).map((index) => indexStatement(table, index)),
    ...[...columns.flatMap(inlineCheck), ...checks].flatMap((check) => checkStatement(table, check)),
    ...notes.slice(0, 1).map((note) => commentStatement(`TABLE ${sqlName(table)}`, note.text, note.line)),
    ...columns.flatMap((line) => columnNote(table, line)),
  ];
  for (const statement of rest) readComposed(origin, [statement], into);
  return columns.flatMap((line) => inlineReference(table, line, aliases));
}

interface TableParts {
  readonly columns: SqlLine[];
  readonly indexes: SqlLine[];
  readonly checks: SqlLine[];
  /** Quoted texts. */
  readonly notes: SqlLine[];
}

/** The lines of a table's body by the block that they stand in. */
function partsOf(lines: readonly SqlLine[]): TableParts {
  const parts: TableParts = { columns: [], indexes: [], checks: [], notes: [] };
  const named: Readonly<Record<string, SqlLine[]>> = { ...parts, note: parts.notes };
  let inside: SqlLine[] | undefined = parts.columns;
  for (const line of lines.flatMap(unfolded)) {
    const opened = /^\s*(\w+)\s*\{\s*$/.exec(line.text)?.[1];
    const note = /^\s*note\s*:(.*)$/i.exec(line.text)?.[1];
    if (opened !== undefined) inside = named[opened.toLowerCase()];
    else if (/^\s*\}/.test(line.text)) inside = parts.columns;
    else if (note !== undefined) parts.notes.push({ ...line, text: note });
    else if (line.text.trim() !== "") inside?.push(line);
  }
  return parts;
}

/** `indexes { (a, b) [pk] }` as the three lines that it may be written in. */
function unfolded(line: SqlLine): SqlLine[] {
  const match = /^(\s*\w+\s*\{)(.*)\}\s*$/.exec(line.text);
  return match ? [match[1], match[2], "}"].map((text = "") => ({ ...line, text })) : [line];
}

const columnLine =
  /^\s*("[^"]+"|[A-Za-z_]\w*)\s+("[^"]+"|[A-Za-z_][\w.]*(?:\s*\([^)]*\))?(?:\[\])?)\s*(?:\[(.*)\])?\s*$/s;

function columnRow({ text, line }: SqlLine): FieldRow[] {
  const match = columnLine.exec(text);
  if (!match?.[1] || !match[2]) return [];
  const settings = settingsIn(match[3] ?? "");
  const words = settings.map((setting) => setting.toLowerCase());
  const setting = (key: string): string =>
    settings
      .find((item) => item.toLowerCase().startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim() ?? "";
  const constraints = [
    words.includes("pk") || words.includes("primary key") ? "PK" : "",
    words.includes("increment") ? "AUTO_INCREMENT" : "",
    words.includes("unique") ? "UNIQUE" : "",
  ];
  return [
    {
      name: unquoted(match[1]),
      type: unquoted(match[2]),
      required: words.includes("not null") || undefined,
      constraints: constraints.join(" "),
      description: "",
      default: setting("default").replace(/^`(.*)`$/, "$1"),
      location: "",
      line,
    },
  ];
}

function indexColumns(text: string): string {
  const listed = text
    .replace(/\s*\[[^\]]*\]\s*$/, "")
    .trim()
    .replace(/^\((.*)\)$/, "$1");
  const parts = listed.split(/\s*,\s*/);
  return parts.map((part) => (/^`.*`$/.test(part) ? `(${part.slice(1, -1)})` : sqlName(unquoted(part)))).join(", ");
}

function indexStatement(table: string, { text, line }: SqlLine): SqlLine {
  const settings = settingsIn(/\[([^\]]*)\]\s*$/.exec(text)?.[1] ?? "");
  const value = (key: string): string | undefined =>
    settings
      .find((setting) => setting.toLowerCase().startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim();
  const unique = settings.some((setting) => /^unique$/i.test(setting)) ? " UNIQUE" : "";
  const named = value("name");
  const method = value("type");
  return {
    text: `CREATE${unique} INDEX${named === undefined ? "" : ` ${sqlName(unquoted(named))}`} ON ${sqlName(table)}${
      method === undefined ? "" : ` USING ${method}`
    } (${indexColumns(text)})`,
    line,
  };
}

/** `` amount int [check: `amount > 0`] ``. */
function inlineCheck({ text, line }: SqlLine): SqlLine[] {
  const settings = settingsIn(columnLine.exec(text)?.[3] ?? "");
  return settings.flatMap((setting) => {
    const check = /^check\s*:\s*(`.*`)$/i.exec(setting)?.[1];
    return check === undefined ? [] : [{ text: check, line }];
  });
}

/** `` `total >= 0` [name: 'total_positive'] ``. */
function checkStatement(table: string, { text, line }: SqlLine): SqlLine[] {
  const [, expression, settings = ""] = /^\s*`(.*)`\s*(?:\[(.*)\])?\s*$/.exec(text) ?? [];
  const named = settingsIn(settings).flatMap((setting) => /^name\s*:\s*(.*)$/i.exec(setting)?.[1] ?? [])[0];
  const constraint = named === undefined ? "" : `CONSTRAINT ${sqlName(unquoted(named))} `;
  return expression === undefined
    ? []
    : [{ text: `ALTER TABLE ${sqlName(table)} ADD ${constraint}CHECK (${expression})`, line }];
}

function columnNote(table: string, { text, line }: SqlLine): SqlLine[] {
  const match = columnLine.exec(text);
  const note = settingsIn(match?.[3] ?? "").flatMap((setting) => /^note\s*:\s*(.*)$/is.exec(setting)?.[1] ?? [])[0];
  if (note === undefined) return [];
  return [commentStatement(`COLUMN ${sqlName(table)}.${sqlName(unquoted(match?.[1] ?? ""))}`, note, line)];
}

function commentStatement(target: string, note: string, line: number): SqlLine {
  return { text: `COMMENT ON ${target} IS '${noteText(note).replaceAll("'", "''")}'`, line };
}

/** `category_id int [ref: > categories.id]`. */
function inlineReference(table: string, { text, line }: SqlLine, aliases: Aliases): SqlLine[] {
  const match = columnLine.exec(text);
  return settingsIn(match?.[3] ?? "").flatMap((setting) => {
    const target = /^ref\s*:\s*(.*)$/i.exec(setting)?.[1];
    if (target === undefined) return [];
    return referenceLine({ text: `${table}.${match?.[1] ?? ""} ${target}`, line }, { aliases, label: "" });
  });
}

const end = String.raw`((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*)\.(\([^)]*\)|"[^"]+"|\w+)`;
const reference = new RegExp(`^\\s*${end}\\s*(<>|[<>-])\\s*${end}\\s*(?:\\[(.*)\\])?\\s*$`);

interface ReferenceContext {
  readonly aliases: Aliases;
  /** Name of the key; empty when it has none. */
  readonly label: string;
}

/** `orders.user_id > users.id [delete: cascade]`; the many side holds the key, of two equals the first one. */
function referenceLine({ text, line }: SqlLine, { aliases, label }: ReferenceContext): SqlLine[] {
  const match = reference.exec(text);
  const [, leftTable = "", leftColumns = "", operator, rightTable = "", rightColumns = "", options = ""] = match ?? [];
  if (!match || operator === "<>") return [];
  const named = (table: string): string => aliases.get(unquoted(table)) ?? table;
  const left = { table: named(leftTable), columns: leftColumns };
  const right = { table: named(rightTable), columns: rightColumns };
  const [holder, target] = operator === "<" ? [right, left] : [left, right];
  const actions = settingsIn(options).flatMap((option) => {
    const action = /^(delete|update)\s*:\s*(cascade|restrict|set null|set default|no action)$/i.exec(option);
    return action ? ` ON ${action[1]} ${action[2]}`.toUpperCase() : [];
  });
  return [
    {
      text: `ALTER TABLE ${tableText(holder.table)} ADD ${label === "" ? "" : `CONSTRAINT ${sqlName(label)} `}FOREIGN KEY (${columnList(holder.columns)}) REFERENCES ${tableText(
        target.table,
      )} (${columnList(target.columns)})${actions.join("")}`,
      line,
    },
  ];
}

function tableText(table: string): string {
  return sqlName(table.replaceAll('"', ""));
}

function columnList(text: string): string {
  const names = text.replace(/^\((.*)\)$/, "$1").split(/\s*,\s*/);
  return names.map((column) => sqlName(unquoted(column))).join(", ");
}
