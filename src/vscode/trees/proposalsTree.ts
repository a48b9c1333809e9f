import * as vscode from "vscode";
import { filterProposals, isFilteringProposals, type ShownFile } from "../../changes/proposalFilter.ts";
import { seenTest } from "../../changes/reviewNotes.ts";
import { userWords } from "../../changes/userWords.ts";
import { amountOf } from "../amounts.ts";
import type { ProposalNode } from "./proposalNodes.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** What the view shows, from a bundle that is loaded with the first proposal. */
export interface ProposalRows {
  childrenOf(node: ProposalNode | undefined): readonly ProposalNode[];
  rowOf(node: ProposalNode): vscode.TreeItem;
  /** Marks what rows stand for as looked at, or takes the mark off. */
  mark(marks: readonly (readonly [ProposalNode, boolean])[]): void;
}

/** The view of what waits for a decision. `folderName`: where the workspace has several folders, the one that is meant. */
export function registerProposalsTree(
  store: ReviewStore,
  folderName: () => string | undefined,
  loadRows: () => Promise<ProposalRows>,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  let loading: Promise<ProposalRows> | undefined;
  const rows = (): Promise<ProposalRows> => {
    loading ??= loadRows();
    return loading;
  };
  const view = vscode.window.createTreeView<ProposalNode>("backendImplementer.proposals", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (isEmpty(store) ? [] : [...(await rows()).childrenOf(node)]),
      getTreeItem: async (node) => (await rows()).rowOf(node),
    },
    showCollapseAll: true,
    manageCheckboxStateManually: true,
  });
  const show = (): void => {
    const files = showCounts(view, store);
    view.description = [folderName(), files].filter(Boolean).join(" · ");
  };
  const refresh = (): void => {
    changed.fire(undefined);
    show();
  };
  show();
  return vscode.Disposable.from(
    changed,
    // The badge would outlive the view: the next one of this name begins without one, which is no change to it.
    new vscode.Disposable(() => {
      view.badge = undefined;
      view.dispose();
    }),
    view.onDidChangeCheckboxState(async ({ items }) => {
      const { Checked } = vscode.TreeItemCheckboxState;
      (await rows()).mark(items.map(([node, state]) => [node, state === Checked] as const));
    }),
    store.onDidUpdate(refresh),
  );
}

function isEmpty({ changes, notes }: ReviewStore): boolean {
  return changes.files().length === 0 && userWords(changes.snapshot().decisions, notes()).length === 0;
}

/** Returns how many files are proposed, in words. */
function showCounts(view: vscode.TreeView<ProposalNode>, store: ReviewStore): string {
  const { renameOf } = store.changes;
  const all = store.changes.files().filter((file) => renameOf(file.path)?.from !== file);
  const isSeen = seenTest(store.notes());
  const shown = filterProposals(all, store.filter(), isSeen);
  const isReviewed = ({ file, hunks, conflicts }: ShownFile): boolean =>
    [...hunks, ...conflicts].every(({ id }) => isSeen(file.path, id));
  const reviewed = shown.filter(isReviewed).length;
  const [count, visible] = [countChanges(all), countChanges(shown)];
  const some = vscode.l10n.t("{0} of {1} changes are shown", visible, count);
  const every = waiting(count, amountOf.files(all.length));
  const marked = reviewed === 0 ? [] : [vscode.l10n.t("{0} marked as reviewed", amountOf.files(reviewed))];
  view.badge = count === 0 ? undefined : { value: count, tooltip: every };
  view.message = count === 0 ? "" : [isFilteringProposals(store.filter()) ? some : every, ...marked].join(", ");
  return count === 0 ? "" : amountOf.files(all.length);
}

function waiting(changes: number, files: string): string {
  return changes === 1
    ? vscode.l10n.t("1 change in {0} waits for your review", files)
    : vscode.l10n.t("{0} changes in {1} wait for your review", changes, files);
}

function countChanges(
  files: readonly { readonly hunks: readonly unknown[]; readonly conflicts: readonly unknown[] }[],
): number {
  return files.reduce((sum, { hunks, conflicts }) => sum + hunks.length + conflicts.length, 0);
}
