import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import type { CommandResult } from "../session/ports.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { neverRun } from "./commandPolicy.ts";
import { askFor, endLines, questionOf } from "./commandQuestion.ts";
import { proposablePath, propose } from "./proposing.ts";
import type { Commands, ToolPorts } from "./toolPorts.ts";

const defaultTimeout = 120_000;
const longestTimeout = 600_000;
const longestCommand = 8_000;

const input = z.strictObject({
  command: z.string().min(1).describe("The command, run by bash on the workspace with the proposals"),
  timeout: z.int().min(1).max(longestTimeout).optional().describe("Time limit in milliseconds; 120000 without it"),
  description: z.string().optional().describe("What the command is for, in a few words"),
  database: z.boolean().optional().describe("Whether it needs the local PostgreSQL socket; the user is asked"),
});

/**
 * Commands, on the proposed state. In the sandbox they run without a question, unless they want more
 * than it gives; elsewhere each one is asked about. Nothing that the model says counts as an answer.
 */
export function createBashTool(commands: Commands, ports: ToolPorts): Tool {
  /** What the person has allowed for the rest of the run, word for word. */
  const allowed = new Set<string>();
  return defineTool({
    name: "Bash",
    description:
      "Runs a command on the proposed state of the workspace, without network. Files it changes become proposals.",
    kind: "execute",
    input,
    run: async ({ command, timeout = defaultTimeout, database = false }, signal) => {
      refuseCommand(command);
      const isolation = await commands.shell.isolation();
      const isConfined = isolation.tier === "sandbox";
      if (!isConfined) refuseEverywhere(command);
      if (!isConfined || database || commands.askAlways) {
        await askFor(questionOf({ command, database, isolation }, ports), commands, allowed);
      }
      const result = await commands.shell.run(command, { signal, timeoutMs: timeout, database });
      return [...endLines(result, timeout, isolation), ...(await proposeAll(result.changes, ports))].join("\n");
    },
  });
}

function refuseCommand(command: string): void {
  if (command.length > longestCommand) {
    throw new UserFacingError("COMMAND_SIZE", `The command has more than ${longestCommand} characters; shorten it.`);
  }
  if (command.includes("\0")) {
    throw new UserFacingError("COMMAND_TEXT", "The command has a NUL character; leave it out.");
  }
}

function refuseEverywhere(command: string): void {
  const why = neverRun(command);
  if (why === undefined) return;
  throw new UserFacingError("COMMAND_NEVER", `The command is not run, also not when allowed: ${why}. Do without it.`);
}

/** One line a file; what may not be proposed is refused by name and left in the copy. */
async function proposeAll(changes: CommandResult["changes"], given: ToolPorts): Promise<string[]> {
  const ports: ToolPorts = { ...given, origin: "command" };
  const lines: string[] = [];
  for (const { path, text } of changes) {
    try {
      lines.push(await propose(await proposablePath(path, ports), text, ports));
    } catch (thrown) {
      lines.push(messageOf(thrown));
    }
  }
  return lines;
}
