import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");
export const extensionId = "backend-implementer.backend-implementer";

const home = join(root, ".vscode-test");
const temporary = join(home, "tmp");

/** Screenshots and logs of failed tests end up here; each run starts with none. */
export const artefacts = join(home, "artefacts");

/** Where a tool is unpacked once and kept between runs. */
export function toolFolder(name: string): string {
  return join(home, name);
}

/**
 * A new, empty folder of this process, named as given because the workbench shows the name.
 *
 * It is deleted when this process exits; what a killed process left is deleted first.
 */
export function temporaryFolder(name: string): string {
  purge();
  const mine = join(temporary, String(process.pid));
  if (!existsSync(mine)) process.once("exit", () => rmSync(mine, removal));
  const next = String(existsSync(mine) ? readdirSync(mine).length : 0);
  const folder = join(mine, next, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** What has just been ended may still write. */
const removal = { recursive: true, force: true, maxRetries: 5 } as const;

function purge(): void {
  if (!existsSync(temporary)) return;
  for (const owner of readdirSync(temporary)) {
    if (!isAlive(Number(owner))) rmSync(join(temporary, owner), removal);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
