import type { Review } from "../review/model.ts";

const mostFindings = 5;
const mostLines = 40;

/**
 * What the review holds against the proposed state, one line each, worst first by the order of the
 * checklist, for a model to work off. Empty when checklist and coverage are as they should be.
 */
export function failingLines({ checklist, coverage }: Review): readonly string[] {
  const items = checklist
    .filter(({ status }) => status === "fail")
    .flatMap(({ title, findings }) => [
      ...findings.slice(0, mostFindings).map(({ path, line, message }) => `${title}: ${path}:${line}: ${message}`),
      ...(findings.length > mostFindings ? [`${title}: ${findings.length - mostFindings} more findings`] : []),
      ...(findings.length === 0 ? [title] : []),
    ]);
  const elements = coverage.elements
    .filter(({ status }) => status === "missing" || status === "mismatched")
    .map(({ kind, name, status, difference }) => `${kind} ${name} is ${status}${difference ? `: ${difference}` : ""}`);
  const lines = [...items, ...elements];
  return lines.length > mostLines ? [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more`] : lines;
}

/** Whether the state passes: every checklist item that applies, and every designed element covered. */
export function isClean(review: Review): boolean {
  return failingLines(review).length === 0;
}
