import { type ChildProcess, fork } from "node:child_process";
import type { ExecutedDesign, Log, ScratchDatabase } from "../session/ports.ts";
import type { DdlOutcome } from "../spec/ddl/execute.ts";
import type { DdlStatement } from "../spec/ddl/statement.ts";
import { childEnvironment } from "./childEnvironment.ts";
import type { ScratchDatabaseAnswer } from "./scratchDatabaseProtocol.ts";

export interface ScratchDatabaseOptions {
  /** Path of the bundled `scratchDatabase.cjs`, or of `scratchDatabase.ts` in development. */
  readonly script: string;
  readonly log: Log;
  readonly limits?: ScratchDatabaseLimits;
}

/** In milliseconds. */
export interface ScratchDatabaseLimits {
  /** From the start of the process to the first statement. */
  readonly start: number;
  readonly statement: number;
  /** For everything, new processes after an endless statement included. */
  readonly total: number;
}

const usualLimits: ScratchDatabaseLimits = { start: 20_000, statement: 5_000, total: 40_000 };

/**
 * An embedded PostgreSQL, in a process of its own for every script: nothing in it can be interrupted, and its memory
 * comes back only with its end. A statement over the limit ends the process, and the others are executed in a new one.
 */
export function createScratchDatabase({ script, log, limits = usualLimits }: ScratchDatabaseOptions): ScratchDatabase {
  return {
    execute: async (statements, signal) => {
      const deadline = performance.now() + limits.total;
      const endless: number[] = [];
      for (;;) {
        signal.throwIfAborted();
        const left = statements.flatMap((statement, index) => (endless.includes(index) ? [] : [{ statement, index }]));
        const ended = await runOnce(
          left.map(({ statement }) => statement),
          { script, log, limits, deadline, signal },
        );
        if ("outcomes" in ended) return executed(ended.outcomes, left, endless);
        const index = left[ended.stuckAt ?? -1]?.index;
        if (index === undefined || performance.now() > deadline) return { incomplete: ended.reason };
        endless.push(index);
      }
    },
  };
}

function executed(
  outcomes: readonly DdlOutcome[],
  left: readonly { readonly index: number }[],
  endless: readonly number[],
): ExecutedDesign {
  return { outcomes: outcomes.map((outcome) => ({ ...outcome, index: left[outcome.index]?.index ?? -1 })), endless };
}

interface Attempt {
  readonly script: string;
  readonly log: Log;
  readonly limits: ScratchDatabaseLimits;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

type Ended =
  | { readonly outcomes: readonly DdlOutcome[] }
  | { readonly stuckAt: number | undefined; readonly reason: string };

async function runOnce(statements: readonly DdlStatement[], attempt: Attempt): Promise<Ended> {
  const child = start(attempt);
  try {
    return await follow(child, statements, attempt);
  } finally {
    child.kill("SIGKILL");
  }
}

function start({ script, log }: Attempt): ChildProcess {
  const child = fork(script, [], {
    env: childEnvironment(),
    execArgv: [...restrictions()],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => log.warn(`database: ${text.trim()}`));
  return child;
}

/** Where Node can, it takes from the process what it does not need: writing files, and starting others. */
function restrictions(): readonly string[] {
  return process.allowedNodeEnvironmentFlags.has("--permission") ? ["--permission", "--allow-fs-read=*"] : [];
}

function follow(child: ChildProcess, statements: readonly DdlStatement[], attempt: Attempt): Promise<Ended> {
  const { limits, deadline, signal } = attempt;
  return new Promise<Ended>((resolve, reject) => {
    const state: { startedAt?: number; timer?: NodeJS.Timeout } = {};
    const finish = (ended: Ended): void => {
      clearTimeout(state.timer);
      signal.removeEventListener("abort", cancel);
      resolve(ended);
    };
    const cancel = (): void => {
      clearTimeout(state.timer);
      reject(new DOMException("The execution of the design was cancelled.", "AbortError"));
    };
    const limit = (milliseconds: number): void => {
      clearTimeout(state.timer);
      const rest = Math.min(milliseconds, Math.max(0, deadline - performance.now()));
      state.timer = setTimeout(() => finish({ stuckAt: state.startedAt, reason: "it took too long" }), rest);
    };
    signal.addEventListener("abort", cancel, { once: true });
    limit(limits.start);
    child.on("message", (answer: ScratchDatabaseAnswer) => {
      if ("outcomes" in answer) finish(answer);
      else if ("error" in answer) finish({ stuckAt: state.startedAt, reason: answer.error });
      else {
        state.startedAt = answer.started;
        limit(limits.statement);
      }
    });
    child.on("error", (error) => finish({ stuckAt: undefined, reason: error.message }));
    child.on("exit", (code, by) => finish({ stuckAt: state.startedAt, reason: `its process ended (${code ?? by})` }));
    child.send(statements, (error) => {
      if (error) finish({ stuckAt: undefined, reason: error.message });
    });
  });
}
