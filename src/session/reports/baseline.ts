import * as z from "zod";
import type { ChecklistItem, Coverage, CoverageElement, Finding, Review } from "../../review/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { gapsOf } from "./verdict.ts";

/** Findings and gaps of a project as they were at one time. Lines are left out: code above a finding moves it. */
const baselineFile = z.object({
  version: z.literal(1),
  findings: z.array(z.object({ id: z.string(), path: z.string(), message: z.string(), count: z.number().int() })),
  coverage: z.array(z.object({ id: z.string(), status: z.string() })),
});

export type Baseline = z.infer<typeof baselineFile>;

/** Throws `BASELINE` for text that is no baseline. */
export function readBaseline(text: string, path: string): Baseline {
  const parsed = baselineFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UserFacingError("BASELINE", `${path} is no baseline; write one with --write-baseline.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no baseline either; the caller says so.
    return undefined;
  }
}

export function writeBaseline(review: Review): string {
  const counts = new Map<string, Baseline["findings"][number]>();
  for (const { id, findings } of review.checklist) {
    for (const { path, message } of findings) {
      const key = keyOf(id, { path, message });
      counts.set(key, { id, path, message, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const coverage = gapsOf(review.coverage).map(({ id, status }) => ({ id, status }));
  const baseline: Baseline = { version: 1, findings: [...counts.values()], coverage };
  return `${JSON.stringify(baseline, undefined, 2)}\n`;
}

/**
 * The review without what the baseline holds already. An item whose findings are all known passes; a gap that is known
 * is left out of the coverage, so that its totals speak of what is new.
 */
export function sinceBaseline({ checklist, coverage }: Review, baseline: Baseline): Review {
  const left = new Map(baseline.findings.map((known) => [keyOf(known.id, known), known.count]));
  const gaps = new Set(baseline.coverage.map(({ id, status }) => `${status} ${id}`));
  const elements = coverage.elements.filter(({ id, status }) => !gaps.has(`${status} ${id}`));
  return {
    checklist: checklist.map((item) => newFindings(item, left)),
    coverage: { elements, totals: totalsOf(elements) },
  };
}

function newFindings(item: ChecklistItem, left: Map<string, number>): ChecklistItem {
  const findings = item.findings.filter((finding) => {
    const key = keyOf(item.id, finding);
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    return known <= 0;
  });
  const isKnown = findings.length === 0 && item.findings.length > 0;
  return { ...item, findings, status: isKnown ? "pass" : item.status };
}

function totalsOf(elements: readonly CoverageElement[]): Coverage["totals"] {
  const count = (status: string) => elements.filter((element) => element.status === status).length;
  return {
    implemented: count("implemented"),
    missing: count("missing"),
    mismatched: count("mismatched"),
    extra: count("extra"),
  };
}

function keyOf(id: string, { path, message }: Pick<Finding, "path" | "message">): string {
  return JSON.stringify([id, path, message]);
}
