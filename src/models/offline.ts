import { mostCalls } from "../agent/calls.ts";
import type { AssistantMessage, AssistantPart, Message, ToolCallPart } from "../agent/messages.ts";
import { noUsage } from "../agent/messages.ts";
import { type ModelClient, ModelError, type ModelEvent, type ModelRequest } from "../agent/model.ts";
import { type Compilation, type StepNumber, steps } from "../compiler/compilation.ts";

/**
 * The engine that needs no key and no network: plays a compilation as a model would, one turn for
 * each of the seven steps, so that loop, tools, diffs and review are one path.
 *
 * It keeps no state. Which turn it is follows from the history, and what it says at the end follows
 * from the results of its calls.
 */
export function createOfflineModel(compilation: Compilation): ModelClient {
  const turns = turnsOf(compilation);
  return {
    info: { provider: "offline", id: "offline", label: "Offline engine" },
    stream: (request) => stream(request, compilation, turns),
  };
}

/** How the engine's output follows each skill and rule; the report repeats it for those really loaded. */
const applied: Readonly<Record<string, string>> = {
  "backend-patterns": "repositories behind protocols, services, one unit of work, one set of error handlers",
  "python-patterns": "typed signatures, frozen dataclasses, context managers, explicit imports",
  "postgres-patterns": "the design's types, constraints, indexes and row policies in the migration",
  "common/coding-style": "immutable values, small files, inputs validated at the boundary",
  "python/coding-style": "PEP 8, formatted as black and isort do, annotations everywhere",
  "python/patterns": "Protocol ports, dataclasses as DTOs",
  "python/security": "secrets from the environment only, parameterized queries",
};

interface Turn {
  readonly text: string;
  readonly calls: readonly ToolCallPart[];
}

async function* stream(
  { messages, signal }: ModelRequest,
  compilation: Compilation,
  turns: readonly Turn[],
): AsyncGenerator<ModelEvent, void, void> {
  if (signal.aborted) throw new ModelError("aborted", "The run was cancelled.");
  const said = messages.filter(({ role }) => role === "assistant").length;
  const turn = turns[said] ?? { text: closing(compilation, messages), calls: [] };
  yield { type: "text", delta: turn.text };
  const parts: AssistantPart[] = [{ type: "text", text: turn.text }, ...turn.calls];
  const stop = turn.calls.length > 0 ? "toolCalls" : "end";
  const message: AssistantMessage = { role: "assistant", parts, stop, usage: noUsage };
  yield { type: "end", message };
}

/** A step without files is told together with the next one: a turn without calls would end the run. */
function turnsOf({ files }: Compilation): readonly Turn[] {
  const turns: Turn[] = [];
  let text = "";
  for (const [index, title] of steps.entries()) {
    const step = (index + 1) as StepNumber;
    const writes = files
      .filter((file) => file.step === step)
      .map((file, at) => call(`${step}-${at + 1}`, "Write", { file_path: file.path, content: file.text }));
    text += `**${step} ${title}** — ${writes.length === 0 ? "nothing to do" : countOf(writes.length, "file")}\n\n`;
    if (writes.length === 0) continue;
    const loads =
      turns.length > 0 ? [] : Object.keys(applied).map((name, at) => call(`skill-${at + 1}`, "Skill", { skill: name }));
    const calls = [...loads, ...writes];
    for (let at = 0; at < calls.length; at += mostCalls) {
      turns.push({ text, calls: calls.slice(at, at + mostCalls) });
      text = "";
    }
  }
  return turns;
}

/** Identifiers follow from step and position, and hold only characters that every provider allows. */
function call(key: string, name: string, input: unknown): ToolCallPart {
  return { type: "toolCall", id: `offline-${key}`, name, input };
}

function closing({ files, needsDetail }: Compilation, messages: readonly Message[]): string {
  const failed = new Map(resultsOf(messages).map(({ callId, isError }) => [callId, isError]));
  const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === "toolCall"));
  const refused = calls.filter(({ id, name }) => name === "Write" && failed.get(id));
  const loaded = calls.filter(({ id, name }) => name === "Skill" && !failed.get(id)).map(skillName);
  const skills = loaded.map((name) => `- **${name}**: ${applied[name] ?? "loaded"}`);
  return [
    `Proposed ${countOf(files.length - refused.length, "file")} from the design.`,
    ...(refused.length > 0 ? [`${countOf(refused.length, "file")} could not be proposed.`] : []),
    ...(needsDetail.length > 0
      ? [`${countOf(needsDetail.length, "element")} of the design left open, because more detail is needed.`]
      : []),
    `\n### Skills Used\n\n${skills.length > 0 ? skills.join("\n") : "None"}`,
  ].join("\n");
}

function resultsOf(messages: readonly Message[]) {
  return messages.flatMap(({ parts }) => parts.filter((part) => part.type === "toolResult"));
}

function skillName({ input }: ToolCallPart): string {
  return typeof input === "object" && input !== null && "skill" in input ? String(input.skill) : "";
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
