import assert from "node:assert/strict";
import { test } from "node:test";
import * as vscode from "vscode";
import { startWithoutChat } from "./testFolder.ts";

test("implement proposes, and only accepting writes", { timeout: 120_000 }, async () => {
  await startWithoutChat();
  const migration = "migrations/versions/0001_initial.py";
  const notes = await vscode.workspace.openTextDocument({ content: "" });
  const editor = await vscode.window.showTextDocument(notes);
  const typing = setInterval(() => void editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "x")), 200);
  await vscode.commands.executeCommand("backendImplementer.implement");
  assert.equal(vscode.window.activeTextEditor?.document, notes, "who types while files are proposed goes on typing");
  clearInterval(typing);
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  const proposed = await read("backend-proposed", migration);
  assert.match(proposed ?? "", /def upgrade\(\)/);
  assert.equal(await read("file", migration), undefined);

  await vscode.commands.executeCommand("backendImplementer.acceptAll");
  assert.equal(await read("file", migration), proposed);
});

async function read(scheme: string, path: string): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, "the suite runs in a folder");
  try {
    return new TextDecoder().decode(
      await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, path).with({ scheme, authority: "" })),
    );
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return undefined;
    throw error;
  }
}
