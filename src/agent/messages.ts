/** What a model may say and what it is told, independent of any provider's wire format. */
export type Message = UserMessage | AssistantMessage;

export interface UserMessage {
  readonly role: "user";
  readonly parts: readonly UserPart[];
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly parts: readonly AssistantPart[];
  readonly stop: ModelStop;
  /** The provider's own words for `stop`: why it declined, or a value that is unknown here. */
  readonly stopDetail?: string;
  readonly usage: Usage;
}

export type UserPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "toolResult"; readonly callId: string; readonly content: string; readonly isError: boolean };

export type AssistantPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string; readonly replay?: Replay }
  | ToolCallPart;

/** `inputError` is set when the arguments were not JSON or were cut off; such a call is never run. */
export interface ToolCallPart {
  readonly type: "toolCall";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly inputError?: string;
}

/** A provider's own part (signed thinking, say), sent back to it verbatim and never read by the loop. */
export interface Replay {
  readonly provider: string;
  readonly value: unknown;
}

export type ModelStop = "end" | "toolCalls" | "maxTokens" | "contextFull" | "refusal" | "paused" | "unknown";

/** Tokens. `input` counts what was neither read from a cache nor written to one. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** All that was written to a cache, for however long. */
  readonly cacheWrite: number;
  /** The part of `cacheWrite` that is kept for an hour and costs more. */
  readonly hourCacheWrite?: number;
  /** Counted here from the text, because the provider does not tell. */
  readonly estimated?: true;
}

export const noUsage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

export function addUsage(one: Usage, other: Usage): Usage {
  const hourCacheWrite = (one.hourCacheWrite ?? 0) + (other.hourCacheWrite ?? 0);
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    ...(hourCacheWrite > 0 ? { hourCacheWrite } : {}),
    ...(one.estimated || other.estimated ? { estimated: true } : {}),
  };
}

/** What the loop tells whoever runs it, in order. `stopped` is always the last. */
export type AgentEvent =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "reasoning"; readonly delta: string }
  | { readonly type: "toolStarted"; readonly call: ToolCallPart }
  | { readonly type: "toolEnded"; readonly call: ToolCallPart; readonly output: string; readonly isError: boolean }
  | { readonly type: "retrying"; readonly reason: string; readonly delayMs: number }
  | WritingEvent
  /** What the user has said meanwhile is part of the history from here on. */
  | { readonly type: "steered"; readonly text: string }
  /** The history after a whole turn: valid, and to go on from. */
  | { readonly type: "history"; readonly messages: readonly Message[] }
  | { readonly type: "usage"; readonly usage: Usage }
  | {
      readonly type: "stopped";
      readonly reason: StopReason;
      readonly detail?: string;
      readonly failure?: ModelErrorKind;
    };

/**
 * A file grows while the model writes it; told some times a second, and not to its end. Nothing is proposed before `toolEnded`, and a turn that breaks off ends in
 * `retrying` or `stopped` instead.
 */
export interface WritingEvent {
  readonly type: "writing";
  readonly callId: string;
  readonly path: string;
  /** How many characters of the text came before. */
  readonly at: number;
  readonly delta: string;
}

/** `paused`: nothing is wrong with the run itself, and it may go on later: a rate limit, a cut line, a budget, a loop. */
export type StopReason = "finished" | "cancelled" | "turnLimit" | "paused" | "modelFailed" | "refused";

/** Why a model could not be asked, or its answer not be used. */
export type ModelErrorKind =
  | "aborted"
  | "auth"
  | "billing"
  | "rateLimit"
  | "overloaded"
  | "network"
  | "stalled"
  | "contextFull"
  | "invalidRequest"
  | "notFound"
  | "consent"
  | "protocol"
  | "server";
