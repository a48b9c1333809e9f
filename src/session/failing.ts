import type { ChangeSet } from "../changes/model.ts";
import type { Review } from "../review/model.ts";
import { sinceBaseline } from "../review/sinceBaseline.ts";

const mostFindings = 5;
const mostLines = 40;

/**
 * What the review holds against the proposed state, one line each, worst first by the order of the
 * checklist, for a model to work off; what is to be judged is a person's to decide. Empty when checklist and coverage are as they should be. What the baseline knows is
 * not its business.
 */
export function failingLines(review: Review): readonly string[] {
  const { checklist, coverage } = sinceBaseline(review);
  const items = checklist
    .filter(({ status }) => status === "fail")
    .map(({ title, findings }) => ({ title, findings: findings.filter(({ needsJudgement }) => !needsJudgement) }))
    .flatMap(({ title, findings }) => [
      ...findings.slice(0, mostFindings).map(({ path, line, message }) => `${title}: ${path}:${line}: ${message}`),
      ...(findings.length > mostFindings ? [`${title}: ${findings.length - mostFindings} more findings`] : []),
      ...(findings.length === 0 ? [title] : []),
    ]);
  const elements = coverage.elements
    .filter(({ status, unseenAt }) => (status === "missing" && unseenAt === undefined) || status === "mismatched")
    .map(({ kind, name, status, difference }) => `${kind} ${name} is ${status}${difference ? `: ${difference}` : ""}`);
  const lines = [...items, ...elements];
  return lines.length > mostLines ? [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more`] : lines;
}

/** Where the work stands, for a model that has lost the beginning of its history. */
export function situationText(changes: ChangeSet, failing: readonly string[]): string {
  const proposed = changes.files().map(({ path, kind }) => (kind === "create" ? path : `${path} (${kind})`));
  return [
    `Waiting for the user's review: ${proposed.length === 0 ? "nothing" : proposed.join(", ")}.`,
    ...(failing.length === 0
      ? ["Checklist and coverage pass."]
      : ["Still failing:", ...failing.map((it) => `- ${it}`)]),
  ].join("\n");
}

/** Whether the state passes: every checklist item that applies, and every designed element covered. */
export function isClean(review: Review): boolean {
  return failingLines(review).length === 0;
}
