import * as vscode from "vscode";
import { createSnapshotKeys, readSnapshot } from "../../changes/snapshot.ts";
import type { Log, StateStore, StoreLock } from "../../session/ports.ts";
import { createRunKeys, readRunState } from "../../session/storedRun.ts";
import { createTreeKeys, readTrees } from "../../session/storedTrees.ts";
import { messageOf } from "../../support/errors.ts";
import type { RunDesk } from "../runDesk.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { rebaseOnDisk } from "./rebaseOnDisk.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

export interface Storage {
  readonly state: StateStore;
  readonly lock: StoreLock;
}

export interface ReviewStorage extends vscode.Disposable {
  /**
   * Resolves when what an earlier window left is back; never rejects. False when another window has the
   * storage: then nothing is stored from here.
   */
  readonly restored: Promise<boolean>;
  /** Ends as `dispose` does; resolves when all is stored and another window, or another scope of this one, may have the storage. */
  close(): Promise<void>;
}

interface StorageOptions {
  readonly store: ReviewStore;
  readonly runs: RunDesk;
  readonly paths: WorkspacePaths;
  readonly storage: Storage | undefined;
  readonly log: Log;
}

/** Keeps proposals, decisions with their undoing, the trees and the last report over reloads and crashes. */
export function createReviewStorage(options: StorageOptions): ReviewStorage {
  const { store, runs, storage, log } = options;
  if (storage === undefined) return nothingKept;
  let timer: NodeJS.Timeout | undefined;
  const entries = createEntries(options);

  const save = async (): Promise<void> => {
    timer = undefined;
    try {
      if (await restored) await storage.state.save(entries());
    } catch (thrown) {
      log.error("The review could not be stored; what is not decided may be lost when the window closes.", thrown);
      if (!wasTold) void vscode.window.showWarningMessage(messageOf(thrown));
      wasTold = true;
    }
  };
  let wasTold = false;
  let saved = Promise.resolve();
  const saveInTurn = (): void => {
    saved = saved.then(save);
  };
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(saveInTurn, saveDelay);
  };
  const restored = restore(storage, options);
  const subscriptions = [store.changes.onDidChange(saveSoon), store.onDidChange(saveSoon), runs.onDidChange(saveSoon)];
  const end = async (): Promise<void> => {
    for (const subscription of subscriptions) subscription.dispose();
    if (timer !== undefined) saveInTurn();
    clearTimeout(timer);
    // Restoring takes the lock, perhaps only now.
    await Promise.all([saved, restored]);
    await storage.lock
      .release()
      .catch((thrown: unknown) => log.error("The review's lock could not be given up.", thrown));
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  return { restored, close, dispose: () => void close() };
}

const nothingKept: ReviewStorage = {
  restored: Promise.resolve(false),
  close: async () => undefined,
  dispose: () => undefined,
};

/** A run proposes dozens of files in a second. */
const saveDelay = 250;

function createEntries({ store, runs }: StorageOptions): () => ReadonlyMap<string, unknown> {
  const keysOf = createSnapshotKeys(Date.now());
  const runKeysOf = createRunKeys();
  const treeKeysOf = createTreeKeys();
  return () => {
    const [review, report, steps, notes] = [store.review(), store.report(), store.steps(), store.notes()];
    const shown = treeKeysOf({
      ...(review && { review }),
      ...(report !== undefined && { report }),
      steps,
      notes,
      rationale: store.rationale(),
    });
    return new Map([...keysOf(store.changes.snapshot()), ...runKeysOf(runs.state()), ...shown]);
  };
}

async function restore({ state, lock }: Storage, { store, runs, paths, log }: StorageOptions): Promise<boolean> {
  try {
    await lock.take();
    const stored = await state.load();
    const { snapshot, unreadable } = readSnapshot(stored);
    if (unreadable > 0) log.warn(`${unreadable} stored proposals or decisions are damaged and were left out.`);
    if (!runs.isGoing() && !runs.state()) runs.keep(readRunState(stored));
    const { changes } = store;
    if (changes.files().length > 0) return true;
    changes.restore(snapshot);
    const decided = snapshot.decisions.flatMap(({ files }) => files);
    const known = [...new Set([...snapshot.files, ...decided].map(({ path }) => path))];
    await rebaseOnDisk(changes, paths, known);
    const { isOutdated, ...shown } = readTrees(stored);
    if (isOutdated) log.info("What the trees showed was stored in another form by another version.");
    store.restore(shown);
    return true;
  } catch (thrown) {
    log.error("What was stored of the review cannot be used; nothing is stored from this window.", thrown);
    void vscode.window.showWarningMessage(messageOf(thrown));
    return false;
  }
}
