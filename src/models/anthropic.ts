import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import {
  type ContentBlockParam,
  type MessageCreateParamsStreaming,
  type MessageParam,
  Messages,
  type Tool as ToolParam,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { Models } from "@anthropic-ai/sdk/resources/models";
import { withoutReasoning } from "../agent/compaction.ts";
import type { AssistantMessage, Message, UserPart } from "../agent/messages.ts";
import { type ModelClient, ModelError, type ModelEvent, type ModelRequest } from "../agent/model.ts";
import { createRedactor } from "../support/redact.ts";
import { toModelError } from "./anthropicFailures.ts";
import { cacheBreakpoints } from "./cachePlan.ts";
import { createEndpointLimits, type EndpointLimits, type OptionalField } from "./endpointLimits.ts";
import { createMessageAccumulator, type MessageFacts, type StreamEvent } from "./messageAccumulator.ts";
import { anthropicModelId, type ModelListCache, resolveModelAlias } from "./modelAliases.ts";
import { createWatchdog, createWatchedFetch } from "./watchedFetch.ts";

export interface AnthropicAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** How the key is sent; some gateways read `x-api-key` only. Bearer when undefined. */
  readonly auth?: "bearer" | "x-api-key";
}

export interface AnthropicOptions extends AnthropicAccess {
  /** Alias (`opus`, `sonnet`, `haiku`, `fable`) or model id. */
  readonly model: string;
  readonly maxTokens?: number;
  readonly effort?: "low" | "medium" | "high";
  /** Milliseconds until the answer must have begun. */
  readonly headersMs?: number;
  /** Silence that counts as a stalled stream; the SDK's own time limit ends with the headers. */
  readonly idleMs?: number;
  /** How long a stream may do nothing but ping. */
  readonly pingsMs?: number;
  /** Hears, in words for a log, that the provider's cache could not be read as far as the request before reached. */
  readonly onCacheMiss?: (message: string) => void;
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
  const connection: Connection = {
    client: createClient(options, options.headersMs ?? 60_000),
    host: hostOf(options.baseUrl),
    hide: createRedactor([options.apiKey]),
    model,
    effort: options.effort ?? "medium",
    idleMs: options.idleMs ?? 90_000,
    pingsMs: options.pingsMs ?? 180_000,
    limits: createEndpointLimits(options.maxTokens ?? 32_000),
    previous: { id: null },
    onCacheMiss: options.onCacheMiss,
  };
  return {
    info: { provider, id: model, label: `Claude (${model})` },
    stream: (request) => stream(connection, request),
  };
}

const listMs = 5000;

/** The id behind an alias, from the endpoint's own list where it has one; see {@link resolveModelAlias}. */
export function resolveAnthropicModel(
  name: string,
  access: AnthropicAccess,
  cache: ModelListCache | undefined,
  signal: AbortSignal,
): Promise<string> {
  const list = async () => {
    const client = createClient(access, listMs).withOptions({ fetch: createWatchedFetch(() => undefined) });
    const { data } = await new Models(client).list({ limit: 100 }, { signal });
    return data.map(({ id, line, lifecycle }) => ({ id, line, lifecycle }));
  };
  return resolveModelAlias(name, { list, ...(cache ? { cache } : {}) });
}

const provider = "anthropic";

/** Said explicitly, because the environment's ANTHROPIC_CUSTOM_HEADERS could replace a header otherwise. */
function createClient({ apiKey, baseUrl, auth = "bearer" }: AnthropicAccess, timeout: number): BaseAnthropic {
  const key =
    auth === "bearer"
      ? { apiKey, defaultHeaders: { Authorization: `Bearer ${apiKey}` } }
      : { apiKey: null, defaultHeaders: { "x-api-key": apiKey, Authorization: null } };
  return new BaseAnthropic({ ...key, baseURL: baseUrl, maxRetries: 0, timeout, logLevel: "off", openTelemetry: false });
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}

interface Connection {
  readonly client: BaseAnthropic;
  /** Takes the key out of what is told of a failure. */
  readonly hide: (text: string) => string;
  readonly host: string;
  readonly model: string;
  readonly effort: "low" | "medium" | "high";
  readonly idleMs: number;
  readonly pingsMs: number;
  readonly limits: EndpointLimits;
  /** The last whole answer, which the provider compares the next request with. */
  readonly previous: { id: string | null };
  readonly onCacheMiss: AnthropicOptions["onCacheMiss"];
}

async function* stream(connection: Connection, request: ModelRequest): AsyncGenerator<ModelEvent, void, void> {
  const watchdog = createWatchdog(connection.idleMs, connection.pingsMs);
  const signal = AbortSignal.any([request.signal, watchdog.signal]);
  const client = connection.client.withOptions({ fetch: createWatchedFetch(watchdog.heard) });
  const accumulator = createMessageAccumulator(provider);
  try {
    const events = await open(connection, new Messages(client), { ...request, signal });
    watchdog.moved();
    for await (const event of events) {
      watchdog.moved();
      const delta = accumulator.add(event);
      if (delta) yield delta;
    }
    // An aborted stream simply ends, like a cut one.
    signal.throwIfAborted();
    const message = accumulator.finish();
    noteCache(connection, accumulator.facts());
    yield { type: "end", message };
  } catch (thrown) {
    const { model, host, hide } = connection;
    const error = toModelError(thrown, { model, host, cancelled: request.signal, stalled: watchdog.signal });
    const { cause, retryAfterMs } = error;
    throw new ModelError(error.kind, hide(error.message), { cause, retryAfterMs, usage: accumulator.usage() });
  } finally {
    watchdog.stop();
  }
}

