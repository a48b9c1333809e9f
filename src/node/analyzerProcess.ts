import { type ChildProcess, fork } from "node:child_process";
import type { Analyzer, Log } from "../session/ports.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import type { Disposable } from "../support/events.ts";
import { createOutbox } from "./analyzerOutbox.ts";
import { createAnalyzerParent } from "./analyzerParent.ts";
import type { AnalyzerCall, AnalyzerFailure, FromAnalyzer } from "./analyzerProtocol.ts";
import { childEnvironment } from "./childEnvironment.ts";

export interface AnalyzerProcessOptions {
  /** Path of the bundled `analyzer.cjs`, or of `analyzer.ts` in development. */
  readonly script: string;
  readonly log: Log;
  /** Idle time after which the process is ended; its memory cannot be had back otherwise. */
  readonly idleMs?: number;
}

export interface AnalyzerProcess extends Analyzer, Disposable {
  /** Starts the process ahead of a call that will come soon; until then it makes itself ready. */
  readonly prepare: () => void;
}

/**
 * The analyzers in a process of their own, started with the first call if not before. When it dies under a call,
 * a new one gets the call once more; the second time the call is rejected.
 */
export function createAnalyzerProcess(options: AnalyzerProcessOptions): AnalyzerProcess {
  const client = new AnalyzerClient(options);
  return {
    readSpec: (documents, signal) => client.call("readSpec", documents, signal),
    readKinds: (documents, signal) => client.call("readKinds", documents, signal),
    convertDesign: (text, signal) => client.call("convertDesign", text, signal),
    compile: (input, signal) => client.call("compile", input, signal),
    review: (input, signal) => client.call("review", input, signal),
    tidy: (input, signal) => client.call("tidy", input, signal),
    annotate: (input, signal) => client.call("annotate", input, signal),
    joinCommits: (input, signal) => client.call("joinCommits", input, signal),
    prepare: () => client.prepare(),
    dispose: () => client.stop(),
  };
}

interface PendingCall {
  readonly call: AnalyzerCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  crashes: number;
}

interface Peer {
  readonly child: ChildProcess;
  ask(call: AnalyzerCall): void;
}

type Answer = Extract<FromAnalyzer, { readonly value: unknown } | { readonly error: unknown }>;

const mostCrashes = 2;

class AnalyzerClient {
  readonly #options: AnalyzerProcessOptions;
  readonly #pending = new Map<number, PendingCall>();
  /** What it was sent and has answered is remembered with it. */
  #peer: Peer | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(options: AnalyzerProcessOptions) {
    this.#options = options;
  }

  async call<Value>(method: keyof Analyzer, argument: unknown, signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { call: { id, method, argument }, resolve, reject, crashes: 0 });
    });
    const cancel = () => this.#cancel(id);
    signal.addEventListener("abort", cancel, { once: true });
    clearTimeout(this.#idle);
    this.#send(id);
    try {
      return (await answered) as Value;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#stopWhenIdle();
    }
  }

  prepare(): void {
    this.#peer ??= this.#start();
    if (this.#pending.size === 0) this.#stopWhenIdle();
  }

  /** Ends the process; calls that are under way are rejected as cancelled. */
  stop(): void {
    clearTimeout(this.#idle);
    this.#end();
    for (const { reject } of this.#pending.values()) reject(cancelled());
  }

  #send(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#peer ??= this.#start();
    this.#peer.ask(pending.call);
  }

  #start(): Peer {
    const { script, log } = this.#options;
    const parent = createAnalyzerParent();
    const child = fork(script, [], {
      env: childEnvironment(),
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const send = createOutbox((message, written) => child.send(message, written));
    const ask = (call: AnalyzerCall): void => {
      send(parent.encode(call)).catch((error: unknown) => {
        if (this.#peer === peer) log.warn(`The analyzer process does not take call ${call.id}: ${messageOf(error)}`);
      });
    };
    const peer = { child, ask };
    child.stderr?.setEncoding("utf8").on("data", (text: string) => log.warn(`analyzer: ${text.trim()}`));
    child.on("message", (message: FromAnalyzer) => {
      // Also for a call that was cancelled: the process takes it for received.
      if ("list" in message) parent.take(message);
      else this.#receive("review" in message ? { id: message.id, value: parent.decode(message.review) } : message);
    });
    child.on("error", (error) => log.error("The analyzer process failed.", error));
    child.on("exit", (code, killedBy) => {
      if (this.#peer === peer) this.#crashed(code ?? killedBy ?? "unknown");
    });
    return peer;
  }

  #receive(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    if ("error" in answer) pending.reject(failure(answer.error));
    // As JSON an answer of undefined has no value at all.
    else pending.resolve("value" in answer ? answer.value : undefined);
  }

  #crashed(code: number | string): void {
    this.#peer = undefined;
    this.#options.log.warn(`The analyzer process ended unexpectedly (${code}).`);
    for (const [id, pending] of this.#pending) {
      pending.crashes++;
      if (pending.crashes < mostCrashes) this.#send(id);
      else pending.reject(crash(code));
    }
  }

  /** Nothing in the process can be interrupted, so it is ended when nobody else waits for it. */
  #cancel(id: number): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#end();
    pending?.reject(cancelled());
  }

  #stopWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), this.#options.idleMs ?? 60_000);
    this.#idle.unref();
  }

  #end(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.child.kill();
  }
}

function failure({ message, stack, code }: AnalyzerFailure): Error {
  if (code !== undefined) return new UserFacingError(code, message.slice(`${code}: `.length));
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function cancelled(): Error {
  return new DOMException("The analysis was cancelled.", "AbortError");
}

function crash(code: number | string): UserFacingError {
  return new UserFacingError(
    "ANALYZER_CRASHED",
    `The analyzer process ended twice under the same work (${code}); a document or file may be too large. See the log.`,
  );
}
