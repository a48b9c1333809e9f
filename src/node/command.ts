import { type ChildProcess, spawn } from "node:child_process";
import type { CommandResult } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { childEnvironment } from "./childEnvironment.ts";

export interface CommandOptions {
  readonly folder: string;
  /** An empty folder that the command takes for the user's home. */
  readonly home: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const graceMs = 2_000;

/**
 * Runs one command by bash, without terminal or input, in a process group of its own. The whole group
 * is gone when this returns: processes it left in the background too.
 */
export function runCommand(command: string, options: CommandOptions): Promise<Omit<CommandResult, "changes">> {
  const { folder, home, signal, timeoutMs } = options;
  const output = createOutput();
  const child = spawn("bash", ["-c", command], {
    cwd: folder,
    env: childEnvironment({
      HOME: home,
      TERM: "dumb",
      PAGER: "cat",
      GIT_TERMINAL_PROMPT: "0",
      PYTHONDONTWRITEBYTECODE: "1",
    }),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", output.add);
  let timedOut = false;
  const stop = () => stopGroup(child);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(noBash(error)));
    child.on("exit", () => killGroup(child, "SIGKILL"));
    child.on("close", (code) => resolve({ exitCode: code ?? undefined, output: output.text(), timedOut }));
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }) as Promise<Omit<CommandResult, "changes">>;
}

function stopGroup(child: ChildProcess): void {
  killGroup(child, "SIGTERM");
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) killGroup(child, "SIGKILL");
  }, graceMs).unref();
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    const gone = thrown instanceof Error && "code" in thrown && (thrown.code === "ESRCH" || thrown.code === "EPERM");
    if (!gone) throw thrown;
  }
}

function noBash(cause: Error): Error {
  const message = `bash cannot be started (${cause.message}); install it, or go on without commands.`;
  return new UserFacingError("NO_BASH", message);
}

const keptAtEachEnd = 16_000;

interface Output {
  readonly add: (text: string) => void;
  readonly text: () => string;
}

/** Keeps the beginning and the end of an output of any length, without terminal control sequences. */
function createOutput(): Output {
  let head = "";
  let tail = "";
  let omitted = 0;
  return {
    add: (text) => {
      const room = keptAtEachEnd - head.length;
      head += text.slice(0, Math.max(0, room));
      tail += text.slice(Math.max(0, room));
      const excess = tail.length - keptAtEachEnd;
      if (excess > 0) {
        omitted += excess;
        tail = tail.slice(excess);
      }
    },
    text: () => plain(omitted > 0 ? `${head}\n… ${omitted} characters left out …\n${tail}` : head + tail),
  };
}

function plain(text: string): string {
  const esc = String.fromCharCode(27);
  const bell = String.fromCharCode(7);
  return text
    .replace(new RegExp(`${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`, "g"), "")
    .replace(new RegExp(`${esc}\\[[0-9;?]*[ -/]*[@-~]`, "g"), "")
    .replace(/[^\P{Cc}\n\t]/gu, "");
}
