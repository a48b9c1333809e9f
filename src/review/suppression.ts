import type { CheckResult } from "./checks/check.ts";
import { oncePerFile } from "./facts/oncePerFile.ts";
import { type ChecklistId, checklistIds, type Finding, type SuppressedFinding } from "./model.ts";
import type { Project } from "./project.ts";
import { remainingVerdict } from "./remainingVerdict.ts";

interface Suppression {
  readonly path: string;
  readonly line: number;
  readonly ids: readonly string[];
  readonly reason: string;
}

/** What the code says to ignore: `# backend: ignore[nPlusOne] reason`, behind a line or alone above it. */
export interface Suppressions {
  /** The result of a check without what is suppressed with a reason; that is listed beside it. */
  apply(id: ChecklistId, result: CheckResult): CheckResult & { readonly suppressed: readonly SuppressedFinding[] };
}

/**
 * A suppression needs a reason and ids of the checklist; one without is a finding of the checks that it names, or
 * of the first check when it names none that there is, and suppresses nothing.
 */
export function readSuppressions({ code, files }: Project): Suppressions {
  const all = files.flatMap(suppressionsIn);
  const valid = all.filter((suppression) => faultOf(suppression) === undefined);
  const judged = new Set(code.map(({ path }) => path));
  const invalid = all.filter((suppression) => judged.has(suppression.path) && !valid.includes(suppression));
  return {
    apply: (id, result) => {
      const suppressed = result.findings.flatMap((finding) => {
        const match = valid.find((candidate) => covers(candidate, id, finding));
        return match ? [{ ...finding, reason: match.reason }] : [];
      });
      const places = new Set(suppressed.map(placeOf));
      const faults = invalid.filter((suppression) => reportsUnder(suppression, id)).map(faultFinding);
      const left = result.findings.filter((finding) => !places.has(placeOf(finding)));
      const status = faults.length > 0 ? "fail" : remainingVerdict(result, left);
      return { status, findings: [...left, ...faults], suppressed };
    },
  };
}

const comment = /#\s*backend:\s*ignore(?:\[([^\]]*)\])?[ \t]*(.*)$/;

const suppressionsIn = oncePerFile(({ path, text }): readonly Suppression[] => {
  if (!text.includes("backend:")) return [];
  return text.split("\n").flatMap((line, index) => {
    const match = line.match(comment);
    if (!match || isQuoted(line.slice(0, match.index))) return [];
    const isAlone = line.trimStart().startsWith("#");
    const ids = (match[1] ?? "").split(",").map((id) => id.trim());
    return [
      { path, line: index + (isAlone ? 2 : 1), ids: ids.filter((id) => id !== ""), reason: match[2]?.trim() ?? "" },
    ];
  });
});

/** The `#` stands inside a string. */
function isQuoted(before: string): boolean {
  return (before.match(/"/g)?.length ?? 0) % 2 === 1 || (before.match(/'/g)?.length ?? 0) % 2 === 1;
}

function faultOf({ ids, reason }: Suppression): string | undefined {
  const unknown = ids.find((id) => !isChecklistId(id));
  if (ids.length === 0) return "names no check; write ignore[nPlusOne] with the id of the check";
  if (unknown !== undefined) return `names ${unknown}, which is no check; use one of ${checklistIds.join(", ")}`;
  return reason === "" ? "has no reason; say behind the bracket why this is right here" : undefined;
}

function isChecklistId(id: string): id is ChecklistId {
  return checklistIds.some((known) => known === id);
}

function reportsUnder({ ids }: Suppression, id: ChecklistId): boolean {
  const known = ids.filter(isChecklistId);
  return known.length > 0 ? known.includes(id) : id === checklistIds[0];
}

function faultFinding(suppression: Suppression): Finding {
  const { path, line } = suppression;
  return { path, line, message: `The suppression ${faultOf(suppression) ?? ""}.` };
}

function covers({ path, line, ids }: Suppression, id: ChecklistId, finding: Finding): boolean {
  return ids.includes(id) && path === finding.path && line === finding.line;
}

function placeOf({ path, line }: Finding): string {
  return `${path}:${line}`;
}
