import { type CallLimit, callLimitPattern } from "../callLimits.ts";
import { headingPath, type TableBlock } from "./document.ts";
import { type MarkdownReading, spanOf } from "./reading.ts";
import { plainText } from "./text.ts";

const heading =
  /\b(?:rate[- ]?limit\w*|throttl\w*|quotas?)\b|レート制限|流量制限|限流|速率限制|limite(?:s)? de (?:taxa|velocidad|peticiones)|ratenbegrenzung|zugriffsbegrenzung|ограничени\w* (?:частоты|запросов)|속도 제한|limitation de débit/i;

/**
 * Reads tables that say how often endpoints may be called: an endpoint, or all others, and `10 requests per minute per
 * user`, in one column or in several (`Requests`, `Window`, `Per`). A table with a row that is not understood is left to
 * the list of what is not.
 */
export function readRateLimitTables(reading: MarkdownReading): void {
  for (const section of reading.document.sections) {
    const isAbout = headingPath(section).some(({ title, depth }) => depth > 1 && heading.test(title));
    if (!isAbout) continue;
    for (const block of section.blocks) if (block.type === "table") readTable(reading, block);
  }
}

function readTable(reading: MarkdownReading, table: TableBlock): void {
  const limits = table.rows.map(({ cells, line }): CallLimit | undefined => {
    const [subject = "", ...rest] = cells.map((cell, index) => (index === 0 ? withoutMarks(cell) : plainText(cell)));
    const text = limitText(table.header.slice(1), rest);
    const target = targetOf(subject);
    return target && text !== undefined ? { ...target, text, source: spanOf(reading, { line }) } : undefined;
  });
  const known = limits.flatMap((limit) => limit ?? []);
  reading.prose.callLimits.push(...known);
  if (known.length === table.rows.length) reading.used.add(table);
}

/** One cell that says it all, else `10` of the column of calls, `1 minute` of the window and `user` of who is counted. */
function limitText(header: readonly string[], cells: readonly string[]): string | undefined {
  const whole = cells.find((cell) => callLimitPattern.test(cell));
  const columnOf = (words: RegExp) => cells[header.findIndex((title) => words.test(title))];
  const who = columnOf(/^(?:per|by|scope|key|counted|applies|who|subject|対象|pro)\b/i);
  if (whole !== undefined) return who === undefined || who === whole ? whole : `${whole} per ${who}`;
  const calls = columnOf(/limit|requests?|calls?|max|rate|回数|上限|anfragen|aufrufe/i);
  const window = columnOf(/window|period|interval|per$|time|期間|zeitraum|fenster/i);
  const text = `${calls} requests per ${window?.replace(/^(?:per|every|each)\s+/i, "")}`;
  if (calls === undefined || window === undefined || !callLimitPattern.test(text)) return undefined;
  return who === undefined || who === window ? text : `${text} per ${who}`;
}

/** A star at the end of a path is no emphasis. */
function withoutMarks(cell: string): string {
  return cell.replace(/`|^\*\*(?=\w)|(?<=\w)\*\*$/g, "").trim();
}

const everything =
  /^(?:\*|(?:all|any|every|everything|other|others|default|global|rest)\b.*|すべて.*|全て.*|その他.*|alle\b.*|übrige.*)$/i;

function targetOf(subject: string): Pick<CallLimit, "method" | "path"> | undefined {
  if (everything.test(subject)) return {};
  const [, method, path] = /^(?:(GET|POST|PUT|PATCH|DELETE)\s+)?(\/\S*)$/i.exec(subject) ?? [];
  if (path === undefined) return undefined;
  return { path, ...(method !== undefined && { method: method.toUpperCase() }) };
}
