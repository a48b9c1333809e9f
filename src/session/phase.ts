import { type LoopOptions, runLoop } from "../agent/loop.ts";
import type { AgentEvent, Message, ModelErrorKind, StopReason, ToolCallPart, WritingEvent } from "../agent/messages.ts";
import { stepOf } from "../compiler/steps.ts";
import { UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";
import type { SessionEvent } from "./events.ts";
import { createSkillsFilter, type SkillsFilter } from "./skillUses.ts";
import type { StepTracker } from "./stepTracker.ts";
import { createThoughts, type Thoughts } from "./thoughts.ts";

/** One run of the loop within a session: the offline engine's, or a model's. */
export interface Phase extends LoopOptions {
  readonly tracker: StepTracker;
  readonly root: string | undefined;
  /** Leaves out what the model says; what it does is told all the same. */
  readonly quiet: boolean;
  /** Keeps how far the phase has come; not the offline engine's, which starts anew. */
  readonly onHistory?: (messages: readonly Message[]) => SessionEvent;
  /** Whether the session stops with this phase; only then `stopped` is passed on. */
  readonly last: boolean;
}

export interface PhaseEnd {
  readonly stopped: StopReason;
  readonly detail?: string;
  readonly failure?: ModelErrorKind;
  readonly messages: readonly Message[];
  /** The text of the model's last message. */
  readonly answer: string;
}

/** Runs the loop and passes its events on, with the steps that follow from what is written. */
export async function* runPhase(phase: Phase): AsyncGenerator<SessionEvent, PhaseEnd, void> {
  const heard = { filter: createSkillsFilter(), thoughts: createThoughts(), isSpoken: false };
  const loop = runLoop(phase);
  let end: Pick<PhaseEnd, "stopped" | "detail" | "failure"> = { stopped: "modelFailed" };
  for (;;) {
    const { value, done } = await loop.next();
    if (done) return { ...end, messages: value, answer: lastAnswer(value) };
    if (value.type === "stopped") {
      const { reason, detail, failure } = value;
      end = { stopped: reason, ...(detail !== undefined && { detail }), ...(failure && { failure }) };
    }
    yield* relay(value, heard, phase);
  }
}

interface Heard {
  readonly filter: SkillsFilter;
  readonly thoughts: Thoughts;
  /** Whether the answer that is coming has shown a word already. */
  isSpoken: boolean;
}

/** A word that was shown cannot be taken back, but it can be said that it does not count. */
const cutOff = "\n\n*(This answer was cut off here, and is asked for again.)*\n\n";

function* relay(event: AgentEvent, heard: Heard, phase: Phase): Generator<SessionEvent> {
  const { filter, thoughts } = heard;
  if (event.type === "reasoning") {
    yield* thought(thoughts.push(event.delta), phase);
    return;
  }
  yield* thought(thoughts.flush(), phase);
  switch (event.type) {
    case "text":
      heard.isSpoken ||= event.delta.trim() !== "";
      yield* spoken(filter.push(event.delta), phase);
      return;
    case "retrying":
      yield* spoken(filter.flush() + (heard.isSpoken ? cutOff : ""), phase);
      heard.isSpoken = false;
      break;
    case "usage":
      // Told once an answer is complete, before its calls run.
      yield* spoken(filter.flush(), phase);
      break;
    case "writing":
      yield* writing(event, phase);
      return;
    case "history":
      heard.isSpoken = false;
      if (phase.onHistory) yield phase.onHistory(event.messages);
      return;
    case "toolEnded":
      yield* stepEvents(event.call, event.isError, phase);
      break;
    case "stopped":
      yield* spoken(filter.flush(), phase);
      yield* phase.tracker.end(event.reason === "finished");
      if (!phase.last) return;
      break;
    default:
      break;
  }
  yield { type: "agent", event };
}

/** Under the path that would be proposed; what would be refused is not shown. */
function* writing(event: WritingEvent, { root }: Phase): Generator<SessionEvent> {
  try {
    yield { type: "agent", event: { ...event, path: workspacePath(event.path, root) } };
  } catch (thrown) {
    if (!(thrown instanceof UserFacingError)) throw thrown;
  }
}

function* thought(sentences: readonly string[], { quiet }: Phase): Generator<SessionEvent> {
  if (quiet) return;
  for (const delta of sentences) yield { type: "agent", event: { type: "reasoning", delta } };
}

function* spoken(text: string, { quiet }: Phase): Generator<SessionEvent> {
  if (text !== "" && !quiet) yield { type: "agent", event: { type: "text", delta: text } };
}

function stepEvents({ name, input }: ToolCallPart, isError: boolean, phase: Phase): readonly SessionEvent[] {
  if (isError || (name !== "Write" && name !== "Edit")) return [];
  const given = typeof input === "object" && input !== null && "file_path" in input ? input.file_path : undefined;
  if (typeof given !== "string") return [];
  const path = workspacePath(given, phase.root);
  return phase.tracker.wrote(stepOf(path), path);
}

function lastAnswer(messages: readonly Message[]): string {
  const answer = messages.findLast(({ role }) => role === "assistant");
  return answer?.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n") ?? "";
}
