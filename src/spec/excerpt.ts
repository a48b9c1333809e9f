import { withoutHidden } from "./hiddenCharacters.ts";
import type { SourceSpan } from "./model.ts";

/**
 * A piece of a document that one reader reads: a whole file, or a fence inside one.
 *
 * Offsets into `text` are UTF-16 units and turn into lines of the document, not of the piece.
 */
export interface Excerpt {
  readonly path: string;
  readonly text: string;
  /** Line of the document on which `text` begins. */
  readonly line: number;
  /** Offsets at which the lines of `text` begin. */
  readonly lineStarts: readonly number[];
  /** Document line of every line of `text`, when they do not simply follow each other. */
  readonly lineNumbers?: readonly number[];
}

export function createExcerpt(path: string, text: string, line = 1): Excerpt {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { path, text, line, lineStarts };
}

/** Text composed from several places of a document: every line knows where it comes from. */
export function composeExcerpt(
  path: string,
  lines: readonly { readonly text: string; readonly line: number }[],
): Excerpt {
  const excerpt = createExcerpt(path, lines.map((line) => line.text).join("\n"));
  return { ...excerpt, lineNumbers: lines.map((line) => line.line) };
}

export function lineAt(excerpt: Excerpt, offset: number): number {
  let low = 0;
  let high = excerpt.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((excerpt.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return excerpt.lineNumbers?.[low] ?? excerpt.line + low;
}

/** The first line of the span that has the text as a word. */
export function lineNaming(
  excerpt: Excerpt,
  span: { readonly line: number; readonly endLine: number },
  text: string,
): number | undefined {
  const from = excerpt.lineStarts[span.line - excerpt.line] ?? 0;
  const to = excerpt.lineStarts[span.endLine - excerpt.line + 1] ?? excerpt.text.length;
  const isPart = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = excerpt.text.indexOf(text, from); at !== -1 && at < to; at = excerpt.text.indexOf(text, at + 1)) {
    if (!isPart(excerpt.text[at - 1]) && !isPart(excerpt.text[at + text.length])) return lineAt(excerpt, at);
  }
  return undefined;
}

export function spanAt(excerpt: Excerpt, start: number, end: number): SourceSpan {
  const line = lineAt(excerpt, start);
  return { path: excerpt.path, line, endLine: Math.max(line, lineAt(excerpt, Math.max(start, end - 1))) };
}

/**
 * The text as every reader expects it: LF line ends, no byte order mark, nothing that a person could
 * not see, and none of the characters that end a C string or that UTF-8 cannot hold, because the SQL
 * grammar runs in WebAssembly.
 */
export function normalizeText(text: string): string {
  return withoutHidden(text.replace(/^\uFEFF/, ""))
    .replace(/\r\n?/g, "\n")
    .replace(/\0|\p{Surrogate}/gu, "\uFFFD");
}
