import * as vscode from "vscode";
import type { RunResult } from "../session/events.ts";

/** A command that mends a failure, as a button beside its message. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
}

/** By the code of the failure, the likeliest first; none where words must do. */
export function remediesFor(code: string): readonly Remedy[] {
  return remedies[code] ?? [];
}

/** What a run that ended early can be helped with, the cure before the resumption. */
export function remediesOf({ stopped, failure, state }: RunResult): readonly Remedy[] {
  const cure = failure === "auth" ? [setKey] : [];
  return stopped !== "finished" && state ? [...cure, resume] : cure;
}

const setKey: Remedy = { title: vscode.l10n.t("Set Anthropic API Key"), command: "backendImplementer.setApiKey" };
const resume: Remedy = { title: vscode.l10n.t("Resume"), command: "backendImplementer.continue" };
const openSample: Remedy = {
  title: vscode.l10n.t("Open Sample Project…"),
  command: "backendImplementer.openSample",
};

const remedies: Readonly<Record<string, readonly Remedy[]>> = {
  NO_DOCUMENTS: [
    { title: vscode.l10n.t("Create Design Document Templates"), command: "backendImplementer.createTemplates" },
    openSample,
  ],
  NO_FOLDER: [{ title: vscode.l10n.t("Open Folder"), command: "workbench.action.files.openFolder" }, openSample],
  FOLDER_NOT_CHOSEN: [{ title: vscode.l10n.t("Choose Workspace Folder…"), command: "backendImplementer.chooseFolder" }],
  NO_API_KEY: [setKey],
  NOTHING_TO_CONTINUE: [
    { title: vscode.l10n.t("Implement Design Documents"), command: "backendImplementer.implement" },
    { title: vscode.l10n.t("Check Against the Design"), command: "backendImplementer.check" },
  ],
  NOT_TRUSTED: [{ title: vscode.l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" }],
};
