import * as vscode from "vscode";
import type { LineEdit } from "../../changes/diff.ts";
import { lineCounts } from "../../changes/hunks.ts";
import { originsOf } from "../../changes/layers.ts";
import type { Hunk, SelectionPart } from "../../changes/model.ts";
import type { ShownFile } from "../../changes/proposalFilter.ts";
import { renameEdits } from "../../changes/renames.ts";
import { markSeen } from "../../changes/reviewNotes.ts";
import { stopOf } from "../../changes/reviewStops.ts";
import { ownYesOf } from "../../changes/selecting.ts";
import { excerptOf } from "../../changes/userWords.ts";
import { folderOf } from "../../session/proposalGroups.ts";
import { fileName } from "../../support/fileName.ts";
import { judgePath } from "../../support/pathClass.ts";
import { amountOf } from "../amounts.ts";
import { careReason } from "../careReasons.ts";
import type { WorkspacePaths } from "../review/workspacePaths.ts";
import { originText } from "./originText.ts";
import {
  childrenOf,
  hasHunkNodes,
  type ProposalNode,
  type ProposalNodes,
  partsOf,
  readProposals,
} from "./proposalNodes.ts";
import type { ProposalRows } from "./proposalsTree.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** The rows of the view Proposals: steps or design items, their files, their changes. */
export function createProposalRows(store: ReviewStore, paths: WorkspacePaths): ProposalRows {
  let now = readProposals(store);
  const rowOf = (node: ProposalNode): vscode.TreeItem => {
    const item = itemOf(node, now, paths);
    if (node.type === "words" || node.type === "word") return item;
    const isReviewed = isSeenWhole(partsOf(node), now);
    item.checkboxState = checkbox(isReviewed);
    const label = item.accessibilityInformation?.label ?? `${item.label}`;
    item.accessibilityInformation = { label: isReviewed ? vscode.l10n.t("{0}, reviewed", label) : label };
    return item;
  };
  return {
    childrenOf: (node) => {
      if (node !== undefined) return childrenOf(node, now.files);
      now = readProposals(store);
      return now.roots;
    },
    rowOf,
    mark: (marks) => {
      const notes = marks.reduce((all, [node, on]) => markSeen(all, partsOf(node), on), store.notes());
      store.setNotes(notes);
    },
  };
}

function isSeenWhole(parts: readonly SelectionPart[], { isSeen }: ProposalNodes): boolean {
  return parts.every(({ path, hunkIds }) => hunkIds.every((id) => isSeen(path, id)));
}

function checkbox(isReviewed: boolean): NonNullable<vscode.TreeItem["checkboxState"]> {
  const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
  const [state, tooltip] = isReviewed
    ? [Checked, vscode.l10n.t("Reviewed")]
    : [Unchecked, vscode.l10n.t("Mark as reviewed")];
  return { state, tooltip, accessibilityInformation: { label: tooltip, role: "checkbox" } };
}

/** More rows than these are folded at first: unfolded, every one of them is asked for at once. */
const mostUnfolded = 200;
/** So that the other kinds stay in sight. */
const mostUnfoldedItems = 12;

function itemOf(node: ProposalNode, { files }: ProposalNodes, paths: WorkspacePaths): vscode.TreeItem {
  switch (node.type) {
    case "group":
      return headingRow(`group:${node.label}`, node.label, {
        unfolded: files.length <= mostUnfolded,
        description: amountOf.files(node.files.length),
      });
    case "kind":
      return headingRow(`kind:${node.label}`, node.label, {
        unfolded: node.group.size <= mostUnfoldedItems,
        description: String(node.group.size),
      });
    case "words":
      return wordsRow(node);
    case "word":
      return wordRow(node);
    case "item":
      return designRow(node);
    case "file":
      return fileRow(node, hunkRows(files) <= mostUnfolded, paths);
    default:
      return hunkRow(node);
  }
}

function hunkRows(files: readonly ShownFile[]): number {
  return files.reduce((sum, shown) => sum + (hasHunkNodes(shown) ? shown.hunks.length + shown.conflicts.length : 0), 0);
}

interface Heading {
  readonly unfolded: boolean;
  readonly description?: string;
}

