import type { Dirent } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Workspace } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { builtInRules, type IgnoreRules, readRules } from "./ignoreRules.ts";

/** A folder on disk as a {@link Workspace}. Links are not followed out of it, nor listed at all. */
export function createFileWorkspace(root: string): Workspace {
  return {
    readText: (path) => readText(root, path),
    list: async () => (await walk(root, "", [{ base: "", ignores: builtInRules() }])).sort(),
  };
}

/** Undefined for what is no readable file: missing, or a folder. */
async function readText(root: string, path: string): Promise<string | undefined> {
  const file = await realpath(join(root, path)).catch(() => undefined);
  if (file === undefined) return undefined;
  const home = await realpath(root);
  if (!file.startsWith(home + sep)) {
    const message = `"${path}" leads out of the workspace folder through a link; use the file it stands for.`;
    throw new UserFacingError("PATH_SYMLINK_OUT", message);
  }
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readFile(file));
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EISDIR") return undefined;
    throw thrown;
  }
}

/** The rules of one `.gitignore`, which hold below its own folder. */
interface Scope {
  readonly base: string;
  readonly ignores: IgnoreRules;
}

async function walk(root: string, folder: string, outer: readonly Scope[]): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => []);
  const own = await readRules(join(root, folder));
  const scopes = own ? [...outer, { base: folder, ignores: own }] : outer;
  const found: string[] = [];
  for (const entry of entries) {
    const path = `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`;
    if (scopes.some(({ base, ignores }) => ignores(path.slice(base.length)))) continue;
    if (entry.isDirectory()) found.push(...(await walk(root, path, scopes)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}
