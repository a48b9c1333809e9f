import * as vscode from "vscode";

/**
 * What a file holds now: the unsaved text of an editor, else the disk; undefined when there is no such
 * file. The text of a saved document does not count, because it lives on for minutes after its file is deleted.
 */
export async function currentText(uri: vscode.Uri): Promise<string | undefined> {
  const unsaved = vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
  if (unsaved !== undefined) return unsaved.getText();
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === "FileNotFound") return undefined;
    throw thrown;
  }
}
