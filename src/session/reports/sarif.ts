import { checklistSummaries } from "../../review/checklistSummaries.ts";
import { fingerprintOf } from "../../review/fingerprint.ts";
import { gapsOf } from "../../review/gaps.ts";
import type { ChecklistId, ChecklistItem, CoverageElement, Finding } from "../../review/model.ts";
import { kindNames } from "../report.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { type Evidence, placeKey } from "./evidence.ts";

export interface SarifContext {
  /** Of the product. */
  readonly version: string;
  readonly evidence: Evidence;
}

/**
 * The review as SARIF 2.1.0, as far as GitHub's code scanning reads it ("SARIF support for code scanning"): a rule with
 * its help for every item of the checklist, both kinds of gaps and drift, a result with a place, a region and a fingerprint
 * for every finding. Suppressed ones carry their reason. URIs are relative to the folder in which the check was started,
 * because code scanning takes them as relative to the root of the repository.
 *
 * Code scanning refuses a run of more than 25,000 results, so the most severe are kept and a notification says that.
 */
export function sarifReport(
  { review: { checklist, coverage }, unknownDrift, unread = [] }: CheckedProject,
  { version, evidence }: SarifContext,
): string {
  const rules = [...checklist.map(itemRule), ...gapRules];
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const all = [
    ...checklist.flatMap(itemResults),
    ...gapsOf(coverage).flatMap(gapResults),
    ...coverage.elements.flatMap(driftResults),
  ];
  const kept = all.toSorted((left, right) => severity[left.level] - severity[right.level]).slice(0, mostResults);
  const remarks = [
    ...(all.length > mostResults ? [cutText(all.length)] : []),
    ...(unknownDrift === undefined ? [] : [unknownDrift]),
    ...unread.map(({ path, why }) => `${path} is not looked at: ${why}`),
  ];
  const numbers = new Map<string, number>();
  const log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: { driver: { name: "Backend Implementer", semanticVersion: version, rules } },
        automationDetails: { id: "backend-implementer/" },
        originalUriBaseIds: { [baseId]: { description: { text: "The folder in which the check was started." } } },
        invocations: [{ executionSuccessful: true, ...notificationsOf(remarks) }],
        columnKind: "utf16CodeUnits",
        results: kept.map((result) => ({
          ruleId: result.ruleId,
          ruleIndex: index.get(result.ruleId) ?? -1,
          level: result.level,
          message: { text: result.message },
          locations: [{ physicalLocation: locationOf(result, evidence) }],
          partialFingerprints: { primaryLocationLineHash: numbered(result, numbers) },
          ...(result.reason === undefined ? {} : { suppressions: [suppressionOf(result.reason)] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const mostResults = 25_000;

const severity = { error: 0, warning: 1, note: 2 } as const;

const baseId = "SRCROOT";

/** One result before its place is looked up. */
interface Result extends Finding {
  readonly ruleId: string;
  readonly level: keyof typeof severity;
  /** Why it is suppressed. */
  readonly reason?: string;
}

/** Findings of these are weaknesses, which code scanning ranks by a score of 0 to 10 (CWE-89 and CWE-798 as it scores them). */
const securityScores: Readonly<Partial<Record<ChecklistId, string>>> = { parameterized: "8.8", secrets: "9.8" };

function itemRule({ id, title }: Pick<ChecklistItem, "id" | "title">) {
  const { decides, how, unseen } = checklistSummaries[id];
  const score = securityScores[id];
  return {
    id: String(id),
    name: String(id),
    shortDescription: { text: title },
    fullDescription: { text: decides },
    help: {
      text: `${decides} It cannot see: ${unseen} A finding that is meant to be so is ignored with "# backend: ignore[${id}] reason" behind the line.`,
      markdown: `${decides}\n\n**How.** ${how}\n\n**What it cannot see.** ${unseen}\n\nA finding that is meant to be so is ignored with its reason behind the line: \`# backend: ignore[${id}] reason\`.`,
    },
    defaultConfiguration: { level: "error" },
    properties: {
      tags: score === undefined ? ["maintainability"] : ["security"],
      precision: "high",
      ...(score === undefined ? { "problem.severity": "error" } : { "security-severity": score }),
    },
  };
}

const gapRules = [
  gapRule(
    "coverage-missing",
    "The code lacks an element of the design",
    "Every endpoint, table, index, constraint, policy, entity, event and error code of the design stands in the code. Implement it, or take it out of the design.",
  ),
  gapRule(
    "coverage-mismatched",
    "The code has an element of the design differently",
    "What the code says of an element is what the design says of it: type, nullability, status, columns, conditions. Change the one that is wrong.",
  ),
  gapRule(
    "design-drift",
    "The design has changed since it was implemented",
    "What the design decides about an element is not what it decided when it was implemented and accepted. Implement the design again, or accept the change where the code follows it already.",
    "warning",
  ),
];

function gapRule(id: string, title: string, help: string, level: "error" | "warning" = "error") {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: help, markdown: help },
    defaultConfiguration: { level },
    properties: { tags: ["design"], precision: "high", "problem.severity": level },
  };
}

function itemResults({ id, findings, suppressed = [] }: ChecklistItem): Result[] {
  return [
    ...findings.map(
      (finding) => ({ ...finding, ruleId: id, level: finding.needsJudgement ? "warning" : "error" }) as const,
    ),
    // Where nothing is found there is no result either.
    ...suppressed
      .filter(({ isUnused }) => !isUnused)
      .map((finding) => ({ ...finding, ruleId: id, level: "note" }) as const),
  ];
}

const gapWords: Readonly<Partial<Record<CoverageElement["status"], string>>> = {
  missing: "is missing from the code",
  mismatched: "differs from the design",
};

function gapResults({ id, status, kind, name, difference, unseenAt, design, code }: CoverageElement): Result[] {
  const place = (status === "mismatched" ? code : undefined) ?? design ?? code;
  if (!place) return [];
  const what = unseenAt ? "is not seen in the code" : gapWords[status];
  const message = `The ${kindNames[kind][0]} ${name} ${what}.${difference === undefined ? "" : ` ${difference}`}`;
  const fingerprint = fingerprintOf([id, status]);
  const { path, line } = place;
  return [{ ruleId: `coverage-${status}`, level: unseenAt ? "warning" : "error", path, line, message, fingerprint }];
}

function driftResults({ id, kind, name, drift, design, code }: CoverageElement): Result[] {
  const place = design ?? code;
  if (!drift || !place) return [];
  const message = `The design of the ${kindNames[kind][0]} ${name} has changed since it was implemented: ${drift.difference}.`;
  const { path, line } = place;
  const fingerprint = fingerprintOf([id, drift.hash]);
  return [{ ruleId: "design-drift", level: "warning", path, line, message, fingerprint }];
}

/** The n-th of several results that are alike; code scanning writes its own fingerprints so. */
function numbered({ ruleId, path, fingerprint = "" }: Result, numbers: Map<string, number>): string {
  const key = JSON.stringify([ruleId, path, fingerprint]);
  const number = (numbers.get(key) ?? 0) + 1;
  numbers.set(key, number);
  return `${fingerprint}:${number}`;
}

function locationOf(result: Result, evidence: Evidence) {
  const { path } = result;
  const uri = uriOf(path);
  const line = Math.max(result.line, 1);
  const text = evidence.get(placeKey({ path, line })) ?? "";
  const startColumn = text.trim() === "" ? 1 : text.search(/\S/) + 1;
  return {
    artifactLocation: { uri, ...(uri.startsWith("file:") ? {} : { uriBaseId: baseId }) },
    region: {
      startLine: line,
      startColumn,
      endLine: line,
      endColumn: Math.max(text.trimEnd().length + 1, startColumn),
    },
  };
}

/** A path with a root, `/srv/app.py` or `C:/app.py`, is an address of its own. */
function uriOf(path: string): string {
  const encoded = path
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
  if (path.startsWith("/")) return `file://${encoded}`;
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded}` : encoded;
}

function suppressionOf(justification: string) {
  return { kind: "inSource", status: "accepted", justification };
}

function cutText(results: number): string {
  return `${results} results were found; the ${mostResults} most severe are listed, because code scanning takes no more.`;
}

function notificationsOf(remarks: readonly string[]) {
  if (remarks.length === 0) return {};
  return { toolExecutionNotifications: remarks.map((text) => ({ level: "warning", message: { text } })) };
}
