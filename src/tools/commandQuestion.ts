import type { CommandQuestion, CommandResult, Isolation } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { judgePath } from "../support/pathClass.ts";
import { effectsOf, runsProject } from "./commandPolicy.ts";
import type { Commands, ToolPorts } from "./toolPorts.ts";

/** A command that a tool is about to run. */
export interface Wish {
  readonly command: string;
  readonly database: boolean;
  readonly isolation: Isolation;
}

/** What the person is told of a command before it runs. */
export function questionOf({ command, database, isolation }: Wish, ports: ToolPorts): CommandQuestion {
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

/**
 * Asks, unless this very question was answered for the rest of the run. Throws the refusal when the
 * answer is no. What a tool was allowed counts for that tool only: each keeps its own `allowed`.
 */
export async function askFor(question: CommandQuestion, { approvals }: Commands, allowed: Set<string>): Promise<void> {
  const key = JSON.stringify([question.command, question.effects, question.isolation.tier]);
  if (allowed.has(key)) return;
  const answer = await approvals.approveCommand(question);
  if (answer === "run") allowed.add(key);
  if (answer !== "no") return;
  throw new UserFacingError("DECLINED", "The user does not allow this command; go on without it.");
}

/** How a command ended, in words for the model. */
export function endLines(result: CommandResult, timeout: number, { tier }: Isolation): string[] {
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
