import { diffArrays } from "diff/lib/diff/array.js";
import { anchorsOf } from "./anchors.ts";

/** Lines replaced by other lines. `start` counts from 0 in the text before. */
export interface LineEdit {
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * The pieces between line feeds. A carriage return stays with its line and a final line feed gives an
 * empty last line, so that {@link joinLines} returns the very same text. No text is no line at all,
 * the empty text is one empty line: creating and deleting a file are edits like any other.
 */
export function splitLines(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split("\n");
}

export function joinLines(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** The edits between two texts, in order, never touching one another; the shortest where the texts are not long. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly LineEdit[] {
  const edits: LineEdit[] = [];
  collect({ before, after, offset: 0 }, edits);
  return edits;
}

interface Stretch {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Where `before` stands in the whole text. */
  readonly offset: number;
}

function collect({ before, after, offset }: Stretch, edits: LineEdit[]): void {
  const head = commonPrefix(before, after);
  const tail = commonSuffix(before.slice(head), after.slice(head));
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  const start = offset + head;
  if (removed.length === 0 && added.length === 0) return;
  if (removed.length === 0 || added.length === 0) edits.push({ start, removed, added });
  else if (removed.length + added.length > longText)
    collectBetween({ before: removed, after: added, offset: start }, edits);
  else edits.push(...shortest({ before: removed, after: added, offset: start }));
}

/** Goes from one line that both have to the next; without any the search is as for a short text. */
function collectBetween({ before, after, offset }: Stretch, edits: LineEdit[]): void {
  const anchors = anchorsOf(before, after);
  if (anchors.length === 0) {
    edits.push(...shortest({ before, after, offset }));
    return;
  }
  let [oldLine, newLine] = [0, 0];
  for (const anchor of [...anchors, { before: before.length, after: after.length }]) {
    const between = { before: before.slice(oldLine, anchor.before), after: after.slice(newLine, anchor.after) };
    collect({ ...between, offset: offset + oldLine }, edits);
    oldLine = anchor.before + 1;
    newLine = anchor.after + 1;
  }
}

function shortest({ before, after, offset }: Stretch): readonly LineEdit[] {
  const isHopeless = fewestEdits(before, after) > longestSearch;
  const parts = isHopeless ? undefined : diffArrays([...before], [...after], { maxEditLength: longestSearch });
  return parts === undefined ? [{ start: offset, removed: before, added: after }] : collectEdits(parts, offset);
}

/** The lines that one text has more often than the other: no difference is shorter. */
function fewestEdits(before: readonly string[], after: readonly string[]): number {
  const surplus = new Map<string, number>();
  for (const line of before) surplus.set(line, (surplus.get(line) ?? 0) + 1);
  for (const line of after) surplus.set(line, (surplus.get(line) ?? 0) - 1);
  let edits = 0;
  for (const count of surplus.values()) edits += Math.abs(count);
  return edits;
}

/** Joins edits that at most `gap` unchanged lines separate: a person decides about them together. */
export function coalesce(edits: readonly LineEdit[], before: readonly string[], gap = 2): readonly LineEdit[] {
  const joined: { start: number; removed: string[]; added: string[] }[] = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    const lastEnd = last === undefined ? 0 : last.start + last.removed.length;
    if (last === undefined || edit.start - lastEnd > gap) {
      joined.push({ start: edit.start, removed: [...edit.removed], added: [...edit.added] });
      continue;
    }
    const between = before.slice(lastEnd, edit.start);
    for (const line of [...between, ...edit.removed]) last.removed.push(line);
    for (const line of [...between, ...edit.added]) last.added.push(line);
  }
  return joined;
}

/** `edits` must be in order and apart from one another. */
export function applyEdits(text: string | undefined, edits: readonly LineEdit[]): string | undefined {
  return joinLines(applyToLines(splitLines(text), edits));
}

export function applyToLines(lines: readonly string[], edits: readonly LineEdit[]): readonly string[] {
  const result: string[] = [];
  let next = 0;
  for (const edit of edits) {
    for (; next < edit.start; next++) result.push(lines[next] ?? "");
    for (const line of edit.added) result.push(line);
    next = edit.start + edit.removed.length;
  }
  for (; next < lines.length; next++) result.push(lines[next] ?? "");
  return result;
}

export function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index]);
}

/** Lines, of both texts together, from which on a shortest difference takes too long to look for. */
const longText = 2000;

/** The search is quadratic in this number; texts further apart count as replaced as a whole. */
const longestSearch = 4000;

function commonPrefix(left: readonly string[], right: readonly string[]): number {
  const limit = Math.min(left.length, right.length);
  let count = 0;
  while (count < limit && left[count] === right[count]) count++;
  return count;
}

function commonSuffix(left: readonly string[], right: readonly string[]): number {
  const limit = Math.min(left.length, right.length);
  let count = 0;
  while (count < limit && left[left.length - 1 - count] === right[right.length - 1 - count]) count++;
  return count;
}

interface DiffPart {
  readonly added: boolean;
  readonly removed: boolean;
  readonly value: readonly string[];
}

function collectEdits(parts: readonly DiffPart[], offset: number): readonly LineEdit[] {
  const edits: { start: number; removed: string[]; added: string[] }[] = [];
  let position = offset;
  let open: { start: number; removed: string[]; added: string[] } | undefined;
  for (const part of parts) {
    if (!part.added && !part.removed) {
      position += part.value.length;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { start: position, removed: [], added: [] };
      edits.push(open);
    }
    (part.added ? open.added : open.removed).push(...part.value);
    if (part.removed) position += part.value.length;
  }
  return edits;
}
