import * as vscode from "vscode";
import { checklistSummaries } from "../../review/checklistSummaries.ts";
import { type ChecklistId, checklistIds } from "../../review/model.ts";

const command = "backendImplementer.openCheckHelp";

/** See `ChecklistHover`; with a link to the same in the documentation. */
export function checklistHover(id: ChecklistId, label: string): vscode.MarkdownString {
  const { decides, how, unseen } = checklistSummaries[id];
  const text = new vscode.MarkdownString().appendText(label);
  const parts = [decides, vscode.l10n.t("How: {0}", how), vscode.l10n.t("It cannot see: {0}", unseen)];
  for (const part of parts) text.appendMarkdown(`\n\n${part}`);
  text.isTrusted = { enabledCommands: [command] };
  const given = encodeURIComponent(JSON.stringify([id]));
  return text.appendMarkdown(`\n\n[${vscode.l10n.t("Open the Documentation")}](command:${command}?${given})`);
}

/** Is handed a node of the checklist's tree, or the id of an item; shows the whole page for anything else. */
export async function openCheckHelp(given: unknown, home: vscode.Uri): Promise<void> {
  const page = vscode.Uri.joinPath(home, "docs", "checklist.md");
  const id = checklistIds.find((known) => known === idOf(given));
  // The preview's headings are known by their names in small letters.
  const target = id === undefined ? page : page.with({ fragment: id.toLowerCase() });
  await vscode.commands.executeCommand("markdown.showPreview", target);
}

function idOf(given: unknown): unknown {
  if (typeof given !== "object" || given === null || !("item" in given)) return given;
  const { item } = given;
  return typeof item === "object" && item !== null && "id" in item ? item.id : undefined;
}
