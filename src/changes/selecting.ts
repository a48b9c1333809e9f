import type { DecidedFile, Hunk, ProposedFile, Selection } from "./model.ts";
import { reasonForOwnYes } from "./ownYes.ts";
import { textsThatStay } from "./renames.ts";

/** What a selection means of the proposed files. */
export function selectIn(files: readonly ProposedFile[], { path, hunkId, parts }: Selection): readonly DecidedFile[] {
  const chosen = parts && new Map(parts.map((part) => [part.path, new Set(part.hunkIds)]));
  const isChosen = (file: ProposedFile, { id }: Hunk): boolean =>
    (hunkId === undefined || id === hunkId) && (chosen === undefined || chosen.get(file.path)?.has(id) === true);
  return files
    .filter((file) => path === undefined || file.path === path)
    .map((file) => ({
      path: file.path,
      base: file.base,
      hunks: file.hunks.filter((hunk) => isChosen(file, hunk)),
      conflicts: file.conflicts.filter((hunk) => isChosen(file, hunk)),
    }))
    .filter((decided) => decided.hunks.length + decided.conflicts.length > 0);
}

/** Of a selection what an accept takes: hunks, and in a sweep no file that is accepted by itself only. */
export function acceptableIn(files: readonly ProposedFile[], selection: Selection): readonly DecidedFile[] {
  const selected = selectIn(files, selection);
  if (selection.path !== undefined) return selected.filter(({ hunks }) => hunks.length > 0);
  const moved = textsThatStay(files, selected);
  const byPath = new Map(files.map((file) => [file.path, file]));
  return selected.filter(({ path, hunks }) => {
    const file = byPath.get(path);
    return hunks.length > 0 && file && (moved.has(path) || reasonForOwnYes({ ...file, hunks }) === undefined);
  });
}
