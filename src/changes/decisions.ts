import { divideConflicts } from "./conflicts.ts";
import { applyEdits, diffLines, splitLines } from "./diff.ts";
import {
  asEdit,
  conflictsInOrder,
  createProposedFile,
  hunksBetween,
  invertHunks,
  mergeHunks,
  moveHunks,
} from "./hunks.ts";
import { originsOf, withOrigins } from "./layers.ts";
import { mergeEdits } from "./merge.ts";
import type { Conflict, DecidedFile, Decision, Hunk, ProposedFile, ProposedRename } from "./model.ts";
import { rebaseFile } from "./rebase.ts";
import { proposedRenames } from "./renames.ts";

/** What taking a decision back means for one file whose text is `current` now. */
export interface Reversal {
  /** The text without the accepted hunks; `current` itself for a rejection. */
  readonly text: string | undefined;
  /** In the coordinates of `text`. */
  readonly hunks: readonly Hunk[];
  readonly conflicts: readonly Conflict[];
}

/** Undefined when the lines of the decision were changed since. */
export function reverse(
  kind: Decision["kind"],
  decided: DecidedFile,
  current: string | undefined,
): Reversal | undefined {
  if (kind === "accepted") return reverseAcceptance(decided, current);
  if (kind === "resolved") return reverseRejection({ ...decided, hunks: [] }, current);
  return reverseRejection(kind === "restored" ? { ...decided, hunks: decided.edited ?? [] } : decided, current);
}

/** The files whose part of a decision cannot be taken back: their lines have changed since, or those of a rename's other half. */
export function blockedFiles(
  { kind, files }: Decision,
  texts: ReadonlyMap<string, string | undefined>,
): ReadonlySet<string> {
  const isBlocked = (file: DecidedFile): boolean => reverse(kind, file, texts.get(file.path)) === undefined;
  const blocked = new Set(files.filter(isBlocked).map(({ path }) => path));
  if (blocked.size === 0) return blocked;
  for (const { from, to } of renamesIn(files)) {
    if (blocked.has(from.path)) blocked.add(to.path);
    if (blocked.has(to.path)) blocked.add(from.path);
  }
  return blocked;
}

/** Each decision keeps the text of its files, so the oldest are let go. */
export function remembered(decisions: readonly Decision[]): readonly Decision[] {
  return decisions.slice(-mostRemembered);
}

const mostRemembered = 200;

/**
 * How many changes do not wait any more; both halves of a rename are one. What was resolved or restored waits for a
 * decision like before.
 */
export function countDecided({ kind, files }: Pick<Decision, "kind" | "files">): number {
  if (kind === "resolved" || kind === "restored") return 0;
  const all = files.reduce((sum, { hunks, conflicts }) => sum + hunks.length + conflicts.length, 0);
  return all - renamesIn(files).length;
}

function renamesIn(files: readonly DecidedFile[]): readonly ProposedRename[] {
  return proposedRenames(
    files.map(({ path, base, hunks, conflicts }) => createProposedFile(path, base, hunks, conflicts)),
  );
}

/** The decision about files that have other names now; one about none of them is the same object, which is stored once. */
export function renamedDecision(
  decision: Decision,
  names: ReadonlyMap<string, string>,
  createId: () => string,
): Decision {
  const { kind, files } = decision;
  if (!files.some(({ path }) => names.has(path))) return decision;
  const moved = new Map(files.map((file) => [names.get(file.path), file] as const));
  const all = files.flatMap((file) => {
    const path = names.get(file.path);
    if (path !== undefined) return kind === "accepted" && standsBesides(path, decision) ? [] : [{ ...file, path }];
    const comer = kind === "accepted" ? moved.get(file.path) : undefined;
    return comer === undefined ? [file] : joined(file, comer, createId);
  });
  return { ...decision, files: all };
}

function standsBesides(path: string, { files }: Decision): boolean {
  return files.some((file) => file.path === path);
}

/** What was accepted for a file that is gone and for the one that has come in its place is one change of the place. */
function joined(gone: DecidedFile, comer: DecidedFile, createId: () => string): readonly DecidedFile[] {
  const { path, base } = gone;
  if (applyEdits(base, gone.hunks) !== undefined) return [{ ...comer, path }];
  const edits = hunksBetween(base, applyEdits(comer.base, comer.hunks));
  const hunks = edits.map((edit) => withOrigins({ ...edit, id: createId() }, originsOf(comer.hunks)));
  const saved = comer.saved === undefined ? {} : { saved: comer.saved };
  return hunks.length === 0 ? [] : [{ path, base, hunks, conflicts: [], ...saved }];
}

/**
 * The file with the hunks of a decision proposed again. `pending` is the file as it is proposed now: a hunk that
 * is proposed there once more has the id already.
 */
export function reinstate(
  path: string,
  pending: ProposedFile | undefined,
  reversal: Reversal,
  createId: () => string,
): ProposedFile {
  const base = pending === undefined ? undefined : rebaseFile(pending, reversal.text).file;
  const standingParts = base?.conflicts.flatMap(({ parts }) => parts) ?? [];
  const taken = new Set([...(base?.hunks ?? []), ...(base?.conflicts ?? []), ...standingParts].map(({ id }) => id));
  const unique = (hunk: Hunk): Hunk => (taken.has(hunk.id) ? { ...hunk, id: createId() } : hunk);
  const uniqueConflict = (conflict: Conflict): Conflict => {
    const parts = conflict.parts.map(unique);
    return { ...conflict, parts, id: parts[0]?.id ?? createId() };
  };
  const standing = base?.conflicts ?? [];
  const hunks = mergeHunks(base?.hunks ?? [], reversal.hunks.map(unique)).filter(
    (hunk) => divideConflicts(standing, [hunk]).met.length === 0,
  );
  const others = [...hunks, ...standing.map((conflict) => asEdit(conflict))];
  const restored = divideConflicts(reversal.conflicts.map(uniqueConflict), others).apart;
  return createProposedFile(path, reversal.text, hunks, conflictsInOrder([...standing, ...restored]));
}

function reverseAcceptance(decided: DecidedFile, current: string | undefined): Reversal | undefined {
  if (decided.saved !== undefined) return reverseSaved(decided, decided.saved, current);
  const accepted = applyEdits(decided.base, decided.hunks);
  const inverse = moveHunks(invertHunks(decided.hunks), accepted, current);
  if (inverse === undefined) return undefined;
  return { text: applyEdits(current, inverse), hunks: invertHunks(inverse), conflicts: [] };
}

/** With the accepted lines goes what the editor has made of them, and of the others, when it saved the file. */
function reverseSaved({ base, hunks }: DecidedFile, saved: string, current: string | undefined): Reversal | undefined {
  const before = splitLines(saved);
  const mine = diffLines(before, splitLines(current));
  const { fitting, collisions } = mergeEdits(before, diffLines(before, splitLines(base)), mine);
  if (collisions.length > 0) return undefined;
  const text = applyEdits(current, fitting);
  const moved = moveHunks(hunks, base, text);
  return moved && { text, hunks: moved, conflicts: [] };
}

function reverseRejection(decided: DecidedFile, current: string | undefined): Reversal {
  const unmoved = createProposedFile(decided.path, decided.base, decided.hunks, decided.conflicts);
  const { hunks, conflicts } = rebaseFile(unmoved, current).file;
  return { text: current, hunks, conflicts };
}
