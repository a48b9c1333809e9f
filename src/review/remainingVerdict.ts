import type { Finding, Verdict } from "./model.ts";

interface Judged {
  readonly status: Verdict;
  readonly findings: readonly Finding[];
}

/** What an item comes to when only these of its findings are left: what is certain fails it, the rest waits for judgement. */
export function remainingVerdict({ status, findings: all }: Judged, left: readonly Finding[]): Verdict {
  if (left.length === all.length) return status;
  if (left.length === 0) return "pass";
  return left.every(({ needsJudgement }) => needsJudgement) ? "review" : "fail";
}
