import * as vscode from "vscode";
import type { Selection } from "../../changes/model.ts";
import { tellable } from "../../changes/userWords.ts";
import { decideFile, decideHunk, decideTogether } from "./deciding.ts";
import type { ReviewParts } from "./reviewParts.ts";
import { selectedHunk, selectedParts, selectedWhole } from "./selection.ts";

/** Asks why, and rejects the change, the file or the design item with the answer, which the agent is told. */
export async function rejectWithReason(args: readonly unknown[], parts: ReviewParts): Promise<void> {
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t("Reject with a Reason"),
    prompt: vscode.l10n.t("The agent is told in its next turn. Empty: rejected without a word."),
    placeHolder: vscode.l10n.t("What is wrong with it, or what you want instead"),
    ignoreFocusOut: true,
  });
  if (reason !== undefined) await rejectBecause(tellable(reason), args, parts);
}

/** Rejects what a command was given. An empty reason is none. */
export async function rejectBecause(reason: string, args: readonly unknown[], parts: ReviewParts): Promise<void> {
  const reject = (selection: Selection) => parts.decisions.reject(selection, reason === "" ? undefined : reason);
  const several = selectedParts(args[0]);
  const path = selectedWhole(args, parts);
  if (several !== undefined) await decideTogether(reject, "reject", parts, { parts: several });
  else if (path !== undefined) await decideFile(reject, path, parts);
  else await decideHunk(reject, selectedHunk(args, parts), parts);
}
