import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import * as vscode from "vscode";
import { ourExtension } from "./ourExtension.ts";

/** A path of the folder that the suite runs in. */
export function uriOf(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, "the suite runs in a folder");
  return vscode.Uri.joinPath(folder, path);
}

export function write(path: string, text: string): Thenable<void> {
  return vscode.workspace.fs.writeFile(uriOf(path), new TextEncoder().encode(text));
}

/** Our extension is active, and nothing of another test's is open. Without chat a command runs to its end before it returns. */
export async function startWithoutChat(): Promise<void> {
  await ourExtension().activate();
  await vscode.workspace.getConfiguration("chat").update("disableAIFeatures", true, vscode.ConfigurationTarget.Global);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Has the settings of the user so until the test has ended. */
export async function configure(
  context: TestContext,
  settings: Readonly<Record<string, unknown>>,
  scope?: vscode.Uri,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  const set = (key: string, value: unknown) => configuration.update(key, value, vscode.ConfigurationTarget.Global);
  const before = Object.keys(settings).map((key) => [key, configuration.inspect(key)?.globalValue] as const);
  for (const [key, value] of Object.entries(settings)) await set(key, value);
  context.after(async () => {
    for (const [key, value] of before) await set(key, value);
  });
}
