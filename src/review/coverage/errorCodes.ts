import type { ErrorCode } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import { codeDifference, sitesOfCode } from "../facts/errorCodes.ts";
import type { CoverageElement } from "../model.ts";
import { extra, found, missing } from "./element.ts";

/** Error codes by their literal text, with the status that the code gives them anywhere. */
export function coverErrorCodes({ project, errorCodes }: Analysis): CoverageElement[] {
  const { codes } = project.spec.errors;
  const designed = new Set(codes.map((code) => code.name));
  const declared = new Map(
    errorCodes.filter((site) => site.declares && !designed.has(site.code)).map((site) => [site.code, site]),
  );
  return [
    ...codes.map((code) => coverCode(code, sitesOfCode(errorCodes, code.name))),
    ...[...declared.values()].map((site) => extra("errorCode", site.code, site.span)),
  ];
}

function coverCode(code: ErrorCode, sites: ReturnType<typeof sitesOfCode>): CoverageElement {
  const [first] = sites;
  if (!first) return missing(code);
  const differing = codeDifference(code, sites);
  if (!differing) return found(code, first.span, []);
  return found(code, differing.span, [`Has status ${differing.status}, the design says ${code.status}`]);
}
