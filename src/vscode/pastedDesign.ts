import * as vscode from "vscode";
import type { Workspace } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { amountOf } from "./amounts.ts";
import { toAbortSignal } from "./cancellation.ts";
import { type RunHost, requireFolder } from "./run.ts";

/**
 * Proposes the design documents that a pasted chat answer holds: the selection, else an untitled
 * document, else the clipboard. Nothing is written before it is accepted.
 */
export async function proposePastedDesign(host: RunHost): Promise<void> {
  const { analyzer, changes } = host;
  const workspace = host.openWorkspace(requireFolder(host));
  const text = await pastedText();
  const title = vscode.l10n.t("Reading the design");
  const progress = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const { documents, elements, changed, carriedLines } = await vscode.window.withProgress(progress, (_, token) =>
    analyzer.convertDesign(text, toAbortSignal(token)),
  );
  if (documents.length === 0) throw noDesign();
  const folder = await freeFolder(
    workspace,
    documents.map(({ name }) => name),
  );
  for (const { name, text: proposed } of documents) {
    const path = `${folder}/${name}`;
    changes.forgetRejections(path);
    changes.propose(path, await workspace.readText(path), proposed, "engine");
  }
  await vscode.commands.executeCommand("backendImplementer.openAllProposals");
  const notes = [
    vscode.l10n.t("{0} elements in {1} under {2}.", elements, amountOf.designDocuments(documents.length), `${folder}/`),
    ...(carriedLines === 0
      ? []
      : [vscode.l10n.t("{0} lines are carried over as they were; look at the end of each document.", carriedLines)]),
    ...(changed.length === 0
      ? []
      : [vscode.l10n.t("Check these, they read differently now: {0}.", changed.slice(0, 5).join(", "))]),
  ];
  void vscode.window.showInformationMessage(notes.join(" "));
}

async function pastedText(): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor?.document.getText(editor.selection) ?? "";
  if (selected.trim() !== "") return selected;
  const untitled = editor?.document.isUntitled ? editor.document.getText() : "";
  return untitled.trim() === "" ? vscode.env.clipboard.readText() : untitled;
}

/** Documents that are there already are not overwritten by a paste. */
async function freeFolder(workspace: Workspace, names: readonly string[]): Promise<string> {
  const texts = await Promise.all(names.map((name) => workspace.readText(`docs/${name}`)));
  return texts.some((text) => text !== undefined) ? "docs/pasted" : "docs";
}

function noDesign(): UserFacingError {
  return new UserFacingError(
    "NO_DESIGN",
    vscode.l10n.t(
      "No design was found in the pasted text, so there is nothing to make documents of. Select the text, put it into an untitled document, or copy it, and try again.",
    ),
  );
}
