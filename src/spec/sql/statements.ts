import { type Token, tokenize } from "./tokens.ts";

/** One statement without its semicolon and the comments around it. Offsets are UTF-16 units. */
export interface StatementText {
  readonly start: number;
  readonly end: number;
  readonly sql: string;
  readonly tokens: readonly Token[];
}

/**
 * Cuts a script, or the part of it between two offsets, into statements. Semicolons in quotes, dollar
 * quotes, comments, rule bodies and `BEGIN ATOMIC` bodies do not cut.
 */
export function splitStatements(script: string, from = 0, to = script.length): StatementText[] {
  const text = script.slice(0, to);
  const statements: StatementText[] = [];
  let tokens: Token[] = [];
  const body = { depth: 0, atomic: 0 };
  for (const token of tokenize(text, from)) {
    const isSemicolon = token.kind === "symbol" && text[token.start] === ";";
    if (isSemicolon && body.atomic === 0 && !(body.depth > 0 && isRule(text, tokens))) {
      pushStatement(statements, text, tokens);
      tokens = [];
      body.depth = 0;
      continue;
    }
    follow(body, text, token, tokens.at(-1));
    tokens.push(token);
  }
  pushStatement(statements, text, tokens);
  return statements;
}

function pushStatement(statements: StatementText[], text: string, tokens: readonly Token[]): void {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (first && last) {
    statements.push({ start: first.start, end: last.end, sql: text.slice(first.start, last.end), tokens });
  }
}

function follow(
  body: { depth: number; atomic: number },
  text: string,
  token: Token,
  previous: Token | undefined,
): void {
  const character = text[token.start];
  if (token.kind === "symbol" && character === "(") body.depth++;
  if (token.kind === "symbol" && character === ")") body.depth--;
  if (token.kind !== "word") return;
  const word = text.slice(token.start, token.end).toUpperCase();
  if (word === "ATOMIC" && previous && text.slice(previous.start, previous.end).toUpperCase() === "BEGIN")
    body.atomic = 1;
  else if (body.atomic > 0 && word === "CASE") body.atomic++;
  else if (body.atomic > 0 && word === "END") body.atomic--;
}

function isRule(text: string, tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 4).map((token) => text.slice(token.start, token.end).toUpperCase());
  return words[0] === "CREATE" && words.includes("RULE");
}

const clientLine = /^(?:\\[^\n]*|GO[ \t]*)$/gim;
const copyData = /^(COPY\b[^;]*\bFROM\s+stdin[^;]*;)[\s\S]*?^\\\.$/gim;

/**
 * The script without psql's backslash commands, `GO` lines and `COPY … FROM stdin` data. Blanks in
 * their place keep every offset and line where it was.
 */
export function withoutClientLines(script: string): string {
  if (!/^(?:\\|GO\b)/im.test(script)) return script;
  const blank = (text: string): string => text.replace(/[^\n]/g, " ");
  return script.replace(copyData, blank).replace(clientLine, blank);
}
