import type { ModelErrorKind } from "../agent/messages.ts";
import { ModelError } from "../agent/model.ts";
import { messageOf } from "../support/errors.ts";

/** What is read of an SDK error. By shape and name: bundling renames classes, but errors say their own name. */
export interface ApiFailure extends Error {
  readonly status?: number | undefined;
  readonly type?: string | null;
  readonly errorCode?: string | null;
  readonly apiMessage?: string | null;
  readonly headers?: Headers | undefined;
}

export interface RequestFacts {
  readonly model: string;
  readonly host: string;
  readonly cancelled: AbortSignal;
  readonly stalled: AbortSignal;
}

/** Whatever a request threw as the error that the loop understands (research/model-clients.md §2, §7). */
export function toModelError(thrown: unknown, facts: RequestFacts): ModelError {
  const cause = { cause: thrown };
  if (facts.cancelled.aborted) return new ModelError("aborted", "The request was cancelled.", cause);
  if (facts.stalled.aborted) return new ModelError("stalled", "The model has stopped sending.", cause);
  const own = causesOf(thrown).find((error) => error instanceof ModelError);
  if (own) return own;
  if (!(thrown instanceof Error)) return new ModelError("invalidRequest", messageOf(thrown), cause);
  if (thrown.name.startsWith("APIConnection")) {
    return new ModelError("network", `The model cannot be reached: ${facts.host}: ${rootMessage(thrown)}.`, cause);
  }
  if (isApiFailure(thrown)) return apiError(thrown, facts);
  if (thrown instanceof TypeError && /terminated|fetch failed|network/i.test(thrown.message)) {
    return new ModelError("network", "The connection to the model was closed.", cause);
  }
  if (thrown instanceof SyntaxError) return new ModelError("protocol", "The model's answer is malformed.", cause);
  return new ModelError("invalidRequest", messageOf(thrown), cause);
}

function isApiFailure(error: Error): error is ApiFailure {
  return "apiMessage" in error;
}

function apiError(thrown: ApiFailure, facts: RequestFacts): ModelError {
  const retryAfterMs = retryAfter(thrown.headers);
  const kind = kindOf(thrown);
  const message = explained(kind, messageFor(thrown), thrown.status, facts);
  return new ModelError(kind, message, { cause: thrown, retryAfterMs });
}

function explained(kind: ModelErrorKind, said: string, status: number | undefined, facts: RequestFacts): string {
  switch (kind) {
    case "auth":
      return status === 403
        ? `The API does not permit this with the stored key (403): ${said}`
        : `The API refused the key (401): ${said}. Set it again with "Backend Implementer: Set Anthropic API Key".`;
    case "notFound":
      return `The API does not know the model "${facts.model}" (404): ${said}`;
    case "invalidRequest":
      return `The API refused the request to "${facts.model}"${status === undefined ? "" : ` (${status})`}: ${said}`;
    default:
      return said;
  }
}

const longestMessage = 2000;

/** Gateways answer with whole pages; a person reads the beginning of their text. */
function messageFor(error: ApiFailure): string {
  const text = error.apiMessage ?? error.message;
  const plain = text.replace(/<(style|script)\b.*?<\/\1>/gis, " ").replace(/<[^>]*>/g, " ");
  return plain.replace(/\s+/g, " ").trim().slice(0, longestMessage);
}

/** Errors inside a stream carry a type and no status, so the type is asked first. */
function kindOf(error: ApiFailure): ModelErrorKind {
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

/** In milliseconds, from either header, seconds or a date; a date that is past demands nothing. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const milliseconds = Number(headers?.get("retry-after-ms"));
  if (milliseconds > 0) return milliseconds;
  const value = headers?.get("retry-after") ?? "";
  const seconds = Number(value);
  const demanded = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return demanded > 0 ? demanded : undefined;
}

/** `fetch failed` says nothing; its innermost cause names the host or the refusal. */
function rootMessage(error: Error): string {
  const root = causesOf(error).at(-1);
  if (root instanceof AggregateError) return messageOf(root.errors[0]);
  return messageOf(root ?? error);
}

function causesOf(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let error = thrown; error !== undefined && chain.length < 10; ) {
    chain.push(error);
    error = error instanceof Error ? error.cause : undefined;
  }
  return chain;
}
