import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import { APIConnectionError, APIError } from "@anthropic-ai/sdk/error";
import {
  type ContentBlockParam,
  type MessageCreateParamsStreaming,
  type MessageParam,
  Messages,
  type Tool as ToolParam,
} from "@anthropic-ai/sdk/resources/messages/messages";
import type { AssistantPart, Message, UserPart } from "../agent/messages.ts";
import {
  type ModelClient,
  ModelError,
  type ModelErrorKind,
  type ModelEvent,
  type ModelRequest,
} from "../agent/model.ts";
import { messageOf } from "../support/errors.ts";
import { createMessageAccumulator, type MessageAccumulator, type StreamEvent } from "./messageAccumulator.ts";

export interface AnthropicOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Alias (`opus`, `sonnet`, `haiku`, `fable`) or model id. */
  readonly model: string;
  readonly maxTokens?: number;
  /** Silence that counts as a stalled stream; the SDK's own time limit ends with the headers. */
  readonly idleMs?: number;
}

/**
 * Claude with the user's own key.
 *
 * The SDK never retries here: it cannot after the first byte, and before that it sleeps through any
 * `retry-after` in silence. Raw stream events are read, because its helpers lose errors and let
 * truncated tool input pass (research/model-clients.md §1.3, §2).
 */
export function createAnthropicModel(options: AnthropicOptions): ModelClient {
  const model = anthropicModelId(options.model);
  const client = new BaseAnthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    // Said again, because ANTHROPIC_CUSTOM_HEADERS of the environment could replace it otherwise.
    defaultHeaders: { Authorization: `Bearer ${options.apiKey}` },
    maxRetries: 0,
    timeout: 60_000,
    logLevel: "off",
    openTelemetry: false,
  });
  const connection: Connection = {
    messages: new Messages(client),
    model,
    maxTokens: options.maxTokens ?? 32_000,
    idleMs: options.idleMs ?? 90_000,
    unsupported: new Set(),
  };
  return {
    info: { provider, id: model, label: `Claude (${model})` },
    stream: (request) => stream(connection, request),
  };
}

const provider = "anthropic";

/** Dated; an id of a newer model can be given instead of an alias (research/model-clients.md §1.8). */
const aliases: Readonly<Record<string, string>> = {
  opus: "claude-opus-5-5",
  sonnet: "claude-sonnet-5-5",
  haiku: "claude-haiku-5-5",
  fable: "claude-fable-5-2",
  inherit: "claude-opus-5-5",
  "": "claude-opus-5-5",
};

export function anthropicModelId(name: string): string {
  return aliases[name] ?? name;
}

interface Connection {
  readonly messages: Messages;
  readonly model: string;
  readonly maxTokens: number;
  readonly idleMs: number;
  /** Optional fields that this endpoint has refused; older models and gateways know fewer. */
  readonly unsupported: Set<OptionalField>;
}

const optionalFields = ["thinking", "output_config", "cache_control", "eager_input_streaming"] as const;

type OptionalField = (typeof optionalFields)[number];

async function* stream(connection: Connection, request: ModelRequest): AsyncGenerator<ModelEvent, void, void> {
  const watchdog = createWatchdog(connection.idleMs);
  try {
    const events = await open(connection, request, AbortSignal.any([request.signal, watchdog.signal]));
    watchdog.touch();
    const accumulator = createMessageAccumulator(provider);
    for await (const event of events) {
      watchdog.touch();
      const delta = accumulator.add(event);
      if (delta) yield delta;
    }
    yield { type: "end", message: finished(accumulator, request.signal, watchdog.signal) };
  } catch (thrown) {
    throw toModelError(thrown, request.signal, watchdog.signal);
  } finally {
    watchdog.stop();
  }
}

/** An aborted or cut stream simply ends; only `message_stop` proves that the message is whole. */
function finished(accumulator: MessageAccumulator, cancelled: AbortSignal, stalled: AbortSignal) {
  cancelled.throwIfAborted();
  stalled.throwIfAborted();
  const message = accumulator.finish();
  if (!message) throw new ModelError("network", "The model's answer broke off before its end.");
  return message;
}

async function open(
  connection: Connection,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<StreamEvent>> {
  try {
    return await openOnce(connection, request, signal);
  } catch (thrown) {
    const refused = optionalFields.filter((field) => !connection.unsupported.has(field) && isAbout(thrown, field));
    if (refused.length === 0) throw thrown;
    for (const field of refused) connection.unsupported.add(field);
    return openOnce(connection, request, signal);
  }
}

async function openOnce(connection: Connection, request: ModelRequest, signal: AbortSignal) {
  const { data, response } = await connection.messages.create(bodyOf(connection, request), { signal }).withResponse();
  const type = response.headers.get("content-type") ?? "no content type";
  if (!type.includes("text/event-stream")) {
    const message = `The endpoint answered with ${type} instead of a stream of events; is it a proxy or a login page?`;
    throw new ModelError("invalidRequest", message);
  }
  return data as AsyncIterable<StreamEvent>;
}

function isAbout(thrown: unknown, field: OptionalField): boolean {
  if (!(thrown instanceof APIError) || thrown.status !== 400) return false;
  const message = thrown.apiMessage ?? "";
  return message.includes(field) || (field === "output_config" && message.includes("effort"));
}

// ---- The request

/**
 * Cache breakpoints, of which there may be four: the system text, the design in the first message,
 * the end of the previous request, and the automatic one at the end. The third is there because a
 * lookup goes back no more than 20 blocks, and one turn of parallel calls can be longer.
 */
function bodyOf(connection: Connection, { system, tools, messages }: ModelRequest): MessageCreateParamsStreaming {
  const has = (field: OptionalField) => !connection.unsupported.has(field);
  const caching = has("cache_control");
  const previousEnd = messages.length - 3;
  return {
    model: connection.model,
    max_tokens: connection.maxTokens,
    stream: true,
    system: [{ type: "text", text: system, ...(caching ? { cache_control: { type: "ephemeral", ttl: "1h" } } : {}) }],
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema as ToolParam["input_schema"],
      ...(has("eager_input_streaming") && (name === "Write" || name === "Edit") ? { eager_input_streaming: true } : {}),
    })),
    messages: messages.map((message, index) => {
      if (!caching || message.role === "assistant") return messageParam(message);
      if (index === 0) return withBreakpoint(messageParam(message), "1h");
      return index === previousEnd ? withBreakpoint(messageParam(message), "5m") : messageParam(message);
    }),
    ...(caching ? { cache_control: { type: "ephemeral" } } : {}),
    ...(has("thinking") ? { thinking: { type: "adaptive", display: "summarized" } } : {}),
    ...(has("output_config") ? { output_config: { effort: "medium" } } : {}),
  };
}

