import type { SourceSpan } from "../model.ts";
import type { StatementText } from "./statements.ts";
import type { Token } from "./tokens.ts";

/** A parsed statement together with its text, for the passages that the design must keep as written. */
export interface StatementSource {
  readonly statement: StatementText;
  /** Offsets of the parser (UTF-8 bytes from the statement's start) as indexes into the script's text. */
  readonly offsetOf: (byteOffset: number) => number;
  /** Indexes into the script's text as a place in the document. */
  readonly spanOf: (start: number, end: number) => SourceSpan;
  readonly span: SourceSpan;
}

/** Turns offsets in UTF-8 bytes into offsets in UTF-16 units. */
export function byteToUnit(text: string): (bytes: number) => number {
  if (!/[^ -~\n\t]/.test(text)) return (bytes) => bytes;
  const units: number[] = [];
  let unit = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let i = 0; i < size; i++) units.push(unit);
    unit += character.length;
  }
  return (bytes) => units[bytes] ?? unit;
}

/** What stands in the first pair of brackets at or after `offset`, without the brackets. */
export function bracketText(source: StatementSource, offset: number): string | undefined {
  const { tokens } = source.statement;
  const open = tokens.findIndex((token) => token.start >= offset && isSymbol(source, token, "("));
  if (open === -1) return undefined;
  const close = closingBracket(source, open);
  return close === undefined ? undefined : textOf(source, tokens.slice(open + 1, close));
}

/**
 * The tokens of one list element, from the one at `offset` up to a comma or closing bracket on the
 * same level, or up to the first of `stops` (offsets of whatever the parser saw next).
 */
export function elementTokens(
  source: StatementSource,
  offset: number,
  stops: readonly number[] = [],
): readonly Token[] {
  const { tokens } = source.statement;
  const stop = Math.min(...stops.filter((at) => at > offset), Number.POSITIVE_INFINITY);
  const first = tokens.findIndex((token) => token.start >= offset);
  if (first === -1) return [];
  let depth = 0;
  let last = first;
  for (; last < tokens.length; last++) {
    const token = tokens[last];
    if (!token || token.start >= stop) break;
    if (depth === 0 && (isSymbol(source, token, ",") || isSymbol(source, token, ")"))) break;
    depth += depthChange(source, token);
  }
  return tokens.slice(first, last);
}

/** The passage on one line: white space and comments between tokens become one space. */
export function textOf(source: StatementSource, tokens: readonly Token[]): string {
  const sql = source.statement.sql;
  const start = source.statement.start;
  let text = "";
  let previous: Token | undefined;
  for (const token of tokens) {
    const piece = sql.slice(token.start - start, token.end - start);
    const gap = previous !== undefined && token.start > previous.end;
    text += gap && !text.endsWith("(") && piece !== ")" ? ` ${piece}` : piece;
    previous = token;
  }
  return text;
}

/** Offset behind the first occurrence of the key words, outside brackets and at or after `from`. */
export function afterKeyword(source: StatementSource, words: readonly string[], from = 0): number | undefined {
  const { tokens } = source.statement;
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token) break;
    if (depth === 0 && token.start >= from && words.every((word, i) => isWord(source, tokens[index + i], word))) {
      return tokens[index + words.length - 1]?.end;
    }
    depth += depthChange(source, token);
  }
  return undefined;
}

function closingBracket(source: StatementSource, open: number): number | undefined {
  let depth = 0;
  for (let index = open; index < source.statement.tokens.length; index++) {
    const token = source.statement.tokens[index];
    if (token) depth += depthChange(source, token);
    if (depth === 0) return index;
  }
  return undefined;
}

function depthChange(source: StatementSource, token: Token): number {
  if (isSymbol(source, token, "(") || isSymbol(source, token, "[")) return 1;
  return isSymbol(source, token, ")") || isSymbol(source, token, "]") ? -1 : 0;
}

function isSymbol(source: StatementSource, token: Token, symbol: string): boolean {
  return token.kind === "symbol" && source.statement.sql[token.start - source.statement.start] === symbol;
}

function isWord(source: StatementSource, token: Token | undefined, word: string): boolean {
  if (token?.kind !== "word") return false;
  const start = source.statement.start;
  return source.statement.sql.slice(token.start - start, token.end - start).toUpperCase() === word;
}