function headingRow(id: string, label: string, { unfolded, description }: Heading): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const row = new vscode.TreeItem(label, unfolded ? Expanded : Collapsed);
  row.id = id;
  row.contextValue = "group";
  if (description !== undefined) row.description = description;
  row.accessibilityInformation = { label: [label, description].filter(Boolean).join(", ") };
  return row;
}

type WordNode = Extract<ProposalNode, { words: readonly unknown[] }>;

function wordsRow({ label, words }: WordNode): vscode.TreeItem {
  const row = headingRow("words", label, { unfolded: true, description: String(words.length) });
  row.contextValue = "words";
  row.iconPath = new vscode.ThemeIcon("comment-discussion");
  row.tooltip = vscode.l10n.t("What you said of the proposals. The agent is told in its next turn.");
  return row;
}

function wordRow({ label, words: [word] }: WordNode): vscode.TreeItem {
  const row = new vscode.TreeItem(label);
  if (word === undefined) return row;
  const [icon, about] =
    word.kind === "rejection"
      ? ["discard", vscode.l10n.t("Rejected {0}", word.about)]
      : ["comment", vscode.l10n.t("Comment on {0}", word.about)];
  row.id = `word:${word.line}`;
  row.contextValue = "word";
  row.iconPath = new vscode.ThemeIcon(icon);
  row.description = fileName(word.path);
  row.tooltip = `${about}\n${word.text}`;
  row.accessibilityInformation = { label: `${about}: ${word.text}` };
  row.command = { command: "backendImplementer.openLocation", title: vscode.l10n.t("Open"), arguments: [word.path, 1] };
  return row;
}

function designRow({ id, label, name, files, parts }: Extract<ProposalNode, { type: "item" }>): vscode.TreeItem {
  const row = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  const changes = parts.reduce((sum, { hunkIds }) => sum + hunkIds.length, 0);
  const size = vscode.l10n.t("{0} in {1}", amountOf.changes(changes), amountOf.files(files.length));
  row.id = `item:${id}`;
  row.contextValue = "item";
  row.iconPath = new vscode.ThemeIcon("symbol-interface");
  row.description = amountOf.files(files.length);
  row.tooltip = `${label}: ${size}\n${vscode.l10n.t("Accepted or rejected as one decision.")}`;
  row.accessibilityInformation = { label: `${label}, ${size}` };
  return row;
}

function fileRow(
  { shown, folder, within, path }: Extract<ProposalNode, { type: "file" }>,
  unfolded: boolean,
  paths: WorkspacePaths,
): vscode.TreeItem {
  const { conflicts } = shown;
  const { type, kind, moved, edited, difference: size, spoken: spokenSize } = lookOf(shown);
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const state = unfolded ? Expanded : Collapsed;
  const row = new vscode.TreeItem(paths.toProposed(path), hasHunkNodes(shown) ? state : None);
  const { badge, why } = careOf(shown);
  row.id = `file:${within}:${path}`;
  row.label = fileName(path);
  row.iconPath = vscode.ThemeIcon.File;
  row.contextValue = type;
  row.description = [moved, folder, size, edited, badge].filter(Boolean).join(" · ");
  const origin = originText(originsOf([...shown.hunks, ...conflicts.flatMap(({ parts }) => parts)]));
  const care = why && vscode.l10n.t("Take care: {0}.", careReason(why));
  const facts = [path, `${kind} ${size}`, origin, care];
  row.tooltip = facts.filter(Boolean).join("\n");
  const spoken = [
    fileName(path),
    moved === "" ? kind.toLowerCase() : kind,
    spokenSize,
    conflicts.length > 0 && amountOf.conflicts(conflicts.length),
    folder && vscode.l10n.t("in {0}", folder),
    edited,
    badge,
  ];
  row.accessibilityInformation = { label: spoken.filter(Boolean).join(", ") };
  row.command = {
    command: "backendImplementer.openProposal",
    title: vscode.l10n.t("Review"),
    arguments: [paths.toProposed(path)],
  };
  return row;
}

