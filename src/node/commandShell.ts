import type { ChangeSet } from "../changes/model.ts";
import type { CommandResult, Isolation, Shell, ShellOptions } from "../session/ports.ts";
import { landlockPrefix } from "./landlock.ts";
import { runSandboxed } from "./overlaySandbox.ts";
import { type Confinement, probeConfinement } from "./sandboxProbe.ts";
import { removeLeftovers } from "./sandboxState.ts";
import { runInShadowCopy } from "./shadowShell.ts";

export interface CommandShellOptions {
  /** Finds out what this machine allows; really tried when undefined. */
  readonly probe?: () => Promise<Confinement>;
  /** Told once, before the first command. */
  readonly onIsolation?: (isolation: Isolation) => void;
}

/**
 * Runs commands on the proposed state of a folder, as isolated as the machine allows. Which way that is,
 * is found out before the first command and never changes after: a sandbox that fails fails the command
 * (research/security.md §5). One command runs at a time.
 */
export function createCommandShell(root: string, changes: ChangeSet, options: CommandShellOptions = {}): Shell {
  const { probe = probeConfinement, onIsolation } = options;
  let probed: Promise<Confinement> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const confinement = (): Promise<Confinement> => {
    probed ??= removeLeftovers().then(async () => {
      const found = await probe();
      onIsolation?.(found.isolation);
      return found;
    });
    return probed;
  };
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = queue.then(task);
    queue = result.catch(() => undefined);
    return result;
  };
  return {
    isolation: async () => (await confinement()).isolation,
    run: (command, options) =>
      inTurn(async () => runConfined(command, { ...options, root, changes, confinement: await confinement() })),
  };
}

interface ConfinedCommand extends ShellOptions {
  readonly root: string;
  readonly changes: ChangeSet;
  readonly confinement: Confinement;
}

function runConfined(command: string, options: ConfinedCommand): Promise<CommandResult> {
  const { confinement } = options;
  options.signal.throwIfAborted();
  switch (confinement.kind) {
    case "overlay":
      return runSandboxed(command, { ...options, programs: confinement.programs });
    case "landlock":
      return runInShadowCopy(command, {
        ...options,
        confine: (folders) => landlockPrefix(confinement.python, folders),
      });
    case "copy":
      return runInShadowCopy(command, options);
  }
}
