import type { ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

/** Signals a whole process group; one that is gone already is no failure. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) signalQuietly(-pid, signal);
}

/** The variable by which a process is known to belong to one run of a command, wherever it went. */
export const runMarker = "BACKEND_IMPLEMENTER_RUN";

/**
 * Kills every process that still carries the mark, in other process groups and sessions too, and tells
 * their names. Only Linux tells the environment of a process; elsewhere nothing is found.
 */
export async function killMarked(mark: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir("/proc").catch(() => [])) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.includes(`${runMarker}=${mark}`)) continue;
    names.push((await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?")).trim());
    signalQuietly(pid, "SIGKILL");
  }
  return names;
}

function signalQuietly(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (thrown) {
    const gone = thrown instanceof Error && "code" in thrown && (thrown.code === "ESRCH" || thrown.code === "EPERM");
    if (!gone) throw thrown;
  }
}
