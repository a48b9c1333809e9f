import * as vscode from "vscode";

/** The core's `steps` in the editor's language; `step` counts from 1. */
export function stepTitle(step: number): string {
  return titles[step - 1] ?? "";
}

const titles: readonly string[] = [
  vscode.l10n.t("Models and DTOs"),
  vscode.l10n.t("Migrations"),
  vscode.l10n.t("Repositories"),
  vscode.l10n.t("Services"),
  vscode.l10n.t("Endpoints"),
  vscode.l10n.t("Auth and middleware"),
  vscode.l10n.t("Central error handling"),
];
