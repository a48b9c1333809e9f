import { asSentence } from "../support/words.ts";
import { type AskOptions, ask } from "./asking.ts";
import { type AnsweredCall, runCalls } from "./calls.ts";
import { compactHistory, largestParts } from "./compaction.ts";
import { createLoopGuard } from "./loopGuard.ts";
import type { AgentEvent, AssistantMessage, Message, ModelErrorKind, StopReason, UserPart } from "./messages.ts";
import { ModelError } from "./model.ts";
import { createTokenCounter, type TokenCounter } from "./tokens.ts";
import type { Tool } from "./tool.ts";

export interface LoopOptions extends AskOptions {
  /** Frozen for the run: another list would make the provider's cache and signed thinking void. */
  readonly tools: readonly Tool[];
  /** The history so far, ending in what the user says now. */
  readonly messages: readonly Message[];
  readonly maxTurns: number;
  /**
   * Asked when the model believes it is done. A text is fed back to it as what is still missing, at
   * most {@link maxNudges} times; undefined lets it finish.
   */
  readonly beforeFinish?: () => Promise<string | undefined>;
  /** Asked before each further turn, all usage told; a text pauses the run and says why. */
  readonly budget?: () => string | undefined;
  /** What the user has said since it was last asked, if anything; it goes to the model with the next turn. */
  readonly steering?: () => string | undefined;
  /** What is proposed and what is missing, for a history that must be made shorter. */
  readonly situation?: () => Promise<string>;
}

export const maxNudges = 2;

/**
 * Asks the model, runs the tools it calls and feeds their output back, until it calls none.
 *
 * The history only ever grows, but for a compaction when the model's context is full, and is valid
 * whenever the loop ends, also after a cancellation: each call in it has its result, and no message
 * is empty. Nothing that a model or a tool does makes the loop throw; only a failing `beforeFinish` or `situation` does.
 */
export async function* runLoop(options: LoopOptions): AsyncGenerator<AgentEvent, readonly Message[], void> {
  const course = startCourse(options);
  for (let turn = 0; turn < options.maxTurns; turn++) {
    const overspent = turn > 0 ? options.budget?.() : undefined;
    if (overspent !== undefined) return yield* stop(course, { reason: "paused", detail: overspent });
    const reply = yield* answer(course, options);
    if (reply instanceof ModelError) return yield* stop(course, failure(reply, course.messages));
    if (!isSilent(reply)) course.messages.push(reply);
    yield { type: "usage", usage: reply.usage };

    const answered = yield* runCalls(reply, options.tools, options.signal);
    const next = yield* steered(await followUp(reply, answered, options, course), reply, options);
    tell(course.messages, next.parts);
    yield { type: "history", messages: [...course.messages] };
    if (next.ending) return yield* stop(course, next.ending);
  }
  const detail = `The model did not finish within ${options.maxTurns} turns.`;
  return yield* stop(course, { reason: "turnLimit", detail });
}

/** What a run has come to, and how often the model was asked again, of the times it may be. */
interface Course {
  readonly messages: Message[];
  readonly guard: ReturnType<typeof createLoopGuard>;
  nudges: number;
  cuts: number;
  silences: number;
  turns: number;
  /** The turn before which earlier turns were left out the last time. */
  compactedAt: number;
  readonly tokensOf: TokenCounter;
  /** Whether a tool has done something. */
  worked: boolean;
}

function startCourse({ messages }: LoopOptions): Course {
  const counts = { nudges: 0, cuts: 0, silences: 0, turns: 0, compactedAt: Number.NEGATIVE_INFINITY, worked: false };
  return { messages: [...messages], guard: createLoopGuard(), tokensOf: createTokenCounter(), ...counts };
}

interface Ending {
  readonly reason: StopReason;
  readonly detail?: string;
  readonly failure?: ModelErrorKind;
}

async function* stop(course: Course, ending: Ending): AsyncGenerator<AgentEvent, readonly Message[], void> {
  yield { type: "stopped", ...ending };
  return course.messages;
}

