import { type Excerpt, lineAt, spanAt } from "../excerpt.ts";
import type { Fragment } from "../fragment.ts";
import { isValid, readComposed, type SqlLine, type SqlOrigin, sqlName } from "../markdown/generatedSql.ts";
import type { SourceSpan } from "../model.ts";
import type { Problem } from "../reading.ts";
import { closingBracket, literalsIn, splitArguments, type TextPart } from "./typeScriptText.ts";

export const drizzleTable = /\bpgTable\(\s*["'`]/;

/**
 * Reads the tables and enums of a Drizzle schema for PostgreSQL, which a document may spread over several
 * fences, as the SQL that Drizzle makes of them. What it cannot say in SQL is left out of its table.
 */
export function readDrizzle(origin: SqlOrigin, excerpts: readonly Excerpt[], into: Fragment): void {
  const enums = new Map(excerpts.flatMap((excerpt) => readEnums(excerpt, into)));
  const tables = excerpts.flatMap((excerpt) => tablesIn(excerpt, into));
  const schema: DrizzleSchema = { enums, tables: new Map(tables.map((table) => [table.variable, table])) };
  for (const table of tables) readTable(origin, schema, table, into);
  for (const table of tables) for (const index of indexesOf(table)) readComposed(origin, [index], into);
}

interface DrizzleSchema {
  /** SQL name by the name of the constant. */
  readonly enums: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, DrizzleTable>;
}

interface DrizzleTable {
  readonly variable: string;
  readonly name: string;
  readonly line: number;
  readonly columns: readonly DrizzleColumn[];
  /** Entries of the third argument: indexes, keys and checks. */
  readonly extras: readonly SqlLine[];
}

interface DrizzleColumn {
  readonly property: string;
  readonly name: string;
  readonly type: string;
  /** From the type's arguments on. */
  readonly text: string;
  readonly line: number;
}

const enumHead = /\bconst\s+(\w+)\s*=\s*pgEnum\(\s*["'`](\w+)["'`]\s*,\s*\[([^\]]*)\]/g;

function readEnums(excerpt: Excerpt, into: Fragment): (readonly [string, string])[] {
  return [...excerpt.text.matchAll(enumHead)].map((match) => {
    const [whole, variable = "", name = "", values = ""] = match;
    into.enums.push({
      name,
      values: literalsIn(values),
      source: spanAt(excerpt, match.index, match.index + whole.length),
    });
    return [variable, name];
  });
}

const tableHead = /\bconst\s+(\w+)\s*=\s*pgTable\(\s*["'`](\w+)["'`]\s*,\s*\{/g;

/** A table that is not closed ends the reading of its fence: what follows would be taken for a part of it. */
function tablesIn(excerpt: Excerpt, into: Fragment): DrizzleTable[] {
  const tables: DrizzleTable[] = [];
  let end = 0;
  for (const match of excerpt.text.matchAll(tableHead)) {
    if (match.index < end) continue;
    end = closingBracket(excerpt.text, match.index + match[0].indexOf("("));
    if (end === excerpt.text.length) {
      into.problems.push(openTable(match[2] ?? "", spanAt(excerpt, match.index, match.index)));
      break;
    }
    tables.push(tableAt(excerpt, match, end));
  }
  return tables;
}

function openTable(name: string, { path, line }: SourceSpan): Problem {
  const message = `The brackets of the table ${name} are never closed, so neither it nor what follows it in its block is read; close them.`;
  return { path, line, severity: "warning", code: "SPEC-OPEN-END", message };
}

function tableAt(excerpt: Excerpt, match: RegExpExecArray, end: number): DrizzleTable {
  const { text } = excerpt;
  const [whole, variable = "", name = ""] = match;
  const open = match.index + whole.length - 1;
  const close = closingBracket(text, open);
  const extra = /^\s*,[^=]*=>\s*\(?\s*[[{]/.exec(text.slice(close + 1, end))?.[0];
  const from = close + 1 + (extra?.length ?? 0);
  const extras = extra === undefined ? [] : splitArguments(text, from, closingBracket(text, from - 1));
  return {
    variable,
    name,
    line: lineAt(excerpt, match.index + whole.lastIndexOf(name)),
    columns: splitArguments(text, open + 1, close).flatMap((part) => columnIn(excerpt, part)),
    extras: extras.map((part) => ({ text: part.text, line: lineAt(excerpt, part.start) })),
  };
}

function columnIn(excerpt: Excerpt, part: TextPart): DrizzleColumn[] {
  const [, property = "", type = "", text = ""] = /^(\w+)\s*:\s*(?:\w+\.)?(\w+)(\([\s\S]*)$/.exec(part.text) ?? [];
  const name = /^\(\s*["'`](\w+)["'`]/.exec(text)?.[1] ?? property;
  return property === "" ? [] : [{ property, name, type, text, line: lineAt(excerpt, part.start) }];
}

const types: Readonly<Record<string, string>> = {
  doublePrecision: "double precision",
  decimal: "numeric",
  bigserial: "bigserial",
  smallserial: "smallserial",
};

function typeOf(schema: DrizzleSchema, { type, text }: DrizzleColumn): string {
  const [call = ""] = /^\([\s\S]*?\)/.exec(text) ?? [];
  const setting = (key: string): string | undefined => new RegExp(`${key}:\\s*(\\w+)`).exec(call)?.[1];
  const size =
    setting("length") ?? setting("dimensions") ?? [setting("precision"), setting("scale")].filter(Boolean).join(", ");
  const zone = setting("withTimezone") === "true" ? " with time zone" : "";
  const name = schema.enums.get(type) ?? types[type] ?? type.toLowerCase();
  const isSized = /^(?:varchar|char|numeric|vector|bit|timestamp|time)$/.test(name) && size !== "";
  return `${sqlType(name)}${isSized ? `(${size})` : ""}${zone}${/\.array\(/.test(text) ? "[]" : ""}`;
}

function sqlType(name: string): string {
  return /\s/.test(name) ? name : sqlName(name);
}

function readTable(origin: SqlOrigin, schema: DrizzleSchema, table: DrizzleTable, into: Fragment): void {
  const columns = table.columns.map((column) => columnLine(schema, column));
  const parts = [...columns, ...table.extras.flatMap((extra) => constraintLine(table, extra))].filter((part) =>
    isValid([{ text: `CREATE TABLE t (a int, ${part.text})`, line: part.line }]),
  );
  const lines = parts.map((part, index) => ({ ...part, text: index < parts.length - 1 ? `${part.text},` : part.text }));
  const start = { text: `CREATE TABLE ${sqlName(table.name)} (`, line: table.line };
  readComposed(origin, [start, ...lines, { text: ")", line: parts.at(-1)?.line ?? table.line }], into);
}

function columnLine(schema: DrizzleSchema, column: DrizzleColumn): SqlLine {
  const { text } = column;
  const clauses = [
    `${sqlName(column.name)} ${typeOf(schema, column)}`,
    /\.primaryKey\(/.test(text) ? "PRIMARY KEY" : "",
    /\.notNull\(/.test(text) ? "NOT NULL" : "",
    /\.unique\(/.test(text) ? "UNIQUE" : "",
    /\.generatedAlwaysAsIdentity\(/.test(text) ? "GENERATED ALWAYS AS IDENTITY" : defaultOf(text),
    referenceOf(schema, text),
  ];
  return { text: clauses.filter((clause) => clause !== "").join(" "), line: column.line };
}

function defaultOf(text: string): string {
  if (/\.defaultRandom\(/.test(text)) return "DEFAULT gen_random_uuid()";
  if (/\.defaultNow\(/.test(text)) return "DEFAULT now()";
  const [, sql, literal] = /\.default\(\s*(?:sql`([^`]*)`|("[^"]*"|'[^']*'|-?[\d.]+|true|false))\s*\)/.exec(text) ?? [];
  if (sql !== undefined) return `DEFAULT ${sql}`;
  return literal === undefined ? "" : `DEFAULT ${literal.replace(/^"(.*)"$/, "'$1'")}`;
}

function referenceOf(schema: DrizzleSchema, text: string): string {
  const [, variable = "", property = "", options = ""] =
    /\.references\(\s*\([^)]*\)(?::\s*\w+)?\s*=>\s*(\w+)\.(\w+)\s*(,[^)]*)?\)/.exec(text) ?? [];
  if (variable === "") return "";
  const target = schema.tables.get(variable);
  const column = target?.columns.find((candidate) => candidate.property === property)?.name ?? property;
  const actions = [...options.matchAll(/on(Delete|Update):\s*["']([\w ]+)["']/g)].map(
    ([, event = "", action = ""]) => ` ON ${event.toUpperCase()} ${action.toUpperCase()}`,
  );
  return `REFERENCES ${sqlName(target?.name ?? variable)} (${sqlName(column)})${actions.join("")}`;
}

/** Columns in `.on(table.userId, table.createdAt.desc())` or `columns: [table.userId]`. */
function columnsOf(table: DrizzleTable, text: string): string {
  return [...text.matchAll(/\b\w+\.(\w+)((?:\.\w+\(\))*)/g)]
    .map(([, property = "", order = ""]) => `${columnName(table, property)}${order.includes(".desc") ? " DESC" : ""}`)
    .join(", ");
}

function columnName(table: DrizzleTable, property: string): string {
  return sqlName(table.columns.find((column) => column.property === property)?.name ?? property);
}

function constraintLine(table: DrizzleTable, extra: SqlLine): SqlLine[] {
  const [, kind = "", name = ""] = /\b(primaryKey|unique)\(\s*(?:["'`](\w+)["'`])?/.exec(extra.text) ?? [];
  const list = /(?:\.on\(|columns:\s*\[)([\s\S]*?)[)\]]/.exec(extra.text)?.[1] ?? "";
  const columns = columnsOf(table, list);
  if (kind === "" || columns === "") return [];
  const named = name === "" ? "" : `CONSTRAINT ${sqlName(name)} `;
  return [{ text: `${named}${kind === "unique" ? "UNIQUE" : "PRIMARY KEY"} (${columns})`, line: extra.line }];
}

function indexesOf(table: DrizzleTable): SqlLine[] {
  return table.extras.flatMap(({ text, line }): SqlLine[] => {
    const [, kind = "", name = "", rest = ""] =
      /\b(index|uniqueIndex)\(\s*(?:["'`](\w+)["'`])?\s*\)([\s\S]*)$/.exec(text) ?? [];
    const columns = columnsOf(table, /\.(?:on|using)\(([\s\S]*?)\)\s*(?:$|\.where)/.exec(rest)?.[1] ?? "");
    if (kind === "" || columns === "") return [];
    const method = /\.using\(\s*["'](\w+)["']/.exec(rest)?.[1];
    const where = /\.where\(\s*sql`([^`]*)`/
      .exec(rest)?.[1]
      ?.replace(/\$\{\w+\.(\w+)\}/g, (_, property: string) => columnName(table, property));
    const unique = kind === "uniqueIndex" ? "UNIQUE " : "";
    const using = method === undefined ? "" : ` USING ${method}`;
    const condition = where === undefined ? "" : ` WHERE ${where}`;
    return [
      {
        text: `CREATE ${unique}INDEX ${sqlName(name)} ON ${sqlName(table.name)}${using} (${columns})${condition}`,
        line,
      },
    ];
  });
}
