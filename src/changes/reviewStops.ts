import { proposedRanges } from "./hunks.ts";
import type { ProposedFile } from "./model.ts";
import type { ShownFile } from "./proposalFilter.ts";

/** A change that waits, where the cursor is put to look at it; `line` counts from 0 in the proposed text. */
export interface ReviewStop {
  readonly path: string;
  readonly hunkId: string;
  readonly line: number;
}

/** The changes of a file from top to bottom. */
export function stopsOf({ file, hunks, conflicts }: ShownFile): readonly ReviewStop[] {
  const shown = new Set(hunks);
  const open = proposedRanges(file).flatMap(({ hunk, start }) =>
    shown.has(hunk) ? [{ path: file.path, hunkId: hunk.id, line: start }] : [],
  );
  const contested = conflicts.map(({ id, start }) => ({
    path: file.path,
    hunkId: id,
    line: proposedLine(file, start),
  }));
  return contested.length === 0 ? open : [...open, ...contested].toSorted((left, right) => left.line - right.line);
}

/** Where a change of a file is looked at; undefined when it does not wait any more. */
export function stopOf(file: ProposedFile, hunkId: string): ReviewStop | undefined {
  return stopsOf({ file, hunks: file.hunks, conflicts: file.conflicts }).find((stop) => stop.hunkId === hunkId);
}

/** Where a line of the base stands in the proposed text; both count from 0. */
export function proposedLine({ hunks }: ProposedFile, line: number): number {
  let shift = 0;
  for (const { start, removed, added } of hunks) {
    if (start + removed.length > line) break;
    shift += added.length - removed.length;
  }
  return Math.max(0, line + shift);
}

/** The change to look at once one at this place was decided: the next in its file, else in the files that came after it. */
export function stopAfterDecision(
  at: { readonly path: string; readonly line: number },
  before: readonly string[],
  now: readonly ShownFile[],
): ReviewStop | undefined {
  if (now.some(({ file }) => file.path === at.path)) return nextStop(now, { ...at, line: at.line - 1 }, 1);
  const index = before.indexOf(at.path);
  const byPath = new Map(now.map((shown) => [shown.file.path, shown]));
  const path = [...before.slice(index + 1), ...before.slice(0, index + 1)].find((each) => byPath.has(each));
  const next = byPath.get(path ?? "");
  return next && stopsOf(next)[0];
}

/**
 * The next change after a place, or the one before it: in the file, then in the files after it, and on from the
 * other end. The place itself is no answer unless it is the only one.
 */
export function nextStop(
  order: readonly ShownFile[],
  from: { readonly path: string; readonly line: number } | undefined,
  step: 1 | -1,
): ReviewStop | undefined {
  const directed = step === 1 ? order : order.toReversed();
  const within = (shown: ShownFile): readonly ReviewStop[] =>
    step === 1 ? stopsOf(shown) : stopsOf(shown).toReversed();
  const index = directed.findIndex(({ file }) => file.path === from?.path);
  const current = directed[index];
  const isAhead = ({ line }: ReviewStop): boolean => (line - (from?.line ?? 0)) * step > 0;
  const ahead = current && within(current).find(isAhead);
  if (ahead !== undefined) return ahead;
  const others = [...directed.slice(index + 1), ...directed.slice(0, index + 1)];
  const [next] = others;
  return next && within(next)[0];
}
