import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreLock } from "../session/ports.ts";
import { asUnusableStorage } from "../session/unusableStorage.ts";
import { UserFacingError } from "../support/errors.ts";
import { makeFolders, readIfThere } from "./acceptJournal.ts";
import { codeOf, type FileSystem, ifMissing, nodeFileSystem } from "./fileSystem.ts";

export const lockName = "review.lock";

interface Owner {
  readonly pid: number;
  /** What tells a process from a later one with the same number; empty where the system does not say. */
  readonly started: string;
  readonly since: string;
}

/** One window at a time writes for a folder: two of them may have it open. */
export function createStoreLock(folder: string, files: FileSystem = nodeFileSystem): StoreLock {
  const path = join(folder, lockName);
  const since = new Date().toISOString();
  const asOwner = (): Owner => ({ pid: process.pid, started: startOf(process.pid) ?? "", since });
  const isOwn = async (): Promise<boolean> => sameProcess(await ownerIn(files, path), asOwner());

  const take = async (): Promise<void> => {
    await makeFolders(files, folder);
    const own = asOwner();
    for (let attempt = 1; ; attempt++) {
      if (await create(files, path, JSON.stringify(own))) return;
      const owner = await ownerIn(files, path);
      if (sameProcess(owner, own)) return;
      if (isStale(owner, attempt)) await files.unlink(path).catch(ifMissing);
      else await pauseFor(owner, attempt);
    }
  };
  return {
    take: async () => {
      try {
        await take();
      } catch (thrown) {
        throw asUnusableStorage(folder, thrown);
      }
    },
    release: async () => {
      if (await isOwn()) await files.unlink(path).catch(ifMissing);
    },
  };
}

/** A window that is reloaded ends a moment after the new one begins. */
const patience = 8;
const pauseMs = 250;

async function create(files: FileSystem, path: string, text: string): Promise<boolean> {
  try {
    const handle = await files.open(path, "wx", 0o600);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

async function ownerIn(files: FileSystem, path: string): Promise<Owner | undefined> {
  const text = await readIfThere(files, path);
  const [, pid, started, since] = /^\{"pid":(\d+),"started":"(\w*)","since":"([\w:.-]+)"\}$/.exec(text ?? "") ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), started: started ?? "", since: since ?? "" };
}

function sameProcess(left: Owner | undefined, right: Owner): boolean {
  return left?.pid === right.pid && left.started === right.started;
}

async function pauseFor(owner: Owner | undefined, attempt: number): Promise<void> {
  if (owner !== undefined && attempt > patience) throw inUse(owner);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}

/** A lock that says nothing may be just being written. */
function isStale(owner: Owner | undefined, attempt: number): boolean {
  return owner === undefined ? attempt > 1 : !isRunning(owner);
}

function isRunning({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // Of somebody else's process we may not even ask.
    if (codeOf(thrown) !== "EPERM") return false;
  }
  const now = startOf(pid);
  return now === undefined || started === "" || now === started;
}

/** In ticks since the machine was started; only Linux tells it in a file. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")")).split(" ")[20];
  } catch {
    return undefined;
  }
}

function inUse({ pid, since }: Owner): UserFacingError {
  const message = `Another window (process ${pid}, since ${since}) reviews this folder, so nothing is written from here. Decide there, or close it and try again.`;
  return new UserFacingError("IN_USE", message);
}
