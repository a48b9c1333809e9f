import type { CoverageElement, CoverageStatus, CoverageTotals } from "../model.ts";

export function totalsOf(elements: readonly CoverageElement[]): CoverageTotals {
  const unseen = elements.filter(({ unseenAt }) => unseenAt).length;
  const count = (status: CoverageStatus) => elements.filter((element) => element.status === status).length;
  return {
    implemented: count("implemented"),
    missing: count("missing"),
    mismatched: count("mismatched"),
    extra: count("extra"),
    ...(unseen > 0 && { unseen }),
  };
}
