import * as vscode from "vscode";
import {
  filterProposals,
  noProposalFilter,
  type ProposalFilter,
  type ProposalState,
  proposalStates,
  searchProposals,
} from "../../changes/proposalFilter.ts";
import { seenTest } from "../../changes/reviewNotes.ts";
import type { ReviewParts } from "./reviewParts.ts";

const stateNames: Readonly<Record<ProposalState, string>> = {
  open: vscode.l10n.t("Can be accepted"),
  conflict: vscode.l10n.t("Conflicts with your edits"),
  unseen: vscode.l10n.t("Not marked as reviewed"),
  runsCode: vscode.l10n.t("Tools run it without being asked"),
  confirmEach: vscode.l10n.t("Accepted by itself only"),
};

/** The commands with which proposals are found. */
export function createFilterHandlers(parts: ReviewParts) {
  const { store } = parts;
  return {
    "backendImplementer.filterProposals": async () => {
      const filter = await askFilter(parts);
      if (filter !== undefined) store.setFilter(filter);
    },
    "backendImplementer.showAllProposals": async () => store.setFilter(noProposalFilter),
    "backendImplementer.searchProposals": () => search(parts),
  };
}

type StateItem = vscode.QuickPickItem & { readonly state: ProposalState };

/** States to be ticked, and what is typed is the text. Undefined when the person does not answer. */
function askFilter({ changes, store }: ReviewParts): Promise<ProposalFilter | undefined> {
  const pick = vscode.window.createQuickPick<StateItem>();
  const isSeen = seenTest(store.notes());
  const files = changes.files();
  const countOf = (state: ProposalState): number =>
    filterProposals(files, { text: "", states: [state] }, isSeen).reduce(
      (sum, { hunks, conflicts }) => sum + hunks.length + conflicts.length,
      0,
    );
  pick.title = vscode.l10n.t("Filter Proposals");
  pick.placeholder = vscode.l10n.t(
    "Type a part of a path or of a proposed line, tick states; nothing shows everything",
  );
  pick.canSelectMany = true;
  pick.value = store.filter().text;
  pick.items = proposalStates.map((state) => {
    // They stay to be ticked whatever is typed.
    return { label: stateNames[state], description: String(countOf(state)), state, alwaysShow: true };
  });
  pick.selectedItems = pick.items.filter(({ state }) => store.filter().states.includes(state));
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve({ text: pick.value.trim(), states: pick.selectedItems.map(({ state }) => state) });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

const mostFound = 200;
const shortestSearch = 2;

/** A list of proposed lines that follows what is typed; the chosen one is opened. */
async function search({ changes, editors }: ReviewParts): Promise<void> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly path: string; readonly line: number }>();
  pick.title = vscode.l10n.t("Search in Proposals");
  pick.placeholder = vscode.l10n.t("Text of a proposed line");
  const find = (): void => {
    const found = pick.value.length < shortestSearch ? [] : searchProposals(changes.files(), pick.value, mostFound);
    pick.title =
      found.length < mostFound
        ? vscode.l10n.t("Search in Proposals")
        : vscode.l10n.t("Search in Proposals: the first {0}", mostFound);
    pick.items = found.map(({ path, line, text }) => {
      const place = `${path}:${line + 1}`;
      return {
        label: text.trim().slice(0, 200) || vscode.l10n.t("(blank)"),
        description: place,
        path,
        line,
        alwaysShow: true,
      };
    });
  };
  const chosen = await new Promise<(typeof pick.items)[number] | undefined>((resolve) => {
    pick.onDidChangeValue(find);
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0] ?? pick.items[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
  if (chosen !== undefined) await editors.open(chosen.path, chosen.line + 1, { preview: true });
}
