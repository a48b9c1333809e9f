import { ModelError } from "../agent/model.ts";

/** What is read of an error that came through the editor: names and codes survive the way between processes, classes do not. */
interface EditorFailure extends Error {
  readonly code?: unknown;
}

/** Longer than a run waits by itself, so that it pauses: an editor that blocks an extension takes no second try kindly. */
const blockedMs = 10 * 60_000;

/**
 * Whatever a request to a model of the editor threw, as the error that the loop understands: consent, quota,
 * rate limit and block each by name, with what the user can do (research/model-clients.md §3.2).
 */
export function chatModelError(thrown: unknown, model: string, cancelled: AbortSignal): ModelError {
  const cause = { cause: thrown };
  if (cancelled.aborted) return new ModelError("aborted", "The request was cancelled.", cause);
  const error: EditorFailure = thrown instanceof Error ? thrown : new Error(String(thrown));
  const said = error.message === "" ? "" : ` (${error.message})`;
  switch (typeof error.code === "string" && error.code in byCode ? byCode[error.code] : byName[error.name]) {
    case "consent":
      return new ModelError(
        "consent",
        `MODEL_CONSENT: this extension may not use ${model} yet${said}. Allow it when VS Code asks, or under "Manage Language Model Access" in the accounts menu, then go on.`,
        cause,
      );
    case "gone":
      return new ModelError(
        "notFound",
        `MODEL_GONE: ${model} is not offered any more${said}. Pick another model in the chat, then go on.`,
        cause,
      );
    case "blocked":
      return new ModelError(
        "rateLimit",
        `MODEL_BLOCKED: ${model} takes no requests of this extension for now${said}. Go on later, or pick another model.`,
        { ...cause, retryAfterMs: blockedMs },
      );
    case "quota":
      return new ModelError(
        "billing",
        `MODEL_QUOTA: the quota for ${model} is used up${said}. Pick another model, or go on when it is renewed.`,
        cause,
      );
    case "rate":
      return new ModelError("rateLimit", `MODEL_RATE: ${model} was asked too often${said}.`, cause);
    case "cancelled":
      return new ModelError("aborted", "The request was cancelled.", cause);
    default:
      return other(error, model);
  }
}

type Named = "consent" | "gone" | "blocked" | "quota" | "rate" | "cancelled";

const byCode: Readonly<Record<string, Named>> = { NoPermissions: "consent", NotFound: "gone", Blocked: "blocked" };

const byName: Readonly<Record<string, Named>> = {
  ChatQuotaExceeded: "quota",
  ChatRateLimited: "rate",
  Canceled: "cancelled",
};

/** Copilot's and others' words for a prompt that is too long. */
const tooLong = /token limit|context (?:length|window)|prompt is too long|exceeds the limit of \d+/i;

function other(error: Error, model: string): ModelError {
  const message = error.message === "" ? `${model} failed without saying why.` : error.message;
  return new ModelError(tooLong.test(message) ? "contextFull" : "server", message, { cause: error });
}
