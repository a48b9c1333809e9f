import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import type { Approvals, CommandResult, Shell } from "../session/ports.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { proposablePath, propose } from "./proposing.ts";
import type { ToolPorts } from "./toolPorts.ts";

const defaultTimeout = 120_000;
const longestTimeout = 600_000;
const longestCommand = 8_000;

const input = z.strictObject({
  command: z.string().min(1).describe("The command, run by bash in a copy of the workspace that holds the proposals"),
  timeout: z.int().min(1).max(longestTimeout).optional().describe("Time limit in milliseconds; 120000 without it"),
  description: z.string().optional().describe("What the command is for, in a few words"),
});

export function createBashTool(
  commands: { readonly shell: Shell; readonly approvals: Approvals },
  ports: ToolPorts,
): Tool {
  return defineTool({
    name: "Bash",
    description: "Runs a command after the user has allowed exactly this one. Files it changes become proposals.",
    kind: "execute",
    input,
    run: async ({ command, timeout = defaultTimeout }, signal) => {
      if (command.length > longestCommand) {
        throw new UserFacingError(
          "COMMAND_SIZE",
          `The command has more than ${longestCommand} characters; shorten it.`,
        );
      }
      if (!(await commands.approvals.approveCommand(command))) {
        throw new UserFacingError("DECLINED", "The user does not allow this command; go on without it.");
      }
      const result = await commands.shell.run(command, { signal, timeoutMs: timeout });
      return [...summary(result, timeout), ...(await proposeAll(result.changes, ports))].join("\n");
    },
  });
}

function summary({ exitCode, output, timedOut }: CommandResult, timeout: number): string[] {
  const end = timedOut ? `Stopped after ${timeout} ms.` : `Exit code: ${exitCode ?? "none, ended by a signal"}.`;
  return [output.trim() === "" ? "(no output)" : output, end];
}

/** One line a file; what may not be proposed is refused by name and left in the copy. */
async function proposeAll(changes: CommandResult["changes"], ports: ToolPorts): Promise<string[]> {
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
