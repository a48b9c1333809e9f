import * as vscode from "vscode";
import type { Recovery } from "../../changes/intent.ts";
import type { ChangeSet, Selection } from "../../changes/model.ts";
import { ownYesOf } from "../../changes/selecting.ts";
import type { DiskWriter, RecoveryPorts } from "../../session/ports.ts";
import { UserFacingError } from "../../support/errors.ts";
import { createEmitter, type Disposable } from "../../support/events.ts";
import { createQueue } from "../../support/queue.ts";
import { currentText } from "../currentText.ts";
import { refuseUntrusted } from "../trust.ts";
import { carryOut, writeFiles } from "./fileWrites.ts";
import { rebaseOnDisk } from "./rebaseOnDisk.ts";
import { proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

/** Carries decisions out, one after the other. The numbers are how many files were decided. */
export interface Decisions {
  accept(selection: Selection): Promise<number>;
  /** `reason` is for the agent. */
  reject(selection: Selection, reason?: string): Promise<number>;
  /** Takes the user's own edits of a proposed change back, or of all of a file. Returns in how many changes there were some. */
  takeBackEdits(path: string, hunkId?: string): Promise<number>;
  /** Takes the last decision back; the paths it was about, and those of them that had to stay as they are. */
  undo(): Promise<{ readonly paths: readonly string[]; readonly blocked: readonly string[] }>;
  /** Carries on what an earlier window was ended in the middle of; undefined when there is nothing such. */
  recover(): Promise<Recovery | undefined>;
  /** Resolves when nothing is under way any more and the user's edits of proposals are kept; rejects where one cannot be. */
  settled(): Promise<void>;
  /** Whether a change of this file is our own writing. */
  isWriting(path: string): boolean;
  /** After each decision that changed a file on disk. */
  onDidWrite(listener: () => void): Disposable;
}

export interface Writer {
  readonly disk: DiskWriter;
  /** Throws where another window writes for this workspace. */
  begin(): Promise<void>;
}

export function createDecisions(changes: ChangeSet, paths: WorkspacePaths, { disk, begin }: Writer): Decisions {
  const writing = new Set<string>();
  const written = createEmitter<void>();
  /** Two quick clicks must not interleave their reading and writing. */
  const inTurn = createQueue();

  const refresh = (all: readonly string[]): Promise<void> => rebaseOnDisk(changes, paths, all);
  const write = async (writes: Parameters<typeof writeFiles>[0], record: () => void): Promise<void> => {
    await begin();
    for (const each of writes) writing.add(each.path);
    try {
      await writeFiles(writes, { paths, disk, written: record, saved: (path, text) => changes.saved(path, text) });
    } finally {
      writing.clear();
      await refresh(writes.map((each) => each.path));
    }
    if (writes.length > 0) written.fire();
  };

  const asShown = <T>(selection: Selection, decide: () => T): Promise<T> =>
    inTurn(async () => {
      await saveEditedProposals(selection, paths);
      return decide();
    });
  return {
    accept: (selection) =>
      inTurn(async () => {
        refuseUntrusted();
        await saveEditedProposals(selection, paths);
        await refresh(pathsOf(changes, selection));
        const writes = changes.acceptance(selection);
        if (writes.length === 0) throw nothingToAccept(changes, selection);
        await write(writes, () => changes.accepted(selection));
        return writes.length;
      }),
    reject: (selection, reason) => asShown(selection, () => rejectIn(changes, selection, reason)),
    takeBackEdits: (path, hunkId) => asShown({ path }, () => changes.takeBackEdits(path, hunkId)),
    undo: () =>
      inTurn(async () => {
        refuseUntrusted();
        await refresh(changes.lastDecision()?.paths ?? []);
        const decision = changes.lastDecision();
        if (decision === undefined) {
          const message = vscode.l10n.t("No decision of this session is left to take back.");
          throw new UserFacingError("NOTHING_TO_UNDO", message);
        }
        await write(decision.writes, () => changes.undone());
        return decision;
      }),
    recover: () =>
      inTurn(async () => {
        const recovery = await disk.recover(recoveryIn(paths, disk));
        await refresh(changes.files().map(({ path }) => path));
        return recovery;
      }),
    settled: () => inTurn(() => saveEditedProposals({}, paths)),
    isWriting: (path) => writing.has(path),
    onDidWrite: written.listen,
  };
}

function rejectIn(changes: ChangeSet, selection: Selection, reason: string | undefined): number {
  const count = pathsOf(changes, selection).length;
  changes.reject(selection, reason);
  return count;
}

function recoveryIn(paths: WorkspacePaths, disk: DiskWriter): RecoveryPorts {
  const options = { paths, disk, written: () => undefined, saved: () => undefined };
  return {
    read: (path) => currentText(paths.toFile(path)),
    write: (writes, intent) => carryOut(writes, intent, options),
  };
}

/** The user accepts what is on the screen, so unsaved edits of the proposal belong to it. */
async function saveEditedProposals(selection: Selection, paths: WorkspacePaths): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    const isOurs = document.uri.scheme === proposedScheme && document.isDirty;
    if (!isOurs) continue;
    if (selection.path !== undefined && paths.toPath(document.uri) !== selection.path) continue;
    await document.save();
    if (!document.isDirty) continue;
    const name = document.uri.path.split("/").at(-1) ?? "";
    throw new UserFacingError(
      "EDIT_NOT_SAVED",
      vscode.l10n.t(
        "Your edit of the proposed {0} could not be saved, so nothing was decided. Save it, or revert it, and try again.",
        name,
      ),
    );
  }
}

function pathsOf(changes: ChangeSet, selection: Selection): readonly string[] {
  if (selection.parts !== undefined) return selection.parts.map(({ path }) => path);
  if (selection.path === undefined) return changes.files().map((file) => file.path);
  const rename = changes.renameOf(selection.path);
  return rename === undefined ? [selection.path] : [rename.from.path, rename.to.path];
}

/** The proposed files that no sweeping accept takes. */
export function acceptedAlone(changes: ChangeSet, { parts }: Selection = {}): readonly string[] {
  const isMeant = (path: string): boolean => parts === undefined || parts.some((part) => part.path === path);
  const open = changes.files().filter(({ path, hunks }) => hunks.length > 0 && isMeant(path));
  return open.filter((file) => ownYesOf(file, changes.renameOf(file.path)) !== undefined).map(({ path }) => path);
}

function nothingToAccept(changes: ChangeSet, { path }: Selection): UserFacingError {
  const alone = path === undefined ? acceptedAlone(changes) : [];
  if (alone.length > 0) {
    const message = vscode.l10n.t(
      "{0} can change what programs do, or hold a secret; look at each and accept it by itself.",
      alone.join(", "),
    );
    return new UserFacingError("CONFIRM_EACH", message);
  }
  const conflicts = changes.files().filter((file) => file.conflicts.length > 0 && (path ?? file.path) === file.path);
  if (conflicts.length === 0) {
    const message = vscode.l10n.t("Nothing is proposed here any more; it was decided meanwhile.");
    return new UserFacingError("NOTHING_TO_ACCEPT", message);
  }
  return new UserFacingError(
    "CONFLICT",
    vscode.l10n.t(
      "You have changed the same lines of {0}, so the proposal does not fit any more. Reject it, or ask @backend to propose it anew.",
      conflicts.map((file) => file.path).join(", "),
    ),
  );
}
