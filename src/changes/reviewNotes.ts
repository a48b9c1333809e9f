import type { ChangeSetSnapshot, ProposedFile, SelectionPart } from "./model.ts";
import { type ReviewComment, type UserWord, userWords } from "./userWords.ts";

/** What the user notes in the review without deciding anything. Plain JSON. */
export interface ReviewNotes {
  /** Changes that the user has marked as looked at. A change that is proposed otherwise has another id, so it is unseen. */
  readonly seen: readonly SelectionPart[];
  readonly comments: readonly ReviewComment[];
  /** Lines of {@link userWords} that the user has taken back. */
  readonly withheld: readonly string[];
}

export const noNotes: ReviewNotes = { seen: [], comments: [], withheld: [] };

/** Takes back what the user said: the agent is not told any more. */
export function forgetWord(notes: ReviewNotes, { line, comment }: UserWord): ReviewNotes {
  if (comment === undefined) return { ...notes, withheld: [...notes.withheld, line] };
  return { ...notes, comments: notes.comments.filter((each) => each !== comment) };
}

/** Marks these changes, or takes the mark off them. */
export function markSeen(notes: ReviewNotes, parts: readonly SelectionPart[], on: boolean): ReviewNotes {
  const seen = new Map(notes.seen.map(({ path, hunkIds }) => [path, new Set(hunkIds)]));
  for (const { path, hunkIds } of parts) {
    const ids = seen.get(path) ?? new Set();
    for (const id of hunkIds) {
      if (on) ids.add(id);
      else ids.delete(id);
    }
    seen.set(path, ids);
  }
  const marked = [...seen].filter(([, ids]) => ids.size > 0);
  return { ...notes, seen: marked.map(([path, ids]) => ({ path, hunkIds: [...ids] })) };
}

/** Whether a change is marked; built once for many questions. */
export function seenTest({ seen }: ReviewNotes): (path: string, hunkId: string) => boolean {
  const byPath = new Map(seen.map(({ path, hunkIds }) => [path, new Set(hunkIds)]));
  return (path, hunkId) => byPath.get(path)?.has(hunkId) === true;
}

/** All that waits in a file, as what is decided or marked together. */
export function partOfFile({ path, hunks, conflicts }: ProposedFile): SelectionPart {
  return { path, hunkIds: [...hunks, ...conflicts].map(({ id }) => id) };
}

/**
 * The notes that still mean something: of changes that wait, that taking a decision back would bring back, or that were
 * `replaced` by such. Ids of others may be given to other changes after a reload.
 */
export function livingNotes(
  notes: ReviewNotes,
  { files, decisions }: ChangeSetSnapshot,
  replaced: readonly SelectionPart[] = [],
): ReviewNotes {
  const living = new Map<string, Set<string>>();
  for (const { path, hunkIds } of replaced) living.set(path, new Set([...(living.get(path) ?? []), ...hunkIds]));
  for (const { path, hunks, conflicts } of [...files, ...decisions.flatMap((decision) => decision.files)]) {
    const ids = living.get(path) ?? new Set();
    for (const { id } of [...hunks, ...conflicts]) ids.add(id);
    living.set(path, ids);
  }
  const said = new Set(userWords(decisions, { ...notes, withheld: [] }).map(({ line }) => line));
  const lives = (path: string, id: string): boolean => living.get(path)?.has(id) === true;
  return {
    seen: notes.seen
      .map(({ path, hunkIds }) => ({ path, hunkIds: hunkIds.filter((id) => lives(path, id)) }))
      .filter(({ hunkIds }) => hunkIds.length > 0),
    comments: notes.comments.filter(({ path, hunkId }) => lives(path, hunkId)),
    withheld: notes.withheld.filter((line) => said.has(line)),
  };
}
