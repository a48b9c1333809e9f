import { applyEdits, coalesce, diffLines, type LineEdit, splitLines } from "./diff.ts";
import { moveHunk, sameChange } from "./hunks.ts";

export interface Merge {
  /** The user's text with every edit that fits it. */
  readonly text: string;
  /** Edits that meet the user's own, in the lines of the user's text as it was given. */
  readonly conflicts: readonly LineEdit[];
}

/** The three texts of one file. */
export interface MergeInput {
  /** What both sides started from. */
  readonly base: string;
  readonly generated: string;
  readonly current: string;
}

/**
 * Carries the change from `base` to `generated` over to what the user has made of `base`, line by line.
 *
 * The user's lines always stand. Edits that are at most two lines apart belong together: when one
 * of them meets an edit of the user, all of them are one conflict.
 */
export function mergeTexts({ base, generated, current }: MergeInput): Merge {
  const before = splitLines(base);
  const mine = diffLines(before, splitLines(current));
  const fitting: LineEdit[] = [];
  const conflicts: LineEdit[] = [];
  for (const group of groupEdits(diffLines(before, splitLines(generated)))) {
    const open = group.filter((edit) => !mine.some((own) => own.start === edit.start && sameChange(own, edit)));
    const moved = open.map((edit) => moveHunk(edit, mine));
    if (moved.some(({ overlaps }) => overlaps))
      conflicts.push(...coalesce(group, before).map((edit) => moveHunk(edit, mine).hunk));
    else fitting.push(...moved.map(({ hunk }) => hunk));
  }
  return { text: applyEdits(current, fitting) ?? "", conflicts };
}

/** Edits that {@link coalesce} would join. */
function groupEdits(edits: readonly LineEdit[]): readonly (readonly LineEdit[])[] {
  const groups: LineEdit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    if (last && edit.start - (last.start + last.removed.length) <= 2) groups.at(-1)?.push(edit);
    else groups.push([edit]);
  }
  return groups;
}
