import { createHash } from "node:crypto";
import { join } from "node:path";
import type { StoreLock } from "../session/ports.ts";
import { asUnusableStorage } from "../session/unusableStorage.ts";
import { journalName, makeFolders } from "./acceptJournal.ts";
import { codeOf, type FileSystem, ifMissing, nodeFileSystem } from "./fileSystem.ts";
import { stateLogName } from "./stateLog.ts";
import { createStoreLock } from "./storeLock.ts";

/**
 * Where the review of a folder is kept, by the folder's address: once, whichever workspace the folder is opened in. So
 * two windows meet at one lock, and a review survives that another folder joins the workspace.
 */
export function folderStorePath(home: string, address: string): string {
  return join(home, "folders", createHash("sha256").update(address).digest("hex").slice(0, 32));
}

export interface FolderLockOptions {
  /** Where a version before kept the review, by the workspace; what is there is taken over with the lock. */
  readonly earlier?: string;
  readonly files?: FileSystem;
}

/** The lock of a folder's store, `path`. */
export function createFolderLock(path: string, { earlier, files = nodeFileSystem }: FolderLockOptions): StoreLock {
  const lock = createStoreLock(path, files);
  let isComplete = earlier === undefined;
  return {
    take: async () => {
      await lock.take();
      if (isComplete || earlier === undefined) return;
      try {
        await takeOver(earlier, path, files);
      } catch (thrown) {
        throw asUnusableStorage(path, thrown);
      }
      isComplete = true;
    },
    release: lock.release,
  };
}

/** A file that is there already is the newer one. The journal comes first: it is about what the log does not know yet. */
async function takeOver(earlier: string, path: string, files: FileSystem): Promise<void> {
  if (!(await isThere(files, join(earlier, stateLogName))) && !(await isThere(files, join(earlier, journalName))))
    return;
  const lock = createStoreLock(earlier, files);
  await lock.take();
  try {
    await makeFolders(files, path);
    for (const name of [journalName, stateLogName]) {
      if (await isThere(files, join(path, name))) continue;
      await files.rename(join(earlier, name), join(path, name)).catch(ifMissing);
    }
  } finally {
    await lock.release();
  }
}

async function isThere(files: FileSystem, path: string): Promise<boolean> {
  try {
    await files.lstat(path);
    return true;
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(thrown) ?? "")) return false;
    throw thrown;
  }
}
