import * as vscode from "vscode";
import { isFilteringProposals, noProposalFilter } from "../../changes/proposalFilter.ts";
import { registerHunkLenses } from "./hunkLenses.ts";
import type { ReviewParts } from "./reviewParts.ts";

/** What is shown in and around proposed code, from the first proposal of a window on. */
export function showProposals({ changes, store, paths }: ReviewParts): vscode.Disposable {
  return vscode.Disposable.from(
    registerHunkLenses(changes, paths),
    // A filter for what is all decided would hide what comes next.
    changes.onDidChange(() => {
      if (changes.files().length === 0 && isFilteringProposals(store.filter())) store.setFilter(noProposalFilter);
    }),
  );
}
