import { createEmitter, type Disposable } from "../support/events.ts";
import { divideConflicts, resolutionOf, withResolved, withResolvedOrigins } from "./conflicts.ts";
import { blockedFiles, countDecided, reinstate, remembered, renamedDecision, reverse } from "./decisions.ts";
import { applyEdits, type LineEdit } from "./diff.ts";
import {
  acceptHunks,
  asEdit,
  conflictsInOrder,
  createProposedFile,
  hunksBetween,
  inOrder,
  lineCounts,
  untouchedHunks,
} from "./hunks.ts";
import { layHunks, withoutOwnEdit } from "./layers.ts";
import type { Collision } from "./merge.ts";
import type {
  ChangeSet,
  ChangeSetSnapshot,
  Conflict,
  DecidedFile,
  Decision,
  FileWrite,
  Hunk,
  Origin,
  ProposalOutcome,
  ProposedFile,
  ProposedRename,
  Resolution,
  Selection,
  UndoableDecision,
} from "./model.ts";
import { rebaseFile } from "./rebase.ts";
import { Rejections } from "./rejections.ts";
import { movedPath, renamesByPath } from "./renames.ts";
import { acceptableIn, selectIn } from "./selecting.ts";
import { lastIdIn } from "./snapshot.ts";

export function createChangeSet(): ChangeSet {
  return new Changes();
}

class Changes implements ChangeSet {
  readonly #files = new Map<string, ProposedFile>();
  readonly #rejections = new Rejections();
  /** Oldest first. */
  #decisions: readonly Decision[] = [];
  /** The text of every file that a decision is about, as it was last told. */
  readonly #texts = new Map<string, string | undefined>();
  /** What only the engine has written, should its deletion be proposed. */
  readonly #obsolete = new Set<string>();
  /** Of the files as they are now; undefined: not looked for. */
  #renames: ReadonlyMap<string, ProposedRename> | undefined;
  readonly #changed = createEmitter<readonly string[]>();
  #lastId = 0;
  #decided = 0;

