import * as vscode from "vscode";
import type { CoverageElement, CoverageStatus } from "../../review/model.ts";
import {
  type CoverageFilter,
  filterChoices,
  filterCoverage,
  isFiltering,
  noFilter,
} from "../../session/coverageFilter.ts";
import { driftText, statusWords } from "../../session/coverageMarks.ts";
import type { Disposable } from "../../support/events.ts";
import { askCoverageFilter } from "../coverage/askCoverageFilter.ts";
import { statusLooks } from "../coverage/statusLooks.ts";
import { scopeOf } from "./checklistTree.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** An element of the tree; the command `openCode` is handed one and reads `element`. */
export type CoverageNode =
  | { readonly type: "kind"; readonly title: string; readonly elements: readonly CoverageElement[] }
  | { readonly type: "element"; readonly element: CoverageElement };

export interface CoverageTree extends Disposable {
  readonly handlers: Readonly<
    Record<"backendImplementer.filterCoverage" | "backendImplementer.showAllCoverage", () => Promise<void>>
  >;
}

/** The design, element by element, with how the code answers it. */
export function registerCoverageTree(store: ReviewStore): CoverageTree {
  let filter = noFilter;
  const all = (): readonly CoverageElement[] => store.shown()?.coverage.elements ?? [];
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<CoverageNode>("backendImplementer.coverage", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? kindsOf(filterCoverage(all(), filter)) : elementsOf(node)),
      getTreeItem: (node) => (node.type === "kind" ? kindItem(node) : elementItem(node.element)),
    },
    showCollapseAll: true,
  });
  const refresh = (): void => {
    changed.fire(undefined);
    const elements = all();
    view.description = elements.length === 0 ? "" : `${ratio(elements)}${scopeOf(store)}`;
    const shown = filterCoverage(elements, filter).length;
    view.message = isFiltering(filter) && elements.length > 0 ? `${shown} of ${elements.length} are shown.` : "";
    void vscode.commands.executeCommand("setContext", "backendImplementer.coverageFiltered", isFiltering(filter));
  };
  const show = async (chosen: CoverageFilter | undefined): Promise<void> => {
    filter = chosen ?? filter;
    refresh();
  };
  refresh();
  const following = store.onDidChange(refresh);
  return {
    handlers: {
      "backendImplementer.filterCoverage": async () => {
        const choices = filterChoices(all(), (kind) => titles.find(([of]) => of === kind)?.[1] ?? kind);
        await show(await askCoverageFilter(choices, filter));
      },
      "backendImplementer.showAllCoverage": () => show(noFilter),
    },
    dispose: () => vscode.Disposable.from(changed, view, following).dispose(),
  };
}

const titles: readonly (readonly [CoverageElement["kind"], string])[] = [
  ["endpoint", "Endpoints"],
  ["table", "Tables"],
  ["column", "Columns"],
  ["index", "Indexes"],
  ["constraint", "Constraints"],
  ["policy", "Row policies"],
  ["entity", "Entities"],
  ["field", "Fields"],
  ["valueObject", "Value objects"],
  ["event", "Domain events"],
  ["rule", "Business rules"],
  ["errorCode", "Error codes"],
];

function kindsOf(elements: readonly CoverageElement[]): CoverageNode[] {
  return titles.flatMap(([kind, title]): CoverageNode[] => {
    const ofKind = elements.filter((element) => element.kind === kind);
    return ofKind.length === 0 ? [] : [{ type: "kind", title, elements: ofKind }];
  });
}

/** What needs a look comes first; the rest stays in the order of the design. */
function elementsOf(node: CoverageNode): CoverageNode[] {
  if (node.type !== "kind") return [];
  const isFine = ({ status, drift }: CoverageElement): number => (status === "implemented" && !drift ? 1 : 0);
  return node.elements
    .toSorted((left, right) => isFine(left) - isFine(right))
    .map((element) => ({ type: "element", element }));
}

function kindItem({ title, elements }: Extract<CoverageNode, { type: "kind" }>): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const worst = severities.find((status) => elements.some((element) => element.status === status)) ?? "implemented";
  const isFine = worst === "implemented" && !elements.some(({ drift }) => drift);
  const item = new vscode.TreeItem(title, isFine ? Collapsed : Expanded);
  item.id = `kind:${title}`;
  item.contextValue = "kind";
  item.iconPath = iconOf(worst);
  item.description = ratio(elements);
  item.accessibilityInformation = { label: `${title}: ${item.description}` };
  return item;
}

function elementItem(element: CoverageElement): vscode.TreeItem {
  const item = new vscode.TreeItem(element.name);
  const word = statusWords[element.status];
  const target = element.design ?? element.code;
  const hasDrifted = element.drift === undefined ? "" : "Drifted";
  item.contextValue = `element${element.code === undefined ? "" : "WithCode"}${hasDrifted}`;
  item.iconPath = element.drift && element.status === "implemented" ? iconOf("mismatched") : iconOf(element.status);
  const parts = [
    ...(element.status === "implemented" ? [] : [element.difference ?? word]),
    ...(element.drift ? [`design changed: ${element.drift.difference}`] : []),
  ];
  item.description = parts.join(" · ");
  item.tooltip = tooltipOf(element);
  item.accessibilityInformation = {
    label: `${element.name}: ${[word, element.difference, element.drift && driftText(element.drift)].filter(Boolean).join(", ")}`,
  };
  if (target !== undefined) {
    const title = element.design === undefined ? "Open Code" : "Open Design";
    item.command = { command: "backendImplementer.openLocation", title, arguments: [target.path, target.line] };
  }
  return item;
}

function tooltipOf({ id, status, difference, drift, design, code }: CoverageElement): string {
  const lines = [
    `${id}: ${statusWords[status]}`,
    difference,
    drift && driftText(drift),
    design && `Design: ${design.path}:${design.line}`,
    code && `Code: ${code.path}:${code.line}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** Implemented of designed: what is only in the code does not count against the design. */
function ratio(elements: readonly CoverageElement[]): string {
  const count = (status: CoverageStatus): number => elements.filter((element) => element.status === status).length;
  const extra = count("extra");
  const designed = elements.length - extra;
  return `${count("implemented")}/${designed}${extra > 0 ? ` · ${extra} extra` : ""}`;
}

function iconOf(status: CoverageStatus): vscode.ThemeIcon {
  return new vscode.ThemeIcon(statusLooks[status].icon, new vscode.ThemeColor(statusLooks[status].color));
}

/** Worst first. */
const severities: readonly CoverageStatus[] = ["missing", "mismatched", "extra", "implemented"];
