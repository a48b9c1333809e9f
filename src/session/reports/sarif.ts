import type { ChecklistItem, CoverageElement, Finding, Review } from "../../review/model.ts";
import { gapsOf } from "./verdict.ts";

/**
 * The review as SARIF 2.1.0, as far as code scanning reads it: a rule for every item of the checklist and for both kinds
 * of gaps, a result for every finding; suppressed ones carry their reason. Paths are relative to the checked folder.
 */
export function sarifReport({ checklist, coverage }: Review, version: string): string {
  const rules = [
    ...checklist.map(({ id, title }) => ({ id, name: id, shortDescription: { text: title } })),
    ...Object.entries(gapRules).map(([id, text]) => ({ id, name: id, shortDescription: { text } })),
  ];
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const results = [...checklist.flatMap(itemResults), ...gapsOf(coverage).flatMap(gapResults)];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Backend Implementer", semanticVersion: version, rules } },
        columnKind: "utf16CodeUnits",
        results: results.map((result) => ({ ...result, ruleIndex: index.get(result.ruleId) ?? -1 })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const gapRules = {
  "coverage-missing": "The code lacks an element of the design",
  "coverage-mismatched": "The code has an element of the design differently",
} as const;

function itemResults({ id, status, findings, suppressed = [] }: ChecklistItem) {
  const level = status === "review" ? "warning" : "error";
  return [
    ...findings.map((finding) => ({ ...resultOf(id, level, finding) })),
    ...suppressed.map((finding) => ({
      ...resultOf(id, "note", finding),
      suppressions: [{ kind: "inSource", status: "accepted", justification: finding.reason }],
    })),
  ];
}

function gapResults({ status, kind, name, difference, design, code }: CoverageElement) {
  const place = status === "mismatched" ? (code ?? design) : (design ?? code);
  if (!place) return [];
  const what = status === "missing" ? "is missing from the code" : "differs from the design";
  const message = `${kind} ${name} ${what}.${difference === undefined ? "" : ` ${difference}`}`;
  return [resultOf(`coverage-${status}`, "error", { path: place.path, line: place.line, message })];
}

function resultOf(ruleId: string, level: "error" | "warning" | "note", { path, line, message }: Finding) {
  return {
    ruleId,
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
          region: { startLine: Math.max(line, 1) },
        },
      },
    ],
  };
}
