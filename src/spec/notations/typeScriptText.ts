/** A piece of code between two offsets, trimmed. */
export interface TextPart {
  readonly text: string;
  readonly start: number;
}

/** Comments and quoted texts count as one piece, so that brackets and commas in them do not. */
const piece = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\s\S]/g;

/** Offset of the bracket that closes the one at `open`; the end of the text when none does. */
export function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (const match of text.slice(open).matchAll(piece)) {
    if ("([{".includes(match[0])) depth++;
    else if (")]}".includes(match[0]) && --depth === 0) return open + match.index;
  }
  return text.length;
}

/** The parts between the commas of one level, without comments. */
export function splitArguments(text: string, from: number, to: number): TextPart[] {
  const cuts = [from - 1, ...commasOf(text, from, to), to];
  return cuts.slice(1).flatMap((end, index) => {
    const start = (cuts[index] ?? from) + 1;
    const blanked = text
      .slice(start, end)
      .replace(piece, (token) => (isComment(token) ? " ".repeat(token.length) : token));
    const part = blanked.trim();
    return part === "" ? [] : [{ text: part, start: start + blanked.indexOf(part) }];
  });
}

function commasOf(text: string, from: number, to: number): number[] {
  let depth = 0;
  return [...text.slice(from, to).matchAll(piece)].flatMap(([token], index, tokens) => {
    if ("([{".includes(token)) depth++;
    else if (")]}".includes(token)) depth--;
    return token === "," && depth === 0 ? [from + (tokens[index]?.index ?? 0)] : [];
  });
}

function isComment(token: string): boolean {
  return token.startsWith("//") || token.startsWith("/*");
}

/** The values of the quoted texts, in order. */
export function literalsIn(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|`([^`]*)`/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}
