import type { ChecklistItem, CoverageElement, Review, UnlinkedRule } from "../../review/model.ts";
import { counted } from "../../support/words.ts";
import { findingLine } from "./findingLine.ts";
import { escapeMarkup } from "./markup.ts";

/**
 * The review as JUnit XML: a suite of the twelve items and a suite of the elements of the design. What needs a
 * person's judgement, a design that has changed and what cannot be seen among it, is skipped with a message, so that it is seen and fails nothing;
 * its findings, and those that the code excuses, are the output of their case.
 */
export function junitReport({ checklist, coverage }: Review): string {
  const designed = coverage.elements.filter(({ status }) => status !== "extra");
  const suites = [
    suite("Quality checklist", checklist.map(itemCase)),
    suite("Coverage of the design", [...designed.map(elementCase), ...(coverage.unlinkedRules ?? []).map(ruleCase)]),
  ];
  const total = (amount: (each: Suite) => number) => suites.reduce((sum, each) => sum + amount(each), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Backend Implementer" tests="${total(({ tests }) => tests)}" failures="${total(({ failures }) => failures)}" errors="0" skipped="${total(({ skipped }) => skipped)}">`,
    ...suites.map(({ text }) => text),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly text: string;
}

interface Case {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly name: string;
  readonly className: string;
  readonly message: string;
  readonly detail: string;
  /** What is to be known beside the outcome. */
  readonly output?: string;
}

function suite(name: string, cases: readonly Case[]): Suite {
  const failures = cases.filter(({ outcome }) => outcome === "failed").length;
  const skipped = cases.filter(({ outcome }) => outcome === "skipped").length;
  const head = `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">`;
  return { tests: cases.length, failures, skipped, text: [head, ...cases.map(caseText), "  </testsuite>"].join("\n") };
}

function caseText({ outcome, name, className, message, detail, output = "" }: Case): string {
  const head = `    <testcase name="${escapeMarkup(name)}" classname="${escapeMarkup(className)}"`;
  const parts = [
    ...(outcome === "skipped" ? [`      <skipped message="${escapeMarkup(message)}"/>`] : []),
    ...(outcome === "failed"
      ? [`      <failure message="${escapeMarkup(message)}">${escapeMarkup(detail)}</failure>`]
      : []),
    ...(output === "" ? [] : [`      <system-out>${escapeMarkup(output)}</system-out>`]),
  ];
  return parts.length === 0 ? `${head}/>` : `${head}>\n${parts.join("\n")}\n    </testcase>`;
}

const outcomes = { pass: "passed", fail: "failed", review: "skipped", notApplicable: "skipped" } as const;

function itemCase({ id, title, status, findings, suppressed = [] }: ChecklistItem): Case {
  const found = counted(findings.length, "finding");
  const lines = findings.map(findingLine);
  const ignored = suppressed.map((finding) => `${findingLine(finding)} (ignored: ${finding.reason})`);
  return {
    outcome: outcomes[status],
    name: title,
    className: `checklist.${id}`,
    message: status === "notApplicable" ? "not applicable" : status === "review" ? `${found} to be judged` : found,
    detail: status === "fail" ? lines.join("\n") : "",
    output: [...(status === "fail" ? [] : lines), ...ignored].join("\n"),
  };
}

function ruleCase({ name, text, design }: UnlinkedRule): Case {
  const message = `not linked to a function: ${text} (${design.path}:${design.line})`;
  return { outcome: "skipped", name: `rule ${name}`, className: "coverage.rule", message, detail: "" };
}

function elementCase({
  id,
  kind,
  name,
  status,
  difference = "",
  unseenAt,
  drift,
  design,
  code,
}: CoverageElement): Case {
  const places = [design, code].flatMap((span) => (span ? [`${span.path}:${span.line}`] : []));
  const changed = drift ? `the design changed since it was implemented: ${drift.difference}` : "";
  return {
    outcome: unseenAt ? "skipped" : status !== "implemented" ? "failed" : drift ? "skipped" : "passed",
    name: `${kind} ${name}`,
    className: `coverage.${kind}`,
    message: [[status, difference].filter((text) => text !== "").join(": "), changed]
      .filter((text) => text !== "")
      .join("; "),
    detail: `${id}\n${places.join("\n")}`,
  };
}
