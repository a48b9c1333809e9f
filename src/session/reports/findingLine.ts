import type { Finding } from "../../review/model.ts";

/** `app/orders.py:31: to be judged: …`, as terminals make it clickable. */
export function findingLine({ path, line, message, needsJudgement }: Finding): string {
  return `${path}:${line}: ${needsJudgement ? "to be judged: " : ""}${message}`;
}
