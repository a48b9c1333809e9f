import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import { isAbort, UserFacingError } from "../support/errors.ts";
import { unexpectedText } from "../support/unexpected.ts";
import { remediesFor } from "./remedies.ts";

/**
 * Shows what the user can mend in the user's words, and logs what is a fault of ours. Nobody waits for the user: what has
 * failed is over, whether or not its message is answered.
 */
export function showFailure(thrown: unknown, log: Log): void {
  if (isAbort(thrown)) return;
  if (!(thrown instanceof UserFacingError)) {
    log.error("A command failed.", thrown);
    const message = vscode.l10n.t("{0} The log has the details; please report it.", unexpectedText(thrown));
    void vscode.window.showErrorMessage(message);
    return;
  }
  offerRemedies(thrown).catch((again: unknown) => log.error("What was to mend a failure has failed.", again));
}

async function offerRemedies({ code, message }: UserFacingError): Promise<void> {
  const remedies = remediesFor(code);
  const answer = await vscode.window.showWarningMessage(message, ...remedies.map(({ title }) => title));
  const remedy = remedies.find(({ title }) => title === answer);
  if (remedy) await vscode.commands.executeCommand(remedy.command);
}
