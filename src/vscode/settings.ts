import * as vscode from "vscode";
import type { KeyDialogs } from "./apiKeys.ts";

export type ModelChoice = "auto" | "offline" | "anthropic" | "chat";

/** The settings as they are now. Names and defaults are those of `contributes.configuration`. */
export interface Settings {
  readonly model: ModelChoice;
  /** Alias (`opus`, `sonnet`, `haiku`) or id; empty takes the agent definition's. */
  readonly anthropicModel: string;
  /** Machine-scoped, so that a workspace cannot send the key elsewhere. */
  readonly anthropicBaseUrl: string;
  readonly anthropicAuth: "bearer" | "x-api-key";
  readonly effort: "low" | "medium" | "high";
  /** What a run with a priced model may cost before it pauses; 0 for no limit. */
  readonly budgetDollars: number;
  readonly documentGlobs: readonly string[];
  readonly scaffoldFirst: boolean;
  /** Machine-scoped, so that a workspace cannot take a question away. */
  readonly commandApproval: "outsideSandbox" | "always";
}

export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration("backendImplementer");
  return {
    model: settings.get<ModelChoice>("model", "auto"),
    anthropicModel: settings.get("anthropic.model", ""),
    anthropicBaseUrl: settings.get("anthropic.baseUrl", "https://api.anthropic.com"),
    anthropicAuth: settings.get<Settings["anthropicAuth"]>("anthropic.auth", "bearer"),
    effort: settings.get<Settings["effort"]>("anthropic.effort", "medium"),
    budgetDollars: settings.get("budget.dollars", 5),
    documentGlobs: settings.get<readonly string[]>("documents.globs", []),
    scaffoldFirst: settings.get("scaffoldFirst", true),
    commandApproval: settings.get<Settings["commandApproval"]>("commands.approval", "outsideSandbox"),
  };
}

/** False when the user switched chat off; `workbench.action.chat.open` then silently does nothing. */
export function isChatAvailable(): boolean {
  const disabled = vscode.workspace.getConfiguration("chat").get("disableAIFeatures", false);
  return !disabled && vscode.chat?.createChatParticipant !== undefined;
}

/** The dialogs of {@link createApiKeys}. */
export const keyDialogs: KeyDialogs = {
  askForKey: () =>
    vscode.window.showInputBox({
      title: "Anthropic API Key",
      prompt: "Stored in VS Code's secret storage. Leave empty to remove it.",
      password: true,
      ignoreFocusOut: true,
    }),
  offerSession: async (why) => {
    const forSession = "Use for This Session";
    return (await vscode.window.showWarningMessage(why, forSession)) === forSession;
  },
};
