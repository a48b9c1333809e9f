import type { AssistantMessage, AssistantPart, ModelStop, Usage } from "../agent/messages.ts";
import { noUsage } from "../agent/messages.ts";
import type { ModelEvent } from "../agent/model.ts";

/**
 * The events of the Messages API as far as they are read here. Others, and blocks of other types,
 * are skipped: providers add them without notice.
 */
export interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly usage?: StreamUsage | null };
  readonly content_block?: StreamBlock;
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly thinking?: string;
    readonly signature?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string | null;
  };
  readonly usage?: StreamUsage | null;
}

export interface StreamUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
}

interface StreamBlock {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
}

export interface MessageAccumulator {
  /** Takes one event; the returned delta is for the user's eyes. */
  add(event: StreamEvent): ModelEvent | undefined;
  /** Undefined unless the stream has come to its proper end: a clean end of file is none. */
  finish(): AssistantMessage | undefined;
}

/**
 * Builds one message from raw stream events. Text is collected in pieces and joined once, because
 * parsing the growing whole at each delta is quadratic (research/model-clients.md §2).
 */
export function createMessageAccumulator(provider: string): MessageAccumulator {
  const blocks = new Map<number, OpenBlock>();
  let usage: Usage = noUsage;
  let stop: ModelStop | undefined;
  let ended = false;
  return {
    add: (event) => {
      switch (event.type) {
        case "message_start":
          usage = withUsage(usage, event.message?.usage);
          return undefined;
        case "content_block_start":
          if (event.content_block)
            blocks.set(event.index ?? 0, { start: event.content_block, pieces: [], signature: "" });
          return undefined;
        case "content_block_delta":
          return addDelta(blocks.get(event.index ?? 0), event.delta);
        case "message_delta":
          usage = withUsage(usage, event.usage);
          if (event.delta?.stop_reason) stop = stops[event.delta.stop_reason] ?? "end";
          return undefined;
        case "message_stop":
          ended = true;
          return undefined;
        default:
          return undefined;
      }
    },
    finish: () => {
      if (!ended || stop === undefined) return undefined;
      const ordered = [...blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block);
      const parts = ordered.flatMap((block, at) =>
        partOf(block, { provider, cut: stop === "maxTokens" && at === ordered.length - 1 }),
      );
      return { role: "assistant", parts, stop, usage };
    },
  };
}

const stops: Readonly<Record<string, ModelStop>> = {
  end_turn: "end",
  stop_sequence: "end",
  tool_use: "toolCalls",
  max_tokens: "maxTokens",
  model_context_window_exceeded: "contextFull",
  pause_turn: "paused",
  refusal: "refusal",
};

interface OpenBlock {
  readonly start: StreamBlock;
  readonly pieces: string[];
  signature: string;
}

function addDelta(block: OpenBlock | undefined, delta: StreamEvent["delta"]): ModelEvent | undefined {
  switch (delta?.type) {
    case "text_delta":
      block?.pieces.push(delta.text ?? "");
      return { type: "text", delta: delta.text ?? "" };
    case "thinking_delta":
      block?.pieces.push(delta.thinking ?? "");
      return { type: "reasoning", delta: delta.thinking ?? "" };
    case "signature_delta":
      if (block) block.signature += delta.signature ?? "";
      return undefined;
    case "input_json_delta":
      block?.pieces.push(delta.partial_json ?? "");
      return undefined;
    default:
      return undefined;
  }
}

interface Context {
  readonly provider: string;
  /** The message ended at the output limit inside this block. */
  readonly cut: boolean;
}

function partOf({ start, pieces, signature }: OpenBlock, { provider, cut }: Context): AssistantPart[] {
  const text = pieces.join("");
  switch (start.type) {
    case "text":
      return text === "" ? [] : [{ type: "text", text }];
    case "thinking": {
      const value = { type: "thinking", thinking: text, signature };
      return [{ type: "reasoning", text, replay: { provider, value } }];
    }
    case "redacted_thinking":
      return [{ type: "reasoning", text: "", replay: { provider, value: start } }];
    case "tool_use":
      return [{ type: "toolCall", id: start.id ?? "", name: start.name ?? "", ...inputOf(text, cut) }];
    default:
      return [];
  }
}

/** A cut call is refused even when what came happens to be JSON: its last argument may be missing. */
function inputOf(json: string, cut: boolean): { readonly input: unknown; readonly inputError?: string } {
  if (cut) return { input: {}, inputError: "The call was cut off at the output limit." };
  if (json.trim() === "") return { input: {} };
  try {
    return { input: JSON.parse(json) };
  } catch {
    return { input: {}, inputError: "The arguments of the call are not valid JSON." };
  }
}

function withUsage(usage: Usage, update: StreamUsage | null | undefined): Usage {
  return {
    input: update?.input_tokens ?? usage.input,
    output: update?.output_tokens ?? usage.output,
    cacheRead: update?.cache_read_input_tokens ?? usage.cacheRead,
    cacheWrite: update?.cache_creation_input_tokens ?? usage.cacheWrite,
  };
}
