import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import type { Log, Workspace } from "../../session/ports.ts";
import { debounced } from "../../support/debounced.ts";
import { createQueue } from "../../support/queue.ts";
import { currentText } from "../currentText.ts";
import { createConflictNotice } from "./conflictNotice.ts";
import { createMoveOffers } from "./moveOffers.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

export interface DiskOptions {
  readonly changes: ChangeSet;
  readonly paths: WorkspacePaths;
  readonly isOwnWriting: (path: string) => boolean;
  readonly folder: vscode.Uri;
  readonly workspace: Workspace;
  readonly log: Log;
}

/**
 * Moves the proposals along with what the user, and other programs, do to the real files. The editor's watcher does not
 * tell everything: on Linux nothing below folders that were made within others at once, as a checkout makes them, and
 * nothing at all where the system has no watches left. So the files are looked at as well when the user comes back from
 * where they may have changed, and when one of them turns out to have.
 */
export function followDisk(options: DiskOptions): vscode.Disposable {
  const { changes, paths, folder, workspace } = options;
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "**/*"));
  const notice = createConflictNotice();
  const reread = async (path: string): Promise<void> => {
    if (await conflicts(path, options)) notice.add(path);
  };
  const moves = createMoveOffers({ changes, workspace, reread });
  const follow = async (uri: vscode.Uri): Promise<void> => {
    const path = ownPath(uri, options);
    if (path !== undefined) await reread(path);
    await moves.offer();
  };
  const inTurn = createQueue();
  const look = (): Promise<void> =>
    inTurn(async () => {
      for (const path of await changedOnDisk(options)) await reread(path);
      await moves.search();
    });
  const lookSoon = debounced(quietMs, () => {
    look().catch((thrown: unknown) => options.log.error("What is on disk could not be looked at.", thrown));
  });
  return vscode.Disposable.from(
    watcher,
    notice,
    lookSoon,
    watcher.onDidChange(follow),
    watcher.onDidCreate((uri) => {
      moves.created(ownPath(uri, options) ?? "");
      void follow(uri);
    }),
    watcher.onDidDelete(follow),
    onReturn((uri) => {
      if (uri === undefined || changes.file(paths.toPath(uri) ?? "") !== undefined) lookSoon();
    }),
    // Who changes one file below its proposal seldom changes only that.
    changes.onDidChange((changed) => {
      if (changed.some((path) => changes.file(path)?.conflicts.length)) lookSoon();
    }),
    vscode.workspace.onDidChangeTextDocument((event) => followEditor(event, options)),
    vscode.workspace.onDidRenameFiles(({ files }) => void followRenames(files, options)),
  );
}

/** Between the files that one command of another program changes. */
const quietMs = 200;

/** The user is back from another program, from the terminal, or at another document: only of this is it known which. */
function onReturn(look: (uri?: vscode.Uri) => void): vscode.Disposable {
  const { window } = vscode;
  return vscode.Disposable.from(
    window.onDidChangeWindowState(({ focused }) => {
      if (focused) look();
    }),
    window.onDidEndTerminalShellExecution(() => look()),
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor) look(editor.document.uri);
    }),
  );
}

/** The proposed files that do not hold what their proposals were made for. What cannot be read is left to who decides it. */
async function changedOnDisk({ changes, workspace }: DiskOptions): Promise<readonly string[]> {
  const isChanged = async (path: string): Promise<boolean> => {
    const text = await workspace.readText(path).catch(() => changes.file(path)?.base);
    return text !== changes.file(path)?.base;
  };
  const files = changes.files().map(({ path }) => path);
  const changed = await Promise.all(files.map(isChanged));
  return files.filter((_, index) => changed[index]);
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
