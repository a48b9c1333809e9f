import { applyEdits, type LineEdit, splitLines } from "./diff.ts";
import type { Hunk } from "./model.ts";

/**
 * A text and its edits with the line ends of another text, where either has one kind only: Git and formatters change
 * all of them at once, and nobody has edited a line by that.
 */
export function withLineEndsOf<Edit extends Layered>(
  other: string | undefined,
  given: { readonly text: string | undefined; readonly hunks: readonly Edit[] },
): { readonly text: string | undefined; readonly hunks: readonly Edit[] } {
  const [from, to] = [lineEndOf(given.text), lineEndOf(other)];
  if (from === undefined || to === undefined || from === to) return given;
  if (applyEdits(given.text, given.hunks) === other) return given;
  const lines = splitLines(given.text);
  const hunks = given.hunks
    .map((hunk) => (to === "\n" ? withoutReturns(hunk) : withReturns(hunk, lines)))
    // Of a proposal that was for the line ends nothing is left.
    .filter(({ removed, added }) => removed.join("\n") !== added.join("\n"));
  return { text: given.text?.replaceAll(from, to), hunks };
}

type Layered = LineEdit & Pick<Hunk, "below">;

/** Undefined for a text without line breaks, or with both kinds. */
export function lineEndOf(text: string | undefined): "\n" | "\r\n" | undefined {
  if (!text?.includes("\n")) return undefined;
  if (!text.includes("\r\n")) return "\n";
  return /(?<!\r)\n/.test(text) ? undefined : "\r\n";
}

function withoutReturns<Edit extends Layered>(edit: Edit): Edit {
  const strip = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace(/\r$/, ""));
  return asEnded(edit, strip);
}

/** The last line of a text has no end; where it comes or goes, the line in front of it changes too. */
function withReturns<Edit extends Layered>(edit: Edit, lines: readonly string[]): Edit {
  const { start, removed, added } = edit;
  const end = (all: readonly string[]): readonly string[] =>
    all.map((line) => (line.endsWith("\r") ? line : `${line}\r`));
  if (start + removed.length < lines.length) return asEnded(edit, end);
  const takesFront = start > 0 && (removed.length === 0 || added.length === 0);
  const front = takesFront ? lines.slice(start - 1, start) : [];
  const endButLast = (all: readonly string[]): readonly string[] => [...end(all.slice(0, -1)), ...all.slice(-1)];
  return asEnded({ ...edit, start: start - front.length }, (all) => endButLast([...front, ...all]));
}

function asEnded<Edit extends Layered>(edit: Edit, end: (all: readonly string[]) => readonly string[]): Edit {
  const below = edit.below && { below: end(edit.below) };
  return { ...edit, removed: end(edit.removed), added: end(edit.added), ...below };
}
