import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { Log } from "../../session/ports.ts";
import { currentText } from "../currentText.ts";
import { createConflictNotice } from "./conflictNotice.ts";
import { createMoveOffers } from "./moveOffers.ts";
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
  const { changes, paths, folder } = options;
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "**/*"));
  const notice = createConflictNotice();
  const reread = async (path: string): Promise<void> => {
    if (await conflicts(path, options)) notice.add(path);
  };
  const moves = createMoveOffers({ changes, paths, reread });
  const follow = async (uri: vscode.Uri): Promise<void> => {
    const path = ownPath(uri, options);
    if (path !== undefined) await reread(path);
    await moves.offer();
  };
  return vscode.Disposable.from(
    watcher,
    notice,
    watcher.onDidChange(follow),
    watcher.onDidCreate((uri) => {
      moves.created(ownPath(uri, options) ?? "");
      void follow(uri);
    }),
    watcher.onDidDelete(follow),
    vscode.workspace.onDidChangeTextDocument((event) => followEditor(event, options)),
    vscode.workspace.onDidRenameFiles(({ files }) => void followRenames(files, options)),
  );
}

function followEditor(event: vscode.TextDocumentChangeEvent, options: DiskOptions): void {
  const { changes, isOwnWriting } = options;
  const { document } = event;
  if (event.contentChanges.length === 0) return;
  const path = ownPath(document.uri, options);
  if (path === undefined || isOwnWriting(path)) return;
  // An undo may bring back what an accepted hunk had replaced in a file that is fully decided.
  const concerns = changes.file(path) !== undefined || event.reason !== undefined;
  if (concerns) changes.rebase(path, document.getText());
}

/** Of a document of ours nothing: the proposed ones announce their changes to the same watcher. */
function ownPath(uri: vscode.Uri, { paths, folder }: DiskOptions): string | undefined {
  return uri.scheme === folder.scheme ? paths.toPath(uri) : undefined;
}

/** Reads the file whatever the event says: programs save by deleting and renaming. True when that has made a conflict. */
async function conflicts(path: string, { changes, paths, isOwnWriting, log }: DiskOptions): Promise<boolean> {
  const before = changes.file(path);
  if (before === undefined || isOwnWriting(path)) return false;
  try {
    const text = await currentText(paths.toFile(path));
    if (!isOwnWriting(path)) changes.rebase(path, text);
  } catch (thrown) {
    log.error(`${path} changed on disk and could not be read.`, thrown);
  }
  return (changes.file(path)?.conflicts.length ?? 0) > before.conflicts.length;
}

type Rename = vscode.FileRenameEvent["files"][number];

/** What is moved out of the folder is gone, which the watcher says. */
async function followRenames(files: readonly Rename[], options: DiskOptions): Promise<void> {
  for (const { oldUri, newUri } of files) {
    const [from, to] = [ownPath(oldUri, options), ownPath(newUri, options)];
    const moved = from === undefined || to === undefined ? [] : options.changes.move(from, to);
    for (const path of moved) await conflicts(path, options);
  }
}
