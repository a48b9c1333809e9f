import { oncePer } from "../support/oncePer.ts";
import { totalsOf } from "./coverage/totals.ts";
import type { ChecklistItem, Coverage, Review } from "./model.ts";
import { remainingVerdict } from "./remainingVerdict.ts";

/**
 * The review without what its baseline knows. An item whose findings are all known passes; a gap that is known is left out
 * of the coverage, so that the totals speak of what is new. Without a baseline it is the review itself. Of what two reviews
 * have in common the result is the same object.
 */
export function sinceBaseline(review: Review): Review {
  if (review.baseline !== "applied") return review;
  return { ...review, checklist: newChecklist(review.checklist), coverage: newCoverage(review.coverage) };
}

const newChecklist = oncePer((checklist: readonly ChecklistItem[]) => checklist.map(newFindings));

const newFindings = oncePer((item: ChecklistItem): ChecklistItem => {
  const findings = item.findings.filter(({ isKnown }) => !isKnown);
  return { ...item, findings, status: remainingVerdict(item, findings) };
});

const newCoverage = oncePer((coverage: Coverage): Coverage => {
  const elements = coverage.elements.filter(({ isKnown }) => !isKnown);
  return { ...coverage, elements, totals: totalsOf(elements) };
});
