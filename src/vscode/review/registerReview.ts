import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { ChecklistId } from "../../review/model.ts";
import type { DiskWriter, Log } from "../../session/ports.ts";
import { isUnusableStorage } from "../../session/unusableStorage.ts";
import type { Disposable } from "../../support/events.ts";
import type { OpenWorkspace } from "../editorWorkspace.ts";
import { requireProjectFolder } from "../projectFolder.ts";
import type { RunDesk } from "../runDesk.ts";
import { registerChecklistTree } from "../trees/checklistTree.ts";
import { type CoverageTree, registerCoverageTree } from "../trees/coverageTree.ts";
import { type ProposalRows, registerProposalsTree } from "../trees/proposalsTree.ts";
import { createReviewStore, type ReviewStore } from "../trees/reviewStore.ts";
import { whenThere } from "../whenThere.ts";
import { carryOnAccept } from "./carryOnAccept.ts";
import { createDecisions } from "./decisions.ts";
import { registerDecorations } from "./decorations.ts";
import { createDiffEditors } from "./diffEditors.ts";
import type { DiskOptions } from "./diskChanges.ts";
import { registerIndicators } from "./indicators.ts";
import type { LiveFiles } from "./liveFiles.ts";
import { registerProposedFiles } from "./proposedFiles.ts";
import type { ReviewParts } from "./reviewParts.ts";
import { createReviewStorage, type Storage } from "./reviewStorage.ts";
import { createWorkspacePaths, type WorkspacePaths } from "./workspacePaths.ts";

export interface ReviewDependencies {
  readonly changes: ChangeSet;
  readonly runs: RunDesk;
  readonly live: LiveFiles;
  /** The chosen folder; without one nothing can be proposed. */
  readonly folder: vscode.Uri | undefined;
  /** Where the extension lies. */
  readonly home: vscode.Uri;
  /** Undefined when no folder is open: then nothing outlives the window. */
  readonly storage: Storage | undefined;
  readonly disk: DiskWriter;
  readonly openWorkspace: OpenWorkspace;
  readonly log: Log;
  /** What no window needs before something is proposed. */
  readonly loadSurface: () => Promise<ReviewSurface>;
}

export interface ReviewSurface {
  checklistHover(id: ChecklistId, label: string, home: vscode.Uri): vscode.MarkdownString;
  createProposalRows(store: ReviewStore, paths: WorkspacePaths): ProposalRows;
  /** The links above proposed code, and the other marks in it. */
  showProposals(parts: ReviewParts): vscode.Disposable;
  followDisk(options: DiskOptions): vscode.Disposable;
}

export interface ReviewUi extends Disposable {
  /** To be registered as commands; a failure meant for the user is thrown as `UserFacingError`. */
  readonly handlers: CoverageTree["handlers"];
  readonly parts: ReviewParts;
  readonly store: ReviewStore;
  /** Resolves when what an earlier window left undecided is back; never rejects. */
  readonly restored: Promise<void>;
  /** Keeps what waits, closes the tabs with proposals, and disposes. Rejects before any of it where an edit cannot be kept. */
  close(): Promise<void>;
  /** After each decision that changed files on disk: time to check again. */
  onDidWrite(listener: () => void): Disposable;
}

/** Builds everything with which proposals are looked at and decided. */
export function registerReview(dependencies: ReviewDependencies): ReviewUi {
  const { changes, live, runs, folder, home, storage, disk, openWorkspace, log, loadSurface } = dependencies;
  const paths = createWorkspacePaths(folder);
  const store = createReviewStore(changes);
  const kept = createReviewStorage({ store, runs, paths, storage, log });
  const decisions = createDecisions(changes, paths, { disk, begin: () => beginWriting(folder, storage) });
  let isOpen = true;
  const restored = kept.restored.then((isOurs) => (isOurs ? carryOnAccept(decisions, log, () => isOpen) : undefined));
  const editors = createDiffEditors(changes, paths);
  const coverage = registerCoverageTree(store);
  const parts = { changes, store, paths, decisions, editors, runs };
  const proposals = { isThere: () => changes.files().length > 0, onDidChange: changes.onDidChange.bind(changes) };
  const surfaces: Disposable[] = [
    kept,
    registerProposedFiles(changes, live, { paths, restored }),
    whenThere(proposals, async () => (await loadSurface()).showProposals(parts), log),
    registerDecorations(changes, paths),
    registerIndicators(store, runs, paths),
    registerProposalsTree(store, paths.folderName, async () => (await loadSurface()).createProposalRows(store, paths)),
    registerChecklistTree(store, paths, async (id, label) => (await loadSurface()).checklistHover(id, label, home)),
    coverage,
  ];
  if (folder !== undefined) {
    const workspace = openWorkspace(folder);
    const following = { changes, paths, folder, workspace, log, isOwnWriting: decisions.isWriting };
    // What is decided is followed as well: an undo in the editor may bring it back.
    const isThere = (): boolean => proposals.isThere() || changes.hasDecided();
    surfaces.push(whenThere({ ...proposals, isThere }, async () => (await loadSurface()).followDisk(following), log));
  }
  const dispose = (): void => {
    isOpen = false;
    vscode.Disposable.from(...surfaces).dispose();
  };
  return {
    handlers: coverage.handlers,
    parts,
    store,
    restored,
    onDidWrite: decisions.onDidWrite,
    close: async () => {
      await restored;
      await decisions.settled();
      await editors.closeAll();
      dispose();
      await kept.close();
    },
    dispose,
  };
}

/** Where nothing can be kept, no other window keeps anything either; the user was told of it. */
async function beginWriting(folder: vscode.Uri | undefined, storage: Storage | undefined): Promise<void> {
  requireProjectFolder(folder);
  try {
    await storage?.lock.take();
  } catch (thrown) {
    if (!isUnusableStorage(thrown)) throw thrown;
  }
}
