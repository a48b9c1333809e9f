import { applyEdits, coalesce, diffLines, type LineEdit, sameLines, splitLines } from "./diff.ts";
import type { Conflict, Hunk, ProposalKind, ProposedFile } from "./model.ts";

/** The hunks between two texts, still without ids. */
export function hunksBetween(base: string | undefined, text: string | undefined): readonly LineEdit[] {
  const before = splitLines(base);
  return coalesce(diffLines(before, splitLines(text)), before);
}

export function createProposedFile(
  path: string,
  base: string | undefined,
  hunks: readonly Hunk[],
  conflicts: readonly Conflict[] = [],
): ProposedFile {
  return { path, base, hunks, conflicts, kind: kindOf(base, hunks) };
}

/**
 * Identifies a hunk by what it does and the lines around it, wherever it stands. The neighbours
 * keep two insertions of a blank line apart. `lines` are those of the base.
 */
export function contentKey(hunk: LineEdit, lines: readonly string[]): string {
  const end = hunk.start + hunk.removed.length;
  return hash(JSON.stringify([lines[hunk.start - 1], hunk.removed, hunk.added, lines[end]]));
}

/** As {@link contentKey}, for a conflict of a text with these lines. */
export function conflictKey({ start, removed, mine, added }: Conflict, lines: readonly string[]): string {
  const [above, below] = [lines[start - 1], lines[start + mine.length]];
  return hash(JSON.stringify([above, removed, added, below, "conflict"]));
}

/** A hunk and the lines it takes in the proposed text; `end` is the line after its last. */
export interface ProposedRange {
  readonly hunk: Hunk;
  readonly start: number;
  readonly end: number;
}

export function proposedRanges(file: ProposedFile): readonly ProposedRange[] {
  return shiftedStarts(file.hunks).map((start, index) => {
    const hunk = file.hunks[index] as Hunk;
    return { hunk, start, end: start + hunk.added.length };
  });
}

/** Lines as a person counts them: the empty piece after a final line feed is none. */
export function lineCounts(hunks: readonly LineEdit[], base: string | undefined): { added: number; removed: number } {
  // Counted for a hunk that may hold that piece only: links and rows ask for one hunk of a long file at a time.
  let total: number | undefined;
  const counts = { added: 0, removed: 0 };
  for (const { start, removed, added } of hunks) {
    const isOpen = added.at(-1) === "" || removed.at(-1) === "";
    if (isOpen) total ??= splitLines(base).length;
    const atEnd = isOpen && start + removed.length === total;
    counts.added += countLines(added, atEnd);
    counts.removed += countLines(removed, atEnd);
  }
  return counts;
}

/** The file once some of its hunks have become part of its base. */
export function acceptHunks(file: ProposedFile, accepted: readonly Hunk[]): ProposedFile {
  const stay = <Each extends Hunk>(hunk: Each): Each => moveHunk(hunk, accepted).hunk;
  const pending = file.hunks.filter((hunk) => !accepted.includes(hunk)).map(stay);
  const conflicts = file.conflicts.map((conflict) => ({ ...conflict, start: stay(asEdit(conflict)).start }));
  return createProposedFile(file.path, applyEdits(file.base, accepted), pending, conflicts);
}

/** A conflict as an edit of the text that the file has now; `lines` stand in place of the user's. */
export function asEdit({ id, start, mine, added }: Conflict, lines: readonly string[] = added): Hunk {
  return { id, start, removed: mine, added: lines };
}

/** The hunks whose lines none of the other edits of the same base changes. */
export function untouchedHunks(file: ProposedFile, edits: readonly LineEdit[]): readonly Hunk[] {
  return file.hunks.filter((hunk) => !edits.some((edit) => touch(edit, hunk)));
}

/** Moves hunks from the text `from` to the text `to`; undefined when one of them does not fit any more. */
export function moveHunks(
  hunks: readonly Hunk[],
  from: string | undefined,
  to: string | undefined,
): readonly Hunk[] | undefined {
  const edits = diffLines(splitLines(from), splitLines(to));
  const moved = hunks.map((hunk) => moveHunk(hunk, edits));
  return moved.some((each) => each.overlaps) ? undefined : moved.map((each) => each.hunk);
}

/** The hunks that take the others back, in the coordinates of the text that the others lead to. */
export function invertHunks(hunks: readonly Hunk[]): readonly Hunk[] {
  const starts = shiftedStarts(hunks);
  return hunks.map((hunk, index) => ({
    ...hunk,
    start: starts[index] ?? 0,
    removed: hunk.added,
    added: hunk.removed,
  }));
}

/** Adds hunks of the same base; one that meets a pending hunk gives way to it. */
export function mergeHunks(pending: readonly Hunk[], restored: readonly Hunk[]): readonly Hunk[] {
  return inOrder([...pending, ...restored.filter((hunk) => !pending.some((other) => touch(hunk, other)))]);
}

export function kindOf(base: string | undefined, hunks: readonly Hunk[]): ProposalKind {
  if (base === undefined) return "create";
  const [first] = hunks;
  const deletes = first !== undefined && first.added.length === 0 && first.removed.length === splitLines(base).length;
  return deletes ? "delete" : "modify";
}

export function sameChange(left: LineEdit, right: LineEdit): boolean {
  return sameLines(left.removed, right.removed) && sameLines(left.added, right.added);
}

function shiftedStarts(hunks: readonly LineEdit[]): readonly number[] {
  let shift = 0;
  return hunks.map((hunk) => {
    const start = hunk.start + shift;
    shift += hunk.added.length - hunk.removed.length;
    return start;
  });
}

function countLines(lines: readonly string[], atEnd: boolean): number {
  return atEnd && lines.at(-1) === "" ? lines.length - 1 : lines.length;
}

/** An edit in the coordinates of the text that other edits of the same base lead to. */
export function moveHunk<Edit extends LineEdit>(
  hunk: Edit,
  edits: readonly LineEdit[],
): { hunk: Edit; overlaps: boolean } {
  let shift = 0;
  let overlaps = false;
  for (const edit of edits) {
    if (touch(edit, hunk)) overlaps = true;
    else if (edit.start + edit.removed.length <= hunk.start) shift += edit.added.length - edit.removed.length;
  }
  return { hunk: { ...hunk, start: Math.max(0, hunk.start + shift) }, overlaps };
}

/** Whether both change the same line, or both insert at the same place so that their order is open. */
export function touch(left: LineEdit, right: LineEdit): boolean {
  const leftEnd = left.start + left.removed.length;
  const rightEnd = right.start + right.removed.length;
  const bothInsert = left.removed.length === 0 && right.removed.length === 0;
  if (bothInsert) return left.start === right.start;
  return left.start < rightEnd && right.start < leftEnd;
}

export function conflictsInOrder(conflicts: readonly Conflict[]): readonly Conflict[] {
  return conflicts.toSorted((left, right) => left.start - right.start || left.mine.length - right.mine.length);
}

export function inOrder<Each extends LineEdit>(hunks: readonly Each[]): readonly Each[] {
  return hunks.toSorted((left, right) => left.start - right.start || left.removed.length - right.removed.length);
}

/** cyrb53: 53 bits are plenty for the hunks of one file. */
function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
