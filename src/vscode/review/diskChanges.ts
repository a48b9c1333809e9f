import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { Log } from "../../session/ports.ts";
import { currentText } from "../currentText.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

interface DiskOptions {
  readonly changes: ChangeSet;
  readonly paths: WorkspacePaths;
  readonly isOwnWriting: (path: string) => boolean;
  readonly folder: vscode.Uri;
  readonly log: Log;
}

/** Moves the proposals along with what the user, and other programs, do to the real files. */
export function followDisk(options: DiskOptions): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(options.folder, "**/*"));
  const reread = (uri: vscode.Uri): void => void rereadClosed(uri, options);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(reread),
    watcher.onDidCreate(reread),
    watcher.onDidDelete(reread),
    vscode.workspace.onDidChangeTextDocument((event) => followEditor(event, options)),
  );
}

function followEditor(event: vscode.TextDocumentChangeEvent, options: DiskOptions): void {
  const { changes, paths, folder } = options;
  const { document } = event;
  if (document.uri.scheme !== folder.scheme || event.contentChanges.length === 0) return;
  const path = paths.toPath(document.uri);
  if (path === undefined || options.isOwnWriting(path)) return;
  // An undo may bring back what an accepted hunk had replaced in a file that is fully decided.
  const concerns = changes.file(path) !== undefined || event.reason !== undefined;
  if (concerns) changes.rebase(path, document.getText());
}

/** Reads the file whatever the event says: programs save by deleting and renaming. */
async function rereadClosed(uri: vscode.Uri, options: DiskOptions): Promise<void> {
  const { changes, paths, isOwnWriting, folder, log } = options;
  // The proposed documents announce their changes to the same watcher.
  const path = uri.scheme === folder.scheme ? paths.toPath(uri) : undefined;
  if (path === undefined || changes.file(path) === undefined || isOwnWriting(path)) return;
  try {
    const text = await currentText(uri);
    if (!isOwnWriting(path)) changes.rebase(path, text);
  } catch (thrown) {
    log.error(`${path} changed on disk and could not be read.`, thrown);
  }
}
