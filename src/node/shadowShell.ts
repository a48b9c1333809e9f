import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChangeSet } from "../changes/model.ts";
import type { CommandResult, Shell } from "../session/ports.ts";
import { runCommand } from "./command.ts";
import { createShadowCopy } from "./shadowCopy.ts";

/**
 * Runs commands by bash in a temporary copy of the folder that holds the proposals. What a command
 * does to the copy is returned; the copy is removed. One command runs at a time.
 *
 * The copy keeps the real files out of the way and is no isolation: a command can still reach the
 * user's other files and the network, which is why each one is approved by hand.
 */
export function createShadowShell(root: string, changes: ChangeSet): Shell {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    run: (command, options) => {
      const result = queue.then(() => runInCopy(root, changes, command, options));
      queue = result.catch(() => undefined);
      return result;
    },
  };
}

async function runInCopy(
  root: string,
  changes: ChangeSet,
  command: string,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<CommandResult> {
  signal.throwIfAborted();
  const scratch = await mkdtemp(join(tmpdir(), "backend-implementer-"));
  try {
    const home = join(scratch, "home");
    await mkdir(home);
    const copy = await createShadowCopy(root, join(scratch, "workspace"), changes);
    signal.throwIfAborted();
    const ended = await runCommand(command, { folder: copy.folder, home, signal, timeoutMs });
    signal.throwIfAborted();
    return { ...ended, changes: await copy.harvest() };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}
