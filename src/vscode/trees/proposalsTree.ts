import * as vscode from "vscode";
import { lineCounts, proposedRanges } from "../../changes/hunks.ts";
import { createItemParts } from "../../changes/itemParts.ts";
import type { ChangeSet, Hunk, ProposedFile, SelectionPart } from "../../changes/model.ts";
import { reasonForOwnYes } from "../../changes/ownYes.ts";
import { fileName } from "../../support/fileName.ts";
import { judgePath } from "../../support/pathClass.ts";
import { counted } from "../../support/words.ts";
import type { WorkspacePaths } from "../review/workspacePaths.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** An element of the tree. Menus hand it to the commands, which read `path` and `hunkId`. */
export type ProposalNode =
  | { readonly type: "group"; readonly label: string; readonly files: readonly ProposedFile[] }
  | {
      readonly type: "item";
      readonly label: string;
      readonly parts: readonly SelectionPart[];
      readonly files: readonly ProposedFile[];
    }
  | {
      readonly type: "file";
      readonly path: string;
      readonly file: ProposedFile;
      readonly folder: string;
      /** The design item that it is shown below: a file may be below several. */
      readonly within: string;
    }
  | {
      readonly type: "hunk" | "conflict";
      readonly path: string;
      readonly hunkId: string;
      readonly hunk: Hunk;
      readonly file: ProposedFile;
      readonly within: string;
    };

type FileNode = Extract<ProposalNode, { type: "file" }>;
type HunkNode = Extract<ProposalNode, { hunkId: string }>;

/** The view of what waits for a decision: steps or folders, their files, their changes. */
export function registerProposalsTree(store: ReviewStore, paths: WorkspacePaths): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<ProposalNode>("backendImplementer.proposals", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? rootsOf(store) : childrenOf(node)),
      getTreeItem: (node) => itemOf(node, paths),
    },
    showCollapseAll: true,
  });
  const refresh = (): void => {
    changed.fire(undefined);
    showCounts(view, store.changes);
  };
  showCounts(view, store.changes);
  return vscode.Disposable.from(changed, view, store.changes.onDidChange(refresh), store.onDidChange(refresh));
}

function showCounts(view: vscode.TreeView<ProposalNode>, changes: ChangeSet): void {
  const files = changes.files();
  const count = files.reduce((sum, file) => sum + file.hunks.length + file.conflicts.length, 0);
  const one = count === 1;
  const waiting = `${counted(count, "change")} in ${counted(files.length, "file")} ${one ? "waits" : "wait"} for your review`;
  view.badge = count === 0 ? undefined : { value: count, tooltip: waiting };
  view.message = count === 0 ? "" : waiting;
  view.description = count === 0 ? "" : counted(files.length, "file");
}

/** Few files need no folders; the seven steps are always worth their line. */
const mostUngroupedFiles = 6;

function rootsOf(store: ReviewStore): ProposalNode[] {
  const { changes, stepOf } = store;
  const files = changes.files();
  if (store.isByItem()) return itemsOf(store, files);
  const hasSteps = files.some((file) => stepOf(file.path) !== undefined);
  if (!hasSteps && files.length <= mostUngroupedFiles) return files.map((file) => fileNode(file, ""));
  const groups = new Map<string, ProposedFile[]>();
  for (const file of files) {
    const step = stepOf(file.path);
    const label = step === undefined ? folderOf(file.path) || "Project folder" : `${step.number}. ${step.title}`;
    groups.set(label, [...(groups.get(label) ?? []), file]);
  }
  return [...groups]
    .toSorted(([left], [right]) => left.localeCompare(right, "en", { numeric: true }))
    .map(([label, members]) => ({ type: "group", label, files: members }));
}

/** The endpoints of the design, each with all that it takes; then what no endpoint takes. */
function itemsOf(store: ReviewStore, files: readonly ProposedFile[]): ProposalNode[] {
  const partsOf = createItemParts(files);
  const elements = store.review()?.coverage.elements ?? [];
  const items = elements.flatMap(({ kind, name, code }): Extract<ProposalNode, { type: "item" }>[] => {
    const parts = kind === "endpoint" && code !== undefined ? partsOf(code) : [];
    const paths = new Set(parts.map(({ path }) => path));
    const own = files.filter(({ path }) => paths.has(path));
    return parts.length === 0 ? [] : [{ type: "item", label: name, parts, files: own }];
  });
  const taken = new Set(items.flatMap(({ parts }) => parts.map(({ path }) => path)));
  const rest = files.filter(({ path }) => !taken.has(path));
  return rest.length === 0 ? items : [...items, { type: "group", label: "Of no single endpoint", files: rest }];
}

