import * as vscode from "vscode";
import type { Workspace } from "../session/ports.ts";

/** The workspace of a folder that is open in the editor. */
export type OpenWorkspace = (folder: vscode.Uri) => Workspace;

/**
 * A folder as the user sees it: unsaved text wins over the disk.
 *
 * The disk is not read through `workspace.fs`: each of its calls goes to the window and back, which
 * took most of a run's time for the hundred files of a backend.
 */
export function createEditorWorkspace(folder: vscode.Uri, disk: Workspace): Workspace {
  return {
    readText: async (path) => openText(vscode.Uri.joinPath(folder, path)) ?? disk.readText(path),
    list: () => disk.list(),
  };
}

function openText(uri: vscode.Uri): string | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.getText();
}

/** The text of any file as the user sees it; undefined when there is no such file. */
export async function readText(uri: vscode.Uri): Promise<string | undefined> {
  const open = openText(uri);
  if (open !== undefined) return open;
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === "FileNotFound") return undefined;
    throw thrown;
  }
}
