import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, realpath } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../support/errors.ts";

/** A folder to write in. With a handle, `path` names the opened folder itself, whatever becomes of its name. */
export interface HeldFolder {
  readonly path: string;
  readonly handle?: FileHandle;
}

export const openAsFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens the folder `segments` below the root, and makes what is missing of it. Each component is
 * opened from the one before without following links, because between a check and a write the name
 * could become one (research/security.md §0.2). Without /proc the components can only be looked at.
 * `path` is what a refusal names. The caller closes the handle.
 */
export async function holdFolder(root: string, segments: readonly string[], path: string): Promise<HeldFolder> {
  const home = await realpath(root);
  if (process.platform !== "linux") return lookedAtFolder(home, segments, path);
  let handle = await open(home, openAsFolder);
  for (const segment of segments) {
    try {
      const folder = descriptorPath(handle);
      const next = `${folder}/${await spelledOnDisk(folder, segment)}`;
      await mkdir(next).catch(ignoreExisting);
      const opened = await open(next, openAsFolder).catch(() => undefined);
      if (!opened) throw linkRefusal(path, segment);
      await handle.close();
      handle = opened;
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }
  return { path: descriptorPath(handle), handle };
}

/** A name as the folder has it: some systems keep accented letters in two pieces (NFD). */
export async function spelledOnDisk(folder: string, name: string): Promise<string> {
  const apart = name.normalize("NFD");
  if (apart === name) return name;
  const exists = (candidate: string) =>
    lstat(join(folder, candidate)).then(
      () => true,
      () => false,
    );
  return !(await exists(name)) && (await exists(apart)) ? apart : name;
}

export function descriptorPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

export function linkRefusal(path: string, part: string): UserFacingError {
  const message = `${path} is not written, because "${part}" is a link or not a folder; put a real folder there.`;
  return new UserFacingError("PATH_SYMLINK", message);
}

async function lookedAtFolder(root: string, segments: readonly string[], path: string): Promise<HeldFolder> {
  let folder = root;
  for (const segment of segments) {
    folder = join(folder, await spelledOnDisk(folder, segment));
    await mkdir(folder).catch(ignoreExisting);
    if (!(await lstat(folder)).isDirectory()) throw linkRefusal(path, segment);
  }
  return { path: folder };
}

function ignoreExisting(thrown: unknown): void {
  if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
}
