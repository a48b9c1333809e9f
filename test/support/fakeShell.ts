import type { Approvals, CommandResult, Shell } from "../../src/session/ports.ts";

/** A shell that answers every command alike and keeps what it was asked to run. */
export function fakeShell(result: Partial<CommandResult> = {}): Shell & { readonly commands: readonly string[] } {
  const commands: string[] = [];
  return {
    commands,
    run: async (command) => {
      commands.push(command);
      return { exitCode: 0, output: "", timedOut: false, changes: [], ...result };
    },
  };
}

export const approveAll: Approvals = { approveCommand: async () => true };

export const declineAll: Approvals = { approveCommand: async () => false };
