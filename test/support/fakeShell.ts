import type { Approvals, CommandQuestion, CommandResult, Isolation, Shell } from "../../src/session/ports.ts";

export interface FakeShell extends Shell {
  /** What it was asked to run. */
  readonly commands: readonly string[];
}

/** A shell that answers every command alike. It isolates nothing unless said otherwise. */
export function fakeShell(result: Partial<CommandResult> = {}, tier: Isolation["tier"] = "copy"): FakeShell {
  const commands: string[] = [];
  return {
    commands,
    isolation: async () => ({ tier, summary: `tier ${tier}` }),
    run: async (command) => {
      commands.push(command);
      return { exitCode: 0, output: "", timedOut: false, changes: [], rejected: [], leftRunning: [], ...result };
    },
  };
}

export const approveAll: Approvals = { approveCommand: async () => "once" };

export const declineAll: Approvals = { approveCommand: async () => "no" };

/** Approvals that keep what they were asked. */
export function askedApprovals(
  answer: "once" | "run" | "no",
): Approvals & { readonly asked: readonly CommandQuestion[] } {
  const asked: CommandQuestion[] = [];
  return {
    asked,
    approveCommand: async (question) => {
      asked.push(question);
      return answer;
    },
  };
}
