import type { Message } from "../agent/messages.ts";
import { redact } from "../support/redact.ts";
import type { RunState } from "./runState.ts";

/** How a transcript can be exported. */
export type TranscriptForm = "markdown" | "json";

/**
 * All that was said between the user, the model and the tools, without secrets. As Markdown what the model and
 * the tools said stands in code blocks or is quoted, so that nothing of it is a link, a picture or a heading.
 */
export function transcriptOf(state: RunState, form: TranscriptForm): string {
  if (form === "json") return `${jsonText(plainState(state))}\n`;
  const { model, stopped, messages } = state;
  const head = `# Transcript\n\nModel: \`${model}\`. ${stopped === undefined ? "Not at its end." : `Ended: ${stopped}.`}`;
  return `${[head, ...messages.map(messageText)].map(redact).join("\n\n")}\n`;
}

/**
 * Redacted twice: in each text as it was said, because a line such as `API_KEY=…` is none any more once line ends are
 * written `\\n`; and as a whole, where a key of an object names what its value is.
 */
function jsonText(value: unknown): string {
  const hide = (_key: string, field: unknown) => (typeof field === "string" ? redact(field) : field);
  return redact(JSON.stringify(value, hide, 2));
}

/** Signed thinking and the like is the provider's own and says nothing to a reader. */
function plainState({ version, model, stopped, loadedSkills, messages }: RunState) {
  return {
    version,
    model,
    ...(stopped && { stopped }),
    loadedSkills,
    messages: messages.map(({ role, parts }) => ({ role, parts: parts.map(plainPart) })),
  };
}

function plainPart(part: Message["parts"][number]) {
  return part.type === "reasoning" ? { type: part.type, text: part.text } : part;
}

function messageText({ role, parts }: Message, index: number): string {
  const who = role === "assistant" ? "Model" : parts.some(({ type }) => type === "toolResult") ? "Tools" : "User";
  return [`## ${index + 1}. ${who}`, ...parts.map(partText).filter((text) => text !== "")].join("\n\n");
}

function partText(part: Message["parts"][number]): string {
  switch (part.type) {
    case "text":
      return fenced(part.text);
    case "reasoning":
      return part.text === "" ? "" : `Thinking:\n\n${fenced(part.text)}`;
    case "toolCall":
      return `Calls \`${part.name}\` (\`${part.id}\`):\n\n${fenced(jsonText(part.input ?? {}), "json")}`;
    case "toolResult":
      return `${part.isError ? "Failed" : "Answer"} (\`${part.callId}\`):\n\n${fenced(part.content)}`;
  }
}

/** A fence is longer than any in the text. */
function fenced(text: string, language = "text"): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
