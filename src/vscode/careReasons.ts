import * as vscode from "vscode";

/**
 * Why a proposed file is accepted with care, as the end of a sentence in the editor's language. Reasons are the core's
 * (`support/pathClass.ts`, `changes/ownYes.ts`), which says them in English to the agent as well.
 */
export function careReason(why: string): string {
  return reasons[why] ?? why;
}

const reasons: Readonly<Record<string, string>> = {
  "an editor or an agent takes its settings from it, and they can run programs": vscode.l10n.t(
    "an editor or an agent takes its settings from it, and they can run programs",
  ),
  "agents take it for their instructions": vscode.l10n.t("agents take it for their instructions"),
  "it runs in CI or steers an agent there, with the secrets kept there": vscode.l10n.t(
    "it runs in CI or steers an agent there, with the secrets kept there",
  ),
  "Git runs what it names": vscode.l10n.t("Git runs what it names"),
  "the shell or a version manager obeys it on entering the folder": vscode.l10n.t(
    "the shell or a version manager obeys it on entering the folder",
  ),
  "it holds secrets": vscode.l10n.t("it holds secrets"),
  "it decides where packages come from, or holds passwords": vscode.l10n.t(
    "it decides where packages come from, or holds passwords",
  ),
  "Python runs it whenever it starts": vscode.l10n.t("Python runs it whenever it starts"),
  "it pins what is installed": vscode.l10n.t("it pins what is installed"),
  "it is installed code": vscode.l10n.t("it is installed code"),
  "tools run it without being asked": vscode.l10n.t("tools run it without being asked"),
  "it would be deleted": vscode.l10n.t("it would be deleted"),
  "it seems to hold a secret in plain text": vscode.l10n.t("it seems to hold a secret in plain text"),
};