/** A prefix that was not the same is a fault of ours that nobody sees but on the bill; so it is told. */
function noteCache({ previous, onCacheMiss }: Connection, { id, cacheMiss }: MessageFacts): void {
  previous.id = id ?? null;
  if (!cacheMiss) return;
  const { reason, tokens } = cacheMiss;
  onCacheMiss?.(`The provider's cache was missed (${reason}): about ${tokens} tokens were read anew.`);
}

/** Asks again at once, with less, for as long as the endpoint names something that it does not take. */
async function open(
  connection: Connection,
  messages: Messages,
  request: ModelRequest,
): Promise<AsyncIterable<StreamEvent>> {
  for (;;) {
    try {
      return await openOnce(connection, messages, request);
    } catch (thrown) {
      if (!connection.limits.learn(thrown, request.messages.length)) throw thrown;
    }
  }
}

async function openOnce(
  connection: Connection,
  messages: Messages,
  request: ModelRequest,
): Promise<AsyncIterable<StreamEvent>> {
  const body = bodyOf(connection, request);
  const { data, response } = await messages.create(body, { signal: request.signal }).withResponse();
  const type = response.headers.get("content-type") ?? "no content type";
  if (!type.includes("text/event-stream")) {
    const message = `The endpoint answered with ${type} instead of a stream of events; is it a proxy or a login page?`;
    throw new ModelError("invalidRequest", message);
  }
  return data as AsyncIterable<StreamEvent>;
}

// ---- The request

/**
 * Tools are not `strict`: the provider compiles all strict schemas of a request into one grammar and refuses the request
 * when that is too large, by a limit it does not tell, and models get arguments right without it (151 calls of 151 in
 * github.com/alphaXiv/agents#49). What is wrong all the same is answered by the tool's own schema, in words, and costs a
 * turn; for Write and Edit, which are streamed as they are generated, there is no choice.
 */
function bodyOf(connection: Connection, { system, tools, messages }: ModelRequest): MessageCreateParamsStreaming {
  const { limits, model, effort, previous } = connection;
  const has = (field: OptionalField) => limits.takes(field);
  const ephemeral = (ttl: "5m" | "1h") => ({
    cache_control: { type: "ephemeral" as const, ...(has("ttl") ? { ttl } : {}) },
  });
  const marks = new Map(has("cache_control") ? cacheBreakpoints(messages).map((it) => [it.message, it.ttl]) : []);
  return {
    model,
    max_tokens: limits.maxTokens(),
    stream: true,
    ...(system === ""
      ? {}
      : { system: [{ type: "text", text: system, ...(has("cache_control") ? ephemeral("1h") : {}) }] }),
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema as ToolParam["input_schema"],
      ...(has("eager_input_streaming") && (name === "Write" || name === "Edit") ? { eager_input_streaming: true } : {}),
    })),
    messages: messages.map((message, index) => {
      const param = messageParam(index < limits.reasoningFrom() ? withoutReasoning(message) : message);
      const ttl = marks.get(index);
      return ttl === undefined ? param : withBreakpoint(param, ephemeral(ttl));
    }),
    ...(has("cache_control") ? { cache_control: { type: "ephemeral" } } : {}),
    ...(has("thinking") ? { thinking: { type: "adaptive", display: "summarized" } } : {}),
    ...(has("output_config") ? { output_config: { effort } } : {}),
    ...(has("diagnostics") ? { diagnostics: { previous_message_id: previous.id } } : {}),
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
  return {
    type: "tool_result",
    tool_use_id: wireId(part.callId),
    content,
    ...(part.isError ? { is_error: true } : {}),
  };
}

/** Signed thinking goes back verbatim and in its place; thinking of another provider is left out. */
function assistantBlock(part: AssistantMessage["parts"][number]): ContentBlockParam[] {
  switch (part.type) {
    case "text":
      return [{ type: "text", text: part.text }];
    case "toolCall":
      return [{ type: "tool_use", id: wireId(part.id), name: part.name, input: part.input ?? {} }];
    case "reasoning":
      return part.replay?.provider === provider ? [part.replay.value as ContentBlockParam] : [];
  }
}

/** A history that another provider's model began has identifiers of any shape; here they may have these characters. */
function wireId(id: string): string {
  return id.replace(/[^\w-]/g, "_");
}

function withBreakpoint(param: MessageParam, mark: Pick<ToolParam, "cache_control">): MessageParam {
  if (typeof param.content === "string") return param;
  const last = param.content.at(-1);
  if (last?.type !== "text" && last?.type !== "tool_result") return param;
  return { role: "user", content: [...(param.content.slice(0, -1) as ContentBlockParam[]), { ...last, ...mark }] };
}
