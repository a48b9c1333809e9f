import type { AssistantMessage, Message, ModelErrorKind, Usage } from "./messages.ts";
import type { ToolSpec } from "./tool.ts";

export interface ModelRequest {
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
}

export type ModelEvent =
  | { readonly type: "text" | "reasoning"; readonly delta: string }
  /** Arguments of a call as they come, raw JSON; providers that send calls whole have none. For the eyes only. */
  | { readonly type: "callInput"; readonly id: string; readonly name: string; readonly delta: string }
  | { readonly type: "end"; readonly message: AssistantMessage };

export interface ModelInfo {
  readonly provider: "offline" | "anthropic" | "vscode";
  readonly id: string;
  readonly label: string;
  /** How many tokens a request may have, where that is known and so little that a run can reach it. */
  readonly maxInputTokens?: number;
}

/**
 * One language model, whoever serves it.
 *
 * Contract: `stream` yields deltas and then exactly one `end`. Every failure, an early end of the
 * stream and an abort too, is thrown as a {@link ModelError} (research/model-clients.md §3.1).
 */
export interface ModelClient {
  readonly info: ModelInfo;
  stream(request: ModelRequest): AsyncGenerator<ModelEvent, void, void>;
}

const retryableKinds: ReadonlySet<ModelErrorKind> = new Set([
  "rateLimit",
  "overloaded",
  "network",
  "stalled",
  "protocol",
  "server",
]);

export interface ModelErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
  readonly usage?: Usage | undefined;
}

/** A turn that could not be served. The loop retries whole turns, and only those of a retryable kind. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  /** The provider's own demand, in milliseconds; a minimum for the next try. */
  readonly retryAfterMs: number | undefined;
  /** What the broken turn has cost all the same, as far as it was told. */
  readonly usage: Usage | undefined;

  constructor(kind: ModelErrorKind, message: string, options: ModelErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.usage = options.usage;
  }

  get retryable(): boolean {
    return retryableKinds.has(this.kind);
  }

  /** By `name`: a client of the editor's models lives in another bundle than the loop, each with a copy of this class. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === "ModelError";
  }
}