/** What a row says of the change of its file; a rename is one, with what it changes in the text. */
function lookOf({ file, hunks, from }: ShownFile) {
  const isEdited = hunks.some(({ below }) => below !== undefined);
  const edited = isEdited ? vscode.l10n.t("edited by you") : "";
  const typeOf = (kind: string): string =>
    hunks.length > 0 ? `file.${kind}${isEdited ? ".edited" : ""}` : "conflictFile";
  if (from === undefined) {
    const size = { difference: difference(hunks, file.base), spoken: spokenDifference(hunks, file.base) };
    return { type: typeOf(file.kind), kind: kindNames[file.kind], moved: "", edited, ...size };
  }
  const edits = renameEdits({ from, to: file });
  const kind = vscode.l10n.t("Renamed from {0}", from.path);
  const moved = `← ${folderOf(from.path) === folderOf(file.path) ? fileName(from.path) : from.path}`;
  const size = { difference: difference(edits, from.base), spoken: spokenDifference(edits, from.base) };
  return { type: typeOf("rename"), kind, moved, edited, ...size };
}

/** What makes a file special to accept: a word for its row, and the end of a sentence. */
function careOf({ file, from }: ShownFile): { readonly badge: string; readonly why: string } {
  const ownYes = ownYesOf(file, from && { from, to: file });
  if (ownYes !== undefined) return { badge: vscode.l10n.t("accepted by itself"), why: ownYes };
  const { class: judged, why } = judgePath(file.path);
  return { badge: judged === "runsCode" ? vscode.l10n.t("runs code") : "", why };
}

function hunkRow(node: Extract<ProposalNode, { hunkId: string }>): vscode.TreeItem {
  const { file, hunk, type, within, hunkId } = node;
  const line = (stopOf(file, hunkId)?.line ?? hunk.start) + 1;
  const own = file.hunks.find(({ id }) => id === hunkId);
  const excerpt = excerptOf({ removed: [], ...hunk, ...own });
  const place = vscode.l10n.t("line {0}", line);
  const row = new vscode.TreeItem(excerpt);
  row.id = `${type}:${within}:${file.path}:${hunkId}`;
  row.contextValue = type;
  row.command = {
    command: "backendImplementer.openLocation",
    title: vscode.l10n.t("Review"),
    arguments: [file.path, line],
  };
  if (own === undefined) {
    row.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    row.description = `${place} · ${vscode.l10n.t("conflicts with your edit")}`;
    const why = vscode.l10n.t("You have changed line {0}, which this change is about.", line);
    row.tooltip = [why, originText(partOrigins(node))].filter(Boolean).join("\n");
    row.accessibilityInformation = { label: vscode.l10n.t("Conflict with your edit, line {0}: {1}", line, excerpt) };
    return row;
  }
  const edited = own.below === undefined ? [] : [vscode.l10n.t("edited by you")];
  row.contextValue = own.below === undefined ? "hunk" : "hunk.edited";
  row.description = [place, difference([own], file.base), ...edited].join(" · ");
  const origin = originText(own.origins ?? []);
  row.tooltip = new vscode.MarkdownString().appendCodeblock(patchText(own), "diff").appendText(origin);
  const spoken = [spokenDifference([own], file.base), ...edited].join(", ");
  row.accessibilityInformation = { label: vscode.l10n.t("Line {0}, {1}: {2}", line, spoken, excerpt) };
  return row;
}

function partOrigins({ file, hunkId }: Extract<ProposalNode, { hunkId: string }>): ReturnType<typeof originsOf> {
  return originsOf(file.conflicts.find(({ id }) => id === hunkId)?.parts ?? []);
}

function patchText(hunk: Hunk): string {
  const shown = [...hunk.removed.map((line) => `-${line}`), ...hunk.added.map((line) => `+${line}`)];
  return shown.length > 40 ? [...shown.slice(0, 40), "…"].join("\n") : shown.join("\n");
}

function difference(hunks: readonly LineEdit[], base: string | undefined): string {
  const { added, removed } = lineCounts(hunks, base);
  return `+${added} −${removed}`;
}

function spokenDifference(hunks: readonly LineEdit[], base: string | undefined): string {
  const { added, removed } = lineCounts(hunks, base);
  return [added > 0 && linesAdded(added), removed > 0 && linesRemoved(removed)].filter(Boolean).join(", ");
}

function linesAdded(count: number): string {
  return count === 1 ? vscode.l10n.t("1 line added") : vscode.l10n.t("{0} lines added", count);
}

function linesRemoved(count: number): string {
  return count === 1 ? vscode.l10n.t("1 line removed") : vscode.l10n.t("{0} lines removed", count);
}

const kindNames = {
  create: vscode.l10n.t("New file"),
  modify: vscode.l10n.t("Changed file"),
  delete: vscode.l10n.t("Deleted file"),
} as const;
