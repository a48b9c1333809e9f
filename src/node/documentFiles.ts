import { readFile, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { DesignDocument } from "../spec/model.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { createFileWorkspace } from "./fileWorkspace.ts";

const designFile = /\.(md|markdown|ya?ml|json|sql|dbml|mmd|mermaid|txt)$/i;

/**
 * The design documents among files and folders given by name. A file given by its own name is taken
 * whatever it is called; in a folder the endings decide. Throws when a path cannot be read.
 */
export async function readDocumentFiles(paths: readonly string[], base: string): Promise<readonly DesignDocument[]> {
  const files = (await Promise.all(paths.map((path) => expand(resolve(base, path), path)))).flat();
  const unique = [...new Set(files)];
  return Promise.all(unique.map(async (file) => ({ path: label(file, base), text: await read(file) })));
}

async function expand(path: string, given: string): Promise<readonly string[]> {
  const stats = await stat(path).catch((thrown) => {
    throw unreadable(given, thrown);
  });
  if (!stats.isDirectory()) return [path];
  const names = await createFileWorkspace(path).list();
  return names.filter((name) => designFile.test(name)).map((name) => join(path, name));
}

async function read(file: string): Promise<string> {
  const bytes = await readFile(file).catch((thrown) => {
    throw unreadable(file, thrown);
  });
  if (bytes.includes(0)) throw unreadable(file, "it is not text");
  return new TextDecoder("utf-8").decode(bytes);
}

/** Relative below the base, so that results do not depend on the machine; absolute elsewhere. */
function label(file: string, base: string): string {
  const below = relative(base, file);
  return (below.startsWith("..") ? file : below).replaceAll(sep, "/");
}

function unreadable(path: string, thrown: unknown): UserFacingError {
  return new UserFacingError("UNREADABLE", `${path} cannot be read (${messageOf(thrown)}); check the path.`);
}
