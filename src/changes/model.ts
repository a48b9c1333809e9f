import type { Disposable } from "../support/events.ts";
import type { Collision } from "./merge.ts";

/** Who proposes something: the offline engine, a model by its tools, a command that it ran, the user in the proposal itself. */
export type Origin = "engine" | "model" | "command" | "user";

/** A run of lines that differs. `start` counts from 0 in the base text; lines carry no line break. */
export interface Hunk {
  /** Stable while the proposal stands, also when edits above move it. Unique within its file. */
  readonly id: string;
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Who has had a hand in it, the first one first. Stores of earlier versions do not say it. */
  readonly origins?: readonly Origin[];
  /** Of a hunk that the user has edited: what is proposed in place of `removed` once that edit is taken back. */
  readonly below?: readonly string[];
}

/**
 * Hunks whose lines the user has changed meanwhile, with all three sides of the lines that are concerned: `removed` is what both
 * started from, `added` what is proposed, `mine` what the file holds now, from `start` on. Views read it through
 * `conflicts.ts`.
 */
export interface Conflict extends Hunk {
  readonly mine: readonly string[];
  /** What `added` is made of, counted from the first line of `removed`: they are proposed again when the user's edit goes. */
  readonly parts: readonly Hunk[];
}

/** `lines`: the lines that are to stand in place of the user's, without line breaks; none removes them. */
export type Resolution = "mine" | "proposed" | { readonly lines: readonly string[] };

export type ProposalKind = "create" | "modify" | "delete";

/** What is proposed for one file and not decided yet. */
export interface ProposedFile {
  readonly path: string;
  readonly kind: ProposalKind;
  /** The text on disk that the hunks apply to; undefined for a file to be created. */
  readonly base: string | undefined;
  readonly hunks: readonly Hunk[];
  /** In order, apart from one another and from the hunks; rejected, resolved or proposed anew. */
  readonly conflicts: readonly Conflict[];
  /** Of a deletion: only the engine has written the file, so nobody's work goes with it. */
  readonly isObsolete?: true;
}

/** Two proposals that are one: what is deleted is created elsewhere, perhaps with changes. */
export interface ProposedRename {
  readonly from: ProposedFile;
  readonly to: ProposedFile;
}

/**
 * Kept so that it can be taken back. `resolved`: conflicts have become the hunks. `restored`: the hunks stand again as they
 * were proposed before the user edited them.
 */
export interface Decision {
  readonly kind: "accepted" | "rejected" | "resolved" | "restored";
  readonly files: readonly DecidedFile[];
  /** Why the user rejected it, in words for the agent. */
  readonly reason?: string;
}

export interface DecidedFile {
  readonly path: string;
  /** The text that the hunks applied to when they were decided. */
  readonly base: string | undefined;
  readonly hunks: readonly Hunk[];
  readonly conflicts: readonly Conflict[];
  /** Of what was restored: the hunks as the user had edited them. */
  readonly edited?: readonly Hunk[];
  /** Of an accept: the text as the editor saved it, where it has formatted the accepted one. */
  readonly saved?: string;
}

