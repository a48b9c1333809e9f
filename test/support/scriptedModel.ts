import type { AssistantMessage, AssistantPart, ModelStop, ToolCallPart } from "../../src/agent/messages.ts";
import { noUsage } from "../../src/agent/messages.ts";
import type { ModelClient, ModelError, ModelRequest } from "../../src/agent/model.ts";

/** One turn: what the model answers, or why it fails. */
export type Turn = readonly AssistantPart[] | AssistantMessage | ModelError;

/** A model that answers, turn by turn, what the test wrote down, and keeps every request it was sent. */
export function scriptedModel(...turns: readonly Turn[]): ModelClient & { readonly requests: readonly ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    info: { provider: "anthropic", id: "scripted", label: "Scripted" },
    requests,
    async *stream(request) {
      requests.push(request);
      const turn = turns[requests.length - 1] ?? [];
      if (turn instanceof Error) throw turn;
      const message = "parts" in turn ? turn : reply(turn);
      for (const part of message.parts) if (part.type === "text") yield { type: "text", delta: part.text };
      yield { type: "end", message };
    },
  };
}

export function reply(parts: readonly AssistantPart[], stop?: ModelStop): AssistantMessage {
  const calls = parts.some(({ type }) => type === "toolCall");
  return { role: "assistant", parts, stop: stop ?? (calls ? "toolCalls" : "end"), usage: noUsage };
}

export const say = (text: string): AssistantPart => ({ type: "text", text });

export const call = (name: string, input: unknown, id = "1"): ToolCallPart => ({ type: "toolCall", id, name, input });
