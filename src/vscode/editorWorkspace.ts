import * as vscode from "vscode";
import type { Workspace } from "../session/ports.ts";

const ignored = "**/{node_modules,.git,.venv,venv,__pycache__,dist,build,.mypy_cache,.ruff_cache}/**";

/** The {@link Workspace} of a folder that is open in the editor; unsaved text wins over the disk. */
export function createEditorWorkspace(folder: vscode.Uri): Workspace {
  return {
    readText: (path) => readText(vscode.Uri.joinPath(folder, path)),
    list: async () => {
      const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, "**/*"), ignored);
      return found.map((uri) => uri.path.slice(folder.path.length + 1)).sort();
    },
  };
}

/** The text of a file as the user sees it; undefined when there is no such file. */
export async function readText(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === "FileNotFound") return undefined;
    throw thrown;
  }
}
