import * as vscode from "vscode";
import type { Workspace } from "../session/ports.ts";
import { editedText } from "./currentText.ts";

/** The workspace of a folder that is open in the editor. */
export type OpenWorkspace = (folder: vscode.Uri) => Workspace;

/**
 * A folder as the user sees it: unsaved text wins over the disk.
 *
 * The disk is not read through `workspace.fs`: each of its calls goes to the window and back, which
 * took most of a run's time for the hundred files of a backend.
 */
export function createEditorWorkspace(folder: vscode.Uri, openDisk: () => Promise<Required<Workspace>>): Workspace {
  return {
    readText: async (path) => editedText(vscode.Uri.joinPath(folder, path)) ?? (await openDisk()).readText(path),
    list: async () => (await openDisk()).list(),
    place: async (path) => (await openDisk()).place(path),
    isIgnored: async (path) => (await openDisk()).isIgnored(path),
    candidates: async (expression, signal) => {
      const found = await (await openDisk()).candidates(expression, signal);
      return found && new Set([...found, ...editedPaths(folder)]);
    },
  };
}

/** What only the editor has is searched as well. */
function editedPaths(folder: vscode.Uri): readonly string[] {
  const prefix = `${folder.path.replace(/\/$/, "")}/`;
  const edited = vscode.workspace.textDocuments.filter(({ uri }) => editedText(uri) !== undefined);
  return edited.flatMap(({ uri }) => (uri.path.startsWith(prefix) ? [uri.path.slice(prefix.length)] : []));
}
