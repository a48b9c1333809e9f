import type { IndexNote } from "./databaseNotes.ts";
import { codeSpans, plainText } from "./text.ts";

/**
 * The index that a sentence speaks of: ``Partial index on `email` where …``, ``GIN index on `tags` ``,
 * `` `a` + `b` are indexed together``. Only columns of the table count.
 */
export function indexInProse(raw: string, known: readonly string[]): IndexNote | undefined {
  const [said = "", where] = raw.split(/\s+where\s+/i);
  const text = plainText(said);
  if (/\b(?:no|not|without|never|avoid)\b[^.]*\bindex/i.test(text) || !/\bindex(?:ed|es)?\b/i.test(text))
    return undefined;
  const parts = columnsOf(said, known);
  if (parts.length === 0) return undefined;
  const name = /\bindex\s+`?((?:idx|ix|uq|uidx|gin|gist)_\w+|\w+_idx)`?/i.exec(said)?.[1];
  const method = /\b(gin|gist|hash|brin)\b/i.exec(text)?.[1]?.toLowerCase();
  const condition = plainText(where ?? "").replace(/\s+[—–].*$|[.。;]$/g, "");
  return {
    name,
    unique: /\bunique\b/i.test(text),
    method,
    columns: parts.join(", "),
    where: condition === "" ? undefined : condition,
  };
}

/** `on a, b` or the code spans; the name of the index is not among them. */
function columnsOf(said: string, known: readonly string[]): string[] {
  const isPart = (text: string): boolean => known.includes(text.split(/\s+(?=(?:asc|desc|nulls)\b)/i)[0] ?? "");
  const behind = /\bindex(?:ed|es)?\b.*?\b(?:on|over|for)\s+(.*)$/i.exec(said)?.[1] ?? said;
  const spans = codeSpans(behind).flatMap((span) => span.replace(/^\((.*)\)$/, "$1").split(/\s*(?:,|\+)\s*/));
  if (spans.length > 0) return spans.every(isPart) ? spans : [];
  const [list = ""] = behind.split(/\s+(?:for|to|because|so)\s|[—–.;]/);
  const names = list
    .replace(/^\((.*)\)\s*$/, "$1")
    .split(/\s*(?:,|\+|\band\b)\s*/)
    .map((name) => name.trim());
  return names.every(isPart) ? names : [];
}
