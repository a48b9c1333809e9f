import * as vscode from "vscode";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { isReviewTab } from "./diffEditors.ts";

/** Keeps the status bar item and the context keys of menus and keys true. */
export function registerIndicators(store: ReviewStore): vscode.Disposable {
  const { changes } = store;
  const status = vscode.window.createStatusBarItem("backendImplementer.status", vscode.StatusBarAlignment.Left, 100);
  status.name = "Backend Implementer";

  const showCount = (): void => {
    const files = changes.files();
    const count = files.reduce((sum, file) => sum + file.hunks.length + file.conflicts.length, 0);
    showStatus(status, count, files.length);
    const commands = store.isolation()?.summary;
    if (commands !== undefined) status.tooltip = `${status.tooltip}\n${commands}`;
    setContext("hasProposals", count > 0);
    setContext("hasCoverage", (store.review()?.coverage.elements.length ?? 0) > 0);
    setContext("byItem", store.isByItem());
    setContext("canUndo", changes.lastDecision() !== undefined);
  };
  const showReviewing = (): void =>
    setContext("reviewing", isReviewTab(vscode.window.tabGroups.activeTabGroup.activeTab));

  showCount();
  showReviewing();
  status.show();
  return vscode.Disposable.from(
    status,
    changes.onDidChange(showCount),
    store.onDidChange(showCount),
    vscode.window.tabGroups.onDidChangeTabs(showReviewing),
    vscode.window.tabGroups.onDidChangeTabGroups(showReviewing),
  );
}

function showStatus(status: vscode.StatusBarItem, count: number, fileCount: number): void {
  if (count === 0) {
    status.text = "$(check) Backend";
    status.tooltip = "Backend Implementer: nothing waits for your review";
    status.command = "backendImplementer.proposals.focus";
    status.backgroundColor = undefined;
    return;
  }
  status.text = `$(diff-multiple) ${count} proposed`;
  status.tooltip = `Backend Implementer: review ${count} changes in ${fileCount} files`;
  status.command = "backendImplementer.openAllProposals";
  status.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
}

function setContext(key: "hasProposals" | "hasCoverage" | "byItem" | "reviewing" | "canUndo", value: boolean): void {
  void vscode.commands.executeCommand("setContext", `backendImplementer.${key}`, value);
}
