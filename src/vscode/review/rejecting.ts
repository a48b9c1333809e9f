import * as vscode from "vscode";
import type { Selection } from "../../changes/model.ts";
import { tellable } from "../../changes/userWords.ts";
import { type DecidingParts, decideFile, decideHunk, decideTogether, requireHunk } from "./deciding.ts";
import type { ReviewParts } from "./reviewParts.ts";
import { selectedHunk, selectedParts, selectedWhole } from "./selection.ts";
import type { Turns } from "./turns.ts";

/** Asks why, and rejects the change, the file or the design item with the answer, which the agent is told. */
export async function rejectWithReason(args: readonly unknown[], parts: ReviewParts, turns: Turns): Promise<void> {
  // What was in front when it was asked for, wherever the user looks while writing.
  const meant = rejected(args, parts);
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t("Reject with a Reason"),
    prompt: vscode.l10n.t("The agent is told in its next turn. Empty: rejected without a word."),
    placeHolder: vscode.l10n.t("What is wrong with it, or what you want instead"),
    ignoreFocusOut: true,
  });
  if (reason !== undefined) await turns.run((next) => rejectBecause(tellable(reason), meant, { ...parts, next }));
}

/** An empty reason is none. */
export async function rejectBecause(reason: string, meant: Selection, parts: DecidingParts): Promise<void> {
  const reject = (selection: Selection) => parts.decisions.reject(selection, reason === "" ? undefined : reason);
  const { path, hunkId } = meant;
  if (path === undefined) await decideTogether(reject, "reject", parts, meant);
  else if (hunkId === undefined) await decideFile(reject, path, parts);
  else await decideHunk(reject, { path, hunkId }, parts);
}

function rejected(args: readonly unknown[], parts: ReviewParts): Selection {
  const several = selectedParts(args[0]);
  if (several !== undefined) return { parts: several };
  const path = selectedWhole(args, parts);
  return path === undefined ? requireHunk(selectedHunk(args, parts)) : { path };
}
