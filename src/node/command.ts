import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { CommandResult } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { plainWords } from "../support/plainWords.ts";
import { childEnvironment } from "./childEnvironment.ts";
import { createCommandOutput } from "./commandOutput.ts";
import { killMarked, runMarker, signalGroup } from "./processGroup.ts";

export interface CommandOptions {
  readonly folder: string;
  /** An empty folder that the command takes for the user's home. */
  readonly home: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Where programs are looked for. */
  readonly path: string;
  /** Program and arguments put in front, which confine what follows. */
  readonly confinement?: readonly string[];
}

export type EndedCommand = Pick<CommandResult, "exitCode" | "output" | "timedOut" | "leftRunning">;

const graceMs = 2_000;

/** What every command is told, so that none waits for an answer or fills the copy with caches. */
export const quietEnvironment: Readonly<Record<string, string>> = {
  TERM: "dumb",
  PAGER: "cat",
  GIT_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  PIP_NO_INPUT: "1",
  PYTHONDONTWRITEBYTECODE: "1",
};

/** Plain words are executed as they are; anything else is a script for bash. */
export function argvOf(command: string): readonly string[] {
  return plainWords(command) ?? ["bash", "-c", command];
}

/**
 * Runs one command without terminal or input, in a process group of its own. Everything it started is
 * gone when this returns, also what it put into the background or another session.
 */
export async function runCommand(command: string, options: CommandOptions): Promise<EndedCommand> {
  const { folder, home, signal, timeoutMs, confinement = [] } = options;
  const output = createCommandOutput();
  const mark = randomUUID();
  const [program = "", ...args] = [...confinement, ...argvOf(command)];
  const child = spawn(program, args, {
    cwd: folder,
    env: childEnvironment({ ...quietEnvironment, HOME: home, PATH: options.path, [runMarker]: mark }),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", output.add);
  let timedOut = false;
  const stop = () => {
    signalGroup(child, "SIGTERM");
    setTimeout(() => void end(), graceMs).unref();
  };
  const end = async () => {
    signalGroup(child, "SIGKILL");
    return killMarked(mark);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<EndedCommand>((resolve, reject) => {
      let leftRunning: Promise<readonly string[]> = Promise.resolve([]);
      child.on("error", (error) => reject(cannotStart(program, error)));
      child.on("exit", () => {
        leftRunning = end();
      });
      child.on("close", (code) => {
        const ended = (names: readonly string[]) =>
          resolve({ exitCode: code ?? undefined, output: output.text(), timedOut, leftRunning: names });
        leftRunning.then(ended, reject);
      });
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function cannotStart(program: string, cause: Error): Error {
  const message = `${program} cannot be started (${cause.message}); install it, or go on without it.`;
  return new UserFacingError("NO_PROGRAM", message);
}
