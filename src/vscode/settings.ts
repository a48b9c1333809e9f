import * as vscode from "vscode";
import type { Runtime } from "../session/runtime.ts";
import type { Settings } from "../session/settings.ts";
import type { KeyAction, KeyDialogs } from "./apiKeys.ts";

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
      title: vscode.l10n.t("Anthropic API Key"),
      prompt: vscode.l10n.t("Stored in VS Code's secret storage. Leave empty to remove it."),
      password: true,
      ignoreFocusOut: true,
    }),
  offerSession: async (why) => {
    const forSession = vscode.l10n.t("Use for This Session");
    return (await vscode.window.showWarningMessage(why, forSession)) === forSession;
  },
  unavailable: (what, why) =>
    `${fails[what](why)} ${vscode.l10n.t("Unlock or install the system's keyring; until then a key can be set for this session, and is not written anywhere.")}`,
};

const fails: Readonly<Record<KeyAction, (why: string) => string>> = {
  keep: (why) => vscode.l10n.t("VS Code's secret storage cannot keep the key ({0}).", why),
  read: (why) => vscode.l10n.t("VS Code's secret storage cannot read the key ({0}).", why),
  remove: (why) => vscode.l10n.t("VS Code's secret storage cannot remove the key ({0}).", why),
};
