import * as vscode from "vscode";
import { filterProposals, isFilteringProposals, type ShownFile } from "../../changes/proposalFilter.ts";
import { seenTest } from "../../changes/reviewNotes.ts";
import { userWords } from "../../changes/userWords.ts";
import { counted } from "../../support/words.ts";
import type { ProposalNode } from "./proposalNodes.ts";
import type { ReviewStore } from "./reviewStore.ts";

/** What the view shows, from a bundle that is loaded with the first proposal. */
export interface ProposalRows {
  childrenOf(node: ProposalNode | undefined): readonly ProposalNode[];
  rowOf(node: ProposalNode): vscode.TreeItem;
  /** Marks what rows stand for as looked at, or takes the mark off. */
  mark(marks: readonly (readonly [ProposalNode, boolean])[]): void;
}

/** The view of what waits for a decision. */
export function registerProposalsTree(store: ReviewStore, loadRows: () => Promise<ProposalRows>): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const { changes } = store;
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
  const refresh = (): void => {
    changed.fire(undefined);
    showCounts(view, store);
  };
  showCounts(view, store);
  return vscode.Disposable.from(
    changed,
    view,
    view.onDidChangeCheckboxState(async ({ items }) => {
      const { Checked } = vscode.TreeItemCheckboxState;
      (await rows()).mark(items.map(([node, state]) => [node, state === Checked] as const));
    }),
    changes.onDidChange(refresh),
    store.onDidChange(refresh),
  );
}

function isEmpty({ changes, notes }: ReviewStore): boolean {
  return changes.files().length === 0 && userWords(changes.snapshot().decisions, notes()).length === 0;
}

function showCounts(view: vscode.TreeView<ProposalNode>, store: ReviewStore): void {
  const files = store.changes.files();
  const isSeen = seenTest(store.notes());
  const shown = filterProposals(files, store.filter(), isSeen);
  const isReviewed = ({ file, hunks, conflicts }: ShownFile): boolean =>
    [...hunks, ...conflicts].every(({ id }) => isSeen(file.path, id));
  const reviewed = shown.filter(isReviewed).length;
  const [all, visible] = [countChanges(files), countChanges(shown)];
  const some = `${visible} of ${counted(all, "change")} ${all === 1 ? "is" : "are"} shown`;
  const every = `${counted(all, "change")} in ${counted(files.length, "file")} ${all === 1 ? "waits" : "wait"} for your review`;
  const marked = reviewed === 0 ? "" : `, ${counted(reviewed, "file")} marked as reviewed`;
  view.badge = all === 0 ? undefined : { value: all, tooltip: every };
  view.message = all === 0 ? "" : `${isFilteringProposals(store.filter()) ? some : every}${marked}`;
  view.description = all === 0 ? "" : counted(files.length, "file");
}

function countChanges(
  files: readonly { readonly hunks: readonly unknown[]; readonly conflicts: readonly unknown[] }[],
): number {
  return files.reduce((sum, { hunks, conflicts }) => sum + hunks.length + conflicts.length, 0);
}
