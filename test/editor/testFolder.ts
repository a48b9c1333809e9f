import assert from "node:assert/strict";
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
