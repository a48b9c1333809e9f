import * as vscode from "vscode";
import type { AssumptionKind, DesignAssumption } from "../../spec/join/assumptions.ts";
import type { DesignAssumptions } from "./designAssumptions.ts";

/** An element of the tree; the commands are handed one. */
export type AssumptionNode =
  | { readonly type: "kind"; readonly kind: AssumptionKind; readonly assumptions: readonly DesignAssumption[] }
  | { readonly type: "assumption"; readonly assumption: DesignAssumption };

/** What the documents do not say and was filled in, by kind; the open ones first. */
export function registerAssumptionsTree(store: DesignAssumptions): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<AssumptionNode>("backendImplementer.assumptions", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? kindsOf(store.all()) : childrenOf(node)),
      getTreeItem: (node) => (node.type === "kind" ? kindItem(node) : assumptionItem(node.assumption)),
    },
    showCollapseAll: true,
  });
  const refresh = (): void => {
    changed.fire(undefined);
    const all = store.all();
    view.description = all.length === 0 ? "" : vscode.l10n.t("{0} open", openOf(all).length);
    setContext("hasDesign", store.hasDesign());
    setContext("nothingAssumed", store.hasDesign() && all.length === 0);
  };
  refresh();
  return vscode.Disposable.from(changed, view, store.onDidChange(refresh));
}

function setContext(key: "hasDesign" | "nothingAssumed", value: boolean): void {
  void vscode.commands.executeCommand("setContext", `backendImplementer.${key}`, value);
}

const titles: readonly (readonly [AssumptionKind, string])[] = [
  ["name", vscode.l10n.t("Entities and their tables")],
  ["resource", vscode.l10n.t("Names in paths")],
  ["relation", vscode.l10n.t("Relations")],
  ["owner", vscode.l10n.t("Owners")],
  ["default", vscode.l10n.t("Keys that the application makes")],
  ["type", vscode.l10n.t("Column types")],
  ["model", vscode.l10n.t("Models of answers")],
  ["request", vscode.l10n.t("Request bodies")],
  ["answer", vscode.l10n.t("Answers")],
  ["status", vscode.l10n.t("Statuses")],
];

function kindsOf(all: readonly DesignAssumption[]): AssumptionNode[] {
  return titles.flatMap(([kind]): AssumptionNode[] => {
    const assumptions = all.filter((assumption) => assumption.kind === kind);
    return assumptions.length === 0 ? [] : [{ type: "kind", kind, assumptions }];
  });
}

function childrenOf(node: AssumptionNode): AssumptionNode[] {
  if (node.type !== "kind") return [];
  const decided = ({ state }: DesignAssumption): number => (state === "open" ? 0 : 1);
  return node.assumptions
    .toSorted((left, right) => decided(left) - decided(right))
    .map((assumption) => ({ type: "assumption", assumption }));
}

function openOf(assumptions: readonly DesignAssumption[]): readonly DesignAssumption[] {
  return assumptions.filter(({ state }) => state === "open");
}

function kindItem({ kind, assumptions }: Extract<AssumptionNode, { type: "kind" }>): vscode.TreeItem {
  const { Collapsed } = vscode.TreeItemCollapsibleState;
  const title = titles.find(([candidate]) => candidate === kind)?.[1] ?? kind;
  const item = new vscode.TreeItem(title, Collapsed);
  const open = openOf(assumptions).length;
  item.id = `kind:${kind}`;
  item.contextValue = open > 0 ? "assumptionKind.open" : "assumptionKind";
  item.iconPath = iconOf(open > 0 ? "open" : "confirmed");
  item.description =
    open > 0
      ? vscode.l10n.t("{0} open of {1}", open, assumptions.length)
      : vscode.l10n.t("{0} decided", assumptions.length);
  item.accessibilityInformation = { label: `${title}: ${item.description}` };
  return item;
}

function assumptionItem({ id, state, text, value, assumed, source, basis }: DesignAssumption): vscode.TreeItem {
  const item = new vscode.TreeItem(id.slice(id.indexOf(":") + 1));
  item.id = id;
  item.contextValue = `assumption.${state}`;
  item.iconPath = iconOf(state);
  item.description = value;
  const lines = [
    `${looks[state].word}: ${text}`,
    value,
    assumed && vscode.l10n.t("Instead of: {0}", assumed),
    vscode.l10n.t("Design: {0}", `${source.path}:${source.line}`),
    basis && vscode.l10n.t("From: {0}", `${basis.path}:${basis.line}`),
  ];
  item.tooltip = lines.filter(Boolean).join("\n");
  item.accessibilityInformation = { label: `${looks[state].word}: ${text} ${value}` };
  item.command = {
    command: "backendImplementer.openLocation",
    title: vscode.l10n.t("Open Design"),
    arguments: [source.path, source.line],
  };
  return item;
}

function iconOf(state: DesignAssumption["state"]): vscode.ThemeIcon {
  const { icon, color } = looks[state];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

const looks: Readonly<
  Record<DesignAssumption["state"], { readonly icon: string; readonly color: string; readonly word: string }>
> = {
  open: { icon: "question", color: "list.warningForeground", word: vscode.l10n.t("Assumed") },
  confirmed: { icon: "pass-filled", color: "testing.iconPassed", word: vscode.l10n.t("Confirmed") },
  corrected: { icon: "edit", color: "charts.blue", word: vscode.l10n.t("Corrected") },
};
