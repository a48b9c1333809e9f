import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { DiskWriter, Log } from "../../session/ports.ts";
import type { Disposable } from "../../support/events.ts";
import { registerChecklistTree } from "../trees/checklistTree.ts";
import { registerCoverageTree } from "../trees/coverageTree.ts";
import { registerProposalsTree } from "../trees/proposalsTree.ts";
import { createReviewStore, type ReviewStore } from "../trees/reviewStore.ts";
import { carryOnAccept } from "./carryOnAccept.ts";
import { createDecisions } from "./decisions.ts";
import { registerDecorations } from "./decorations.ts";
import { createDiffEditors } from "./diffEditors.ts";
import { followDisk } from "./diskChanges.ts";
import { registerHunkLenses } from "./hunkLenses.ts";
import { registerIndicators } from "./indicators.ts";
import { createProposalStorage } from "./proposalStorage.ts";
import { registerProposedFiles } from "./proposedFiles.ts";
import { createReviewHandlers, type ReviewHandlers } from "./reviewCommands.ts";
import { createWorkspacePaths } from "./workspacePaths.ts";

export interface ReviewDependencies {
  readonly changes: ChangeSet;
  /** The first workspace folder; without one nothing can be proposed. */
  readonly folder: vscode.Uri | undefined;
  /** `ExtensionContext.storageUri`. */
  readonly storage: vscode.Uri | undefined;
  readonly disk: DiskWriter;
  readonly log: Log;
}

export interface ReviewUi extends Disposable {
  /** To be registered as commands; a failure meant for the user is thrown as `UserFacingError`. */
  readonly handlers: ReviewHandlers;
  readonly store: ReviewStore;
  /** Resolves when what an earlier window left undecided is back; never rejects. */
  readonly restored: Promise<void>;
  openAll(): Promise<void>;
  /** After each decision that changed files on disk: time to check again. */
  onDidWrite(listener: () => void): Disposable;
}

/** Builds everything with which proposals are looked at and decided. */
export function registerReview({ changes, folder, storage, disk, log }: ReviewDependencies): ReviewUi {
  const paths = createWorkspacePaths(folder);
  const proposals = createProposalStorage({ changes, paths, folder: storage, log });
  const decisions = createDecisions(changes, paths, disk);
  const restored = proposals.restored.then(() => carryOnAccept(decisions, log));
  const editors = createDiffEditors(changes, paths);
  const store = createReviewStore(changes);
  const parts: Disposable[] = [
    proposals,
    registerProposedFiles(changes, paths, restored),
    registerHunkLenses(changes, paths),
    registerDecorations(changes, paths),
    registerIndicators(store),
    registerProposalsTree(store, paths),
    registerChecklistTree(store, paths),
    registerCoverageTree(store),
  ];
  if (folder !== undefined) parts.push(followDisk({ changes, paths, folder, log, isOwnWriting: decisions.isWriting }));
  return {
    handlers: createReviewHandlers({ changes, paths, decisions, editors }),
    store,
    restored,
    openAll: () => editors.openAll(),
    onDidWrite: decisions.onDidWrite,
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}
