import * as vscode from "vscode";
import { checklistSummaries } from "../../review/checklistSummaries.ts";
import { type ChecklistId, checklistIds } from "../../review/model.ts";

/** See `ChecklistHover`; with a link to the same in the documentation. `home` is where the extension lies. */
export function checklistHover(id: ChecklistId, label: string, home: vscode.Uri): vscode.MarkdownString {
  const { decides, how, unseen } = checklistSummaries[id];
  const text = new vscode.MarkdownString().appendText(label);
  const parts = [
    decides,
    vscode.l10n.t("How: {0}", how),
    vscode.l10n.t("It cannot see: {0}", unseen),
    `[${vscode.l10n.t("Open the Documentation")}](${pageOf(id, home).toString()})`,
  ];
  return text.appendMarkdown(`\n\n${parts.join("\n\n")}`);
}

/** Is handed a node of the checklist's tree, or the id of an item; shows the whole page for anything else. */
export async function openCheckHelp(given: unknown, home: vscode.Uri): Promise<void> {
  const id = checklistIds.find((known) => known === idOf(given));
  const page = pageOf(id, home);
  try {
    await vscode.commands.executeCommand("markdown.showPreview", page);
  } catch {
    // The extension that previews Markdown may be switched off; its source can be read as well.
    await vscode.window.showTextDocument(page.with({ fragment: "" }));
  }
}

/** The preview knows headings by their names in small letters. */
function pageOf(id: ChecklistId | undefined, home: vscode.Uri): vscode.Uri {
  const page = vscode.Uri.joinPath(home, "docs", "checklist.md");
  return id === undefined ? page : page.with({ fragment: id.toLowerCase() });
}

function idOf(given: unknown): unknown {
  if (typeof given !== "object" || given === null || !("item" in given)) return given;
  const { item } = given;
  return typeof item === "object" && item !== null && "id" in item ? item.id : undefined;
}
