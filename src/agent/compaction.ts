import type { AssistantMessage, Message, UserPart } from "./messages.ts";

const mostTurnsKept = 10;

/**
 * A shorter history for a model whose context is full: the task, what was done in words, and the last
 * turns. Undefined when there is nothing to leave out.
 *
 * What was done is told from the calls themselves, not by a model, so nothing is made up. Reasoning
 * is left out everywhere, because a signature does not hold for another prefix.
 */
export function compactHistory(messages: readonly Message[]): readonly Message[] | undefined {
  const [task, ...rest] = messages;
  const turns = rest.flatMap(({ role }, index) => (role === "assistant" ? [index] : []));
  const kept = Math.min(mostTurnsKept, Math.floor(turns.length / 2));
  const cut = kept === 0 ? rest.length : (turns.at(-kept) ?? 0);
  if (task?.role !== "user" || turns.length < 2 || cut === 0) return undefined;
  const summary: UserPart = { type: "text", text: summaryOf(rest.slice(0, cut)) };
  return [{ role: "user", parts: [...task.parts, summary] }, ...rest.slice(cut).map(withoutReasoning)];
}

/** Valid only for a whole history: signed thinking holds for the messages before it. */
export function withoutReasoning(message: Message): Message {
  if (message.role === "user") return message;
  return { ...message, parts: message.parts.filter(({ type }) => type !== "reasoning") };
}

function summaryOf(messages: readonly Message[]): string {
  const failed = new Set(
    messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "toolResult" && part.isError ? [part.callId] : [])),
    ),
  );
  const calls = messages
    .filter((message): message is AssistantMessage => message.role === "assistant")
    .flatMap(({ parts }) => parts.filter((part) => part.type === "toolCall"))
    .filter(({ id }) => !failed.has(id));
  const inputs = (names: readonly string[], key: string) => [
    ...new Set(calls.filter(({ name }) => names.includes(name)).flatMap(({ input }) => textOf(input, key))),
  ];
  return [
    "Earlier turns of this run were left out to make room. What was proposed in them stands, and Read shows it; read a file again before you edit it.",
    ...line("Proposed", inputs(["Write", "Edit"], "file_path")),
    ...line("Loaded", inputs(["Skill"], "skill")),
    ...line("Ran", inputs(["Bash"], "command")),
  ].join("\n");
}

function line(verb: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [`${verb}: ${entries.join(", ")}`];
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
