import { UserFacingError } from "../support/errors.ts";
import { nearestLines } from "./nearestLines.ts";

export interface Replacement {
  readonly old: string;
  readonly new: string;
  readonly all: boolean;
}

/**
 * Replaces one passage of a text, or refuses in words that let a model try better.
 *
 * Tried in turn: the exact passage; the same lines but for line ends and trailing blanks; the same
 * lines indented differently, with the replacement indented alike. Nothing is guessed beyond that,
 * and all text outside the passage is kept byte for byte (research/model-clients.md §5).
 */
export function replaceIn(text: string, replacement: Replacement): string {
  if (replacement.old === "") throw new UserFacingError("EDIT_EMPTY", "old_string is empty; use Write for a new file.");
  if (replacement.old === replacement.new) {
    throw new UserFacingError("EDIT_NOOP", "old_string and new_string are the same, so nothing would change.");
  }
  return replaceExactly(text, replacement) ?? replaceLines(text, replacement) ?? refuse(text, replacement);
}

function replaceExactly(text: string, { old, new: replacement, all }: Replacement): string | undefined {
  const pieces = text.split(old);
  if (pieces.length === 1) return undefined;
  if (pieces.length > 2 && !all) {
    throw ambiguous(pieces.slice(0, -1).map((_, index) => lineAt(pieces.slice(0, index + 1).join(old))));
  }
  const lineBreak = /\r\n/.test(text) && !/[^\r]\n/.test(text) ? "\r\n" : "\n";
  return pieces.join(replacement.replace(/\r?\n/g, lineBreak));
}

function replaceLines(text: string, { old, new: replacement, all }: Replacement): string | undefined {
  const lines = text.split(/(?<=\n)/);
  const wanted = trimFinalBreak(old).split(/\r?\n/);
  const places = lines.flatMap((_, start) => {
    const shift = shiftOf(lines.slice(start, start + wanted.length), wanted);
    return shift === undefined ? [] : [{ start, shift }];
  });
  if (places.length === 0) return undefined;
  if (places.length > 1 && !all) throw ambiguous(places.map(({ start }) => start + 1));
  const result = [...lines];
  for (const { start, shift } of places.reverse()) {
    const replaced = lines.slice(start, start + wanted.length);
    result.splice(start, wanted.length, ...reindented(trimFinalBreak(replacement), shift, replaced));
  }
  return result.join("");
}

/** Blanks put before each line (`add`), or taken away from it. */
interface Shift {
  readonly blanks: string;
  readonly add: boolean;
}

/** How the wanted lines must be indented to be the found ones; undefined when they are not the same. */
function shiftOf(found: readonly string[], wanted: readonly string[]): Shift | undefined {
  if (found.length < wanted.length) return undefined;
  const index = wanted.findIndex((line) => line.trim() !== "");
  if (index < 0) return undefined;
  const there = indentOf(found[index] ?? "");
  const here = indentOf(wanted[index] ?? "");
  const shift = there.endsWith(here)
    ? { blanks: there.slice(0, there.length - here.length), add: true }
    : { blanks: here.slice(0, here.length - there.length), add: false };
  return wanted.every((line, at) => shifted(line, shift).trimEnd() === found[at]?.trimEnd()) ? shift : undefined;
}

function shifted(line: string, { blanks, add }: Shift): string {
  if (line.trim() === "") return line;
  if (add) return blanks + line;
  return line.startsWith(blanks) ? line.slice(blanks.length) : line;
}

function reindented(replacement: string, shift: Shift, replaced: readonly string[]): string[] {
  if (replacement === "") return [];
  const lineBreak = replaced.some((line) => line.endsWith("\r\n")) ? "\r\n" : "\n";
  const lines = replacement.split(/\r?\n/).map((line) => shifted(line, shift));
  const last = replaced.at(-1)?.endsWith("\n") ? lineBreak : "";
  return lines.map((line, index) => line + (index < lines.length - 1 ? lineBreak : last));
}

function refuse(text: string, { old, new: replacement }: Replacement): never {
  const applied = replacement.trim() !== "" && text.includes(replacement);
  const nearest = nearestLines(text.split(/\r?\n/), trimFinalBreak(old).split(/\r?\n/));
  throw new UserFacingError(
    "EDIT_NO_MATCH",
    [
      "old_string is not in the file, not even with other indentation; read the file again.",
      ...(applied ? ["new_string is there already."] : []),
      ...(nearest ? ["The nearest lines are:", nearest] : []),
    ].join("\n"),
  );
}

function ambiguous(lines: readonly number[]): UserFacingError {
  const where = `${lines.slice(0, 10).join(", ")}${lines.length > 10 ? ", …" : ""}`;
  const message = `old_string is there ${lines.length} times, at lines ${where}; add lines around it, or set replace_all.`;
  return new UserFacingError("EDIT_AMBIGUOUS", message);
}

function lineAt(before: string): number {
  return before.split("\n").length;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function trimFinalBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}
