import { applyEdits, diffLines, type LineEdit, sameLines, splitLines } from "./diff.ts";
import { asEdit, createProposedFile, hunksBetween, inOrder, kindOf, sameChange } from "./hunks.ts";
import { withLineEndsOf } from "./lineEnds.ts";
import { type Collision, mergeEdits } from "./merge.ts";
import type { Conflict, Hunk, ProposedFile } from "./model.ts";
import { overWhitespace } from "./whitespace.ts";

export interface Rebased {
  readonly file: ProposedFile;
  /** Hunks that the new text already contains, and the text that they applied to. */
  readonly applied: readonly Hunk[];
  readonly base: string | undefined;
}

/**
 * Carries what is proposed over to a text that the user, or another program, has made of the file: hunks move, become
 * conflicts where they meet the user's edits, and are hunks again once those are gone.
 *
 * A three-way merge each time, so that the outcome depends on the texts alone and not on the way to them.
 */
export function rebaseFile(file: ProposedFile, current: string | undefined): Rebased {
  const ancestor = withLineEndsOf(current, ancestorOf(file));
  const applied = appliedHunks(ancestor, current);
  const pending = ancestor.hunks.filter((hunk) => !applied.includes(hunk));
  const before = splitLines(ancestor.text);
  const edits = editsBetween(ancestor, current, applied);
  const isWhole = concernsWhole(ancestor, pending, edits, current);
  const { fitting, collisions } = isWhole
    ? { fitting: [], collisions: [wholeCollision(ancestor, pending, current)] }
    : mergeEdits(before, pending, edits);
  const hunks = [...fitting];
  const conflicts: Conflict[] = [];
  const settled = new Set(applied.map(({ id }) => id));
  for (const collision of collisions) {
    const respaced = isWhole ? undefined : overWhitespace(collision);
    if (sameLines(collision.added, collision.mine)) for (const { id } of collision.parts) settled.add(id);
    else if (respaced) hunks.push(...respaced);
    else conflicts.push(asConflict(collision));
  }
  return {
    file: createProposedFile(file.path, current, inOrder(hunks), conflicts),
    applied: ancestor.hunks.filter(({ id }) => settled.has(id)),
    base: ancestor.text,
  };
}

/** A collision is known by the first of its hunks. */
export function asConflict(collision: Collision<Hunk>): Conflict {
  return { ...collision, id: collision.parts[0]?.id ?? "" };
}

/** A text, and hunks that apply to it. */
export interface Ancestor {
  readonly text: string | undefined;
  readonly hunks: readonly Hunk[];
}

/** The text that what is proposed was proposed for: the file without the user's side of the conflicts. */
export function ancestorOf({ base, hunks, conflicts }: ProposedFile): Ancestor {
  if (conflicts.length === 0) return { text: base, hunks };
  const undo = conflicts.map((conflict) => asEdit(conflict, conflict.removed));
  let shift = 0;
  const all: Hunk[] = [];
  // Of two at one line the conflict is the one above: it takes no line there.
  for (const each of inOrder([...conflicts, ...hunks].map(asStretch))) {
    const { of } = each;
    if (!("mine" in of)) all.push({ ...of, start: of.start + shift });
    else {
      for (const part of of.parts) all.push({ ...part, start: of.start + shift + part.start });
      shift += of.removed.length - of.mine.length;
    }
  }
  return { text: applyEdits(base, undo), hunks: all };
}

function asStretch(of: Hunk | Conflict) {
  return { start: of.start, removed: "mine" in of ? of.mine : of.removed, added: [], of };
}

/** A shorter diff may line the same texts up otherwise, so the whole text is compared first. */
function appliedHunks({ text, hunks }: Ancestor, current: string | undefined): readonly Hunk[] {
  if (hunks.length > 0 && applyEdits(text, hunks) === current) return hunks;
  const grown = (current?.length ?? 0) - (text?.length ?? 0);
  // A file comes or goes by the only hunk there is.
  const isPossible = (hunk: Hunk): boolean =>
    text === undefined || current === undefined ? hunks.length === 1 : growthOf(hunk) === grown;
  const single = hunks.find((hunk) => isPossible(hunk) && applyEdits(text, [hunk]) === current);
  if (single !== undefined) return [single];
  const edits = hunksBetween(text, current);
  const byStart = new Map(edits.map((edit) => [edit.start, edit]));
  return hunks.filter((hunk) => {
    const edit = byStart.get(hunk.start);
    return edit !== undefined && sameChange(edit, hunk);
  });
}

/** By how many characters a hunk makes a text longer that has lines before and after. */
function growthOf({ removed, added }: Hunk): number {
  const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);
  return lengthOf(added) - lengthOf(removed);
}

function editsBetween({ text }: Ancestor, current: string | undefined, applied: readonly Hunk[]): readonly LineEdit[] {
  if (applied.length > 0 && applyEdits(text, applied) === current) return applied;
  return diffLines(splitLines(text), splitLines(current));
}

/** A file that is gone has no lines to fit anything to, and one that was edited is not deleted in passing. */
function concernsWhole(
  { text }: Ancestor,
  pending: readonly Hunk[],
  edits: readonly LineEdit[],
  current: string | undefined,
): boolean {
  if (pending.length === 0 || edits.length === 0 || text === undefined) return false;
  return current === undefined || kindOf(text, pending) === "delete";
}

function wholeCollision({ text }: Ancestor, pending: readonly Hunk[], current: string | undefined): Collision<Hunk> {
  const added = splitLines(applyEdits(text, pending));
  return { start: 0, removed: splitLines(text), added, mine: splitLines(current), parts: pending };
}
