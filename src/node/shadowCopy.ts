import { type BigIntStats, constants } from "node:fs";
import { copyFile, lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChangeSet } from "../changes/model.ts";
import type { CommandResult } from "../session/ports.ts";
import { isSecretPath } from "../support/pathClass.ts";
import { createFileWorkspace } from "./fileWorkspace.ts";

export interface ShadowCopy {
  readonly folder: string;
  /** The text files that differ from the copy as it was made: created, changed, or deleted. */
  harvest(): Promise<CommandResult["changes"]>;
}

/** A data dump in the repository is nothing a command on source code needs. */
const largestFile = 20_000_000;

/** Copies what version control would keep, without files of secrets, and lays the proposals over it. */
export async function createShadowCopy(root: string, folder: string, changes: ChangeSet): Promise<ShadowCopy> {
  await mkdir(folder, { recursive: true });
  for (const path of await createFileWorkspace(root).list()) {
    if (!isSecretPath(path)) await copy(join(root, path), join(folder, path));
  }
  for (const { path } of changes.files()) await layOver(join(folder, path), path, changes);
  const seeded = await fingerprints(folder);
  return { folder, harvest: () => harvest(root, folder, { seeded, changes }) };
}

async function copy(from: string, to: string): Promise<void> {
  if ((await lstat(from)).size > largestFile) return;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

async function layOver(file: string, path: string, changes: ChangeSet): Promise<void> {
  const text = changes.proposedText(path);
  if (text === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Size and time tell what was surely not touched; what may have been is compared by its text. */
async function fingerprints(folder: string): Promise<ReadonlyMap<string, string>> {
  const paths = await createFileWorkspace(folder).list();
  const entries = paths.map(
    async (path) => [path, fingerprint(await lstat(join(folder, path), { bigint: true }))] as const,
  );
  return new Map(await Promise.all(entries));
}

function fingerprint({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size} ${mtimeNs} ${ino}`;
}

interface Seed {
  readonly seeded: ReadonlyMap<string, string>;
  readonly changes: ChangeSet;
}

async function harvest(root: string, folder: string, { seeded, changes }: Seed): Promise<CommandResult["changes"]> {
  const now = await fingerprints(folder);
  const before = (path: string) =>
    changes.file(path) ? Promise.resolve(changes.proposedText(path)) : textOf(join(root, path));
  const found: { path: string; text: string | undefined }[] = [];
  for (const [path, print] of now) {
    if (seeded.get(path) === print) continue;
    const text = await textOf(join(folder, path));
    if (text !== undefined && text !== (await before(path))) found.push({ path, text });
  }
  for (const path of seeded.keys()) {
    if (!now.has(path) && (await before(path)) !== undefined) found.push({ path, text: undefined });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Undefined for what is missing or is not text: nothing else can be proposed. */
async function textOf(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes || bytes.length > largestFile || bytes.includes(0)) return undefined;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
