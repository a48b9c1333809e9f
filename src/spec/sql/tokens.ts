export type TokenKind = "word" | "quoted" | "string" | "number" | "symbol";

/** Offsets are UTF-16 units, `end` exclusive. Comments and white space are not tokens. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const whiteSpace = /\s+/y;
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /\d[\d.]*(?:[eE][+-]?\d+)?/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/**
 * The tokens of PostgreSQL text, just fine enough to find statements, clauses and brackets.
 *
 * Never fails: a quote that is not closed ends with its line, so that one slip does not swallow
 * the rest of the document.
 */
export function tokenize(text: string, from = 0): Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < text.length) {
    const skipped = skipBlank(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** What stands for itself, told without asking the patterns: most of what a damaged script consists of. */
const plainSymbols = new Set("!#%&()*+,.:;<=>?@[\\]^`{|}~");

function skipBlank(text: string, at: number): number {
  if (plainSymbols.has(text[at] ?? "")) return at;
  const end = matchEnd(whiteSpace, text, at);
  if (end !== undefined) return end;
  if (text.startsWith("--", at)) return endOfLine(text, at);
  return text.startsWith("/*", at) ? endOfComment(text, at) : at;
}

function endOfComment(text: string, start: number): number {
  let depth = 1;
  let at = start + 2;
  while (at < text.length && depth > 0) {
    if (text.startsWith("/*", at)) depth++;
    else if (text.startsWith("*/", at)) depth--;
    else {
      at++;
      continue;
    }
    at += 2;
  }
  return at;
}

function tokenAt(text: string, start: number): Token {
  const character = text[start] ?? "";
  if (plainSymbols.has(character)) return { kind: "symbol", start, end: start + 1 };
  if (character === "'")
    return { kind: "string", start, end: endOfQuote(text, start, "'", isEscapeString(text, start)) };
  if (character === '"') return { kind: "quoted", start, end: endOfQuote(text, start, '"', false) };
  if (character === "$") {
    const opening = matchEnd(dollarTag, text, start);
    if (opening !== undefined) return { kind: "string", start, end: endOfDollar(text, start, opening) };
  }
  const wordEnd = matchEnd(word, text, start);
  if (wordEnd !== undefined) return { kind: "word", start, end: wordEnd };
  const numberEnd = matchEnd(number, text, start);
  if (numberEnd !== undefined) return { kind: "number", start, end: numberEnd };
  return { kind: "symbol", start, end: start + 1 };
}

function isEscapeString(text: string, quote: number): boolean {
  return /[eE]/.test(text[quote - 1] ?? "") && !/[\p{L}\p{N}_]/u.test(text[quote - 2] ?? "");
}

function endOfQuote(text: string, start: number, quote: string, backslash: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    if (backslash && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return endOfLine(text, start);
}

function endOfDollar(text: string, start: number, opening: number): number {
  const tag = text.slice(start, opening);
  const closing = text.indexOf(tag, opening);
  return closing === -1 ? opening : closing + tag.length;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
