import * as vscode from "vscode";
import type { ChangeSet } from "../../changes/model.ts";
import { parseSnapshot } from "../../changes/snapshot.ts";
import type { Log } from "../../session/ports.ts";
import { currentText } from "../currentText.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

export interface ProposalStorage extends vscode.Disposable {
  /** Resolves when what an earlier window left undecided is back; never rejects. */
  readonly restored: Promise<void>;
}

interface StorageOptions {
  readonly changes: ChangeSet;
  readonly paths: WorkspacePaths;
  /** The extension's folder for this workspace; undefined when no folder is open. */
  readonly folder: vscode.Uri | undefined;
  readonly log: Log;
}

/** Keeps the undecided proposals over a reload of the window. */
export function createProposalStorage(options: StorageOptions): ProposalStorage {
  const { changes, folder, log } = options;
  if (folder === undefined) return { restored: Promise.resolve(), dispose: () => {} };
  const file = vscode.Uri.joinPath(folder, "proposals.json");
  let timer: NodeJS.Timeout | undefined;
  let lastWrite = Promise.resolve();

  const save = (): void => {
    timer = undefined;
    const content = new TextEncoder().encode(JSON.stringify(changes.snapshot()));
    lastWrite = lastWrite.then(async () => {
      try {
        await vscode.workspace.fs.writeFile(file, content);
      } catch (thrown) {
        log.error("The proposals could not be stored; they will be lost when the window closes.", thrown);
      }
    });
  };
  const restored = restore(file, options);
  const subscription = changes.onDidChange(() => {
    clearTimeout(timer);
    timer = setTimeout(save, saveDelay);
  });
  return {
    restored,
    dispose: () => {
      subscription.dispose();
      if (timer === undefined) return;
      clearTimeout(timer);
      save();
    },
  };
}

/** A run proposes dozens of files in a second. */
const saveDelay = 250;

async function restore(file: vscode.Uri, { changes, paths, log }: StorageOptions): Promise<void> {
  try {
    const text = await currentText(file);
    const snapshot = text === undefined ? undefined : parseSnapshot(text);
    if (text !== undefined && snapshot === undefined) log.warn("The stored proposals are damaged and were left out.");
    if (snapshot === undefined || changes.files().length > 0) return;
    changes.restore(snapshot);
    for (const { path } of snapshot.files) changes.rebase(path, await currentText(paths.toFile(path)));
  } catch (thrown) {
    log.error("The stored proposals could not be read.", thrown);
  }
}
