import type { AssistantMessage, AssistantPart, ModelStop, Usage } from "../agent/messages.ts";
import { noUsage } from "../agent/messages.ts";
import { ModelError, type ModelEvent } from "../agent/model.ts";

/**
 * The events of the Messages API as far as they are read here. Others, and blocks of other types,
 * are skipped: providers add them without notice.
 */
export interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: {
    readonly id?: string;
    readonly usage?: StreamUsage | null;
    readonly diagnostics?: {
      readonly cache_miss_reason?: { readonly type: string; readonly cache_missed_input_tokens?: number } | null;
    } | null;
  };
  readonly content_block?: StreamBlock;
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly thinking?: string;
    readonly signature?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string | null;
    readonly stop_details?: { readonly category?: string | null; readonly explanation?: string | null } | null;
  };
  readonly usage?: StreamUsage | null;
}

export interface StreamUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_creation?: { readonly ephemeral_1h_input_tokens?: number | null } | null;
}

interface StreamBlock {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
}

export interface MessageAccumulator {
  /** Takes one event; the returned delta is for the user's eyes. */
  add(event: StreamEvent): ModelEvent | undefined;
  /** What was used so far; undefined before the message has begun. */
  usage(): Usage | undefined;
  /** What the provider says of the message itself, as far as it has come. */
  facts(): MessageFacts;
  /**
   * The whole message. Throws a {@link ModelError} unless the stream has come to its proper end (a
   * clean end of file is none) and every call can be answered exactly once.
   */
  finish(): AssistantMessage;
}

export interface MessageFacts {
  readonly id?: string;
  /** Why what the request before had could not be read from the cache, and about how many tokens that were. */
  readonly cacheMiss?: { readonly reason: string; readonly tokens: number };
}

/**
 * Builds one message from raw stream events. Text is collected in pieces and joined once, because
 * parsing the growing whole at each delta is quadratic (research/model-clients.md §2).
 */
export function createMessageAccumulator(provider: string): MessageAccumulator {
  const blocks = new Map<number, OpenBlock>();
  let usage: Usage = noUsage;
  let facts: MessageFacts = {};
  let stop: string | undefined;
  let stopDetail: string | undefined;
  let ended = false;
  let overwritten = false;
  return {
    add: (event) => {
      switch (event.type) {
        case "message_start":
          usage = withUsage(usage, event.message?.usage);
          facts = factsOf(event.message);
          return undefined;
        case "content_block_start":
          if (!event.content_block) return undefined;
          overwritten ||= blocks.has(event.index ?? 0);
          blocks.set(event.index ?? 0, { start: event.content_block, pieces: [], signature: "" });
          return undefined;
        case "content_block_delta":
          return addDelta(blocks.get(event.index ?? 0), event.delta);
        case "message_delta":
          usage = withUsage(usage, event.usage);
          stop = event.delta?.stop_reason ?? stop;
          stopDetail = detailOf(event.delta) ?? stopDetail;
          return undefined;
        case "message_stop":
          ended = true;
          return undefined;
        default:
          return undefined;
      }
    },
    usage: () => (usage === noUsage ? undefined : usage),
    facts: () => facts,
    finish: () => {
      if (!ended || stop === undefined) throw new ModelError("network", "The model's answer broke off before its end.");
      const known = stops[stop] ?? "unknown";
      const ordered = [...blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block);
      const parts = ordered.flatMap((block, at) =>
        partOf(block, { provider, cut: known === "maxTokens" && at === ordered.length - 1 }),
      );
      if (overwritten || !areAnswerable(parts)) {
        throw new ModelError(
          "protocol",
          "The model's answer is malformed: two of its parts claim the same place or name.",
        );
      }
      const detail = known === "unknown" ? stop : stopDetail;
      return { role: "assistant", parts, stop: known, ...(detail === undefined ? {} : { stopDetail: detail }), usage };
    },
  };
}

function factsOf(message: StreamEvent["message"]): MessageFacts {
  const { id, diagnostics } = message ?? {};
  const { type: reason, cache_missed_input_tokens: tokens } = diagnostics?.cache_miss_reason ?? {};
  return {
    ...(id === undefined ? {} : { id }),
    ...(reason === undefined || tokens === undefined ? {} : { cacheMiss: { reason, tokens } }),
  };
}

function detailOf(delta: StreamEvent["delta"]): string | undefined {
  const { category, explanation } = delta?.stop_details ?? {};
  const words = [category, explanation].filter((text) => text);
  return words.length === 0 ? undefined : words.join(", ");
}

/** Results name their call by its identifier, so each call needs one of its own. */
function areAnswerable(parts: readonly AssistantPart[]): boolean {
  const ids = parts.flatMap((part) => (part.type === "toolCall" ? [part.id] : []));
  return !ids.includes("") && new Set(ids).size === ids.length;
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
      return block && addInput(block, delta.partial_json ?? "");
    default:
      return undefined;
  }
}

function addInput({ start, pieces }: OpenBlock, delta: string): ModelEvent | undefined {
  pieces.push(delta);
  return delta === "" ? undefined : { type: "callInput", id: start.id ?? "", name: start.name ?? "", delta };
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
      // The API refuses blank text in a history.
      return text.trim() === "" ? [] : [{ type: "text", text }];
    case "thinking": {
      // Thinking that was cut has no signature and would make the next request invalid.
      if (signature === "") return [];
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

/** Later figures replace earlier ones; a figure that is missing or absurd replaces nothing. */
function withUsage(usage: Usage, update: StreamUsage | null | undefined): Usage {
  const figure = (value: number | null | undefined, before: number) =>
    typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : before;
  const hourCacheWrite = figure(update?.cache_creation?.ephemeral_1h_input_tokens, usage.hourCacheWrite ?? 0);
  return {
    input: figure(update?.input_tokens, usage.input),
    output: figure(update?.output_tokens, usage.output),
    cacheRead: figure(update?.cache_read_input_tokens, usage.cacheRead),
    cacheWrite: figure(update?.cache_creation_input_tokens, usage.cacheWrite),
    ...(hourCacheWrite > 0 ? { hourCacheWrite } : {}),
  };
}
