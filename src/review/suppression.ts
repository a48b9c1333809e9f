import type { CheckResult } from "./checks/check.ts";
import { oncePerFile } from "./facts/oncePerFile.ts";
import { descendantsOfType } from "./facts/syntax.ts";
import { type ChecklistId, checklistIds, type Finding, type SourceText, type SuppressedFinding } from "./model.ts";
import type { Project } from "./project.ts";
import { remainingVerdict } from "./remainingVerdict.ts";

interface Suppression {
  readonly path: string;
  readonly line: number;
  readonly ids: readonly string[];
  readonly reason: string;
}

/** What the code says to ignore: `# backend: ignore[nPlusOne] reason`, behind a line or alone above it. In settings it stands above. */
export interface Suppressions {
  /** The result of a check without what is suppressed with a reason; that is listed beside it. */
  apply(id: ChecklistId, result: CheckResult): CheckResult & { readonly suppressed: readonly SuppressedFinding[] };
}

/**
 * A suppression needs a reason and ids of the checklist; one without is a finding of the checks that it names, or
 * of the first check when it names none that there is, and suppresses nothing. One that nothing is found at any more
 * fails nothing, because it may be the checks that have become better; it is listed with the others.
 */
export function readSuppressions({ code, files, others }: Project): Suppressions {
  const all = [...files.flatMap(suppressionsIn), ...others.flatMap(settingsSuppressions)];
  const valid = all.filter((suppression) => faultOf(suppression) === undefined);
  const judged = new Set([...code, ...others].map(({ path }) => path));
  const ours = all.filter(({ path }) => judged.has(path));
  const invalid = ours.filter((suppression) => !valid.includes(suppression));
  return {
    apply: (id, result) => {
      const suppressed = result.findings.flatMap((finding): SuppressedFinding[] => {
        const match = valid.find((candidate) => covers(candidate, id, finding));
        return match ? [{ ...finding, reason: match.reason }] : [];
      });
      const places = new Set(suppressed.map(placeOf));
      const unused = ours.filter((one) => valid.includes(one) && one.ids.includes(id) && !places.has(placeOf(one)));
      const faults = invalid.filter((suppression) => reportsUnder(suppression, id)).map(faultFinding);
      const left = result.findings.filter((finding) => !places.has(placeOf(finding)));
      const status = faults.length > 0 ? "fail" : remainingVerdict(result, left);
      return { status, findings: [...left, ...faults], suppressed: [...suppressed, ...unused.map(unusedFinding)] };
    },
  };
}

/** As often as a comment has it: each may give a reason of its own. */
const ignoring = /#\s*backend:\s*ignore(?:\[([^\]]*)\])?[ \t]*((?:(?!#\s*backend:).)*)/g;

/** Those in comments as the grammar knows them: what stands in a string is none. */
const suppressionsIn = oncePerFile(({ path, text, root }): readonly Suppression[] => {
  if (!text.includes("backend:")) return [];
  const lines = text.split("\n");
  return descendantsOfType(root, "comment").flatMap((node) => {
    const isAlone = lines[node.line - 1]?.trimStart().startsWith("#") ?? false;
    return suppressionsOf(node.text, { path, line: isAlone ? codeBelow(node.line, lines) : node.line });
  });
});

/** In settings a comment has a line of its own: behind a value it would be part of it. */
function settingsSuppressions({ path, text }: SourceText): readonly Suppression[] {
  if (!text.includes("backend:")) return [];
  const lines = text.split("\n");
  return lines.flatMap((line, index) =>
    line.trimStart().startsWith("#") ? suppressionsOf(line, { path, line: codeBelow(index + 1, lines) }) : [],
  );
}

function suppressionsOf(text: string, place: Pick<Suppression, "path" | "line">): readonly Suppression[] {
  return [...text.matchAll(ignoring)].map(([, named = "", reason = ""]) => {
    const ids = named.split(",").map((id) => id.trim());
    return { ...place, ids: ids.filter((id) => id !== ""), reason: reason.trim() };
  });
}

/** The line that a comment alone in its line is about: the first below that is none itself. */
function codeBelow(line: number, lines: readonly string[]): number {
  let below = line;
  while (lines[below]?.trimStart().startsWith("#")) below += 1;
  return below + 1;
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

function unusedFinding({ path, line, reason }: Suppression): SuppressedFinding {
  return { path, line, message: "Nothing is found here; take the comment away.", reason, isUnused: true };
}

function covers({ path, line, ids }: Suppression, id: ChecklistId, finding: Finding): boolean {
  return ids.includes(id) && path === finding.path && line === finding.line;
}

function placeOf({ path, line }: Pick<Finding, "path" | "line">): string {
  return `${path}:${line}`;
}
