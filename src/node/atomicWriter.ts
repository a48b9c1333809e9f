import { randomUUID } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { lstat, open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FileWrite } from "../changes/model.ts";
import { UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";
import { createFileWorkspace } from "./fileWorkspace.ts";
import { holdFolder, linkRefusal, spelledOnDisk } from "./heldFolder.ts";

/**
 * Carries out one write below the root so that a reader, and a crash, see the old text or the new one
 * and nothing between: temporary file, fsync, rename in the same folder. Refuses when the file is not
 * byte for byte as `before` says, and never goes through a link, also when one is put there meanwhile.
 */
export async function writeAtomically(root: string, { path, before, after }: FileWrite): Promise<void> {
  const segments = workspacePath(path).split("/");
  const last = segments.pop() ?? "";
  const folder = await holdFolder(root, segments, path);
  try {
    const name = await spelledOnDisk(folder.path, last);
    const file = join(folder.path, name);
    const stats = await refuseUnexpected(file, before, path);
    if (after === undefined) await unlink(file);
    else await replace(folder.path, name, { text: after, mode: Number((stats?.mode ?? 0o644n) & 0o777n) });
    await folder.handle?.sync();
  } finally {
    await folder.handle?.close();
  }
}

/** The writes of one folder, for those who may not know the disk. */
export function createDiskWriter(root: string) {
  const workspace = createFileWorkspace(root);
  return {
    write: (writes: readonly FileWrite[]) => writeAllAtomically(root, writes),
    refuseLinks: async (path: string): Promise<void> => {
      const place = await workspace.place?.(workspacePath(path));
      if (place && place.realPath !== path) throw linkRefusal(path, path);
    },
  };
}

const writesAtOnce = 16;

/** Carries out many writes, some at a time, because each one waits for the disk. The first failure ends it. */
export async function writeAllAtomically(root: string, writes: readonly FileWrite[]): Promise<void> {
  for (let at = 0; at < writes.length; at += writesAtOnce) {
    await Promise.all(writes.slice(at, at + writesAtOnce).map((write) => writeAtomically(root, write)));
  }
}

async function refuseUnexpected(
  file: string,
  before: string | undefined,
  path: string,
): Promise<BigIntStats | undefined> {
  const stats = await lstat(file, { bigint: true }).catch(() => undefined);
  if (stats && !stats.isFile()) throw linkRefusal(path, path);
  const current = stats && (await readPlainFile(file));
  const isAsExpected = before === undefined ? current === undefined : current?.equals(Buffer.from(before)) === true;
  if (isAsExpected) return stats;
  const message = `${path} has changed on disk since it was proposed; look at the new proposal and accept again.`;
  throw new UserFacingError("CHANGED_ON_DISK", message);
}

/** Opened without following: what was a file a moment ago may be a link or a pipe by now. */
async function readPlainFile(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await readFile(handle);
  } finally {
    await handle.close();
  }
}

async function replace(folder: string, name: string, { text, mode }: { text: string; mode: number }): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  const handle = await open(temporary, "wx", mode);
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
