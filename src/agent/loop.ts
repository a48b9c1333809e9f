import { messageOf } from "../support/errors.ts";
import type { AgentEvent, AssistantMessage, Message, StopReason, ToolCallPart, UserPart } from "./messages.ts";
import { type ModelClient, ModelError } from "./model.ts";
import type { Tool } from "./tool.ts";

export interface LoopOptions {
  readonly model: ModelClient;
  readonly system: string;
  /** Frozen for the run: another list would make the provider's cache and signed thinking void. */
  readonly tools: readonly Tool[];
  /** The history so far, ending in what the user says now. */
  readonly messages: readonly Message[];
  readonly maxTurns: number;
  readonly signal: AbortSignal;
  /**
   * Asked when the model believes it is done. A text is fed back to it as what is still missing, at
   * most {@link maxNudges} times; undefined lets it finish.
   */
  readonly beforeFinish?: () => Promise<string | undefined>;
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const maxNudges = 2;

/**
 * Asks the model, runs the tools it calls and feeds their output back, until it calls none.
 *
 * The history only ever grows, and is valid whenever the loop ends, also after a cancellation: each
 * call in it has its result. Nothing that a model or a tool does makes the loop throw; only a failing
 * `beforeFinish` does.
 */
export async function* runLoop(options: LoopOptions): AsyncGenerator<AgentEvent, readonly Message[], void> {
  const messages = [...options.messages];
  const spent: Spent = { nudges: 0, cuts: 0 };
  for (let turn = 0; turn < options.maxTurns; turn++) {
    const reply = yield* ask(messages, options);
    if (reply instanceof ModelError) return yield* stop(messages, failure(reply));
    messages.push(reply);
    yield { type: "usage", usage: reply.usage };

    const results = yield* runCalls(reply, options);
    const next = await followUp(reply, results, options, spent);
    if (next.parts.length > 0) messages.push({ role: "user", parts: next.parts });
    if (next.ending) return yield* stop(messages, next.ending);
  }
  const detail = `The model did not finish within ${options.maxTurns} turns.`;
  return yield* stop(messages, { reason: "turnLimit", detail });
}

interface Ending {
  readonly reason: StopReason;
  readonly detail?: string;
}

async function* stop(
  messages: readonly Message[],
  ending: Ending,
): AsyncGenerator<AgentEvent, readonly Message[], void> {
  yield { type: "stopped", ...ending };
  return messages;
}

function failure(error: ModelError): Ending {
  return error.kind === "aborted" ? { reason: "cancelled" } : { reason: "modelFailed", detail: error.message };
}

// ---- What follows a reply

interface FollowUp {
  readonly parts: readonly UserPart[];
  readonly ending?: Ending;
}

/** How often the model was asked again, of the times it may be. */
interface Spent {
  nudges: number;
  cuts: number;
}

const maxCuts = 2;

async function followUp(
  reply: AssistantMessage,
  results: readonly UserPart[],
  options: LoopOptions,
  spent: Spent,
): Promise<FollowUp> {
  if (options.signal.aborted) return { parts: results, ending: { reason: "cancelled" } };
  switch (reply.stop) {
    case "refusal":
      return { parts: results, ending: { reason: "refused", detail: "The model declined to answer." } };
    case "contextFull":
      return { parts: results, ending: { reason: "modelFailed", detail: "The model's context is full." } };
    case "paused":
      return { parts: results };
    case "maxTokens":
      spent.cuts++;
      return spent.cuts > maxCuts
        ? {
            parts: results,
            ending: { reason: "modelFailed", detail: "The model's answers are cut off again and again." },
          }
        : { parts: [...results, { type: "text", text: cutOff }] };
    case "end":
    case "toolCalls":
      return results.length > 0 ? { parts: results } : finish(options, spent);
  }
}

const cutOff = "Your answer was cut off at the output limit. Go on in smaller steps: one file for each Write.";

async function finish(options: LoopOptions, spent: Spent): Promise<FollowUp> {
  const missing = spent.nudges < maxNudges ? await stillMissing(options) : undefined;
  if (options.signal.aborted) return { parts: [], ending: { reason: "cancelled" } };
  if (missing === undefined) return { parts: [], ending: { reason: "finished" } };
  spent.nudges++;
  return { parts: [{ type: "text", text: missing }] };
}

async function stillMissing({ beforeFinish, signal }: LoopOptions): Promise<string | undefined> {
  try {
    return await beforeFinish?.();
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  }
}

// ---- Asking the model

const tries = 4;
const firstDelay = 500;
/** A provider that wants more patience than this is reported instead of waited for. */
const longestDelay = 60_000;

/** One whole turn; a turn that broke off is asked for again from the start. */
async function* ask(
  messages: readonly Message[],
  options: LoopOptions,
): AsyncGenerator<AgentEvent, AssistantMessage | ModelError, void> {
  for (let attempt = 0; ; attempt++) {
    const reply = yield* askOnce(messages, options);
    if (!(reply instanceof ModelError)) return reply;
    const delayMs = Math.max(firstDelay * 2 ** attempt, reply.retryAfterMs ?? 0);
    if (!reply.retryable || attempt + 1 >= tries || delayMs > longestDelay) return reply;
    yield { type: "retrying", reason: reply.message, delayMs };
    await (options.pause ?? sleep)(delayMs, options.signal);
    if (options.signal.aborted) return new ModelError("aborted", "The run was cancelled.");
  }
}

async function* askOnce(
  messages: readonly Message[],
  { model, system, tools, signal }: LoopOptions,
): AsyncGenerator<AgentEvent, AssistantMessage | ModelError, void> {
  try {
    // A copy, so that a client that keeps the request does not see it grow.
    for await (const event of model.stream({ system, tools, messages: [...messages], signal })) {
      if (event.type === "end") return event.message;
      yield event;
    }
    return new ModelError("protocol", "The model's answer ended without a message.");
  } catch (thrown) {
    if (signal.aborted) return new ModelError("aborted", "The run was cancelled.", { cause: thrown });
    return thrown instanceof ModelError
      ? thrown
      : new ModelError("invalidRequest", messageOf(thrown), { cause: thrown });
  }
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

// ---- Running tools

/**
 * Answers every call of the reply, in its order. Neighbouring `read` calls run together; the others
 * run one by one, because two edits of one file must see each other.
 */
async function* runCalls(
  reply: AssistantMessage,
  options: LoopOptions,
): AsyncGenerator<AgentEvent, readonly UserPart[], void> {
  const results: UserPart[] = [];
  for (const group of groups(
    reply.parts.filter((part) => part.type === "toolCall"),
    options.tools,
  )) {
    for (const call of group) yield { type: "toolStarted", call };
    const outcomes = await Promise.all(group.map(async (call) => ({ call, ...(await runCall(call, options)) })));
    for (const { call, output, isError } of outcomes) {
      yield { type: "toolEnded", call, output, isError };
      results.push({ type: "toolResult", callId: call.id, content: output, isError });
    }
  }
  return results;
}

function groups(calls: readonly ToolCallPart[], tools: readonly Tool[]): ToolCallPart[][] {
  const isRead = (call: ToolCallPart | undefined) => tools.find(({ name }) => name === call?.name)?.kind === "read";
  const result: ToolCallPart[][] = [];
  for (const call of calls) {
    const last = result.at(-1);
    if (last && isRead(call) && isRead(last[0])) last.push(call);
    else result.push([call]);
  }
  return result;
}

interface Outcome {
  readonly output: string;
  readonly isError: boolean;
}

async function runCall(call: ToolCallPart, { tools, signal }: LoopOptions): Promise<Outcome> {
  if (signal.aborted) return { output: "Cancelled by the user before it ran.", isError: true };
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = tools.map(({ name }) => name).join(", ");
    return { output: `There is no tool "${call.name}". The tools are ${names}.`, isError: true };
  }
  if (call.inputError !== undefined) {
    const output = `${call.inputError} Nothing was done; send the call again with complete, valid input.`;
    return { output, isError: true };
  }
  try {
    return { output: await tool.run(call.input, signal), isError: false };
  } catch (thrown) {
    return { output: signal.aborted ? "Cancelled by the user." : messageOf(thrown), isError: true };
  }
}
