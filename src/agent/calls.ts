import { messageOf } from "../support/errors.ts";
import { redact } from "../support/redact.ts";
import type { AgentEvent, AssistantMessage, ModelStop, ToolCallPart } from "./messages.ts";
import type { Tool } from "./tool.ts";

/** A call of the model and what came of it. */
export interface AnsweredCall {
  readonly call: ToolCallPart;
  readonly output: string;
  readonly isError: boolean;
}

/** What one reply may ask for; calls after these are answered without being run. */
export const mostCalls = 50;

/**
 * Answers every call of the reply, in its order, and without the secrets that an answer may hold. Neighbouring `read` calls run together; the others
 * run one by one, because two edits of one file must see each other.
 */
export async function* runCalls(
  reply: AssistantMessage,
  tools: readonly Tool[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, readonly AnsweredCall[], void> {
  const calls = reply.parts.filter((part) => part.type === "toolCall");
  const answered: AnsweredCall[] = [];
  for (const group of groups(calls, tools)) {
    for (const call of group) yield { type: "toolStarted", call };
    const run = (call: ToolCallPart) => {
      if (broken.has(reply.stop)) return notRun;
      return calls.indexOf(call) < mostCalls ? runCall(call, tools, signal) : tooMany;
    };
    const outcomes = await Promise.all(group.map(async (call) => ({ call, ...(await run(call)) })));
    for (const outcome of outcomes) {
      yield { type: "toolEnded", ...outcome };
      answered.push(outcome);
    }
  }
  return answered;
}

/** Answers that end like this were not meant to be acted on. */
const broken: ReadonlySet<ModelStop> = new Set(["refusal", "contextFull", "unknown"]);

const notRun: Outcome = { output: "Not run, because the answer ended before it was complete.", isError: true };

const tooMany: Outcome = {
  output: `TOOL_LIMIT: not run, because one answer may make ${mostCalls} calls; make the rest in the next one.`,
  isError: true,
};

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

async function runCall(call: ToolCallPart, tools: readonly Tool[], signal: AbortSignal): Promise<Outcome> {
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
    return { output: redact(await tool.run(call.input, signal)), isError: false };
  } catch (thrown) {
    return { output: signal.aborted ? "Cancelled by the user." : redact(messageOf(thrown)), isError: true };
  }
}
