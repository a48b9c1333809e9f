import { fileName } from "../support/fileName.ts";
import { judgePath } from "../support/pathClass.ts";
import { applyEdits, type LineEdit, splitLines } from "./diff.ts";
import { createProposedFile, hunksBetween } from "./hunks.ts";
import type { FileWrite, ProposedFile, ProposedRename, WriteOutcome } from "./model.ts";
import { reasonForOwnYes } from "./ownYes.ts";

/** The path of a file once `from`, the file itself or a folder above it, is called `to`; undefined for the others. */
export function movedPath(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}

/**
 * The renames among proposals: each is one thing to look at and to decide about. A half that the user has edited meanwhile
 * is a conflict, and then there are two things.
 */
export function proposedRenames(files: readonly ProposedFile[]): readonly ProposedRename[] {
  const deleted = files.filter(({ kind, conflicts }) => kind === "delete" && conflicts.length === 0);
  const created = new Set(files.filter(({ kind, conflicts }) => kind === "create" && conflicts.length === 0));
  const isMany = deleted.length * created.size > mostCompared;
  return deleted.flatMap((from) => {
    const candidates = [...created].filter((to) => !isMany || fileName(to.path) === fileName(from.path));
    const [best] = candidates
      .map((to) => ({ to, likeness: likenessOf(from, to) }))
      .filter(({ likeness }) => likeness >= leastLikeness)
      .toSorted((left, right) => right.likeness - left.likeness);
    if (best === undefined) return [];
    created.delete(best.to);
    return [{ from, to: best.to }];
  });
}

/** Both halves by their paths. */
export function renamesByPath(files: readonly ProposedFile[]): ReadonlyMap<string, ProposedRename> {
  return new Map(
    proposedRenames(files).flatMap((rename) => [rename.from, rename.to].map(({ path }) => [path, rename])),
  );
}

/** What a rename changes in the text, still without ids. */
export function renameEdits({ from, to }: ProposedRename): readonly LineEdit[] {
  return hunksBetween(from.base, applyEdits(to.base, to.hunks));
}

/** As {@link reasonForOwnYes}; what the rename takes out of the text is looked at like any change. */
export function reasonForRename({ from, to }: ProposedRename): string | undefined {
  const { class: judged, why } = judgePath(from.path);
  return judged === "confirmEach" ? why : reasonForOwnYes(to);
}

/** The deletions that are not to be made, because what they move could not be written in its new place. */
export function heldDeletions(writes: readonly FileWrite[], failed: WriteOutcome["failed"]): WriteOutcome["failed"] {
  const lost = new Set(failed.map(({ path }) => path));
  if (lost.size === 0) return [];
  const halves = writes.filter(({ path, after }) => after === undefined || lost.has(path));
  const files = halves.map(({ path, before, after }) =>
    createProposedFile(
      path,
      before,
      hunksBetween(before, after).map((edit) => ({ id: "", ...edit })),
    ),
  );
  return proposedRenames(files).map(({ from, to }) => {
    const why = `RENAME_HELD: ${from.path} stays, because ${to.path}, its new name, could not be written; see to that and accept again.`;
    return { path: from.path, why };
  });
}

/** So many pairs are compared line by line; of more only those with the same name. */
const mostCompared = 10_000;

/** As Git has it: half of the lines. */
const leastLikeness = 0.5;

/** The share of lines that say something and stand in both. */
function likenessOf(from: ProposedFile, to: ProposedFile): number {
  const before = splitLines(from.base).filter(saysSomething);
  const after = to.hunks.flatMap(({ added }) => added).filter(saysSomething);
  const standing = new Set(after);
  const common = before.filter((line) => standing.has(line)).length;
  return common / Math.max(1, before.length, after.length);
}

function saysSomething(line: string): boolean {
  return /\w/.test(line);
}
