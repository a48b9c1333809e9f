import * as vscode from "vscode";
import type { CoverageElement, CoverageStatus, UnlinkedRule } from "../../review/model.ts";
import {
  type CoverageFilter,
  type FilteredCoverage,
  filterChoices,
  filterCoverage,
  isFiltering,
  noFilter,
} from "../../session/coverageFilter.ts";
import type { Disposable } from "../../support/events.ts";
import { askCoverageFilter } from "../coverage/askCoverageFilter.ts";
import { coverageWords, kindTitles, stateWord } from "../coverage/coverageWords.ts";
import { statusLooks, unseenLook } from "../coverage/statusLooks.ts";
import { inScope } from "./checklistTree.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** An element of the tree; the command `openCode` is handed one and reads `element`. */
export type CoverageNode =
  | {
      readonly type: "kind";
      readonly title: string;
      readonly elements: readonly CoverageElement[];
      readonly rules: readonly UnlinkedRule[];
      /** Of the whole project, where there is more of it than is shown. */
      readonly inAll: readonly CoverageElement[];
    }
  | { readonly type: "rule"; readonly rule: UnlinkedRule }
  | { readonly type: "element"; readonly element: CoverageElement }
  | { readonly type: "more"; readonly rest: readonly CoverageNode[] };

export interface CoverageTree extends Disposable {
  readonly handlers: Readonly<
    Record<"backendImplementer.filterCoverage" | "backendImplementer.showAllCoverage", () => Promise<void>>
  >;
}

/** The design, element by element, with how the code answers it. */
export function registerCoverageTree(store: ReviewStore): CoverageTree {
  let filter = noFilter;
  const all = (): FilteredCoverage => store.shown()?.coverage ?? { elements: [] };
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<CoverageNode>("backendImplementer.coverage", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) =>
        node === undefined ? kindsOf(filterCoverage(all(), filter), knownBefore(store)) : elementsOf(node),
      getTreeItem: (node) =>
        node.type === "kind" ? kindItem(node) : node.type === "more" ? moreItem(node.rest) : leafItem(node),
    },
    showCollapseAll: true,
  });
  const refresh = (): void => {
    changed.fire(undefined);
    const { elements } = all();
    view.description = elements.length === 0 ? "" : inScope(ratio(elements), store);
    const amount = amountOf(all());
    const shown = amountOf(filterCoverage(all(), filter));
    view.message = isFiltering(filter) && amount > 0 ? vscode.l10n.t("{0} of {1} are shown", shown, amount) : "";
    void vscode.commands.executeCommand("setContext", "backendImplementer.coverageFiltered", isFiltering(filter));
  };
  const show = async (chosen: CoverageFilter | undefined): Promise<void> => {
    filter = chosen ?? filter;
    refresh();
  };
  refresh();
  const following = store.onDidReview("coverage", refresh);
  return {
    handlers: {
      "backendImplementer.filterCoverage": async () => {
        const choices = filterChoices(all(), (kind) => kindTitles[kind], coverageWords);
        await show(await askCoverageFilter(choices, filter));
      },
      "backendImplementer.showAllCoverage": () => show(noFilter),
    },
    dispose: () => vscode.Disposable.from(changed, view, following).dispose(),
  };
}

const kinds = Object.keys(kindTitles) as CoverageElement["kind"][];

function amountOf({ elements, unlinkedRules = [] }: FilteredCoverage): number {
  return elements.length + unlinkedRules.length;
}

/** The whole project, where what is shown of it leaves out what a baseline knows. */
function knownBefore(store: ReviewStore): readonly CoverageElement[] {
  const review = store.review();
  return review?.baseline === "applied" && !store.isWholeProject() ? review.coverage.elements : [];
}

function kindsOf(
  { elements, unlinkedRules }: Required<FilteredCoverage>,
  whole: readonly CoverageElement[],
): CoverageNode[] {
  return kinds.flatMap((kind): CoverageNode[] => {
    const ofKind = elements.filter((element) => element.kind === kind);
    const inAll = whole.filter((element) => element.kind === kind);
    const rules = kind === "rule" ? unlinkedRules : [];
    return ofKind.length + rules.length === 0
      ? []
      : [{ type: "kind", title: kindTitles[kind], elements: ofKind, rules, inAll }];
  });
}

/** What needs a look comes first; the rest stays in the order of the design. */
function elementsOf(node: CoverageNode): CoverageNode[] {
  if (node.type === "more") return firstOf(node.rest);
  if (node.type !== "kind") return [];
  const isFine = ({ status, drift }: CoverageElement): number => (status === "implemented" && !drift ? 1 : 0);
  const elements = node.elements.toSorted((left, right) => isFine(left) - isFine(right));
  return firstOf([
    ...node.rules.map((rule) => ({ type: "rule", rule }) as const),
    ...elements.map((element) => ({ type: "element", element }) as const),
  ]);
}

/** The editor has every row made of what is unfolded, after each review, and holds the thread until all are sent. */
const mostRows = 100;

function firstOf(nodes: readonly CoverageNode[]): CoverageNode[] {
  const rest = nodes.slice(mostRows);
  return [...nodes.slice(0, mostRows), ...(rest.length === 0 ? [] : [{ type: "more", rest } as const])];
}

