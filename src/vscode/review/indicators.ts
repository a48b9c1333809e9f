import * as vscode from "vscode";
import { isFilteringProposals } from "../../changes/proposalFilter.ts";
import { counted } from "../../support/words.ts";
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
    showStatus(status, { waiting: count, files: files.length, decided: changes.decided() });
    const commands = store.isolation()?.summary;
    if (commands !== undefined) status.tooltip = `${status.tooltip}\n${commands}`;
    setContext("hasProposals", count > 0);
    setContext("hasCoverage", (store.review()?.coverage.elements.length ?? 0) > 0);
    setContext("hasDrift", store.review()?.coverage.elements.some(({ drift }) => drift) ?? false);
    setContext("hasBaseline", store.review()?.baseline !== undefined);
    setContext("wholeProject", store.isWholeProject());
    setContext("byItem", store.isByItem());
    setContext("canUndo", changes.lastDecision() !== undefined);
    setContext("filtered", isFilteringProposals(store.filter()));
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

interface Progress {
  readonly waiting: number;
  readonly files: number;
  readonly decided: number;
}

function showStatus(status: vscode.StatusBarItem, { waiting, files, decided }: Progress): void {
  if (waiting === 0) {
    status.text = "$(check) Backend";
    status.accessibilityInformation = { label: "Backend Implementer: nothing waits for your review" };
    status.tooltip = "Backend Implementer: nothing waits for your review";
    status.command = "backendImplementer.proposals.focus";
    status.backgroundColor = undefined;
    return;
  }
  const all = waiting + decided;
  const progress = `${decided} of ${counted(all, "change")} decided`;
  status.text = `$(diff-multiple) ${decided === 0 ? `${waiting} proposed` : `${decided} of ${all} decided`}`;
  status.tooltip = `Backend Implementer: ${progress}, ${waiting} in ${counted(files, "file")} to review\nGo to the next change`;
  status.accessibilityInformation = { label: `Backend Implementer: ${progress}. Go to the next change` };
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
    | "filtered",
  value: boolean,
): void {
  void vscode.commands.executeCommand("setContext", `backendImplementer.${key}`, value);
}
