import type { AssistantMessage, Message, UserPart } from "./messages.ts";
import { messageTokens } from "./tokens.ts";

const mostTurnsKept = 10;

export interface Shortening {
  /** What is proposed and what is missing, as it is known without the history. */
  readonly situation?: string | undefined;
  /** What the turns that are kept may have in tokens; not limited when undefined. */
  readonly keptTokens?: number;
}

/**
 * A shorter history for a model whose context is full: the task, what was done in words, and the last
 * turns. Undefined when there is nothing to leave out.
 *
 * What was done is told from the calls themselves and from the state of the work, not by a model, so
 * nothing is made up; of the model's own words the decisions in them are kept, shortened. Reasoning is left
 * out everywhere, because a signature does not hold for another prefix.
 */
export function compactHistory(
  messages: readonly Message[],
  { situation, keptTokens = Number.POSITIVE_INFINITY }: Shortening = {},
): readonly Message[] | undefined {
  const [task, ...rest] = messages;
  const turns = rest.flatMap(({ role }, index) => (role === "assistant" ? [index] : []));
  if (task?.role !== "user" || turns.length < 2) return undefined;
  const most = Math.min(mostTurnsKept, Math.floor(turns.length / 2));
  const starts = turns.slice(-most);
  const cut = starts.find((start) => rest.slice(start).reduce(addTokens, 0) <= keptTokens) ?? rest.length;
  const summary: UserPart = { type: "text", text: summaryOf(rest.slice(0, cut), earlierSummary(task), situation) };
  const parts = task.parts.filter((part) => !isSummary(part));
  return [{ role: "user", parts: [...parts, summary] }, ...rest.slice(cut).map(withoutReasoning)];
}

function addTokens(sum: number, message: Message): number {
  return sum + messageTokens(message);
}

/** Valid only for a whole history: signed thinking holds for the messages before it. */
export function withoutReasoning(message: Message): Message {
  if (message.role === "user") return message;
  return { ...message, parts: message.parts.filter(({ type }) => type !== "reasoning") };
}

const lead =
  "Earlier turns of this run were left out to make room. What was proposed in them stands, and Read shows it; read a file again before you edit it.";

function isSummary(part: Message["parts"][number]): boolean {
  return part.type === "text" && part.text.startsWith(lead);
}

function earlierSummary(task: Message): string {
  const part = task.parts.find(isSummary);
  return part?.type === "text" ? part.text : "";
}

function summaryOf(messages: readonly Message[], earlier: string, situation: string | undefined): string {
  const failed = new Set(
    messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "toolResult" && part.isError ? [part.callId] : [])),
    ),
  );
  const calls = messages
    .filter((message): message is AssistantMessage => message.role === "assistant")
    .flatMap(({ parts }) => parts.filter((part) => part.type === "toolCall"))
    .filter(({ id }) => !failed.has(id));
  const inputs = (names: readonly string[], key: string) =>
    calls.filter(({ name }) => names.includes(name)).flatMap(({ input }) => textOf(input, key));
  return [
    lead,
    ...line("Proposed", inputs(["Write", "Edit"], "file_path"), earlier),
    ...line("Loaded", inputs(["Skill"], "skill"), earlier),
    ...line("Ran", inputs(["Bash"], "command"), earlier),
    ...notes("You said:", messages, { role: "assistant", earlier }),
    ...notes("You were told:", messages, { role: "user", earlier }),
    ...(situation === undefined ? [] : [situationTitle, situation]),
  ].join("\n");
}

const situationTitle = "The state of the work:";

/** Each entry once, those of an earlier summary first. */
function line(verb: string, entries: readonly string[], earlier: string): readonly string[] {
  const before = beforeSituation(earlier).find((text) => text.startsWith(`${verb}: `));
  const known = before?.slice(verb.length + 2).split(", ") ?? [];
  const all = [...new Set([...known, ...entries])];
  return all.length === 0 ? [] : [`${verb}: ${all.join(", ")}`];
}

const longestNote = 300;
const mostNotes = 20;

/** The beginnings of what was said, newest kept: decisions stand at the front of what a model says between calls. */
function notes(
  title: string,
  messages: readonly Message[],
  { role, earlier }: { readonly role: Message["role"]; readonly earlier: string },
): readonly string[] {
  const lines = beforeSituation(earlier);
  const from = lines.indexOf(title) + 1;
  const known = from === 0 ? [] : lines.slice(from, from + countWhile(lines.slice(from), (it) => it.startsWith("- ")));
  const said = messages
    .filter((message) => message.role === role)
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.text] : [])))
    .map((text) => `- ${text.replace(/\s+/g, " ").trim().slice(0, longestNote)}`);
  const all = [...known, ...said].slice(-mostNotes);
  return all.length === 0 ? [] : [title, ...all];
}

function beforeSituation(summary: string): readonly string[] {
  const lines = summary.split("\n");
  const end = lines.indexOf(situationTitle);
  return end < 0 ? lines : lines.slice(0, end);
}

function countWhile(lines: readonly string[], holds: (line: string) => boolean): number {
  const end = lines.findIndex((text) => !holds(text));
  return end < 0 ? lines.length : end;
}

function textOf(input: unknown, key: string): readonly string[] {
  const value =
    typeof input === "object" && input !== null ? (input as Readonly<Record<string, unknown>>)[key] : undefined;
  return typeof value === "string" ? [value] : [];
}

const worthNaming = 10_000;

/** The longest parts of a history, for a person who must make it shorter; empty when none is long. */
export function largestParts(messages: readonly Message[]): readonly string[] {
  const names = new Map(
    messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "toolCall" ? [[part.id, part.name] as const] : [])),
    ),
  );
  return messages
    .flatMap(({ parts }) => parts.map((part) => sizeOf(part, names)))
    .filter(({ size }) => size >= worthNaming)
    .sort((one, other) => other.size - one.size)
    .slice(0, 3)
    .map(({ what, size }) => `${what} (${size} characters)`);
}

function sizeOf(part: Message["parts"][number], names: ReadonlyMap<string, string>) {
  switch (part.type) {
    case "toolResult":
      return { what: `the result of ${names.get(part.callId) ?? "a tool"}`, size: part.content.length };
    case "toolCall":
      return { what: `a call of ${part.name}`, size: JSON.stringify(part.input ?? {}).length };
    case "text":
    case "reasoning":
      return { what: "a text", size: part.text.length };
  }
}
