import * as vscode from "vscode";
import type { Runtime } from "../session/runtime.ts";
import type { Settings } from "../session/settings.ts";
import type { KeyDialogs } from "./apiKeys.ts";

/** The settings as they are now; the schema that checks them is part of the heavy half (`session/settings.ts`). */
export function readSettings({ parseSettings }: Pick<Runtime, "parseSettings">): Settings {
  return parseSettings(JSON.parse(JSON.stringify(vscode.workspace.getConfiguration("backendImplementer"))));
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
