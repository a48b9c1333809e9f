import type { RetryTerms } from "./errorParts.ts";
import type { RetryPolicy } from "./model.ts";

/** "503, `RATE_LIMITED`: 4 attempts, exponential from 200 ms to 5 s, with jitter". */
export function retryText({ appliesTo, ...terms }: RetryPolicy): string {
  const subject = appliesTo.length === 0 ? "every failure that may pass" : appliesTo.join(", ");
  return `${subject}: ${termTexts(terms).join(", ")}`;
}

function termTexts({ attempts, backoff, baseDelay, maxDelay, jitter, retryAfter }: RetryTerms): string[] {
  const from = baseDelay === undefined ? "" : ` from ${durationText(baseDelay)}`;
  const to = maxDelay === undefined ? "" : ` to ${durationText(maxDelay)}`;
  const delays = `${backoff ?? (from || to ? "delays" : "")}${from}${to}`;
  return [
    attempts === undefined ? "" : `${attempts} attempts`,
    delays,
    jitter === undefined ? "" : jitter ? "with jitter" : "without jitter",
    retryAfter === undefined ? "" : `\`Retry-After\`${retryAfter === true ? "" : ` ${retryAfter}`}`,
  ].filter((text) => text !== "");
}

/** Milliseconds as people write them: `200 ms`, `5 s`. */
export function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}