function moreItem(rest: readonly CoverageNode[]): vscode.TreeItem {
  return new vscode.TreeItem(vscode.l10n.t("{0} more", rest.length), vscode.TreeItemCollapsibleState.Collapsed);
}

function kindItem({ title, elements, rules, inAll }: Extract<CoverageNode, { type: "kind" }>): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const worst = severities.find((status) => elements.some((element) => element.status === status)) ?? "implemented";
  const isFine = worst === "implemented" && !elements.some(({ drift }) => drift);
  const item = new vscode.TreeItem(title, isFine ? Collapsed : Expanded);
  item.id = `kind:${title}`;
  item.contextValue = "kind";
  item.iconPath = iconOf(worst);
  item.description = [
    ...(elements.length === 0 ? [] : [ratio(elements)]),
    ...(rules.length === 0 ? [] : [vscode.l10n.t("{0} not linked", rules.length)]),
    ...(inAll.some(({ isKnown }) => isKnown) ? [vscode.l10n.t("{0} in the whole project", ratio(inAll))] : []),
  ].join(" · ");
  item.accessibilityInformation = { label: `${title}: ${item.description}` };
  return item;
}

function leafItem(node: Extract<CoverageNode, { type: "rule" | "element" }>): vscode.TreeItem {
  return node.type === "rule" ? ruleItem(node.rule) : elementItem(node.element);
}

/** Whether code keeps it nobody can read from its sentence, so it has no state. */
function ruleItem({ name, text, design }: UnlinkedRule): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.contextValue = "unlinkedRule";
  item.iconPath = new vscode.ThemeIcon("debug-disconnect");
  item.description = `${coverageWords.unlinked} · ${text}`;
  item.tooltip = `${text}\n${design.path}:${design.line}`;
  item.accessibilityInformation = { label: `${name}: ${coverageWords.unlinked}, ${text}` };
  const place = [design.path, design.line];
  item.command = { command: "backendImplementer.openLocation", title: vscode.l10n.t("Open Design"), arguments: place };
  return item;
}

function elementItem(element: CoverageElement): vscode.TreeItem {
  const item = new vscode.TreeItem(element.name);
  const word = stateWord(element);
  const target = element.design ?? element.code;
  item.contextValue = contextOf(element);
  item.iconPath = element.unseenAt
    ? themed(unseenLook)
    : iconOf(element.drift && element.status === "implemented" ? "mismatched" : element.status);
  const parts = [
    ...(element.status === "implemented" ? [] : [element.difference ?? word]),
    ...(element.drift ? [vscode.l10n.t("design changed: {0}", element.drift.difference)] : []),
  ];
  item.description = parts.join(" · ");
  item.tooltip = tooltipOf(element);
  item.accessibilityInformation = {
    label: `${element.name}: ${[word, element.difference, element.drift && coverageWords.designChangedSince(element.drift.difference)].filter(Boolean).join(", ")}`,
  };
  if (target !== undefined) {
    const title = element.design === undefined ? vscode.l10n.t("Open Code") : vscode.l10n.t("Open Design");
    item.command = { command: "backendImplementer.openLocation", title, arguments: [target.path, target.line] };
  }
  return item;
}

/** What can be done with it: parts of a table are linked with their table. */
function contextOf(element: CoverageElement): string {
  const hasCode = element.code === undefined ? "" : "WithCode";
  const isLinkable = element.unseenAt === undefined || isPart(element) ? "" : "Linkable";
  const isLinked = element.isLinked && !isPart(element) ? "Linked" : "";
  return `element${hasCode}${isLinkable}${isLinked}${element.drift === undefined ? "" : "Drifted"}`;
}

function isPart({ kind }: CoverageElement): boolean {
  return kind !== "rule" && kind !== "endpoint" && kind !== "table";
}

function tooltipOf(element: CoverageElement): string {
  const { id, difference, drift, design, code } = element;
  const lines = [
    `${id}: ${stateWord(element)}`,
    difference,
    drift && coverageWords.designChangedSince(drift.difference),
    design && vscode.l10n.t("Design: {0}", `${design.path}:${design.line}`),
    code && vscode.l10n.t("Code: {0}", `${code.path}:${code.line}`),
  ];
  return lines.filter(Boolean).join("\n");
}

/** Implemented of designed: what is only in the code does not count against the design. */
function ratio(elements: readonly CoverageElement[]): string {
  const count = (status: CoverageStatus): number => elements.filter((element) => element.status === status).length;
  const extra = count("extra");
  const designed = elements.length - extra;
  const unseen = elements.filter(({ unseenAt }) => unseenAt).length;
  const others = [
    ...(unseen > 0 ? [vscode.l10n.t("{0} cannot be seen", unseen)] : []),
    ...(extra > 0 ? [vscode.l10n.t("{0} extra", extra)] : []),
  ];
  return [`${count("implemented")}/${designed}`, ...others].join(" · ");
}

function iconOf(status: CoverageStatus): vscode.ThemeIcon {
  return themed(statusLooks[status]);
}

function themed({ icon, color }: { readonly icon: string; readonly color: string }): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** Worst first. */
const severities: readonly CoverageStatus[] = ["missing", "mismatched", "extra", "implemented"];
