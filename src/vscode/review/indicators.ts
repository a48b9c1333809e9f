import * as vscode from "vscode";
import { isFilteringProposals } from "../../changes/proposalFilter.ts";
import { amountOf } from "../amounts.ts";
import type { RunDesk } from "../runDesk.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { isReviewTab } from "./diffEditors.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

/** Keeps the status bar item and the context keys of menus and keys true. */
export function registerIndicators(store: ReviewStore, runs: RunDesk, paths: WorkspacePaths): vscode.Disposable {
  const { changes } = store;
  const status = vscode.window.createStatusBarItem("backendImplementer.status", vscode.StatusBarAlignment.Left, 100);
  status.name = "Backend Implementer";

  const showCount = (): void => {
    const files = changes.files().filter((file) => changes.renameOf(file.path)?.from !== file);
    const count = files.reduce((sum, file) => sum + file.hunks.length + file.conflicts.length, 0);
    showStatus(status, { waiting: count, files: files.length, decided: changes.decided() });
    const folder = paths.folderName();
    const place = folder && vscode.l10n.t("In the folder {0}", folder);
    status.tooltip = [status.tooltip, place, store.isolation()?.summary].filter(Boolean).join("\n");
    status.accessibilityInformation = {
      label: [status.accessibilityInformation?.label, place].filter(Boolean).join(". "),
    };
    setContext("hasProposals", count > 0);
    setContext("hasCoverage", (store.review()?.coverage.elements.length ?? 0) > 0);
    setContext("hasDrift", store.review()?.coverage.elements.some(({ drift }) => drift) ?? false);
    setContext("hasBaseline", store.review()?.baseline !== undefined);
    setContext("wholeProject", store.isWholeProject());
    setContext("byItem", store.isByItem());
    setContext("canUndo", changes.hasDecided());
    setContext("filtered", isFilteringProposals(store.filter()));
  };
  const showReviewing = (): void =>
    setContext("reviewing", isReviewTab(vscode.window.tabGroups.activeTabGroup.activeTab));
  // In Restricted Mode the views say that, whatever else there is.
  const showPhase = (): void => setContext("phase", vscode.workspace.isTrusted ? runs.phase() : undefined);

  showCount();
  showReviewing();
  showPhase();
  status.show();
  return vscode.Disposable.from(
    status,
    store.onDidUpdate(showCount),
    runs.onDidChange(showPhase),
    vscode.window.tabGroups.onDidChangeTabs(showReviewing),
    vscode.window.tabGroups.onDidChangeTabGroups(showReviewing),
  );
}

interface Progress {
  readonly waiting: number;
  readonly files: number;
  readonly decided: number;
}

function showStatus(status: vscode.StatusBarItem, { waiting, files, decided }: Progress): void {
  if (waiting === 0) {
    status.text = "$(check) Backend";
    status.tooltip = vscode.l10n.t("Backend Implementer: nothing waits for your review");
    status.accessibilityInformation = { label: status.tooltip };
    status.command = "backendImplementer.proposals.focus";
    status.backgroundColor = undefined;
    return;
  }
  const all = waiting + decided;
  const progress = vscode.l10n.t("Backend Implementer: {0} of {1} decided", decided, amountOf.changes(all));
  const left = vscode.l10n.t("{0} in {1} to review", waiting, amountOf.files(files));
  const next = vscode.l10n.t("Go to the next change");
  status.text =
    decided === 0
      ? vscode.l10n.t("$(diff-multiple) {0} proposed", amountOf.changes(waiting))
      : vscode.l10n.t("$(diff-multiple) {0} of {1} decided", decided, all);
  status.tooltip = `${progress}, ${left}\n${next}`;
  status.accessibilityInformation = { label: `${progress}. ${next}` };
  status.command = "backendImplementer.nextChange";
  status.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
}

function setContext(
  key:
    | "hasProposals"
    | "hasCoverage"
    | "hasDrift"
    | "hasBaseline"
    | "wholeProject"
    | "byItem"
    | "reviewing"
    | "canUndo"
    | "filtered"
    | "phase",
  value: boolean | ReturnType<RunDesk["phase"]>,
): void {
  void vscode.commands.executeCommand("setContext", `backendImplementer.${key}`, value);
}