function messageParam(message: Message): MessageParam {
  return message.role === "user"
    ? { role: "user", content: message.parts.map(userBlock) }
    : { role: "assistant", content: message.parts.flatMap(assistantBlock) };
}

function userBlock(part: UserPart): ContentBlockParam {
  if (part.type === "text") return { type: "text", text: part.text };
  const content = part.content === "" ? "(empty)" : part.content;
  return { type: "tool_result", tool_use_id: part.callId, content, ...(part.isError ? { is_error: true } : {}) };
}

/** Signed thinking goes back verbatim and in its place; thinking of another provider is left out. */
function assistantBlock(part: AssistantPart): ContentBlockParam[] {
  switch (part.type) {
    case "text":
      return [{ type: "text", text: part.text }];
    case "toolCall":
      return [{ type: "tool_use", id: part.id, name: part.name, input: part.input ?? {} }];
    case "reasoning":
      return part.replay?.provider === provider ? [part.replay.value as ContentBlockParam] : [];
  }
}

function withBreakpoint(param: MessageParam, ttl: "5m" | "1h"): MessageParam {
  if (typeof param.content === "string") return param;
  const last = param.content.at(-1);
  if (last?.type !== "text" && last?.type !== "tool_result") return param;
  const marked = { ...last, cache_control: { type: "ephemeral" as const, ttl } };
  return { role: "user", content: [...(param.content.slice(0, -1) as ContentBlockParam[]), marked] };
}

// ---- Failures

interface Watchdog {
  readonly signal: AbortSignal;
  touch(): void;
  stop(): void;
}

function createWatchdog(idleMs: number): Watchdog {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    touch: () => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), idleMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function toModelError(thrown: unknown, cancelled: AbortSignal, stalled: AbortSignal): ModelError {
  const cause = { cause: thrown };
  if (cancelled.aborted) return new ModelError("aborted", "The request was cancelled.", cause);
  if (stalled.aborted) return new ModelError("stalled", "The model has stopped sending.", cause);
  if (thrown instanceof ModelError) return thrown;
  if (thrown instanceof APIConnectionError) return new ModelError("network", rootMessage(thrown), cause);
  if (thrown instanceof APIError) {
    const retryAfterMs = retryAfter(thrown.headers);
    const options = retryAfterMs === undefined ? cause : { ...cause, retryAfterMs };
    return new ModelError(kindOf(thrown), thrown.apiMessage ?? thrown.message, options);
  }
  if (thrown instanceof TypeError && /terminated|fetch failed|network/i.test(thrown.message)) {
    return new ModelError("network", "The connection to the model was closed.", cause);
  }
  if (thrown instanceof SyntaxError) return new ModelError("protocol", "The model's answer is malformed.", cause);
  return new ModelError("invalidRequest", messageOf(thrown), cause);
}

/** Errors inside a stream carry a type and no status, so the type is asked first. */
function kindOf(error: APIError): ModelErrorKind {
  const message = error.apiMessage ?? error.message;
  if (/spend_limit|billing/.test(error.errorCode ?? "")) return "billing";
  if (/prompt is too long|exceeds? .{0,40}context/i.test(message)) return "contextFull";
  return kindsByType[error.type ?? ""] ?? kindOfStatus(error.status);
}

const kindsByType: Readonly<Record<string, ModelErrorKind>> = {
  overloaded_error: "overloaded",
  rate_limit_error: "rateLimit",
  billing_error: "billing",
  authentication_error: "auth",
  permission_error: "auth",
  not_found_error: "notFound",
  request_too_large: "contextFull",
  invalid_request_error: "invalidRequest",
};

const kindsByStatus: Readonly<Record<number, ModelErrorKind>> = {
  401: "auth",
  402: "billing",
  403: "auth",
  404: "notFound",
  408: "server",
  409: "server",
  413: "contextFull",
  429: "rateLimit",
  529: "overloaded",
};

function kindOfStatus(status: number | undefined): ModelErrorKind {
  if (status === undefined || status >= 500) return kindsByStatus[status ?? 0] ?? "server";
  return kindsByStatus[status] ?? "invalidRequest";
}

/** In milliseconds; a date that is past demands nothing. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const milliseconds = Number(headers?.get("retry-after-ms"));
  if (milliseconds > 0) return milliseconds;
  const seconds = Number(headers?.get("retry-after"));
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** `fetch failed` says nothing; its innermost cause names the host or the refusal. */
function rootMessage(error: Error): string {
  let root: unknown = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return `The model cannot be reached: ${messageOf(root)}.`;
}
