import type { Drift } from "../spec/compare/designDrift.ts";
import type { Review } from "./model.ts";

/** The review with what is known of how the design of its elements has changed since they were implemented. */
export function withDrift(review: Review, drift: ReadonlyMap<string, Drift>): Review {
  if (drift.size === 0) return review;
  const elements = review.coverage.elements.map((element) => {
    const own = drift.get(element.id);
    return own ? { ...element, drift: own } : element;
  });
  return { ...review, coverage: { ...review.coverage, elements } };
}

/** The review after the drift of these elements was accepted. */
export function withoutDrift(review: Review, ids: ReadonlySet<string>): Review {
  const elements = review.coverage.elements.map(({ drift, ...element }) =>
    drift === undefined || ids.has(element.id) ? element : { ...element, drift },
  );
  return { ...review, coverage: { ...review.coverage, elements } };
}
