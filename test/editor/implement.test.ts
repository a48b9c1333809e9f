import assert from "node:assert/strict";
import { test } from "node:test";
import * as vscode from "vscode";
import { startWithoutChat } from "./testFolder.ts";

test("implement proposes, and only accepting writes", { timeout: 120_000 }, async () => {
  await startWithoutChat();
  const migration = "migrations/versions/0001_initial.py";
  await vscode.commands.executeCommand("backendImplementer.implement");
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
