import * as vscode from "vscode";
import { isFilteringProposals, noProposalFilter } from "../../changes/proposalFilter.ts";
import { registerConflictSides } from "./conflictCommands.ts";
import { registerHunkComments } from "./hunkComments.ts";
import { registerHunkLenses } from "./hunkLenses.ts";
import type { ReviewParts } from "./reviewParts.ts";

/** What is shown in and around proposed code, from the first proposal of a window on. */
export function showProposals(parts: ReviewParts): vscode.Disposable {
  const { changes, store, paths } = parts;
  return vscode.Disposable.from(
    registerHunkLenses(store, paths),
    registerHunkComments(parts),
    registerConflictSides(parts),
    // A filter for what is all decided would hide what comes next.
    changes.onDidChange(() => {
      if (changes.files().length === 0 && isFilteringProposals(store.filter())) store.setFilter(noProposalFilter);
    }),
  );
}
