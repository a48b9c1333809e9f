import type { Message } from "./messages.ts";
import type { ModelRequest } from "./model.ts";

/** Of code and Markdown, in the newest tokenizers (research/model-clients.md §1.6). An estimate: it errs to the many. */
const charactersPerToken = 3.2;

export function textTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

export function messageTokens({ parts }: Pick<Message, "parts">): number {
  return parts.reduce((sum, part) => sum + partTokens(part), 0);
}

export type TokenCounter = (request: Pick<ModelRequest, "system" | "tools" | "messages">) => number;

/** Estimates whole requests; a message is looked at once, because a history only grows. */
export function createTokenCounter(): TokenCounter {
  const known = new WeakMap<Message, number>();
  const tokensOf = (message: Message): number => {
    const tokens = known.get(message) ?? messageTokens(message);
    known.set(message, tokens);
    return tokens;
  };
  return ({ system, tools, messages }) => {
    const specs = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    const fixed = textTokens(system) + textTokens(JSON.stringify(specs));
    return messages.reduce((sum, message) => sum + tokensOf(message), fixed);
  };
}

function partTokens(part: Message["parts"][number]): number {
  switch (part.type) {
    case "toolCall":
      return textTokens(part.name + JSON.stringify(part.input ?? {}));
    case "toolResult":
      return textTokens(part.content);
    case "text":
    case "reasoning":
      return textTokens(part.text);
  }
}
