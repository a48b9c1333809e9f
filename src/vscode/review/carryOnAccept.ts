import * as vscode from "vscode";
import type { Recovery } from "../../changes/intent.ts";
import type { Log } from "../../session/ports.ts";
import { messageOf } from "../../support/errors.ts";
import { amountOf } from "../amounts.ts";
import type { Decisions } from "./decisions.ts";

/**
 * Ends what an earlier window was ended in the middle of, once the folder is trusted, and says so. Never rejects.
 * `isOpen`: whether the folder is still the one that is chosen, and its storage ours.
 */
export async function carryOnAccept(decisions: Decisions, log: Log, isOpen = (): boolean => true): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      granted.dispose();
      if (isOpen()) void carryOnAccept(decisions, log, isOpen);
    });
    return;
  }
  try {
    const recovery = await decisions.recover();
    if (recovery !== undefined) void vscode.window.showInformationMessage(told(recovery));
  } catch (thrown) {
    log.error("An accept that was cut off could not be carried on.", thrown);
    void vscode.window.showErrorMessage(messageOf(thrown));
  }
}

function told({ writes, foreign, wasTakenBack }: Recovery): string {
  const files = amountOf.files(writes.length);
  const end = wasTakenBack
    ? vscode.l10n.t(
        "Accepting was cut off when the editor ended, and was taken back, because it could not be carried on: {0} as before.",
        files,
      )
    : vscode.l10n.t("Accepting was cut off when the editor ended, and was carried on: the last {0} written.", files);
  return foreign.length === 0 ? end : `${end} ${unchanged(foreign)}`;
}

function unchanged(foreign: readonly string[]): string {
  return foreign.length === 1
    ? vscode.l10n.t("{0} changed meanwhile and stays as it is.", String(foreign))
    : vscode.l10n.t("{0} changed meanwhile and stay as they are.", foreign.join(", "));
}
