import * as vscode from "vscode";
import { type CoverageFilter, combined, type FilterChoice } from "../../session/coverageFilter.ts";

const sortTitles: Readonly<Record<FilterChoice["sort"], string>> = {
  State: vscode.l10n.t("State"),
  Kind: vscode.l10n.t("Kind"),
  Document: vscode.l10n.t("Document"),
};

type Item = vscode.QuickPickItem & { readonly choice?: FilterChoice };

/** Undefined when the person does not answer; choosing nothing shows everything. */
export async function askCoverageFilter(
  choices: readonly FilterChoice[],
  current: CoverageFilter,
): Promise<CoverageFilter | undefined> {
  const items = choices.flatMap((choice, index): Item[] => {
    const item = { label: choice.label, description: String(choice.count), picked: isChosen(choice, current), choice };
    if (choices[index - 1]?.sort === choice.sort) return [item];
    return [{ label: sortTitles[choice.sort], kind: vscode.QuickPickItemKind.Separator }, item];
  });
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t("Show of the Design Coverage"),
    placeHolder: vscode.l10n.t("States, kinds and documents; nothing chosen shows everything"),
    matchOnDescription: false,
  });
  return picked && combined(picked.flatMap(({ choice }) => choice ?? []));
}

function isChosen({ filter }: FilterChoice, current: CoverageFilter): boolean {
  const has = <Value>(all: readonly Value[], own: readonly Value[] | undefined): boolean =>
    own?.every((value) => all.includes(value)) ?? true;
  return (
    (!filter.hasDrifted || current.hasDrifted) &&
    (!filter.isUnlinked || current.isUnlinked) &&
    has(current.statuses, filter.statuses) &&
    has(current.kinds, filter.kinds) &&
    has(current.documents, filter.documents)
  );
}
