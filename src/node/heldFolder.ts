import { constants } from "node:fs";
import { join } from "node:path";
import { UserFacingError } from "../support/errors.ts";
import { codeOf, type FileSystem, type OpenFile } from "./fileSystem.ts";

/** A folder to write in. With a handle, `path` names the opened folder itself, whatever becomes of its name. */
export interface HeldFolder {
  readonly path: string;
  readonly handle?: OpenFile;
  /** How many of the folders, counted from the last, were made for it. */
  readonly made: number;
}

export interface Disk {
  readonly files: FileSystem;
  readonly root: string;
  /** What is missing is refused like a link. */
  readonly makesNoFolders?: boolean;
}

export const openAsFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens the folder `segments` below the root, and makes what is missing of it. Each component is
 * opened from the one before without following links, because between a check and a write the name
 * could become one (research/security.md §0.2). Without /proc the components can only be looked at.
 * `path` is what a refusal names. The caller closes the handle.
 */
export async function holdFolder(disk: Disk, segments: readonly string[], path: string): Promise<HeldFolder> {
  const { files } = disk;
  const home = await files.realpath(disk.root);
  if (process.platform !== "linux") return lookedAtFolder({ ...disk, root: home }, segments, path);
  let handle = await files.open(home, openAsFolder);
  let made = 0;
  for (const segment of segments) {
    try {
      const folder = descriptorPath(handle);
      const next = `${folder}/${await spelledOnDisk(files, folder, segment)}`;
      if (await makeFolder(disk, next)) {
        made++;
        await handle.sync();
      }
      const opened = await files.open(next, openAsFolder).catch(ifNoFolder);
      if (!opened) throw linkRefusal(path, segment);
      await handle.close();
      handle = opened;
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }
  return { path: descriptorPath(handle), handle, made };
}

/** A name as the folder has it: some systems keep accented letters in two pieces (NFD). */
export async function spelledOnDisk(files: FileSystem, folder: string, name: string): Promise<string> {
  const apart = name.normalize("NFD");
  if (apart === name) return name;
  const exists = (candidate: string) =>
    files.lstat(join(folder, candidate)).then(
      () => true,
      () => false,
    );
  return !(await exists(name)) && (await exists(apart)) ? apart : name;
}

export function descriptorPath(handle: OpenFile): string {
  return `/proc/self/fd/${handle.fd}`;
}

export function linkRefusal(path: string, part: string): UserFacingError {
  const message = `${path} is not written, because "${part}" is a link or not a folder; put a real folder there.`;
  return new UserFacingError("PATH_SYMLINK", message);
}

async function lookedAtFolder(disk: Disk, segments: readonly string[], path: string): Promise<HeldFolder> {
  const { files } = disk;
  let folder = disk.root;
  let made = 0;
  for (const segment of segments) {
    folder = join(folder, await spelledOnDisk(files, folder, segment));
    if (await makeFolder(disk, folder)) made++;
    if (!(await files.lstat(folder)).isDirectory()) throw linkRefusal(path, segment);
  }
  return { path: folder, made };
}

/** Whether it was missing. */
async function makeFolder({ files, makesNoFolders }: Disk, path: string): Promise<boolean> {
  if (makesNoFolders) return false;
  try {
    await files.mkdir(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

function ifNoFolder(thrown: unknown): undefined {
  if (!["ELOOP", "ENOTDIR", "ENOENT"].includes(codeOf(thrown) ?? "")) throw thrown;
}