  files(): readonly ProposedFile[] {
    return [...this.#files.values()];
  }

  file(path: string): ProposedFile | undefined {
    return this.#files.get(path);
  }

  readonly renameOf = (path: string): ProposedRename | undefined => {
    this.#renames ??= renamesByPath(this.files());
    return this.#renames.get(path);
  };

  proposedText(path: string): string | undefined {
    const file = this.#files.get(path);
    return file === undefined ? undefined : applyEdits(file.base, file.hunks);
  }

  proposeObsolete(path: string, base: string): void {
    this.#obsolete.add(path);
    this.propose(path, base, undefined, "engine");
  }

  propose(path: string, base: string | undefined, text: string | undefined, by?: Origin): ProposalOutcome {
    const earlier = this.#files.get(path);
    const edits = hunksBetween(base, text);
    const kept = this.#rejections.without(path, base, edits);
    if (this.#files.size === 0) this.#decided = 0;
    const standing = earlier && rebaseFile(earlier, base).file;
    const hunks = this.#laid(base, standing?.hunks ?? [], kept, by);
    // A conflict elsewhere in the file is still to be decided.
    const conflicts = text === undefined ? [] : (standing?.conflicts ?? []);
    this.#put(createProposedFile(path, base, hunks, divideConflicts(conflicts, [...kept, ...hunks]).apart));
    if (this.#texts.has(path)) this.#texts.set(path, base);
    if (kept.length > 0 || earlier !== undefined) this.#changed.fire([path]);
    return { ...lineCounts(kept, base), alreadyRejected: edits.length - kept.length };
  }

  addConflicts(path: string, base: string | undefined, collisions: readonly Collision[]): void {
    const identified = collisions.map((collision) => this.#identified(collision));
    const kept = this.#rejections.withoutConflicts(path, base, identified);
    if (kept.length === 0) return;
    const file = this.#files.get(path) ?? createProposedFile(path, base, []);
    const added = kept.map((conflict) => asEdit(conflict));
    const hunks = file.hunks.filter((hunk) => divideConflicts(kept, [hunk]).met.length === 0);
    const { apart } = divideConflicts(file.conflicts, added);
    this.#put(createProposedFile(path, file.base, hunks, conflictsInOrder([...apart, ...kept])));
    this.#changed.fire([path]);
  }

  resolve(path: string, conflictId: string, resolution: Resolution): void {
    const file = this.#files.get(path);
    const conflict = file?.conflicts.find(({ id }) => id === conflictId);
    if (file === undefined || conflict === undefined) return;
    const hunk = resolutionOf(conflict, resolution, file.base);
    if (hunk === undefined) this.reject({ path, hunkId: conflictId });
    else this.#resolved(file, [conflict], [hunk]);
  }

  edit(path: string, text: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    const edits = hunksBetween(file.base, text);
    const withdrawn = untouchedHunks(file, edits);
    this.#rejections.remove({ path, base: file.base, hunks: edits, conflicts: [] });
    this.#rejections.add({ path, base: file.base, hunks: withdrawn, conflicts: [] });
    const laid = this.#laid(file.base, file.hunks, edits, "user");
    const { apart, met } = divideConflicts(file.conflicts, [...edits, ...laid]);
    const hunks = laid.map((hunk) => withResolvedOrigins(hunk, met));
    this.#put(createProposedFile(path, file.base, hunks, apart));
    this.#texts.set(path, file.base);
    this.#record(
      "rejected",
      withdrawn.length === 0 ? [] : [{ path, base: file.base, hunks: withdrawn, conflicts: [] }],
    );
    const chosen = hunks.filter((hunk) => divideConflicts(met, [hunk]).met.length > 0);
    this.#record("resolved", met.length === 0 ? [] : [{ path, base: file.base, hunks: chosen, conflicts: met }]);
    if (withdrawn.length + met.length === 0) this.#changed.fire([path]);
  }

  takeBackEdits(path: string, hunkId?: string): number {
    const { base, hunks: all, conflicts } = this.#files.get(path) ?? createProposedFile(path, undefined, []);
    const edited = all.filter(({ id, below }) => below !== undefined && (hunkId ?? id) === id);
    if (edited.length === 0) return 0;
    const hunks = edited.flatMap((hunk) => withoutOwnEdit(hunk, this.#createId));
    const others = all.filter((hunk) => !edited.includes(hunk));
    this.#put(createProposedFile(path, base, inOrder([...others, ...hunks]), conflicts));
    this.#texts.set(path, base);
    this.#record("restored", [{ path, base, hunks, conflicts: [], edited }]);
    return edited.length;
  }

  acceptance(selection: Selection): readonly FileWrite[] {
    return acceptableIn(this, selection).map((decided) => ({
      path: decided.path,
      before: decided.base,
      after: applyEdits(decided.base, decided.hunks),
    }));
  }

  accepted(selection: Selection): void {
    const decided = acceptableIn(this, selection);
    for (const { path, base, hunks } of decided) {
      const file = this.#files.get(path);
      const text = applyEdits(base, hunks);
      if (file !== undefined) this.#put(acceptHunks(file, hunks));
      this.#texts.set(path, text);
    }
    this.#record("accepted", decided);
  }

  reject(selection: Selection, reason?: string): void {
    const decided = selectIn(this, selection);
    for (const { path, base, hunks, conflicts } of decided) {
      const file = this.#files.get(path);
      if (file === undefined) continue;
      this.#rejections.add({ path, base, hunks, conflicts });
      const remaining = file.conflicts.filter((hunk) => !conflicts.includes(hunk));
      const pending = file.hunks.filter((hunk) => !hunks.includes(hunk));
      this.#put(createProposedFile(path, base, pending, remaining));
      this.#texts.set(path, base);
    }
    this.#record("rejected", decided, reason);
  }

  saved(path: string, text: string): void {
    const decision = this.#decisions.at(-1);
    const decided = decision?.files.find((file) => file.path === path);
    if (decision?.kind !== "accepted" || decided === undefined || this.#texts.get(path) === text) return;
    const files = decision.files.map((file) => (file === decided ? { ...decided, saved: text } : file));
    this.#decisions = [...this.#decisions.slice(0, -1), { ...decision, files }];
    this.rebase(path, text);
  }

  move(from: string, to: string): readonly string[] {
    const moves = [...new Set([...this.#files.keys(), ...this.#texts.keys(), ...this.#rejections.paths()])].flatMap(
      (path) => {
        const moved = movedPath(path, from, to);
        // What is proposed for the place itself is not about the file that comes there.
        return moved === undefined || this.#files.has(moved) ? [] : [[path, moved] as const];
      },
    );
    for (const [path, moved] of moves) this.#rename(path, moved);
    const names = new Map(moves);
    this.#decisions = this.#decisions
      .map((decision) => renamedDecision(decision, names, this.#createId))
      .filter(({ files }) => files.length > 0);
    if (moves.length > 0) this.#changed.fire(moves.flat());
    return [...names.values()];
  }

  rejectedIn(path: string): number {
    return this.#rejections.count(path);
  }

  forgetRejections(path: string): void {
    this.#rejections.forget(path);
  }

  rebase(path: string, current: string | undefined): void {
    const wasUndone = this.#takeBackIfUndone(path, current);
    if (this.#texts.has(path)) this.#texts.set(path, current);
    const file = this.#files.get(path);
    if (file === undefined || file.base === current) {
      if (wasUndone) this.#changed.fire([path]);
      return;
    }
    const { file: moved, applied, base } = rebaseFile(file, current);
    this.#put(moved);
    if (applied.length === 0) {
      this.#changed.fire([path]);
      return;
    }
    this.#texts.set(path, current);
    this.#record("accepted", [{ path, base, hunks: applied, conflicts: [] }]);
  }

  lastDecision(): UndoableDecision | undefined {
    const decision = this.#decisions.at(-1);
    if (decision === undefined) return undefined;
    const { kind, files } = decision;
    const blocked = blockedFiles(decision, this.#texts);
    const writes = files.flatMap((decided): readonly FileWrite[] => {
      const { path } = decided;
      const before = this.#texts.get(path);
      const reversal = blocked.has(path) ? undefined : reverse(kind, decided, before);
      return reversal === undefined || reversal.text === before ? [] : [{ path, before, after: reversal.text }];
    });
    return { kind, paths: files.map((file) => file.path), writes, blocked: [...blocked] };
  }

  readonly hasDecided = (): boolean => this.#decisions.length > 0;

  undone(): void {
    const decision = this.#decisions.at(-1);
    if (decision === undefined) return;
    this.#decisions = this.#decisions.slice(0, -1);
    this.#decided = Math.max(0, this.#decided - countDecided(decision));
    const blocked = blockedFiles(decision, this.#texts);
    for (const decided of decision.files) {
      if (!blocked.has(decided.path)) this.#takeBack(decision.kind, decided);
    }
    this.#changed.fire(decision.files.map((file) => file.path));
  }

  decided(): number {
    return this.#decided;
  }

  clear(): void {
    const paths = [...this.#files.keys()];
    this.#files.clear();
    this.#renames = undefined;
    this.#rejections.clear();
    this.#texts.clear();
    this.#obsolete.clear();
    this.#decisions = [];
    this.#decided = 0;
    this.#changed.fire(paths);
  }

  snapshot(): ChangeSetSnapshot {
    const rejected = this.#rejections.snapshot();
    return { files: this.files(), rejected, decisions: this.#decisions, decided: this.#decided };
  }

  restore(snapshot: ChangeSetSnapshot): void {
    this.clear();
    for (const file of snapshot.files) {
      if (file.isObsolete) this.#obsolete.add(file.path);
      this.#put(file);
    }
    this.#rejections.restore(snapshot.rejected);
    this.#decisions = snapshot.decisions;
    this.#decided = snapshot.decided;
    for (const { kind, files } of snapshot.decisions) {
      for (const { path, base, hunks, saved } of files) {
        this.#texts.set(path, kind === "accepted" ? (saved ?? applyEdits(base, hunks)) : base);
      }
    }
    this.#lastId = Math.max(this.#lastId, lastIdIn(snapshot));
    this.#changed.fire(snapshot.files.map((file) => file.path));
  }

  onDidChange(listener: (paths: readonly string[]) => void): Disposable {
    return this.#changed.listen(listener);
  }

  readonly #createId = (): string => `h${++this.#lastId}`;

  #identified(collision: Collision): Conflict {
    const parts = collision.parts.map((part) => ({ ...part, id: this.#createId(), origins: ["engine" as const] }));
    return { ...collision, parts, id: parts[0]?.id ?? this.#createId() };
  }

  #laid(base: string | undefined, earlier: readonly Hunk[], edits: readonly LineEdit[], by: Origin | undefined) {
    return layHunks({ base, earlier, edits, by, createId: this.#createId });
  }

  #resolved(file: ProposedFile, conflicts: readonly Conflict[], hunks: readonly Hunk[]): void {
    const { path, base } = file;
    this.#put(withResolved(file, conflicts, hunks));
    this.#texts.set(path, base);
    this.#record("resolved", [{ path, base, hunks, conflicts }]);
  }

  #rename(path: string, to: string): void {
    const file = this.#files.get(path);
    this.#renames = undefined;
    this.#files.delete(path);
    if (this.#obsolete.delete(path)) this.#obsolete.add(to);
    if (file !== undefined) this.#put({ ...file, path: to });
    if (this.#texts.has(path)) this.#texts.set(to, this.#texts.get(path));
    this.#texts.delete(path);
    this.#rejections.rename(path, to);
  }

  #put(file: ProposedFile): void {
    this.#renames = undefined;
    if (file.hunks.length + file.conflicts.length === 0) this.#files.delete(file.path);
    else this.#files.set(file.path, this.#obsolete.has(file.path) ? markObsolete(file) : file);
  }

  #record(kind: Decision["kind"], files: readonly DecidedFile[], reason?: string): void {
    if (files.length === 0) return;
    const decision = { kind, files, ...(reason !== undefined && { reason }) };
    this.#decisions = remembered([...this.#decisions, decision]);
    this.#decided += countDecided(decision);
    this.#changed.fire(files.map((file) => file.path));
  }

  #takeBack(kind: Decision["kind"], decided: DecidedFile): void {
    const { path } = decided;
    const reversal = reverse(kind, decided, this.#texts.get(path));
    if (reversal === undefined) return;
    if (kind === "rejected") this.#rejections.remove(decided);
    this.#put(reinstate(path, this.#pendingWithout(kind, decided), reversal, this.#createId));
    this.#texts.set(path, reversal.text);
  }

  /** The hunks that conflicts, or edits of the user's, have become give way to them again. */
  #pendingWithout(kind: Decision["kind"], { path, hunks }: DecidedFile): ProposedFile | undefined {
    const file = this.#files.get(path);
    if (file === undefined || (kind !== "resolved" && kind !== "restored")) return file;
    const ids = new Set(hunks.map(({ id }) => id));
    return createProposedFile(
      path,
      file.base,
      file.hunks.filter(({ id }) => !ids.has(id)),
      file.conflicts,
    );
  }

  /** An undo in the file's own editor brings back the very text that the last accepted hunks applied to. */
  #takeBackIfUndone(path: string, current: string | undefined): boolean {
    if (!this.#texts.has(path) || this.#texts.get(path) === current) return false;
    const file = this.#files.get(path);
    // The user has done what is proposed, though that is as it was before an accept.
    if (file !== undefined && file.conflicts.length === 0 && this.proposedText(path) === current) return false;
    const index = this.#decisions.findLastIndex(
      (decision) => decision.kind === "accepted" && decision.files.some((file) => file.path === path),
    );
    const decision = this.#decisions[index];
    const decided = decision?.files.find((file) => file.path === path);
    if (decision === undefined || decided === undefined || decided.base !== current) return false;
    const others = decision.files.filter((file) => file !== decided);
    this.#decisions = this.#decisions.flatMap((each) =>
      each !== decision ? [each] : others.length === 0 ? [] : [{ ...each, files: others }],
    );
    const left = countDecided({ ...decision, files: others });
    this.#decided = Math.max(0, this.#decided - countDecided(decision) + left);
    const reversal = { text: current, hunks: decided.hunks, conflicts: decided.conflicts };
    this.#put(reinstate(path, this.#files.get(path), reversal, this.#createId));
    return true;
  }
}

function markObsolete(file: ProposedFile): ProposedFile {
  return file.kind === "delete" ? { ...file, isObsolete: true } : file;
}
