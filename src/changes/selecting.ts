import type { ChangeSet, DecidedFile, Hunk, ProposedFile, ProposedRename, Selection } from "./model.ts";
import { reasonForOwnYes } from "./ownYes.ts";
import { reasonForRename } from "./renames.ts";

type Proposals = Pick<ChangeSet, "files" | "renameOf">;

/** What a selection means of the proposed files. The halves of a rename go together, unless one hunk of one is named. */
export function selectIn(proposals: Proposals, selection: Selection): readonly DecidedFile[] {
  const { path, hunkId, parts } = selection;
  const rename = path === undefined || hunkId !== undefined ? undefined : proposals.renameOf(path);
  const chosen = parts && hunksByPath(parts, proposals);
  const isMeant = (file: ProposedFile): boolean =>
    path === undefined || file.path === path || file === rename?.from || file === rename?.to;
  const isChosen = (file: ProposedFile, { id }: Hunk): boolean =>
    (hunkId === undefined || id === hunkId) && (chosen === undefined || chosen.get(file.path)?.has(id) === true);
  return proposals
    .files()
    .filter(isMeant)
    .map((file) => ({
      path: file.path,
      base: file.base,
      hunks: file.hunks.filter((hunk) => isChosen(file, hunk)),
      conflicts: file.conflicts.filter((hunk) => isChosen(file, hunk)),
    }))
    .filter((decided) => decided.hunks.length + decided.conflicts.length > 0);
}

/** Of a selection what an accept takes: hunks, and in a sweep nothing that is accepted by itself only. */
export function acceptableIn(proposals: Proposals, selection: Selection): readonly DecidedFile[] {
  const selected = selectIn(proposals, selection).filter(({ hunks }) => hunks.length > 0);
  if (selection.path !== undefined) return selected;
  const byPath = new Map(proposals.files().map((file) => [file.path, file]));
  return selected.filter(({ path, hunks }) => {
    const file = byPath.get(path);
    return file && ownYesOf({ ...file, hunks }, proposals.renameOf(path)) === undefined;
  });
}

/** Why a proposed file, or the rename that it is half of, is accepted by itself and by no sweeping accept. */
export function ownYesOf(file: ProposedFile, rename: ProposedRename | undefined): string | undefined {
  return rename === undefined ? reasonForOwnYes(file) : reasonForRename(rename);
}

function hunksByPath(
  parts: NonNullable<Selection["parts"]>,
  { renameOf }: Proposals,
): ReadonlyMap<string, ReadonlySet<string>> {
  const chosen = new Map(parts.map(({ path, hunkIds }) => [path, new Set(hunkIds)]));
  for (const { path } of parts) {
    const rename = renameOf(path);
    for (const half of rename === undefined ? [] : [rename.from, rename.to]) {
      chosen.set(half.path, new Set(half.hunks.map(({ id }) => id)));
    }
  }
  return chosen;
}
