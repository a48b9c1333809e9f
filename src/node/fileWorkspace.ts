import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "../session/ports.ts";
import { builtInRules, type IgnoreRules, readRules } from "./ignoreRules.ts";
import { rememberText } from "./rememberedText.ts";
import { filesWithMatch } from "./ripgrep.ts";
import { isForbidden, placeOf, readText } from "./workspaceFile.ts";

export interface FileWorkspaceOptions {
  /** Finds the ripgrep to search with. */
  readonly ripgrep?: () => Promise<string | undefined>;
  /** Keeps the texts that it has read, and reads a file again when it is another one. */
  readonly remembers?: boolean;
}

export interface FileWorkspace extends Required<Workspace> {
  /** Folders that the last `list` was not allowed to look into; version control would not ignore them. */
  closedFolders(): readonly string[];
}

/** A folder on disk as a {@link Workspace}. Links are not followed out of it, nor listed at all. */
export function createFileWorkspace(
  root: string,
  { ripgrep, remembers = false }: FileWorkspaceOptions = {},
): FileWorkspace {
  const read = (path: string): ReturnType<Workspace["readText"]> => readText(root, path);
  let closed: readonly string[] = [];
  return {
    closedFolders: () => closed,
    readText: remembers ? rememberText(root, read) : read,
    list: async () => {
      const found: Found = { files: [], closed: [] };
      await walk(root, "", [{ base: "", ignores: builtInRules() }], found);
      closed = found.closed.toSorted();
      return found.files.sort();
    },
    place: (path) => placeOf(root, path),
    isIgnored: (path) => isIgnored(root, path),
    candidates: async (expression, signal) => {
      const program = await ripgrep?.();
      return program === undefined ? undefined : filesWithMatch(program, root, expression, signal);
    },
  };
}

/** A folder that is ignored takes with it what is in it, whatever is said there. */
async function isIgnored(root: string, path: string): Promise<boolean> {
  const names = path.split("/");
  let scopes: readonly Scope[] = [{ base: "", ignores: builtInRules() }];
  for (const [index] of names.entries()) {
    const folder = names
      .slice(0, index)
      .map((name) => `${name}/`)
      .join("");
    const own = await readRules(join(root, folder));
    if (own) scopes = [...scopes, { base: folder, ignores: own }];
    const entry = names.slice(0, index + 1).join("/") + (index < names.length - 1 ? "/" : "");
    if (scopes.some(({ base, ignores }) => ignores(entry.slice(base.length)))) return true;
  }
  return false;
}

/** The rules of one `.gitignore`, which hold below its own folder. */
interface Scope {
  readonly base: string;
  readonly ignores: IgnoreRules;
}

/** A virtual environment has it, whatever it is called (PEP 405). */
const environmentMark = "pyvenv.cfg";

interface Found {
  readonly files: string[];
  readonly closed: string[];
}

async function walk(root: string, folder: string, outer: readonly Scope[], found: Found): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((thrown: unknown): Dirent[] => {
    if (isForbidden(thrown)) found.closed.push(folder);
    return [];
  });
  if (folder !== "" && entries.some(({ name }) => name === environmentMark)) return;
  const own = await readRules(join(root, folder));
  const scopes = own ? [...outer, { base: folder, ignores: own }] : outer;
  for (const entry of entries) {
    const path = `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`;
    if (scopes.some(({ base, ignores }) => ignores(path.slice(base.length)))) continue;
    if (entry.isDirectory()) await walk(root, path, scopes, found);
    else if (entry.isFile()) found.files.push(path.normalize("NFC"));
  }
}
