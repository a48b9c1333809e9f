import { mkdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChangeSet } from "../changes/model.ts";
import type { CommandResult, ShellOptions } from "../session/ports.ts";
import { programPath } from "./childEnvironment.ts";
import { runCommand } from "./command.ts";
import { createScratch, removeScratch } from "./sandboxState.ts";
import { createShadowCopy } from "./shadowCopy.ts";

export interface ShadowCommand extends ShellOptions {
  readonly root: string;
  readonly changes: ChangeSet;
  /** What confines the command to the folders it may write in; nothing does when undefined. */
  readonly confine?: (folders: readonly string[]) => readonly string[];
}

/**
 * Runs one command in a temporary copy of the folder that holds the proposals. What it does to the copy
 * is returned; the copy is removed.
 *
 * The copy keeps the real files out of the way and is no isolation: a command can still reach the
 * user's other files and the network, which is why each one is approved by hand.
 */
export async function runInShadowCopy(command: string, options: ShadowCommand): Promise<CommandResult> {
  const { root, changes, signal, timeoutMs, confine } = options;
  signal.throwIfAborted();
  const scratch = await createScratch(tmpdir());
  try {
    const [home, workspace] = [join(scratch, "home"), join(scratch, "workspace")];
    await mkdir(home);
    const copy = await createShadowCopy(root, workspace, changes);
    signal.throwIfAborted();
    const confinement = confine?.([home, workspace]) ?? [];
    const path = programPath(await realpath(root));
    const ended = await runCommand(command, { folder: copy.folder, home, path, signal, timeoutMs, confinement });
    signal.throwIfAborted();
    return { ...ended, changes: await copy.harvest(), rejected: [] };
  } finally {
    await removeScratch(scratch);
  }
}
