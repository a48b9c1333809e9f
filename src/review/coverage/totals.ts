import type { Coverage, CoverageElement, CoverageStatus } from "../model.ts";

export function totalsOf(elements: readonly CoverageElement[]): Coverage["totals"] {
  const count = (status: CoverageStatus) => elements.filter((element) => element.status === status).length;
  return {
    implemented: count("implemented"),
    missing: count("missing"),
    mismatched: count("mismatched"),
    extra: count("extra"),
  };
}
