import type { Analysis } from "../analysis.ts";
import type { ChecklistId, Finding, Verdict } from "../model.ts";

/** One item of the checklist. Only `nPlusOne` and `transactions` may answer `review`. */
export interface Check {
  readonly id: ChecklistId;
  readonly title: string;
  readonly run: (analysis: Analysis) => CheckResult;
}

export interface CheckResult {
  readonly status: Verdict;
  readonly findings: readonly Finding[];
}

export const notApplicable: CheckResult = { status: "notApplicable", findings: [] };

/** Passes without findings, which come out in the order of the files. */
export function passUnless(findings: readonly Finding[]): CheckResult {
  return { status: findings.length === 0 ? "pass" : "fail", findings: inOrder(findings) };
}

/** Fails for what is certain, asks for a review of the rest. The message of what is arguable says what there is to judge. */
export function judge(certain: readonly Finding[], arguable: readonly Finding[]): CheckResult {
  const open = arguable.map((finding) => ({ ...finding, needsJudgement: true }));
  if (certain.length > 0) return { status: "fail", findings: inOrder([...certain, ...open]) };
  return { status: open.length > 0 ? "review" : "pass", findings: inOrder(open) };
}

/** By path and line; the same message for the same line once. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const distinct = new Map(findings.map((finding) => [`${finding.path}:${finding.line}:${finding.message}`, finding]));
  return [...distinct.values()].sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}
