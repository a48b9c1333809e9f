import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readFile, realpath, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FileWrite } from "../changes/model.ts";
import { UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";

/**
 * Carries out one write below the root so that a reader, and a crash, see the old text or the new one
 * and nothing between: temporary file, fsync, rename in the same folder. Refuses when the file is not
 * as `before` says, and never goes through a link.
 */
export async function writeAtomically(root: string, { path, before, after }: FileWrite): Promise<void> {
  const segments = workspacePath(path).split("/");
  const name = segments.pop() ?? "";
  const folder = await openFolder(await realpath(root), segments, path);
  try {
    const file = join(folder.path, name);
    await refuseUnexpected(file, before, path);
    if (after === undefined) await unlink(file);
    else await replace(folder.path, name, after);
    await folder.handle?.sync();
  } finally {
    await folder.handle?.close();
  }
}

const writesAtOnce = 16;

/** Carries out many writes, some at a time, because each one waits for the disk. The first failure ends it. */
export async function writeAllAtomically(root: string, writes: readonly FileWrite[]): Promise<void> {
  for (let at = 0; at < writes.length; at += writesAtOnce) {
    await Promise.all(writes.slice(at, at + writesAtOnce).map((write) => writeAtomically(root, write)));
  }
}

/** A folder to write in. With a handle, `path` names the opened folder itself, whatever becomes of its name. */
interface Folder {
  readonly path: string;
  readonly handle?: FileHandle;
}

/**
 * Opens the folder, and makes what is missing of it. Each component is opened from the one before
 * without following links, because between a check and a write the name could become one
 * (research/security.md §0.2). Without /proc the components can only be looked at.
 */
async function openFolder(root: string, segments: readonly string[], path: string): Promise<Folder> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  if (process.platform !== "linux") return lookedAtFolder(root, segments, path);
  let handle = await open(root, flags);
  for (const segment of segments) {
    const next = `${descriptorPath(handle)}/${segment}`;
    await mkdir(next).catch(ignoreExisting);
    const opened = await open(next, flags).catch(() => undefined);
    await handle.close();
    if (!opened) throw linkRefusal(path, segment);
    handle = opened;
  }
  return { path: descriptorPath(handle), handle };
}

function descriptorPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

async function lookedAtFolder(root: string, segments: readonly string[], path: string): Promise<Folder> {
  let folder = root;
  for (const segment of segments) {
    folder = join(folder, segment);
    await mkdir(folder).catch(ignoreExisting);
    if (!(await lstat(folder)).isDirectory()) throw linkRefusal(path, segment);
  }
  return { path: folder };
}

async function refuseUnexpected(file: string, before: string | undefined, path: string): Promise<void> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats && !stats.isFile()) throw linkRefusal(path, path);
  const current = stats && new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readFile(file));
  if (current === before) return;
  const message = `${path} has changed on disk since it was proposed; look at the new proposal and accept again.`;
  throw new UserFacingError("CHANGED_ON_DISK", message);
}

async function replace(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `.${name}.${randomUUID()}.tmp`);
  const mode = (await lstat(join(folder, name)).catch(() => undefined))?.mode ?? 0o644;
  const handle = await open(temporary, "wx", mode & 0o777);
  try {
    await handle.writeFile(text, "utf8");
    await handle.sync();
    await handle.close();
    await rename(temporary, join(folder, name));
  } catch (thrown) {
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw thrown;
  }
}

function ignoreExisting(thrown: unknown): void {
  if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
}

function linkRefusal(path: string, part: string): UserFacingError {
  const message = `${path} is not written, because "${part}" is a link or not a folder; put a real folder there.`;
  return new UserFacingError("PATH_SYMLINK", message);
}
