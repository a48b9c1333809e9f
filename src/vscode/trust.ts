import * as vscode from "vscode";
import { UserFacingError } from "../support/errors.ts";

/** Throws in Restricted Mode: a command can be called by its name also where no menu shows it. */
export function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserFacingError(
    "NOT_TRUSTED",
    vscode.l10n.t(
      'This folder is not trusted, so nothing is run, proposed or written; "/plan" and "/check" show what is there. Trust it with the command "Workspaces: Manage Workspace Trust" and ask again.',
    ),
  );
}

const noticed = "backendImplementer.trustNoticed";

/**
 * Where Workspace Trust is switched off, every folder counts as trusted and nobody was asked. The first run in a
 * folder says what it does that the folder has a say in (research/security.md I17).
 */
export function noticeTrustIsOff(state: vscode.Memento): void {
  const isOff = vscode.workspace.getConfiguration("security.workspace.trust").get("enabled") === false;
  if (!isOff || state.get(noticed)) return;
  void state.update(noticed, true);
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      "Workspace Trust is switched off, so this folder counts as trusted. A run reads its documents and code, executes the SQL of its design in a database of its own, and follows its agent files under .claude. With a model, commands run too: in a sandbox, or else after you allow each. Nothing is written before you accept it.",
    ),
  );
}