function childrenOf(node: ProposalNode): ProposalNode[] {
  if (node.type === "item") return node.files.map((file) => fileNode(file, node.label, node.label));
  if (node.type === "group") return node.files.map((file) => fileNode(file, node.label));
  if (node.type !== "file" || !hasHunkNodes(node.file)) return [];
  const { path, file, within } = node;
  return [
    ...file.hunks.map((hunk): ProposalNode => ({ type: "hunk", path, hunkId: hunk.id, hunk, file, within })),
    ...file.conflicts.map((hunk): ProposalNode => ({ type: "conflict", path, hunkId: hunk.id, hunk, file, within })),
  ];
}

/** The folder is told unless the group already says it. */
function fileNode(file: ProposedFile, group: string, within = ""): ProposalNode {
  const folder = folderOf(file.path);
  return { type: "file", path: file.path, file, folder: folder === group ? "" : folder, within };
}

/** A file that comes or goes as a whole has one change: the file. */
function hasHunkNodes(file: ProposedFile): boolean {
  return file.kind === "modify" || file.conflicts.length > 0;
}

function itemOf(node: ProposalNode, paths: WorkspacePaths): vscode.TreeItem {
  if (node.type === "group") return groupItem(node.label, node.files);
  if (node.type === "item") return designItem(node.label, node.files);
  return node.type === "file" ? fileItem(node, paths) : hunkItem(node);
}

function groupItem(label: string, files: readonly ProposedFile[]): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group:${label}`;
  item.contextValue = "group";
  item.description = counted(files.length, "file");
  return item;
}

function designItem(label: string, files: readonly ProposedFile[]): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `item:${label}`;
  item.contextValue = "item";
  item.iconPath = new vscode.ThemeIcon("symbol-interface");
  item.description = counted(files.length, "file");
  item.tooltip = `${label}\nEverything proposed that it takes, accepted or rejected as one decision.`;
  return item;
}

function fileItem({ file, folder, within }: FileNode, paths: WorkspacePaths): vscode.TreeItem {
  const { None, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(paths.toProposed(file.path), hasHunkNodes(file) ? Expanded : None);
  item.id = `file:${within}:${file.path}`;
  item.label = fileName(file.path);
  item.iconPath = vscode.ThemeIcon.File;
  item.contextValue = file.hunks.length > 0 ? `file.${file.kind}` : "conflictFile";
  const ownYes = reasonForOwnYes(file);
  const { class: judged, why: usual } = judgePath(file.path);
  const [badge, why] =
    ownYes === undefined ? [judged === "runsCode" ? "runs code" : "", usual] : ["accepted by itself", ownYes];
  item.description = [folder, difference(file.hunks, file.base), badge].filter(Boolean).join(" · ");
  item.tooltip = `${file.path}\n${kindNames[file.kind]} ${difference(file.hunks, file.base)}${why && `\nTake care: ${why}.`}`;
  item.command = {
    command: "backendImplementer.openProposal",
    title: "Review",
    arguments: [paths.toProposed(file.path)],
  };
  return item;
}

function hunkItem({ file, hunk, type, within }: HunkNode): vscode.TreeItem {
  const item = new vscode.TreeItem(excerpt(hunk));
  const line = type === "hunk" ? proposedLine(file, hunk) : hunk.start + 1;
  item.id = `${type}:${within}:${file.path}:${hunk.id}`;
  item.contextValue = type;
  item.description = `line ${line} · ${difference([hunk], file.base)}`;
  item.tooltip = new vscode.MarkdownString().appendCodeblock(patchText(hunk), "diff");
  if (type === "conflict") {
    item.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    item.description = `line ${line} · conflicts with your edit`;
  }
  item.command = { command: "backendImplementer.openLocation", title: "Review", arguments: [file.path, line] };
  return item;
}

function proposedLine(file: ProposedFile, hunk: Hunk): number {
  const range = proposedRanges(file).find((each) => each.hunk.id === hunk.id);
  return (range?.start ?? hunk.start) + 1;
}

/** The first line with something to read in it says more than a number. */
function excerpt(hunk: Hunk): string {
  const line = [...hunk.added, ...hunk.removed].find((each) => /\w/.test(each)) ?? "blank lines";
  return hunk.added.some((each) => /\w/.test(each)) ? line.trim() : `− ${line.trim()}`;
}

function patchText(hunk: Hunk): string {
  const shown = [...hunk.removed.map((line) => `-${line}`), ...hunk.added.map((line) => `+${line}`)];
  return shown.length > 40 ? [...shown.slice(0, 40), "…"].join("\n") : shown.join("\n");
}

function difference(hunks: readonly Hunk[], base: string | undefined): string {
  const { added, removed } = lineCounts(hunks, base);
  return `+${added} −${removed}`;
}

const kindNames = { create: "New file", modify: "Changed file", delete: "Deleted file" } as const;

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