function failure(error: ModelError, messages: readonly Message[]): Ending {
  if (error.kind === "aborted") return { reason: "cancelled" };
  const detail = error.kind === "contextFull" ? tooLong(error.message, messages) : error.message;
  return { reason: error.retryable ? "paused" : "modelFailed", detail, failure: error.kind };
}

function tooLong(message: string, messages: readonly Message[]): string {
  const largest = largestParts(messages);
  return largest.length === 0 ? message : `${asSentence(message)} The largest parts are ${largest.join(", ")}.`;
}

/** The model's reply. When its context is full, or nearly so, earlier turns are left out; a full one is asked once more. */
async function* answer(
  course: Course,
  options: LoopOptions,
): AsyncGenerator<AgentEvent, AssistantMessage | ModelError, void> {
  course.turns++;
  if (isNearlyFull(course, options) && (await compact(course, options))) yield leftOut("nearly full");
  const reply = yield* ask(course.messages, options);
  const full = reply instanceof ModelError ? reply.kind === "contextFull" : reply.stop === "contextFull";
  if (!full || !(await compact(course, options))) return reply;
  if (!(reply instanceof ModelError)) yield { type: "usage", usage: reply.usage };
  yield leftOut("full");
  return yield* ask(course.messages, options);
}

function leftOut(how: string): AgentEvent {
  return { type: "retrying", reason: `The model's context is ${how}, so earlier turns are left out.`, delayMs: 0 };
}

/** Estimates are rough, and providers add words of their own (research/peers.md §3.4). */
const fullFrom = 0.85;
const keptShare = 0.4;

function isNearlyFull({ messages, tokensOf }: Course, { model, system, tools }: LoopOptions): boolean {
  const window = model.info.maxInputTokens;
  return window !== undefined && tokensOf({ system, tools, messages }) > window * fullFrom;
}

/** A history that is too long again so soon will not get shorter. */
const turnsBetween = 4;

async function compact(course: Course, options: LoopOptions): Promise<boolean> {
  if (course.turns - course.compactedAt < turnsBetween) return false;
  const shorter = compactHistory(course.messages, {
    situation: await known(options.situation, options.signal),
    ...keptTokens(course, options),
  });
  if (!shorter) return false;
  course.compactedAt = course.turns;
  course.messages.splice(0, course.messages.length, ...shorter);
  return true;
}

/** Of a window that instructions, tools and design fill by half, the turns that are kept must leave some for those to come. */
function keptTokens({ messages, tokensOf }: Course, { model, system, tools }: LoopOptions): { keptTokens?: number } {
  const window = model.info.maxInputTokens;
  if (window === undefined) return {};
  const room = window * fullFrom - tokensOf({ system, tools, messages: messages.slice(0, 1) });
  return { keptTokens: Math.min(window * keptShare, room / 2) };
}

/** An answer without words or calls is not kept: providers refuse empty messages in a history. */
function isSilent({ parts }: AssistantMessage): boolean {
  return !parts.some((part) => part.type === "toolCall" || (part.type === "text" && part.text.trim() !== ""));
}

/** Puts in the user's words; two messages of the user never follow each other. */
function tell(messages: Message[], parts: readonly UserPart[]): void {
  if (parts.length === 0) return;
  const last = messages.at(-1);
  if (last?.role !== "user") messages.push({ role: "user", parts });
  else messages[messages.length - 1] = { role: "user", parts: [...last.parts, ...parts] };
}

// ---- What follows a reply

interface FollowUp {
  readonly parts: readonly UserPart[];
  readonly ending?: Ending;
}

