import * as vscode from "vscode";
import { baselinePath } from "../../review/baselinePath.ts";
import type { ChecklistId, ChecklistItem, Finding, Verdict } from "../../review/model.ts";
import { fileName } from "../../support/fileName.ts";
import { amountOf } from "../amounts.ts";
import type { WorkspacePaths } from "../review/workspacePaths.ts";
import { checklistTitles } from "./checklistTitles.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** What stands over an item: the label of its row, what it decides, how, and what it cannot see. */
export type ChecklistHover = (id: ChecklistId, label: string) => Promise<vscode.MarkdownString>;

type ChecklistNode =
  | { readonly type: "item"; readonly item: ChecklistItem }
  | { readonly type: "finding"; readonly finding: Finding };

/** The twelve items in their order; what fails opens at its line. What an item decides is told when somebody hovers over it. */
export function registerChecklistTree(
  store: ReviewStore,
  paths: WorkspacePaths,
  hover: ChecklistHover,
): vscode.Disposable {
  const ofWhole = ({ id }: ChecklistItem): number =>
    store.review()?.checklist.find((item) => item.id === id)?.findings.length ?? 0;
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<ChecklistNode>("backendImplementer.checklist", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? itemsOf(store) : findingsOf(node)),
      getTreeItem: (node) =>
        node.type === "item" ? checklistItem(node.item, ofWhole(node.item)) : findingItem(node.finding, paths),
      resolveTreeItem: async (row, node) => {
        if (node.type === "item") row.tooltip = await hover(node.item.id, row.accessibilityInformation?.label ?? "");
        return row;
      },
    },
    showCollapseAll: true,
  });
  const refresh = (): void => {
    changed.fire(undefined);
    view.description = inScope(summary(store.shown()?.checklist ?? []), store);
    view.message = store.review()?.baseline === "unreadable" ? unreadableBaseline : "";
  };
  refresh();
  return vscode.Disposable.from(changed, view, store.onDidReview("checklist", refresh));
}

function itemsOf(store: ReviewStore): ChecklistNode[] {
  return (store.shown()?.checklist ?? []).map((item) => ({ type: "item", item }));
}

function findingsOf(node: ChecklistNode): ChecklistNode[] {
  return node.type === "item" ? node.item.findings.map((finding) => ({ type: "finding", finding })) : [];
}

const unreadableBaseline = vscode.l10n.t(
  "{0} is no baseline, so everything is shown. Record it again, or forget it.",
  baselinePath,
);

/** Numbers with what they speak of, where a baseline makes that a question. */
export function inScope(numbers: string, store: ReviewStore): string {
  if (store.review()?.baseline !== "applied") return numbers;
  return store.isWholeProject()
    ? vscode.l10n.t("{0} in the whole project", numbers)
    : vscode.l10n.t("{0} since the baseline", numbers);
}

/** Of what applies, as reports count; before there is code, nothing does. */
function summary(checklist: readonly ChecklistItem[]): string {
  if (checklist.length === 0) return "";
  const applicable = checklist.filter(({ status }) => status !== "notApplicable");
  const passed = applicable.filter(({ status }) => status === "pass");
  return applicable.length === 0 ? looks.notApplicable.word : `${passed.length}/${applicable.length}`;
}

/** `inAll`: how many findings the whole project has. */
function checklistItem({ id, status, findings }: ChecklistItem, inAll: number): vscode.TreeItem {
  const title = checklistTitles[id];
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  // Folded, so that all twelve are in sight at once.
  const item = new vscode.TreeItem(title, findings.length === 0 ? None : Collapsed);
  const look = looks[status];
  item.id = id;
  item.contextValue = status;
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
  const parts = [
    ...(status === "pass" ? [] : [look.word]),
    ...(findings.length === 0 ? [] : [amountOf.findings(findings.length)]),
    ...(inAll > findings.length ? [vscode.l10n.t("{0} in the whole project", inAll)] : []),
  ];
  item.description = parts.join(" · ");
  item.accessibilityInformation = { label: `${title}: ${[...new Set([look.word, ...parts])].join(", ")}` };
  return item;
}

function findingItem({ path, line, message, needsJudgement }: Finding, paths: WorkspacePaths): vscode.TreeItem {
  const item = new vscode.TreeItem(message);
  item.resourceUri = paths.toProposed(path);
  item.iconPath = vscode.ThemeIcon.File;
  item.contextValue = "finding";
  item.description = [`${fileName(path)}:${line}`, ...(needsJudgement ? [looks.review.word] : [])].join(" · ");
  item.tooltip = `${message}\n${path}:${line}`;
  item.command = { command: "backendImplementer.openLocation", title: vscode.l10n.t("Open"), arguments: [path, line] };
  return item;
}

const looks: Readonly<Record<Verdict, { readonly icon: string; readonly color: string; readonly word: string }>> = {
  pass: { icon: "pass-filled", color: "testing.iconPassed", word: vscode.l10n.t("passed") },
  fail: { icon: "error", color: "testing.iconFailed", word: vscode.l10n.t("failed") },
  review: { icon: "eye", color: "list.warningForeground", word: vscode.l10n.t("needs your judgement") },
  notApplicable: { icon: "circle-slash", color: "testing.iconSkipped", word: vscode.l10n.t("not applicable") },
};
