import { gapsOf } from "../../review/gaps.ts";
import { reviewReport } from "../report.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { findingLine, reasonText } from "./findingLine.ts";

/**
 * The report of the editor, and below it every finding and gap in a line of its own that terminals make clickable. Nothing is
 * known to be wrong with a rule that is not linked: its line is a `note`, as compilers and problem matchers have it.
 */
export function textReport({ review, whole, unknownDrift, unread = [] }: CheckedProject): string {
  const { checklist, coverage } = review;
  const findings = checklist.flatMap(({ id, findings: all }) =>
    all.map((finding) => `${findingLine(finding)} [${id}]`),
  );
  const suppressed = checklist.flatMap(({ id, suppressed: all = [] }) =>
    all.map((found) => `${found.path}:${found.line}: ignored [${id}]: ${reasonText(found)}`),
  );
  const gaps = gapsOf(coverage).map(({ id, status, difference, design, code }) => {
    const place = (status === "mismatched" ? code : undefined) ?? design ?? code;
    const at = place ? `${place.path}:${place.line}: ` : "";
    return `${at}${id} is ${status}${difference === undefined ? "" : `: ${difference}`}`;
  });
  const drifted = coverage.elements.flatMap(({ id, drift, design, code }) => {
    const place = design ?? code;
    return drift ? [`${place ? `${place.path}:${place.line}: ` : ""}${id}: ${drift.difference}`] : [];
  });
  const unlinked = (coverage.unlinkedRules ?? []).map(
    ({ id, text, design }) => `${design.path}:${design.line}: note: ${id} is linked to no function: ${text}`,
  );
  const sections = [
    section("Findings", findings),
    section("Gaps", gaps),
    section("Drift", unknownDrift === undefined ? drifted : [unknownDrift]),
    section("Not linked to a function", unlinked),
    section("Ignored", suppressed),
    section(
      "Not looked at",
      unread.map(({ path, why }) => `${path}: ${why}`),
    ),
  ];
  return [reviewReport(review, whole), ...sections.filter((text) => text !== ""), ""].join("\n\n").trimEnd();
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `### ${title}\n\n${lines.join("\n")}`;
}