/** What must be written so that a decision takes effect. `after` undefined deletes the file. */
export interface FileWrite {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What became of writes; each is done as a whole or not at all. */
export interface WriteOutcome {
  readonly written: readonly string[];
  /** `why` is a whole sentence with a code, as of a `UserFacingError`. */
  readonly failed: readonly { readonly path: string; readonly why: string }[];
}

export interface ProposalOutcome {
  readonly added: number;
  readonly removed: number;
  /** Hunks left out because the user rejected exactly these lines before. */
  readonly alreadyRejected: number;
}

/**
 * The proposed text of every file, and what the user has said of each hunk. A pure state machine:
 * it never touches a disk.
 *
 * Invariant: the text on disk is always the base plus the accepted hunks. A rejected hunk stays
 * remembered for the run, and the same hunk is not proposed again.
 */
export interface ChangeSet {
  files(): readonly ProposedFile[];
  file(path: string): ProposedFile | undefined;
  /** The rename that the proposal for this path is half of: shown and decided as one. */
  readonly renameOf: (path: string) => ProposedRename | undefined;
  /** Base plus pending hunks; undefined when nothing is proposed for the path or it is to be deleted. */
  proposedText(path: string): string | undefined;
  /**
   * Proposes `text` for a file whose disk text is `base`, in place of what was proposed before.
   * `text` undefined proposes a deletion; `base` undefined a creation. What differs from before is `by`'s; an edit of the user's
   * stays a layer above it, unless its own lines are proposed otherwise.
   */
  propose(path: string, base: string | undefined, text: string | undefined, by?: Origin): ProposalOutcome;
  /** Proposes the deletion of a file that only the engine has written: a sweeping accept takes it as well. */
  proposeObsolete(path: string, base: string): void;
  /**
   * Shows edits of the disk text `base` that meet what the user has made of the same lines, beside what
   * is proposed for the file, and in place of what was proposed for those lines. Those that the user rejected before
   * are left out. They come from the engine: no other proposes without reading what stands.
   */
  addConflicts(path: string, base: string | undefined, collisions: readonly Collision[]): void;
  /**
   * Ends a conflict: "mine" rejects it; else it becomes a hunk with the conflict's id, pending like any other
   * and therefore still to be accepted. Nothing happens when there is no such conflict any more.
   */
  resolve(path: string, conflictId: string, resolution: Resolution): void;
  /**
   * The user has edited the proposal itself, which is now `text`: a hunk taken out counts as rejected,
   * and a rejected one typed in again counts as proposed. A conflict whose lines it changes is resolved by it. All else is
   * a layer over what was proposed, see {@link takeBackEdits}.
   */
  edit(path: string, text: string): void;
  /**
   * Takes the user's own edits of a hunk back, or of all of a file, and nothing else: what was proposed there is proposed
   * again, under new ids. It is one decision. Returns how many hunks held such an edit.
   */
  takeBackEdits(path: string, hunkId?: string): number;
  /**
   * The writes that accepting would take: one hunk, all of a file, or everything. Changes nothing.
   * "Everything" leaves out the files that are accepted one by one only ({@link reasonForOwnYes}).
   */
  acceptance(selection: Selection): readonly FileWrite[];
  /** Records that the writes of {@link acceptance} were carried out. */
  accepted(selection: Selection): void;
  /** A `reason` is what the user tells the agent; it stands as long as the rejection does. */
  reject(selection: Selection, reason?: string): void;
  /** Tells that the file on disk, or its open buffer, now has this text (user edit, undo, checkout). */
  rebase(path: string, current: string | undefined): void;
  /** Tells that saving what was just accepted has made this text of it: formatted, for example. It is no edit of the user's. */
  saved(path: string, text: string): void;
  /**
   * Tells that a file, or a folder with all that is in it, has another name now: proposals and decisions go along. What is
   * proposed for the new name already stays instead. Returns the new paths, each to be followed by a {@link rebase}.
   */
  move(from: string, to: string): readonly string[];
  /** How many changes of the file the user has rejected. */
  rejectedIn(path: string): number;
  /** The user asks for the file by name: from now on what was rejected in it may be proposed again. */
  forgetRejections(path: string): void;
  /** The last decision that was not taken back yet; as of the last {@link rebase} of its paths. */
  lastDecision(): UndoableDecision | undefined;
  /** Whether there is a {@link lastDecision}, which takes the texts of all its files to work out. */
  hasDecided(): boolean;
  /** Records that the writes of {@link lastDecision} were carried out; its hunks are proposed again. */
  undone(): void;
  /** How many changes were decided since there was nothing left to decide. */
  decided(): number;
  /** Forgets proposals and decisions. */
  clear(): void;
  /** For persistence; plain JSON. What has not changed is the same object as before. */
  snapshot(): ChangeSetSnapshot;
  /** To be followed by a {@link rebase} of every path in it. */
  restore(snapshot: ChangeSetSnapshot): void;
  onDidChange(listener: (paths: readonly string[]) => void): Disposable;
}

/** One decision, and what would restore the disk. Only an accept needs writes. */
export interface UndoableDecision {
  readonly kind: Decision["kind"];
  readonly paths: readonly string[];
  readonly writes: readonly FileWrite[];
  /** Of `paths`, those whose accepted lines have changed since, with the other half of a rename; they are left as they are. */
  readonly blocked: readonly string[];
}

/** Empty object: everything. Only `path`: the file, with the other half of a rename. `parts`: those together, as one decision. */
export interface Selection {
  readonly path?: string;
  readonly hunkId?: string;
  readonly parts?: readonly SelectionPart[];
}

export interface SelectionPart {
  readonly path: string;
  readonly hunkIds: readonly string[];
}

export interface ChangeSetSnapshot {
  readonly files: readonly ProposedFile[];
  readonly rejected: readonly { readonly path: string; readonly keys: readonly string[] }[];
  /** Oldest first. */
  readonly decisions: readonly Decision[];
  /** As {@link ChangeSet.decided} says. */
  readonly decided: number;
}
