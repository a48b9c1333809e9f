import { applyEdits } from "./diff.ts";
import { createProposedFile, invertHunks, mergeHunks, moveHunks, rebaseFile } from "./hunks.ts";
import type { Hunk, ProposedFile } from "./model.ts";

/** One accept or reject, kept so that it can be taken back. */
export interface Decision {
  readonly kind: "accepted" | "rejected";
  readonly files: readonly DecidedFile[];
}

export interface DecidedFile {
  readonly path: string;
  /** The text that the hunks applied to when they were decided. */
  readonly base: string | undefined;
  readonly hunks: readonly Hunk[];
  readonly conflicts: readonly Hunk[];
}

/** What taking a decision back means for one file whose text is `current` now. */
export interface Reversal {
  /** The text without the accepted hunks; `current` itself for a rejection. */
  readonly text: string | undefined;
  /** In the coordinates of `text`. */
  readonly hunks: readonly Hunk[];
  readonly conflicts: readonly Hunk[];
}

/** Undefined when the lines of the decision were changed since. */
export function reverse(
  kind: Decision["kind"],
  decided: DecidedFile,
  current: string | undefined,
): Reversal | undefined {
  return kind === "accepted" ? reverseAcceptance(decided, current) : reverseRejection(decided, current);
}

/** The file with the hunks of a decision proposed again. `pending` is the file as it is proposed now. */
export function reinstate(path: string, pending: ProposedFile | undefined, reversal: Reversal): ProposedFile {
  const base = pending === undefined ? undefined : rebaseFile(pending, reversal.text).file;
  const hunks = mergeHunks(base?.hunks ?? [], reversal.hunks);
  return createProposedFile(path, reversal.text, hunks, [...(base?.conflicts ?? []), ...reversal.conflicts]);
}

function reverseAcceptance(decided: DecidedFile, current: string | undefined): Reversal | undefined {
  const accepted = applyEdits(decided.base, decided.hunks);
  const inverse = moveHunks(invertHunks(decided.hunks), accepted, current);
  if (inverse === undefined) return undefined;
  return { text: applyEdits(current, inverse), hunks: invertHunks(inverse), conflicts: [] };
}

function reverseRejection(decided: DecidedFile, current: string | undefined): Reversal {
  const unmoved = createProposedFile(decided.path, decided.base, decided.hunks, decided.conflicts);
  const { hunks, conflicts } = rebaseFile(unmoved, current).file;
  return { text: current, hunks, conflicts };
}
