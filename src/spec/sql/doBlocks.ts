import { type StatementText, splitStatements } from "./statements.ts";
import { type Token, tokenize } from "./tokens.ts";

/** The definitions inside a DO block, cut out of a script in which they stand at the same offsets. */
export interface OpenedBlock {
  readonly script: string;
  readonly definitions: readonly StatementText[];
}

/**
 * Opens `DO $$ BEGIN IF … THEN CREATE TABLE … END $$`, the usual way to define a thing once. Definitions
 * in `EXECUTE` strings come out too. Undefined when the block defines nothing that a design names, or
 * builds a statement at run time, so that only PostgreSQL can know what it defines.
 */
export function openDoBlock(script: string, block: StatementText): OpenedBlock | undefined {
  const body = block.tokens.find((token) => token.kind === "string" && script[token.start] === "$");
  if (!body) return undefined;
  const tag = script.indexOf("$", body.start + 1) + 1 - body.start;
  const opened = withoutExecute(script, body.start + tag, body.end - tag);
  if (opened === undefined) return undefined;
  const definitions = splitStatements(opened, body.start + tag, body.end - tag).flatMap((statement) =>
    definitionIn(opened, statement),
  );
  const isDesign = definitions.some(({ sql }) => named.test(sql));
  return isDesign ? { script: opened, definitions } : undefined;
}

const named = /^(?:CREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|POLICY|UNLOGGED)|CREATE\s+TYPE\b[^;]*\bENUM|ALTER\s+TABLE)\b/i;
const openers = new Set(["BEGIN", "THEN", "ELSE", "LOOP"]);
const starters = new Set(["CREATE", "ALTER", "COMMENT", "GRANT"]);

/** The statement without the `BEGIN`, `IF … THEN` in front of it. */
function definitionIn(script: string, statement: StatementText): StatementText[] {
  const words = statement.tokens.map((token) => wordOf(script, token));
  const at = words.findIndex(
    (word, index) => starters.has(word) && (index === 0 || openers.has(words[index - 1] ?? "")),
  );
  const first = statement.tokens[at];
  if (!first) return [];
  const sql = script.slice(first.start, statement.end);
  return [{ start: first.start, end: statement.end, sql, tokens: statement.tokens.slice(at) }];
}

function wordOf(script: string, token: Token): string {
  return token.kind === "word" ? script.slice(token.start, token.end).toUpperCase() : "";
}

/** Every `EXECUTE 'text'` and `EXECUTE format('text', …)` becomes its text; undefined when one has no constant text. */
function withoutExecute(script: string, from: number, to: number): string | undefined {
  const tokens = tokenize(script.slice(0, to), from);
  let opened = script;
  for (const [index, token] of tokens.entries()) {
    if (
      wordOf(script, token) !== "EXECUTE" ||
      /^(?:FUNCTION|PROCEDURE)$/.test(wordOf(script, tokens[index + 1] ?? token))
    )
      continue;
    const isFormat = wordOf(script, tokens[index + 1] ?? token) === "FORMAT";
    const text = tokens[index + (isFormat ? 3 : 1)];
    const end = tokens.slice(index).find((candidate) => script[candidate.start] === ";" && candidate.kind === "symbol");
    const statement = text?.kind === "string" ? constantText(script.slice(text.start, text.end)) : undefined;
    const isWhole = isFormat || end === tokens[index + 2];
    if (!text || statement === undefined || !isWhole) return undefined;
    const until = end?.start ?? to;
    const blank = script.slice(token.start, text.start).replace(/[^\n]/g, " ");
    const filled = `${blank}${statement}`.padEnd(until - token.start, " ");
    opened = `${opened.slice(0, token.start)}${filled}${opened.slice(until)}`;
  }
  return opened;
}

/** The text of a literal at its offset. Values of storage parameters are not design; any other value is needed. */
function constantText(literal: string): string | undefined {
  const isDollar = literal.startsWith("$");
  const opening = isDollar ? literal.indexOf("$", 1) + 1 : 1;
  const quoted = literal.slice(opening, -opening);
  const text = isDollar ? quoted : quoted.replaceAll("''", "'");
  const constant = text.replace(/\bWITH\s*\([^()]*%[^()]*\)/i, (clause) => clause.replace(/[^\n]/g, " "));
  return /%[sIL]/.test(constant) ? undefined : `${" ".repeat(opening)}${constant.replace(/;\s*$/, "")}`;
}
