import type { Analysis } from "../analysis.ts";
import type { Coverage } from "../model.ts";
import { coverDomain, coverEvents, coverRules } from "./domain.ts";
import { coverEndpoints } from "./endpoints.ts";
import { coverErrorCodes } from "./errorCodes.ts";
import { coverDatabase } from "./tables.ts";
import { totalsOf } from "./totals.ts";

/**
 * Which elements of the design the code implements, and what it has beyond the design.
 *
 * Business rules that the code does not name are in neither list nor totals; see `coverRules`.
 */
export function coverageOf(analysis: Analysis): Coverage {
  const { conclusions } = analysis.project;
  const elements = [
    ...conclusions.aboutAll(coverEndpoints, analysis),
    ...conclusions.aboutAll(coverDatabase, analysis),
    ...conclusions.aboutAll(coverDomain, analysis),
    ...conclusions.aboutAll(coverEvents, analysis),
    ...conclusions.aboutAll(coverRules, analysis),
    ...conclusions.aboutAll(coverErrorCodes, analysis),
  ];
  return { totals: totalsOf(elements), elements };
}
