import * as vscode from "vscode";
import type { Origin } from "../../changes/model.ts";

/** Whose a change is, the first one first; empty where nobody knows. */
export function originText(origins: readonly Origin[]): string {
  return origins.length === 0 ? "" : vscode.l10n.t("Origin: {0}", origins.map(nameOf).join(" → "));
}

function nameOf(origin: Origin): string {
  switch (origin) {
    case "engine":
      return vscode.l10n.t("offline engine");
    case "model":
      return vscode.l10n.t("model");
    case "command":
      return vscode.l10n.t("command of the model");
    case "user":
      return vscode.l10n.t("you");
  }
}
