import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { join } from "node:path";
import type { FileWrite } from "../changes/model.ts";
import { UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";
import { type FileFacts, type FileSystem, ifMissing, nodeFileSystem } from "./fileSystem.ts";
import { type HeldFolder, holdFolder, linkRefusal, spelledOnDisk } from "./heldFolder.ts";

export interface AtomicWriteOptions {
  readonly files?: FileSystem;
  /**
   * Name of the file that is renamed to the written one, for the keeper of a journal, who must find it after
   * a crash. The folder is then synced by the keeper, once for all writes.
   */
  readonly journaledAs?: string;
}

/**
 * Carries out one write below the root so that a reader, and a crash, see the old text or the new one
 * and nothing between: temporary file, fsync, rename in the same folder, fsync of the folder. Refuses when
 * the file is not byte for byte as `before` says, and never goes through a link, also when one is put there
 * meanwhile. Returns the folders that were made for it, the innermost first.
 */
export async function writeAtomically(
  root: string,
  { path, before, after }: FileWrite,
  { files = nodeFileSystem, journaledAs }: AtomicWriteOptions = {},
): Promise<readonly string[]> {
  const segments = workspacePath(path).split("/");
  const last = segments.pop() ?? "";
  const folder = await holdFolder({ files, root }, segments, path);
  try {
    const name = await spelledOnDisk(files, folder.path, last);
    const file = join(folder.path, name);
    const facts = await refuseUnexpected(files, file, { path, before });
    if (after === undefined) await files.unlink(file);
    else {
      const temporary = journaledAs ?? `.${randomUUID()}.tmp`;
      await replace({ files, folder, temporary }, name, { text: after, facts });
    }
    if (journaledAs === undefined) await folder.handle?.sync();
  } finally {
    // By now the file is written or not, whatever becomes of the handle.
    await folder.handle?.close().catch(() => undefined);
  }
  return Array.from({ length: folder.made }, (_, index) => segments.slice(0, segments.length - index).join("/"));
}

async function refuseUnexpected(
  files: FileSystem,
  file: string,
  { path, before }: Omit<FileWrite, "after">,
): Promise<FileFacts | undefined> {
  const facts = await files.lstat(file).catch(ifMissing);
  if (facts && !facts.isFile()) throw linkRefusal(path, path);
  const current = facts && (await readPlainFile(files, file));
  const isAsExpected = before === undefined ? current === undefined : current?.equals(Buffer.from(before)) === true;
  if (!isAsExpected) {
    const message = `${path} has changed on disk since it was proposed; look at the new proposal and accept again.`;
    throw new UserFacingError("CHANGED_ON_DISK", message);
  }
  if (facts) refuseProtected(path, facts);
  return facts;
}

/** A rename would get past both, and nobody has asked for either. */
function refuseProtected(path: string, { mode, nlink }: FileFacts): void {
  if ((mode & 0o222) === 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    const message = `${path} cannot be written, because it is read-only (mode ${octal}); make it writable and accept again.`;
    throw new UserFacingError("READ_ONLY_FILE", message);
  }
  if (nlink > 1) {
    const message = `${path} has ${nlink} names (hard links), which writing would part; open it in an editor and accept again.`;
    throw new UserFacingError("HARD_LINK", message);
  }
}

/** Opened without following: what was a file a moment ago may be a link or a pipe by now. */
async function readPlainFile(files: FileSystem, file: string): Promise<Buffer> {
  const handle = await files.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

interface Place {
  readonly files: FileSystem;
  readonly folder: HeldFolder;
  readonly temporary: string;
}

async function replace(
  { files, folder, temporary }: Place,
  name: string,
  { text, facts }: { text: string; facts: FileFacts | undefined },
): Promise<void> {
  const written = join(folder.path, temporary);
  const handle = await files.open(written, "wx", 0o644);
  try {
    await handle.writeFile(text);
    if (facts) await keepOwnerAndMode(handle, facts);
    await handle.sync();
    await handle.close();
    await files.rename(written, join(folder.path, name));
  } catch (thrown) {
    await handle.close().catch(() => undefined);
    await files.unlink(written).catch(() => undefined);
    throw thrown;
  }
}

async function keepOwnerAndMode(
  handle: Awaited<ReturnType<FileSystem["open"]>>,
  { uid, gid, mode }: FileFacts,
): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
  if ((own.mode & 0o777) !== (mode & 0o777)) await handle.chmod(mode & 0o777);
}
