import { constants } from "node:fs";
import { type FileHandle, lstat, open, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { FilePlace } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { fileName } from "../support/fileName.ts";

/** What is larger is data; it has no text to show or edit. */
const largestFile = 20_000_000;

/**
 * The text of a file below the root, through no link out of it. Undefined for what is no readable file: missing, a
 * folder, a pipe, a device, too large.
 */
export async function readText(root: string, path: string): Promise<string | undefined> {
  const file = await realPathOf(root, path);
  if (file === undefined) return undefined;
  const home = await realpath(root);
  if (!file.startsWith(home + sep)) throw leadsOut(path);
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (thrown: unknown) => (isForbidden(thrown) ? refuseForbidden(path) : noSuchFile(thrown)),
  );
  if (handle === undefined) return undefined;
  try {
    await refuseEscape(handle, home, path);
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > largestFile) return undefined;
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readFile(handle));
  } finally {
    await handle.close();
  }
}

/** What stands at a path below the root, as {@link Workspace.place} promises. */
export async function placeOf(root: string, path: string): Promise<FilePlace> {
  const home = await realpath(root).catch(noSuchFile);
  // The folder itself is made with the first file.
  if (home === undefined) return { kind: "missing", realPath: path };
  const real = await realPathOf(root, path);
  if (real !== undefined) {
    if (!real.startsWith(home + sep)) throw leadsOut(path);
    const stats = await lstat(real);
    const realPath = real
      .slice(home.length + 1)
      .replaceAll(sep, "/")
      .normalize("NFC");
    return { kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "special", realPath };
  }
  const link = await lstat(join(root, path)).catch(noSuchFile);
  if (link?.isSymbolicLink()) throw leadsOut(path);
  if (!path.includes("/")) return { kind: "missing", realPath: path };
  const parent = await placeOf(root, dirname(path));
  if (parent.kind === "file" || parent.kind === "special") return { kind: "blocked", realPath: parent.realPath };
  return { kind: "missing", realPath: `${parent.realPath}/${fileName(path)}` };
}

/** The name was looked at before it was opened; what was opened is looked at again. */
async function refuseEscape(handle: FileHandle, home: string, path: string): Promise<void> {
  if (process.platform !== "linux") return;
  const opened = await readlink(`/proc/self/fd/${handle.fd}`);
  if (!opened.startsWith(home + sep)) throw leadsOut(path);
}

async function realPathOf(root: string, path: string): Promise<string | undefined> {
  const found = await realpath(join(root, path)).catch(noSuchFile);
  const apart = path.normalize("NFD");
  return found ?? (apart === path ? undefined : realpath(join(root, apart)).catch(noSuchFile));
}

function noSuchFile(thrown: unknown): undefined {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (!["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "ENXIO"].includes(String(code))) throw thrown;
}

/** The user has no right to it. */
export function isForbidden(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && (thrown.code === "EACCES" || thrown.code === "EPERM");
}

function refuseForbidden(path: string): never {
  const remedy = "give yourself the right to, or have version control ignore it";
  throw new UserFacingError("UNREADABLE", `"${path}" may not be read by you; ${remedy}.`);
}

function leadsOut(path: string): UserFacingError {
  const message = `"${path}" leads out of the workspace folder, or nowhere, through a link; use the file it stands for.`;
  return new UserFacingError("PATH_SYMLINK_OUT", message);
}
