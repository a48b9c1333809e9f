import { applyEdits, joinLines, sameLines, splitLines } from "./diff.ts";
import { asEdit, createProposedFile, inOrder, touch } from "./hunks.ts";
import { originsOf, withOrigins } from "./layers.ts";
import { lineEndOf } from "./lineEnds.ts";
import type { Conflict, Hunk, ProposedFile, Resolution } from "./model.ts";
import { ancestorOf } from "./rebase.ts";

/** The lines of a conflict in one of the three texts; `start` counts from 0. */
export interface Side {
  readonly start: number;
  readonly lines: readonly string[];
}

export interface ThreeWayConflict {
  /** As of the hunk that it was; `ChangeSet.resolve` takes it. */
  readonly id: string;
  readonly base: Side;
  readonly mine: Side;
  readonly proposed: Side;
}

/** The three texts of a file, whole, and where in each of them its conflicts stand, from the top. */
export interface ThreeWay {
  /** What the proposal was made for; undefined when there was no file. */
  readonly base: string | undefined;
  /** What the file holds now, on disk or in its editor; undefined when it is gone. */
  readonly mine: string | undefined;
  /** The base with all that is proposed; undefined when the file is to be deleted. */
  readonly proposed: string | undefined;
  readonly conflicts: readonly ThreeWayConflict[];
}

/**
 * What a three-way view shows of a proposed file. To end a conflict: `ChangeSet.resolve(path, id, resolution)`, where
 *
 * - `"mine"` rejects the proposed lines (no write, remembered like any rejection);
 * - `"proposed"` and `{ lines }` make the conflict a pending hunk with the same id, from the user's lines to those. It is
 *   part of `proposedText` from then on and written by no earlier than `accept({ path, hunkId: id })`, which a button "take
 *   and write" calls right after.
 *
 * Each is one decision that the command for undo takes back. A whole result text, as of a merge editor, goes to
 * `ChangeSet.edit(path, text)`: it resolves every conflict whose lines it changes. While the user goes on typing in the
 * file the conflicts move, grow, or end; ask again after each `onDidChange`. Conflicts and their resolutions are in
 * the snapshot.
 */
export function threeWay(file: ProposedFile): ThreeWay {
  const { text, hunks } = ancestorOf(file);
  const byId = new Map(file.conflicts.map((conflict) => [conflict.id, conflict]));
  let [toBase, toProposed] = [0, 0];
  const conflicts: ThreeWayConflict[] = [];
  for (const edit of inOrder([...file.conflicts.map((conflict) => asEdit(conflict)), ...file.hunks])) {
    const conflict = byId.get(edit.id);
    if (conflict !== undefined) {
      const { id, start, removed, mine, added } = conflict;
      const base = { start: start + toBase, lines: removed };
      const proposed = { start: start + toProposed, lines: added };
      conflicts.push({ id, base, mine: { start, lines: mine }, proposed });
      toBase += removed.length - mine.length;
    }
    toProposed += edit.added.length - edit.removed.length;
  }
  return { base: text, mine: file.base, proposed: applyEdits(text, hunks), conflicts };
}

/** The text that a file had before it was deleted under its proposal; undefined for one that is there, or never was. */
export function goneText(file: ProposedFile | undefined): string | undefined {
  return file?.base === undefined ? joinLines(file?.conflicts[0]?.removed ?? []) : undefined;
}

/** The hunk that a resolution makes of a conflict; undefined when the user's lines stand. */
export function resolutionOf(conflict: Conflict, resolution: Resolution, base: string | undefined): Hunk | undefined {
  if (resolution === "mine") return undefined;
  const lines = resolution === "proposed" ? conflict.added : withEnds(resolution.lines, conflict, base);
  if (sameLines(lines, conflict.mine)) return undefined;
  const origins = originsOf(conflict.parts).filter((origin) => origin !== "user");
  const hasUser = resolution !== "proposed" || conflict.parts.some((part) => part.origins?.includes("user"));
  return withOrigins(asEdit(conflict, lines), hasUser ? [...origins, "user"] : origins);
}

/** The file with hunks in place of conflicts. */
export function withResolved(file: ProposedFile, resolved: readonly Conflict[], hunks: readonly Hunk[]): ProposedFile {
  const conflicts = file.conflicts.filter((conflict) => !resolved.includes(conflict));
  return createProposedFile(file.path, file.base, inOrder([...file.hunks, ...hunks]), conflicts);
}

/** The conflicts that leave room for the edits, and those that do not. */
export function divideConflicts(
  conflicts: readonly Conflict[],
  edits: readonly Pick<Hunk, "start" | "removed" | "added">[],
): { readonly apart: readonly Conflict[]; readonly met: readonly Conflict[] } {
  const met = conflicts.filter((conflict) => edits.some((edit) => meets(edit, conflict)));
  return { met, apart: conflicts.filter((conflict) => !met.includes(conflict)) };
}

/** What the user has made of a conflict goes with the decision, and not as an edit. */
export function withResolvedOrigins(hunk: Hunk, met: readonly Conflict[]): Hunk {
  const own = met.filter((conflict) => divideConflicts([conflict], [hunk]).met.length > 0);
  if (own.length === 0) return hunk;
  const { below: _, ...rest } = hunk;
  return withOrigins(rest, originsOf([...own.flatMap(({ parts }) => parts), hunk]));
}

/** An insertion at either end counts: nobody could say later which of the two comes first. */
function meets(edit: Pick<Hunk, "start" | "removed" | "added">, conflict: Conflict): boolean {
  const own = asEdit(conflict);
  if (touch(edit, own)) return true;
  return edit.removed.length === 0 && (edit.start === own.start || edit.start === own.start + own.removed.length);
}

/** Lines from an editor carry no returns, those of a file may. */
function withEnds(lines: readonly string[], { start, mine }: Conflict, base: string | undefined): readonly string[] {
  if (lineEndOf(base) !== "\r\n") return lines;
  const isAtEnd = start + mine.length >= splitLines(base).length;
  const last = lines.length - 1;
  return lines.map((line, index) => (line.endsWith("\r") || (isAtEnd && index === last) ? line : `${line}\r`));
}
