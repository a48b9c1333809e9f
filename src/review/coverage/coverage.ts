import type { Analysis } from "../analysis.ts";
import type { Coverage } from "../model.ts";
import { coverDomain, coverEvents } from "./domain.ts";
import { coverEndpoints } from "./endpoints.ts";
import { coverErrorCodes } from "./errorCodes.ts";
import { coverRules } from "./rules.ts";
import { coverDatabase } from "./tables.ts";
import { totalsOf } from "./totals.ts";

/** Which elements of the design the code implements, and what it has beyond the design. */
export function coverageOf(analysis: Analysis): Coverage {
  const { conclusions } = analysis.project;
  const rules = conclusions.aboutAll(coverRules, analysis);
  const elements = [
    ...conclusions.aboutAll(coverEndpoints, analysis),
    ...conclusions.aboutAll(coverDatabase, analysis),
    ...conclusions.aboutAll(coverDomain, analysis),
    ...conclusions.aboutAll(coverEvents, analysis),
    ...rules.elements,
    ...conclusions.aboutAll(coverErrorCodes, analysis),
  ];
  return {
    totals: totalsOf(elements),
    elements,
    ...(rules.unlinked.length > 0 && { unlinkedRules: rules.unlinked }),
  };
}
