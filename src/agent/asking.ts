import { messageOf } from "../support/errors.ts";
import type { AgentEvent, AssistantMessage, Message } from "./messages.ts";
import { type ModelClient, ModelError, type ModelEvent } from "./model.ts";
import type { ToolSpec } from "./tool.ts";
import { createWriteReader, type WriteReader } from "./writeReader.ts";

export interface AskOptions {
  readonly model: ModelClient;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly signal: AbortSignal;
  /** Waits between two tries; real time when undefined. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1, as `Math.random`: spreads the tries of many windows. No spread when undefined. */
  readonly random?: () => number;
  /** Milliseconds, monotonic; the clock when undefined. */
  readonly now?: () => number;
}

const tries = 4;
const firstDelay = 500;
/** A quarter more or less, so that all who met the same overload do not come back together. */
const spread = 0.25;
/** A provider that wants more patience than this is reported instead of waited for. */
const longestDelay = 60_000;

/** One whole turn; a turn that broke off leaves nothing behind and is asked for again from the start. */
export async function* ask(
  messages: readonly Message[],
  options: AskOptions,
): AsyncGenerator<AgentEvent, AssistantMessage | ModelError, void> {
  for (let attempt = 0; ; attempt++) {
    const reply = yield* askOnce(messages, options);
    if (!(reply instanceof ModelError)) return reply;
    if (reply.usage) yield { type: "usage", usage: reply.usage };
    const backoff = firstDelay * 2 ** attempt * (1 + spread * (2 * (options.random?.() ?? 0.5) - 1));
    const delayMs = Math.max(Math.round(backoff), reply.retryAfterMs ?? 0);
    if (!reply.retryable || attempt + 1 >= tries || delayMs > longestDelay) return reply;
    yield { type: "retrying", reason: reply.message, delayMs };
    await (options.pause ?? sleep)(delayMs, options.signal);
    if (options.signal.aborted) return new ModelError("aborted", "The run was cancelled.");
  }
}

async function* askOnce(
  messages: readonly Message[],
  { model, system, tools, signal, now = () => performance.now() }: AskOptions,
): AsyncGenerator<AgentEvent, AssistantMessage | ModelError, void> {
  const open = new Map<string, OpenWrite>();
  try {
    // A copy, so that a client that keeps the request does not see it grow.
    for await (const event of model.stream({ system, tools, messages: [...messages], signal })) {
      if (event.type === "end") return event.message;
      if (event.type === "callInput") yield* written(event, open, now());
      else yield event;
    }
    return new ModelError("protocol", "The model's answer ended without a message.");
  } catch (thrown) {
    if (signal.aborted) return new ModelError("aborted", "The run was cancelled.", { cause: thrown });
    return thrown instanceof ModelError
      ? thrown
      : new ModelError("invalidRequest", messageOf(thrown), { cause: thrown });
  }
}

type CallInput = Extract<ModelEvent, { type: "callInput" }>;

interface OpenWrite {
  readonly reader: WriteReader;
  /** How much of the text was told, and when the last time. */
  told: number;
  toldAt: number;
  /** What has come since. */
  pending: string;
}

/** Text comes in pieces of a word; each that is told goes through the whole session, and nobody reads that fast. */
const betweenTold = 100;

/** What a call of Write has come to say of its file. What comes last is not told: the whole call follows. */
function* written({ id, name, delta }: CallInput, open: Map<string, OpenWrite>, now: number): Generator<AgentEvent> {
  if (name !== "Write") return;
  const write = open.get(id) ?? { reader: createWriteReader(), told: 0, toldAt: Number.NEGATIVE_INFINITY, pending: "" };
  open.set(id, write);
  write.pending += write.reader.add(delta);
  const path = write.reader.path();
  if (path === undefined || write.pending === "" || now - write.toldAt < betweenTold) return;
  const text = write.pending;
  yield { type: "writing", callId: id, path, at: write.told, delta: text };
  write.told += text.length;
  write.toldAt = now;
  write.pending = "";
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}
