import type { RetryPolicy } from "../spec/model.ts";
import type { ErrorClassPlan } from "./plan.ts";

/** What the design's retry strategy makes of an error: whether to try again, and after how many seconds. */
export function withRetryHints(
  plan: ErrorClassPlan,
  policies: readonly RetryPolicy[],
  declared?: boolean,
): ErrorClassPlan {
  const own = policies.filter(({ appliesTo }) => appliesTo.some((subject) => covers(subject, plan)));
  const retryable = declared ?? (own.length > 0 || plan.retryable);
  const general = policies.filter(({ appliesTo }) => appliesTo.length === 0);
  const waiting = [...own, ...general].find(({ retryAfter }) => retryAfter !== undefined);
  const seconds = retryable && waiting ? secondsOf(waiting) : undefined;
  return { ...plan, retryable, ...(seconds !== undefined && { retryAfter: seconds }) };
}

/** The header counts whole seconds. */
function secondsOf({ retryAfter, baseDelay }: RetryPolicy): number | undefined {
  if (typeof retryAfter === "number") return retryAfter;
  return baseDelay === undefined ? undefined : Math.max(1, Math.ceil(baseDelay / 1000));
}

/** A code by its name, a status by its number or class: `5xx`. */
function covers(subject: string, { code, status }: ErrorClassPlan): boolean {
  return subject === code || subject === String(status) || subject === `${String(status).charAt(0)}xx`;
}
