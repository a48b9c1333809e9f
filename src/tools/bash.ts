import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import type { CommandQuestion, CommandResult, Isolation } from "../session/ports.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { judgePath } from "../support/pathClass.ts";
import { effectsOf, neverRun, runsProject } from "./commandPolicy.ts";
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
      return [...summary(result, timeout, isolation), ...(await proposeAll(result.changes, ports))].join("\n");
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

interface Wish {
  readonly command: string;
  readonly database: boolean;
  readonly isolation: Isolation;
}

function questionOf({ command, database, isolation }: Wish, ports: ToolPorts): CommandQuestion {
  const proposed = isolation.tier !== "sandbox" && runsProject(command) ? runningFiles(ports) : [];
  const effects = [
    ...(database ? ["It can read and change every database that you can, through the socket of PostgreSQL."] : []),
    ...effectsOf(command),
    ...(proposed.length > 0 ? [`It can run what is proposed and not accepted yet: ${proposed.join(", ")}.`] : []),
  ];
  return { command, isolation, effects };
}

const mostNamed = 5;

/** Proposed files that Python or a tool runs; those first that tools run by themselves. */
function runningFiles({ changes }: ToolPorts): readonly string[] {
  const paths = changes.files().map(({ path }) => path);
  const [byThemselves, code] = [
    paths.filter((path) => judgePath(path).class !== "normal"),
    paths.filter((path) => judgePath(path).class === "normal" && path.endsWith(".py")),
  ];
  const named = [...byThemselves, ...code];
  const more = named.length - mostNamed;
  return more > 0 ? [...named.slice(0, mostNamed), `${more} more`] : named;
}

async function askFor(question: CommandQuestion, { approvals }: Commands, allowed: Set<string>): Promise<void> {
  const key = JSON.stringify([question.command, question.effects, question.isolation.tier]);
  if (allowed.has(key)) return;
  const answer = await approvals.approveCommand(question);
  if (answer === "run") allowed.add(key);
  if (answer !== "no") return;
  throw new UserFacingError("DECLINED", "The user does not allow this command; go on without it.");
}

function summary(result: CommandResult, timeout: number, { tier }: Isolation): string[] {
  const { exitCode, output, timedOut, leftRunning, rejected } = result;
  const end = timedOut
    ? `TIMEOUT: stopped after ${timeout} ms.`
    : `Exit code: ${exitCode ?? "none, ended by a signal"}.`;
  const waits = timedOut && output.trim() === "" ? ["It may have waited for input, which there is none of."] : [];
  const offline = exitCode !== 0 && tier === "sandbox" && networkFailure.test(output);
  return [
    output.trim() === "" ? "(no output)" : output,
    end,
    ...waits,
    ...(offline ? ["The network is off for commands; ask the user for what must come from there."] : []),
    ...(leftRunning.length > 0 ? [`Ended what it had left running: ${leftRunning.join(", ")}.`] : []),
    ...rejected,
  ];
}

const networkFailure =
  /could ?n[o']t resolve|name resolution|network is unreachable|name or service not known|no route to host|ENOTFOUND|EAI_AGAIN|failed to establish a new connection|connection refused/i;

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
