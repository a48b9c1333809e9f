import { judgePath } from "../support/pathClass.ts";
import { splitLines } from "./diff.ts";
import type { DecidedFile, ProposedFile } from "./model.ts";
import { reasonForOwnYes } from "./ownYes.ts";

/** The path of a file once `from`, the file itself or a folder above it, is called `to`; undefined for the others. */
export function movedPath(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}

/** Two proposals that are one rename: what is deleted is created elsewhere, perhaps with changes. */
export interface ProposedRename {
  readonly from: ProposedFile;
  readonly to: ProposedFile;
}

/**
 * The renames among proposals. Both halves stay proposals of their own: accepting only the creation keeps both files,
 * accepting only the deletion gives the text up and is asked about like any deletion.
 */
export function proposedRenames(files: readonly ProposedFile[]): readonly ProposedRename[] {
  const created = new Set(files.filter(({ kind, conflicts }) => kind === "create" && conflicts.length === 0));
  return files.flatMap((from) => {
    if (from.kind !== "delete" || from.conflicts.length > 0) return [];
    const [best] = [...created]
      .map((to) => ({ to, likeness: likenessOf(from, to) }))
      .filter(({ likeness }) => likeness >= leastLikeness)
      .toSorted((left, right) => right.likeness - left.likeness);
    if (best === undefined) return [];
    created.delete(best.to);
    return [{ from, to: best.to }];
  });
}

/**
 * The paths that are to be deleted while every line of theirs is created elsewhere by the same selection: nothing goes, so
 * nobody need be asked about each.
 */
export function textsThatStay(files: readonly ProposedFile[], selected: readonly DecidedFile[]): ReadonlySet<string> {
  const chosen = new Map(selected.map(({ path, hunks }) => [path, hunks.length]));
  const isWhole = ({ path, hunks }: ProposedFile): boolean => chosen.get(path) === hunks.length;
  const renames = proposedRenames(files).filter(({ from, to }) => isWhole(from) && isWhole(to));
  const staying = renames.filter(({ from, to }) => {
    const after = new Set(to.hunks.flatMap(({ added }) => added));
    const keepsAll = splitLines(from.base).every((line) => after.has(line) || !saysSomething(line));
    return keepsAll && reasonForOwnYes(to) === undefined && judgePath(from.path).class !== "confirmEach";
  });
  return new Set(staying.map(({ from }) => from.path));
}

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
