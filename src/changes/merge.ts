import { applyEdits, applyToLines, coalesce, diffLines, type LineEdit, splitLines } from "./diff.ts";
import { sameChange, touch } from "./hunks.ts";

export interface Merge {
  /** The user's text with every edit that fits it. */
  readonly text: string;
  /** Edits that meet the user's own, in the lines of the user's text as it was given. */
  readonly conflicts: readonly Collision[];
}

/** The three texts of one file. */
export interface MergeInput {
  /** What both sides started from. */
  readonly base: string;
  readonly generated: string;
  readonly current: string;
}

/** Edits of two sides that cannot both be made, with all lines that are concerned. */
export interface Collision<Edit extends LineEdit = LineEdit> {
  /** In the text that the edits of the user lead to. */
  readonly start: number;
  /** The lines that both sides started from. */
  readonly removed: readonly string[];
  /** The lines as the other side has them. */
  readonly added: readonly string[];
  /** The lines as the user has them. */
  readonly mine: readonly string[];
  /** The edits that lead from `removed` to `added`; they count from the first line of `removed`. */
  readonly parts: readonly Edit[];
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
  const meetsMine = (edit: LineEdit): boolean => mine.some((own) => touch(own, edit));
  const open = groupEdits(diffLines(before, splitLines(generated))).flatMap((group) => {
    const rest = group.filter((edit) => !mine.some((own) => own.start === edit.start && sameChange(own, edit)));
    return rest.some(meetsMine) ? coalesce(group, before) : rest;
  });
  const { fitting, collisions } = mergeEdits(before, open, mine);
  return { text: applyEdits(current, fitting) ?? "", conflicts: collisions };
}

/** `fitting` in the coordinates of the text that `mine` leads to. All edits are in order and apart from those of their side. */
export function mergeEdits<Edit extends LineEdit>(
  before: readonly string[],
  theirs: readonly Edit[],
  mine: readonly LineEdit[],
): { readonly fitting: readonly Edit[]; readonly collisions: readonly Collision<Edit>[] } {
  const fitting: Edit[] = [];
  const regions: Region<Edit>[] = [];
  let passed = 0;
  let shift = 0;
  for (const edit of theirs) {
    for (let own = mine[passed]; own && endOf(own) <= edit.start && !touch(own, edit); own = mine[++passed]) {
      shift += own.added.length - own.removed.length;
    }
    const met = meeting(mine, passed, edit);
    const last = regions.at(-1);
    if (last && belongsTo(last, edit, met)) {
      extend(last, edit, met);
    } else if (met.length === 0) fitting.push({ ...edit, start: edit.start + shift });
    else {
      const region: Region<Edit> = { start: edit.start, end: endOf(edit), shift, theirs: [], mine: [] };
      extend(region, edit, met);
      const above = fitting.at(-1);
      // Once the collision is resolved nobody could say which of the two comes first.
      if (above && isInsertionAt(above, region.start + shift)) {
        region.theirs.unshift({ ...above, start: region.start });
        fitting.pop();
      }
      regions.push(region);
    }
  }
  return { fitting, collisions: regions.map((region) => collisionOf(before, region)) };
}

/** A stretch of the text before, and what either side does in it. */
interface Region<Edit extends LineEdit> {
  start: number;
  end: number;
  /** By how much the user's edits above it move it. */
  readonly shift: number;
  readonly theirs: Edit[];
  readonly mine: LineEdit[];
}

/** Edits that {@link coalesce} would join. */
function groupEdits(edits: readonly LineEdit[]): readonly (readonly LineEdit[])[] {
  const groups: LineEdit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    if (last && edit.start - endOf(last) <= 2) groups.at(-1)?.push(edit);
    else groups.push([edit]);
  }
  return groups;
}

function meeting(mine: readonly LineEdit[], from: number, edit: LineEdit): readonly LineEdit[] {
  const met: LineEdit[] = [];
  for (let index = from, own = mine[index]; own && own.start <= endOf(edit); own = mine[++index]) {
    if (touch(own, edit)) met.push(own);
  }
  return met;
}

/** Two that touch are one: resolved apart they could come to one line, and nobody could say in which order. */
function belongsTo(last: Region<LineEdit>, edit: LineEdit, met: readonly LineEdit[]): boolean {
  const start = Math.min(edit.start, ...met.map((own) => own.start));
  return start < last.end || (start === last.end && met.length > 0) || isInsertionAt(edit, last.end);
}

function extend<Edit extends LineEdit>(region: Region<Edit>, edit: Edit, met: readonly LineEdit[]): void {
  region.theirs.push(edit);
  for (const own of met) if (!region.mine.includes(own)) region.mine.push(own);
  for (const { start, removed } of [edit, ...met]) {
    region.start = Math.min(region.start, start);
    region.end = Math.max(region.end, start + removed.length);
  }
}

function collisionOf<Edit extends LineEdit>(before: readonly string[], region: Region<Edit>): Collision<Edit> {
  const { start, end, shift } = region;
  const removed = before.slice(start, end);
  const within = <Each extends LineEdit>(edits: readonly Each[]): readonly Each[] =>
    edits.map((edit) => ({ ...edit, start: edit.start - start }));
  const parts = within(region.theirs);
  const mine = applyToLines(removed, within(region.mine));
  return { start: start + shift, removed, added: applyToLines(removed, parts), mine, parts };
}

function isInsertionAt(edit: LineEdit, line: number): boolean {
  return edit.removed.length === 0 && edit.start === line;
}

function endOf({ start, removed }: LineEdit): number {
  return start + removed.length;
}
