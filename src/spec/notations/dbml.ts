import { type Excerpt, spanAt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { readOutlinedTable } from "../markdown/columnTables.ts";
import { snakeCase } from "../markdown/columnText.ts";
import type { FieldRow } from "../markdown/fieldTables.ts";
import { readComposed, type SqlLine, type SqlOrigin, sqlName } from "../markdown/generatedSql.ts";
import { type NotationBlock, notationBlocks, openBlockProblems, settingsIn, unquoted } from "./notationBlocks.ts";

/** Reads the tables, enums, references and indexes of a DBML text; other blocks of it say nothing of the database. */
export function readDbml(origin: SqlOrigin, excerpt: Excerpt, into: Fragment): void {
  const blocks = notationBlocks(excerpt, /^(?:Table|Enum|Ref)\b/i);
  into.problems.push(...openBlockProblems(excerpt.path, blocks));
  const references: SqlLine[] = [];
  const tables = new Set(blocks.flatMap((block) => tableNameOf(block) ?? []));
  for (const block of blocks) if (/^Enum\b/i.test(block.head)) readEnum(excerpt, block, into);
  for (const block of blocks) {
    if (/^Table\b/i.test(block.head)) references.push(...readTable({ origin, into, tables }, block));
    else if (/^Ref\b/i.test(block.head)) {
      const head = block.head.replace(/^Ref\b[^:{]*:?/i, "");
      for (const line of [{ text: head, line: block.line }, ...block.lines]) references.push(...referenceLine(line));
    }
  }
  for (const reference of references) readComposed(origin, [reference], into);
}

const name = String.raw`(?:"[^"]+"|[\w.]+)(?:\."[^"]+")?`;

function readEnum(excerpt: Excerpt, block: NotationBlock, into: Fragment): void {
  const declared = new RegExp(`^Enum\\s+(${name})`, "i").exec(block.head)?.[1];
  const values = block.lines.flatMap(({ text }) => /^\s*("[^"]+"|[\w-]+)/.exec(text)?.[1] ?? []).map(unquoted);
  if (declared === undefined || values.length === 0) return;
  into.enums.push({ name: snakeCase(unquoted(declared)), values, source: spanAt(excerpt, block.start, block.end) });
}

interface DbmlReading {
  readonly origin: SqlOrigin;
  readonly into: Fragment;
  /** Names of all tables: a column of such a type is a relation that a generator wrote down. */
  readonly tables: ReadonlySet<string>;
}

function tableNameOf(block: NotationBlock): string | undefined {
  const declared = new RegExp(`^Table\\s+(${name})`, "i").exec(block.head)?.[1];
  return declared === undefined ? undefined : unquoted(declared);
}

/** Adds the table with its indexes; the references stand behind all tables, like in a script. */
function readTable({ origin, into, tables }: DbmlReading, block: NotationBlock): SqlLine[] {
  const table = tableNameOf(block);
  if (table === undefined) return [];
  const { columns, indexes } = partsOf(block.lines);
  const rows = columns.flatMap(columnRow).filter((row) => !tables.has(row.type.replace(/\[\]$/, "")));
  const keys = indexes.filter((line) => /\[[^\]]*\bpk\b/i.test(line.text));
  const constraints = keys.map((line) => ({ text: `PRIMARY KEY (${indexColumns(line.text)})`, line: line.line }));
  if (!readOutlinedTable(origin, { name: table, line: block.line, rows, constraints }, into)) return [];
  for (const index of indexes) if (!keys.includes(index)) readComposed(origin, [indexStatement(table, index)], into);
  return columns.flatMap((line) => inlineReference(table, line));
}

function partsOf(lines: readonly SqlLine[]): { readonly columns: SqlLine[]; readonly indexes: SqlLine[] } {
  const parts = { columns: [] as SqlLine[], indexes: [] as SqlLine[] };
  let inside = "";
  for (const line of lines) {
    const opened = /^\s*(\w+)\s*\{/.exec(line.text)?.[1];
    if (opened !== undefined) inside = opened.toLowerCase();
    else if (/^\s*\}/.test(line.text)) inside = "";
    else if (inside === "indexes" && line.text.trim() !== "") parts.indexes.push(line);
    else if (inside === "" && !/^\s*note\s*:/i.test(line.text)) parts.columns.push(line);
  }
  return parts;
}

const columnLine =
  /^\s*("[^"]+"|[A-Za-z_]\w*)\s+("[^"]+"|[A-Za-z_][\w.]*(?:\s*\([^)]*\))?(?:\[\])?)\s*(?:\[(.*)\])?\s*$/;

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

/** `category_id int [ref: > categories.id]`. */
function inlineReference(table: string, { text, line }: SqlLine): SqlLine[] {
  const match = columnLine.exec(text);
  return settingsIn(match?.[3] ?? "").flatMap((setting) => {
    const target = /^ref\s*:\s*(.*)$/i.exec(setting)?.[1];
    return target === undefined ? [] : referenceLine({ text: `${table}.${match?.[1] ?? ""} ${target}`, line });
  });
}

const end = String.raw`((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*)\.(\([^)]*\)|"[^"]+"|\w+)`;
const reference = new RegExp(`^\\s*${end}\\s*(<>|[<>-])\\s*${end}\\s*(?:\\[(.*)\\])?\\s*$`);

/** `orders.user_id > users.id [delete: cascade]`; the many side holds the key, of two equals the first one. */
function referenceLine({ text, line }: SqlLine): SqlLine[] {
  const match = reference.exec(text);
  const [, leftTable = "", leftColumns = "", operator, rightTable = "", rightColumns = "", options = ""] = match ?? [];
  if (!match || operator === "<>") return [];
  const left = { table: leftTable, columns: leftColumns };
  const right = { table: rightTable, columns: rightColumns };
  const [holder, target] = operator === "<" ? [right, left] : [left, right];
  const actions = settingsIn(options).flatMap((option) => {
    const action = /^(delete|update)\s*:\s*(cascade|restrict|set null|set default|no action)$/i.exec(option);
    return action ? ` ON ${action[1]} ${action[2]}`.toUpperCase() : [];
  });
  return [
    {
      text: `ALTER TABLE ${tableText(holder.table)} ADD FOREIGN KEY (${columnList(holder.columns)}) REFERENCES ${tableText(
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
