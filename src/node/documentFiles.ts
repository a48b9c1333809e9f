import { stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { designAmong } from "../session/designLayouts.ts";
import { decisionsPath } from "../spec/join/decisionsFile.ts";
import type { DesignDocument } from "../spec/model.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { readDocumentFile } from "./documentFile.ts";
import { createFileWorkspace } from "./fileWorkspace.ts";
import { namedFrom } from "./namedFrom.ts";

const designFile = /\.(md|markdown|ya?ml|json|sql|dbml|prisma|mmd|mermaid|txt)$/i;

/**
 * The design documents among files and folders given by name, and what the base folder has decided
 * about their reading. A file given by its own name is taken whatever it is called; in a folder the
 * endings decide, and for layouts of the tools for spec-driven work the place. Throws when such a file or folder cannot be read; a file in a folder that cannot is
 * a document with a notice.
 */
export async function readDocumentFiles(paths: readonly string[], base: string): Promise<readonly DesignDocument[]> {
  const documents = new Map<string, DesignDocument>();
  for (const { file, isNamed } of (await Promise.all(paths.map((path) => expand(resolve(base, path), path)))).flat()) {
    if (documents.has(file)) continue;
    const document = await readDocumentFile(file, { path: namedFrom(base, file) });
    if (isNamed && document.notice?.severity === "error") throw unreadable(document.path, document.notice.message);
    documents.set(file, document);
  }
  const decisions = resolve(base, decisionsPath);
  const isThere = await stat(decisions).then(
    () => true,
    () => false,
  );
  if (isThere) documents.set(decisions, await readDocumentFile(decisions, { path: decisionsPath, home: base }));
  return [...documents.values()];
}

async function expand(path: string, given: string): Promise<readonly { file: string; isNamed: boolean }[]> {
  const stats = await stat(path).catch((thrown) => {
    throw unreadable(given, messageOf(thrown));
  });
  if (!stats.isDirectory()) return [{ file: path, isNamed: true }];
  const names = await createFileWorkspace(path).list();
  const files = names.filter((name) => designFile.test(name)).map((name) => join(path, name));
  const design = new Set(designAmong(files.map((file) => file.replaceAll(sep, "/"))));
  return files.filter((file) => design.has(file.replaceAll(sep, "/"))).map((file) => ({ file, isNamed: false }));
}

function unreadable(path: string, why: string): UserFacingError {
  return new UserFacingError("UNREADABLE", `${path} cannot be read (${why}); check the path.`);
}
