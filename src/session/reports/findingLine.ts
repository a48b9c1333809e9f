import type { Finding, SuppressedFinding } from "../../review/model.ts";

/** `app/orders.py:31: to be judged: …`, as terminals make it clickable. */
export function findingLine({ path, line, message, needsJudgement }: Finding): string {
  return `${path}:${line}: ${needsJudgement ? "to be judged: " : ""}${message}`;
}

/** Why the code excuses a finding, and that there is none any more. */
export function reasonText({ reason, isUnused, message }: SuppressedFinding): string {
  return isUnused ? `${reason} — ${message}` : reason;
}
