import { join } from "node:path";
import { type Intent, type Recovery, rollBack, rollForward } from "../changes/intent.ts";
import type { FileWrite, WriteOutcome } from "../changes/model.ts";
import { heldDeletions } from "../changes/renames.ts";
import type { DiskWriter, RecoveryPorts } from "../session/ports.ts";
import { asUnusableStorage, isUnusableStorage } from "../session/unusableStorage.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";
import { createAcceptJournal, temporaryName } from "./acceptJournal.ts";
import { writeAtomically } from "./atomicWriter.ts";
import { codeOf, type FileSystem, nodeFileSystem } from "./fileSystem.ts";
import { linkRefusal } from "./heldFolder.ts";
import { placeOf, readText } from "./workspaceFile.ts";

export interface DiskWriterOptions {
  /** Where the journal is kept. Without one a set of writes may stay half done after a crash. */
  readonly storage?: string;
  readonly files?: FileSystem;
}

/** Writes below one folder, for those who may not know the disk. */
export function createDiskWriter(
  root: string,
  { storage, files = nodeFileSystem }: DiskWriterOptions = {},
): DiskWriter {
  const journal = storage === undefined ? undefined : createAcceptJournal(files, storage, root);
  /** Folders that were made for a file: they go with the last file in them. */
  const made = new Set<string>();
  const write: DiskWriter["write"] = (writes, intent) => writeEach(writes, { root, files, made, intent });
  return {
    write,
    journaled: async (writes, work) => {
      if (writes.length === 0 || journal === undefined) return work(undefined);
      const intent = await journal.begin(writes).catch((thrown: unknown) => {
        // The window has said that nothing can be kept; each file is still written as a whole.
        if (storage === undefined || !isUnusableStorage(asUnusableStorage(storage, thrown))) throw thrown;
      });
      if (intent === undefined) return work(undefined);
      try {
        return await work(intent);
      } finally {
        await journal.end(intent);
      }
    },
    refuseLinks: async (path) => {
      const place = await placeOf(root, workspacePath(path));
      if (place && place.realPath !== path) throw linkRefusal(path, path);
    },
    recover: async (ports = { read: (path) => readText(root, path), write }) => {
      const intent = await journal?.unfinished();
      if (intent === undefined || journal === undefined) return undefined;
      const recovery = await finish(intent, ports);
      await journal.end(intent);
      return recovery;
    },
  };
}

interface Writing {
  readonly root: string;
  readonly files: FileSystem;
  readonly made: Set<string>;
  readonly intent: Intent | undefined;
}

const writesAtOnce = 16;

/**
 * What meets one file only is told of that file; what meets the disk would meet the rest too. Nothing is deleted before
 * all else is written, and nothing that could not be written under its new name.
 */
async function writeEach(writes: readonly FileWrite[], writing: Writing): Promise<WriteOutcome> {
  const numbered = writes.map((write, index) => ({ write, index }));
  const made = await writeSome(
    numbered.filter(({ write }) => write.after !== undefined),
    writing,
  );
  const deletions = numbered.filter(({ write }) => write.after === undefined);
  if (made.hasEnded) return { written: made.written, failed: [...made.failed, ...refused(deletions)] };
  const held = heldDeletions(writes, made.failed);
  const isHeld = ({ write }: Numbered): boolean => held.some(({ path }) => path === write.path);
  const gone = await writeSome(
    deletions.filter((each) => !isHeld(each)),
    writing,
  );
  return { written: [...made.written, ...gone.written], failed: [...made.failed, ...held, ...gone.failed] };
}

/** A write and its number in the intent. */
interface Numbered {
  readonly write: FileWrite;
  readonly index: number;
}

async function writeSome(
  writes: readonly Numbered[],
  writing: Writing,
): Promise<WriteOutcome & { readonly hasEnded: boolean }> {
  const written: string[] = [];
  const failed: { path: string; why: string }[] = [];
  for (let at = 0; at < writes.length; at += writesAtOnce) {
    const some = writes.slice(at, at + writesAtOnce);
    const outcomes = await Promise.allSettled(some.map(({ write, index }) => writeOne(write, index, writing)));
    for (const [index, outcome] of outcomes.entries()) {
      const path = some[index]?.write.path ?? "";
      if (outcome.status === "fulfilled") written.push(path);
      else failed.push({ path, why: reasonOf(path, outcome.reason) });
    }
    const stop = outcomes.find((outcome) => outcome.status === "rejected" && ends.has(codeOf(outcome.reason) ?? ""));
    if (stop === undefined) continue;
    return { written, failed: [...failed, ...refused(writes.slice(at + writesAtOnce))], hasEnded: true };
  }
  return { written, failed, hasEnded: false };
}

function refused(writes: readonly Numbered[]): WriteOutcome["failed"] {
  return writes.map(({ write }) => ({ path: write.path, why: "the disk refused the ones before" }));
}

async function writeOne(write: FileWrite, index: number, { root, files, made, intent }: Writing): Promise<void> {
  const journaled = intent === undefined ? {} : { journaledAs: temporaryName(intent.id, index) };
  const folders = await writeAtomically(root, write, { files, ...journaled });
  for (const folder of folders) made.add(folder);
  if (write.after === undefined) await removeOwnFolders(write.path, { root, files, made });
}

async function removeOwnFolders(path: string, { root, files, made }: Omit<Writing, "intent">): Promise<void> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (!made.has(folder)) return;
  const isRemoved = await files.rmdir(join(root, folder)).then(
    () => true,
    () => false,
  );
  if (!isRemoved) return;
  made.delete(folder);
  await removeOwnFolders(folder, { root, files, made });
}

async function finish(intent: Intent, { read, write }: RecoveryPorts): Promise<Recovery> {
  const look = async () => {
    const texts = new Map<string, string | undefined>();
    for (const { path } of intent.writes) texts.set(path, await read(path));
    return texts;
  };
  const forward = rollForward(intent, await look());
  const { failed } = await write(forward.writes, intent);
  if (failed.length === 0) return forward;
  const back = rollBack(intent, await look());
  const { failed: stuck } = await write(back.writes, intent);
  if (stuck.length === 0) return { ...back, wasTakenBack: true };
  const message = `${stuck.map(({ path, why }) => `${path}: ${why}`).join("; ")}. These files are as they were when the editor was ended; it is tried again at the next start.`;
  throw new UserFacingError("RECOVERY_FAILED", message);
}

/** Failures of the disk as a whole. */
const ends: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE", "ENFILE"]);

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "its file system is read-only; open a copy of the folder on one that can be written to",
  EACCES: "permission denied",
  EPERM: "the system does not permit it",
  EBUSY: "it is locked by another program",
  EIO: "the disk does not work (EIO)",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long for this disk",
  EXDEV: "its folder is on two disks",
};

function reasonOf(path: string, thrown: unknown): string {
  if (thrown instanceof UserFacingError) return thrown.message;
  return `WRITE_FAILED: ${path} cannot be written, because ${reasons[codeOf(thrown) ?? ""] ?? messageOf(thrown)}.`;
}
