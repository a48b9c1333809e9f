import { sqlName } from "../markdown/generatedSql.ts";
import { tokenize } from "../sql/tokens.ts";

/** What stands in front of a name and behind it, as written; empty at the ends of the text. */
export interface Neighbours {
  readonly before: string;
  readonly after: string;
}

/** The SQL with another name for an identifier; what stands in strings and bodies of functions is not touched. */
export function withWord(sql: string, from: string, to: string, isMeant: (at: Neighbours) => boolean): string {
  return replaced(sql, (text, at) => (identifierOf(text) === from && isMeant(at) ? sqlName(to) : undefined));
}

/** The SQL with another value for a string that is just this value. */
export function withLiteral(sql: string, from: string, to: string): string {
  return replaced(sql, (text) => (text === literal(from) ? literal(to) : undefined));
}

export function mentionsWord(sql: string, name: string): boolean {
  return tokenize(sql).some(({ start, end }) => identifierOf(sql.slice(start, end)) === name);
}

function replaced(sql: string, replacement: (text: string, at: Neighbours) => string | undefined): string {
  const tokens = tokenize(sql);
  const textAt = (index: number): string => sql.slice(tokens[index]?.start, tokens[index]?.end);
  let end = 0;
  const pieces = tokens.map((token, index) => {
    const text = textAt(index);
    const at = { before: index > 0 ? textAt(index - 1) : "", after: tokens[index + 1] ? textAt(index + 1) : "" };
    const piece = sql.slice(end, token.start) + (replacement(text, at) ?? text);
    end = token.end;
    return piece;
  });
  return pieces.join("") + sql.slice(end);
}

/** The name that a token stands for; undefined for a string, a number or a symbol. */
function identifierOf(text: string): string | undefined {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  return /^[\p{L}_]/u.test(text) && !text.endsWith("'") ? text.toLowerCase() : undefined;
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
