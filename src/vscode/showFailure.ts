import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import { isAbort, UserFacingError } from "../support/errors.ts";
import { unexpectedText } from "../support/unexpected.ts";
import { remediesFor } from "./remedies.ts";

/** Shows what the user can mend in the user's words, and logs what is a fault of ours. */
export async function showFailure(thrown: unknown, log: Log): Promise<void> {
  if (isAbort(thrown)) return;
  if (!(thrown instanceof UserFacingError)) {
    log.error("A command failed.", thrown);
    const message = vscode.l10n.t("{0} The log has the details; please report it.", unexpectedText(thrown));
    void vscode.window.showErrorMessage(message);
    return;
  }
  const remedies = remediesFor(thrown.code);
  const answer = await vscode.window.showWarningMessage(thrown.message, ...remedies.map(({ title }) => title));
  const remedy = remedies.find(({ title }) => title === answer);
  if (remedy) await vscode.commands.executeCommand(remedy.command);
}