async function followUp(
  reply: AssistantMessage,
  answered: readonly AnsweredCall[],
  options: LoopOptions,
  course: Course,
): Promise<FollowUp> {
  // A call that the output limit has cut is counted as a cut, not as a mistake.
  const { notes, ending } = course.guard.observe(reply.stop === "maxTokens" ? [] : answered);
  const parts = answered.map((call) => resultPart(call, notes.get(call.call.id)));
  course.worked ||= answered.some(({ isError }) => !isError);
  if (options.signal.aborted) return { parts, ending: { reason: "cancelled" } };
  if (ending !== undefined) return { parts, ending: { reason: "paused", detail: ending } };
  switch (reply.stop) {
    case "refusal":
      return { parts, ending: { reason: "refused", detail: withDetail("The model declined to answer", reply) } };
    case "contextFull":
      return {
        parts,
        ending: { reason: "modelFailed", detail: tooLong("The model's context is full.", course.messages) },
      };
    case "unknown":
      return {
        parts,
        ending: { reason: "modelFailed", detail: withDetail("The model stopped for an unknown reason", reply) },
      };
    case "paused":
      return { parts };
    case "maxTokens":
      return continueCut(parts, course);
    case "end":
    case "toolCalls":
      if (parts.length > 0) return { parts };
      return isSilent(reply) ? breakSilence(options, course) : finish(options, course);
  }
}

/** Adds what the user said meanwhile, as the last word. A run that was about to finish goes on with it. */
function* steered(
  next: FollowUp,
  { stop }: AssistantMessage,
  { steering }: LoopOptions,
): Generator<AgentEvent, FollowUp> {
  const goesOn = next.ending === undefined || next.ending.reason === "finished";
  // An answer that the provider has paused must go back as it is.
  const text = goesOn && stop !== "paused" ? steering?.() : undefined;
  if (text === undefined) return next;
  yield { type: "steered", text };
  return { parts: [...next.parts, { type: "text", text: `The user says meanwhile: ${text}` }] };
}

function resultPart({ call, output, isError }: AnsweredCall, note: string | undefined): UserPart {
  const content = note === undefined ? output : `${output}\n${note}`;
  return { type: "toolResult", callId: call.id, content, isError };
}

function withDetail(what: string, { stopDetail }: AssistantMessage): string {
  return stopDetail === undefined ? `${what}.` : `${what}: ${stopDetail}.`;
}

const maxCuts = 2;

function continueCut(results: readonly UserPart[], course: Course): FollowUp {
  course.cuts++;
  if (course.cuts > maxCuts) {
    const detail = "The model's answers are cut off again and again.";
    return { parts: results, ending: { reason: "modelFailed", detail } };
  }
  return { parts: [...results, { type: "text", text: results.length > 0 ? cutCall : cutText }] };
}

const cutCall = "Your answer was cut off at the output limit. Go on in smaller steps: one file for each Write.";
const cutText = "Your answer was cut off at the output limit. Go on right where it ends, and repeat nothing.";

async function finish(options: LoopOptions, course: Course): Promise<FollowUp> {
  course.silences = 0;
  const missing = course.nudges < maxNudges ? await known(options.beforeFinish, options.signal) : undefined;
  if (options.signal.aborted) return { parts: [], ending: { reason: "cancelled" } };
  if (missing === undefined) return { parts: [], ending: { reason: "finished" } };
  course.nudges++;
  return { parts: [{ type: "text", text: missing }] };
}

/** Silence after work may be the end of it; silence instead of work is asked about once. */
async function breakSilence(options: LoopOptions, course: Course): Promise<FollowUp> {
  course.silences++;
  if (course.silences > 1) {
    return { parts: [], ending: { reason: "modelFailed", detail: "The model gave no answer, twice in a row." } };
  }
  if (!course.worked) return { parts: [{ type: "text", text: noAnswer }] };
  const { silences } = course;
  const next = await finish(options, course);
  course.silences = silences;
  return next;
}

const noAnswer = "Your answer was empty. Go on with the task, or say what keeps you from it.";

/** What the caller tells of its state; nothing once the run is cancelled. */
async function known(
  tell: (() => Promise<string | undefined>) | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await tell?.();
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  }
}
