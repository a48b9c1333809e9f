import * as vscode from "vscode";
import type { Hunk, ProposedFile, SelectionPart } from "../../changes/model.ts";
import { filterProposals, joinRenames, type ShownFile } from "../../changes/proposalFilter.ts";
import { partOfFile, seenTest } from "../../changes/reviewNotes.ts";
import { type UserWord, userWords } from "../../changes/userWords.ts";
import {
  folderOf,
  groupByItem,
  groupByStep,
  type ItemGroup,
  outsideItems,
  restrictTo,
} from "../../session/proposalGroups.ts";
import { kindTitles } from "../coverage/coverageWords.ts";
import { stepTitle } from "../stepTitles.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** An element of the tree. Menus hand it to the commands, which read `path`, `hunkId` and `parts`. */
export type ProposalNode =
  | { readonly type: "group"; readonly label: string; readonly files: readonly ShownFile[]; readonly within: string }
  | { readonly type: "kind"; readonly label: string; readonly group: ItemGroup }
  | { readonly type: "words" | "word"; readonly label: string; readonly words: readonly UserWord[] }
  | {
      readonly type: "item";
      readonly id: string;
      /** As a person would ask for it; `name` where the heading says the kind. */
      readonly label: string;
      readonly name: string;
      readonly parts: readonly SelectionPart[];
      readonly files: readonly ShownFile[];
    }
  | {
      readonly type: "file";
      readonly path: string;
      readonly shown: ShownFile;
      readonly folder: string;
      /** The design item that it is shown below: a file may be below several. */
      readonly within: string;
      /** What a decision about the row means, when that is not the whole file. */
      readonly parts: readonly SelectionPart[] | undefined;
    }
  | {
      readonly type: "hunk" | "conflict";
      readonly path: string;
      readonly hunkId: string;
      readonly hunk: Pick<Hunk, "id" | "start" | "added">;
      readonly file: ProposedFile;
      readonly within: string;
    };

/** What the tree shows now, worked out once for all its rows. */
export interface ProposalNodes {
  readonly roots: readonly ProposalNode[];
  readonly files: readonly ShownFile[];
  isSeen(path: string, hunkId: string): boolean;
}

export function readProposals(store: ReviewStore): ProposalNodes {
  const isSeen = seenTest(store.notes());
  const all = store.changes.files();
  const files = joinRenames(filterProposals(all, store.filter(), isSeen), store.changes.renameOf);
  const waiting = store.isByItem() ? itemNodes(store, files) : stepNodes(store, files);
  return { roots: [...wordNodes(store), ...waiting], files, isSeen };
}

/** The files that are shown, in the order of the tree's rows: the way that a reviewer goes through them. */
export function reviewOrder(store: ReviewStore): readonly ShownFile[] {
  const { roots, files } = readProposals(store);
  const pathsIn = (node: ProposalNode): readonly string[] =>
    node.type === "file" ? [node.path] : childrenOf(node, files).flatMap(pathsIn);
  const byPath = new Map(files.map((shown) => [shown.file.path, shown]));
  return [...new Set(roots.flatMap(pathsIn))].flatMap((path) => byPath.get(path) ?? []);
}

/** The design items that are shown, whatever the grouping. */
export function designItems(store: ReviewStore): readonly Extract<ProposalNode, { type: "item" }>[] {
  const all = store.changes.files();
  const files = filterProposals(all, store.filter(), seenTest(store.notes()));
  const groups = groupByItem(all, files, store.review()?.coverage.elements ?? []);
  return groups.flatMap((group) => itemsOf(group, files));
}

export function childrenOf(node: ProposalNode, files: readonly ShownFile[]): readonly ProposalNode[] {
  switch (node.type) {
    case "group":
      return node.files.map((shown) => fileNode(shown, node.label, node.within));
    case "kind":
      return itemsOf(node.group, files);
    case "item":
      return node.files.map((shown) => fileNode(shown, "", node.id));
    case "words":
      return node.words.map((word) => ({ type: "word", label: word.text, words: [word] }));
    case "file":
      return hasHunkNodes(node.shown) ? hunkNodes(node) : [];
    default:
      return [];
  }
}

/** All changes that a row stands for. */
export function partsOf(node: ProposalNode): readonly SelectionPart[] {
  switch (node.type) {
    case "hunk":
    case "conflict":
      return [{ path: node.path, hunkIds: [node.hunkId] }];
    case "file":
      return [partOfFile({ ...node.shown.file, ...node.shown })];
    case "group":
      return node.files.map((shown) => partOfFile({ ...shown.file, ...shown }));
    case "item":
      return node.parts;
    case "kind":
      return node.group.items().flatMap(({ parts }) => parts);
    default:
      return [];
  }
}

/** A file that comes or goes as a whole has one change: the file. */
export function hasHunkNodes({ file, conflicts }: ShownFile): boolean {
  return file.kind === "modify" || conflicts.length > 0;
}

function stepNodes(store: ReviewStore, files: readonly ShownFile[]): readonly ProposalNode[] {
  const stepOf = (path: string) => {
    const step = store.stepOf(path);
    return step && { ...step, title: stepTitle(step.number) };
  };
  const groups = groupByStep(files, stepOf, vscode.l10n.t("Project folder"));
  const [first] = groups;
  if (first?.label === "") return first.files.map((shown) => fileNode(shown, "", ""));
  return groups.map(({ label, files: members }) => ({ type: "group", label, files: members, within: "" }));
}

function wordNodes({ changes, notes }: ReviewStore): readonly ProposalNode[] {
  const words = userWords(changes.snapshot().decisions, notes());
  return words.length === 0 ? [] : [{ type: "words", label: vscode.l10n.t("Told to the agent"), words }];
}

const outside = vscode.l10n.t("Of no design item");

function itemNodes(store: ReviewStore, files: readonly ShownFile[]): readonly ProposalNode[] {
  const groups = groupByItem(store.changes.files(), files, store.review()?.coverage.elements ?? []);
  const kinds = groups.map((group): ProposalNode => ({ type: "kind", label: kindTitles[group.kind], group }));
  const rest = outsideItems(files, groups);
  return rest.length === 0 ? kinds : [...kinds, { type: "group", label: outside, files: rest, within: outside }];
}

function itemsOf({ items }: ItemGroup, files: readonly ShownFile[]) {
  return items().map(({ id, label, name, parts }) => {
    return { type: "item", id, label, name, parts, files: restrictTo(files, parts) } as const;
  });
}

function fileNode(shown: ShownFile, group: string, within: string): ProposalNode {
  const { file, hunks, conflicts } = shown;
  const folder = folderOf(file.path);
  const isPartial = hunks.length + conflicts.length < file.hunks.length + file.conflicts.length;
  const parts = isPartial ? [partOfFile({ ...file, ...shown })] : undefined;
  // The folder is told unless the group already says it.
  return { type: "file", path: file.path, shown, folder: folder === group ? "" : folder, within, parts };
}

function hunkNodes({ path, shown, within }: Extract<ProposalNode, { type: "file" }>): readonly ProposalNode[] {
  const { file, hunks, conflicts } = shown;
  return [
    ...hunks.map((hunk): ProposalNode => ({ type: "hunk", path, hunkId: hunk.id, hunk, file, within })),
    ...conflicts.map((hunk): ProposalNode => ({ type: "conflict", path, hunkId: hunk.id, hunk, file, within })),
  ];
}
