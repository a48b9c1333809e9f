import * as vscode from "vscode";
import { secretSettings } from "../support/secretSettings.ts";
import type { ApiKeys } from "./apiKeys.ts";

/**
 * Warns of a key that somebody has put into the settings, now and whenever they change: they are files that are
 * synchronised and committed, and are not where a key is looked for. The user's own can be moved; one that a
 * workspace brings is not taken, because what is asked with it would be its owner's to see.
 */
export function watchKeysInSettings(keys: ApiKeys): vscode.Disposable {
  const told = new Set<string>();
  const look = (): void => {
    const section = vscode.workspace.getConfiguration("backendImplementer");
    for (const { name, value } of secretSettings(JSON.parse(JSON.stringify(section)))) {
      if (told.has(name)) continue;
      told.add(name);
      void warn(name, value, keys);
    }
  };
  look();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("backendImplementer")) look();
  });
}

const move = vscode.l10n.t("Move to Secret Storage");

async function warn(name: string, value: string, keys: ApiKeys): Promise<void> {
  const settings = vscode.workspace.getConfiguration("backendImplementer");
  const isUsers = settings.inspect(name)?.globalValue === value;
  const remedy = isUsers
    ? vscode.l10n.t("Move it to secret storage.")
    : vscode.l10n.t("Remove it there; a workspace's key is not taken over.");
  const fault = vscode.l10n.t(
    "KEY_IN_SETTINGS: {0} seems to hold a key. It is not used, because settings are plain files that are synchronised and shared.",
    `"backendImplementer.${name}"`,
  );
  const message = `${fault} ${remedy}`;
  const answer = await vscode.window.showWarningMessage(message, ...(isUsers ? [move] : []));
  if (answer !== move) return;
  await keys.store(value);
  await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
}
