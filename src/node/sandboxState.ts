import { constants } from "node:fs";
import { access, chmod, mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ChangeSet } from "../changes/model.ts";

/** The folders of one sandboxed command; mode 0700, removed when it has ended. */
export interface SandboxState {
  readonly folder: string;
  /** The texts that lie over the workspace, as they were when the command began; undefined: deleted. */
  readonly seeded: ReadonlyMap<string, string | undefined>;
  readonly placeholder: string;
}

const prefix = "backend-implementer-";

/** Makes the folders and lays the proposals ready. In memory where there is memory for it. */
export async function createSandboxState(changes: ChangeSet): Promise<SandboxState> {
  const folder = await createScratch();
  const placeholder = join(folder, "placeholder");
  const seed = join(folder, "seed");
  for (const name of ["lower", "written", "seed"]) await mkdir(join(folder, name));
  await writeFile(placeholder, "# hidden from commands\n", { mode: 0o400 });
  const seeded = new Map(changes.files().map(({ path }) => [path, changes.proposedText(path)] as const));
  const folders = new Set([...seeded.keys()].map((path) => join(seed, dirname(path))));
  for (const each of folders) await mkdir(each, { recursive: true });
  const texts = [...seeded].filter(([, text]) => text !== undefined);
  await Promise.all(texts.map(([path, text]) => writeFile(join(seed, path), text ?? "")));
  const deleted = [...seeded].flatMap(([path, text]) => (text === undefined ? [path] : []));
  await writeFile(join(folder, "deleted"), deleted.map((path) => `${path}\n`).join(""));
  return { folder, seeded, placeholder };
}

/** A new folder that only this user can look into, named after its owner; in memory unless said otherwise. */
export async function createScratch(parent?: string): Promise<string> {
  return mkdtemp(join(parent ?? (await scratchParent()), `${prefix}${await ownName()}-`));
}

export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(async () => {
    await makeRemovable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

/** Removes what processes left that were killed while a command ran. */
export async function removeLeftovers(): Promise<void> {
  for (const parent of [await scratchParent(), tmpdir()]) {
    for (const name of await readdir(parent).catch(() => [])) {
      if (name.startsWith(prefix) && (await isAbandoned(name))) await removeScratch(join(parent, name));
    }
  }
}

/** Process numbers mean something within one namespace only, and this folder may be shared by several. */
async function ownName(): Promise<string> {
  return `${await processNamespace()}-${process.pid}`;
}

async function processNamespace(): Promise<string> {
  const link = await readlink("/proc/self/ns/pid").catch(() => "");
  return /\d+/.exec(link)?.[0] ?? "0";
}

async function isAbandoned(name: string): Promise<boolean> {
  const [namespace, pid] = name.slice(prefix.length).split("-");
  if (namespace !== (await processNamespace()) || !/^\d+$/.test(pid ?? "")) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH";
  }
}

async function scratchParent(): Promise<string> {
  const memory = "/dev/shm";
  const isUsable = await access(memory, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return process.platform === "linux" && isUsable ? memory : tmpdir();
}

/** A command may have left folders that nobody can look into. */
async function makeRemovable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeRemovable(join(folder, entry.name));
  }
}
