import { withPlacesIn } from "../../review/differencePlaces.ts";
import type { ChecklistItem, CoverageElement, Review } from "../../review/model.ts";

/**
 * The review with its code named as its design is, from where the check was started: `folder` is the checked one, with a
 * slash at its end, or empty where the check was started in it.
 */
export function withCodeIn(folder: string, review: Review): Review {
  if (folder === "") return review;
  const named = <Place extends { readonly path: string }>(place: Place): Place => ({
    ...place,
    path: folder + place.path,
  });
  const item = ({ suppressed, ...rest }: ChecklistItem): ChecklistItem => ({
    ...rest,
    findings: rest.findings.map(named),
    ...(suppressed && { suppressed: suppressed.map(named) }),
  });
  const element = ({ code, difference, ...rest }: CoverageElement): CoverageElement => ({
    ...rest,
    ...(code && { code: named(code) }),
    ...(difference !== undefined && { difference: withPlacesIn(folder, difference) }),
  });
  const { checklist, coverage } = review;
  return {
    ...review,
    checklist: checklist.map(item),
    coverage: { ...coverage, elements: coverage.elements.map(element) },
  };
}
