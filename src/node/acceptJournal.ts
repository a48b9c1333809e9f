import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { type Intent, readIntent, writeIntent } from "../changes/intent.ts";
import type { FileWrite } from "../changes/model.ts";
import { workspacePath } from "../support/workspacePath.ts";
import { codeOf, type FileSystem, ifMissing } from "./fileSystem.ts";
import { type Disk, holdFolder } from "./heldFolder.ts";

/**
 * Says on the disk what is about to be written, before it is, until all of it is safe. One process at a
 * time may use it (see `storeLock.ts`).
 */
export interface AcceptJournal {
  /** Resolves once the intent would survive a power cut. */
  begin(writes: readonly FileWrite[]): Promise<Intent>;
  /** To be called when nothing of the intent is under way any more, whatever became of it. */
  end(intent: Intent): Promise<void>;
  /** The intent of a process that was ended in the middle; its temporary files are removed. */
  unfinished(): Promise<Intent | undefined>;
}

export const journalName = "accept.journal";

/** The name of the temporary file of a write: it can be found again after a crash. */
export function temporaryName(id: string, index: number): string {
  return `.backend-${id}-${index}.tmp`;
}

/** `folder` holds the journal and is made when it is missing; `root` is what is written below. */
export function createAcceptJournal(files: FileSystem, folder: string, root: string): AcceptJournal {
  const path = join(folder, journalName);
  const tidyAll = async (intent: Intent): Promise<void> => {
    const disk = { files, root, makesNoFolders: true };
    for (const segments of foldersOf(intent)) await tidy(disk, segments, intent.id);
  };
  return {
    begin: async (writes) => {
      const intent = { id: randomBytes(4).toString("hex"), writes };
      try {
        await makeFolders(files, folder);
        await writeSafely(files, path, writeIntent(intent));
        await syncFolder(files, folder);
      } catch (thrown) {
        // What is half said, or may not stay, must not be found at the next start.
        await files.unlink(path).catch(() => undefined);
        throw thrown;
      }
      return intent;
    },
    end: async (intent) => {
      await tidyAll(intent);
      await files.unlink(path).catch(ifMissing);
      await syncFolder(files, folder);
    },
    unfinished: async () => {
      const text = await readIfThere(files, path);
      const intent = text === undefined ? undefined : readIntent(text);
      if (intent !== undefined) await tidyAll(intent);
      else if (text !== undefined) await files.unlink(path);
      return intent;
    },
  };
}

export async function readIfThere(files: FileSystem, path: string): Promise<string | undefined> {
  const handle = await files.open(path, "r").catch(ifMissing);
  if (handle === undefined) return undefined;
  try {
    return (await handle.readFile()).toString("utf8");
  } finally {
    await handle.close();
  }
}

/** Makes a folder and what is missing above it, to stay after a power cut. */
export async function makeFolders(files: FileSystem, folder: string): Promise<void> {
  const parent = dirname(folder);
  try {
    await files.mkdir(folder);
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return;
    if (codeOf(thrown) !== "ENOENT" || parent === folder) throw thrown;
    await makeFolders(files, parent);
    await files.mkdir(folder);
  }
  await syncFolder(files, parent);
}

/** Not every system can do that with a folder; none of those loses a rename by it that we know of. */
export async function syncFolder(files: FileSystem, folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await files.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Only its user may read it: it holds texts of the workspace. */
async function writeSafely(files: FileSystem, path: string, text: string): Promise<void> {
  const handle = await files.open(path, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function foldersOf({ writes }: Intent): readonly (readonly string[])[] {
  const folders = new Map(
    writes.map(({ path }) => {
      const segments = workspacePath(path).split("/").slice(0, -1);
      return [segments.join("/"), segments];
    }),
  );
  return [...folders.values()];
}

/** Removes what an ended process has left of its writing, and makes the names in a folder safe. */
async function tidy(disk: Disk, segments: readonly string[], id: string): Promise<void> {
  const folder = await holdFolder(disk, segments, segments.join("/")).catch(ifRefused);
  if (folder === undefined) return;
  try {
    const left = (await disk.files.readdir(folder.path)).filter((name) => name.startsWith(`.backend-${id}-`));
    for (const name of left) await disk.files.unlink(join(folder.path, name));
    await folder.handle?.sync();
  } finally {
    await folder.handle?.close();
  }
}

/** The folder is gone, or a link by now: then there is nothing of ours in it. */
function ifRefused(thrown: unknown): undefined {
  if (codeOf(thrown) !== "PATH_SYMLINK") throw thrown;
}
