import { totalsOf } from "./coverage/totals.ts";
import type { ChecklistItem, Review } from "./model.ts";
import { remainingVerdict } from "./remainingVerdict.ts";

/**
 * The review without what its baseline knows. An item whose findings are all known passes; a gap that is known is left out
 * of the coverage, so that the totals speak of what is new. Without a baseline it is the review itself.
 */
export function sinceBaseline(review: Review): Review {
  if (review.baseline !== "applied") return review;
  const elements = review.coverage.elements.filter(({ isKnown }) => !isKnown);
  return {
    ...review,
    checklist: review.checklist.map(newFindings),
    coverage: { ...review.coverage, elements, totals: totalsOf(elements) },
  };
}

function newFindings(item: ChecklistItem): ChecklistItem {
  const findings = item.findings.filter(({ isKnown }) => !isKnown);
  return { ...item, findings, status: remainingVerdict(item, findings) };
}
