import * as z from "zod";
import type { ChecklistItem, Coverage, CoverageElement, Finding, Review } from "../../review/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { gapsOf } from "./verdict.ts";

/** Where the editor keeps the baseline of a project; committed with it. The headless command takes any path. */
export const baselinePath = ".backend/baseline.json";

/**
 * Findings and gaps of a project as they were at one time. A finding is known by the code that it is about, not by its
 * line, because code above it moves it, and not by its message, which says it to people who read the file.
 */
const baselineFile = z.object({
  version: z.literal(2),
  findings: z.array(
    z.object({ id: z.string(), path: z.string(), fingerprint: z.string(), count: z.int(), message: z.string() }),
  ),
  gaps: z.array(z.object({ id: z.string(), status: z.string(), difference: z.string().optional() })),
});

export type Baseline = z.infer<typeof baselineFile>;

/** Throws `BASELINE` for text that is no baseline. */
export function readBaseline(text: string, path: string): Baseline {
  const parsed = baselineFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UserFacingError(
    "BASELINE",
    `${path} is no baseline, so nothing can be left out by it; write one with --write-baseline, or record one in the editor.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no baseline either; the caller says so.
    return undefined;
  }
}

/** Sorted, an entry a line, so that a smaller baseline is a small difference. */
export function writeBaseline(review: Review): string {
  const counts = new Map<string, Baseline["findings"][number]>();
  for (const { id, findings } of review.checklist) {
    for (const { path, message, fingerprint = "" } of findings) {
      const key = keyOf(id, { path, fingerprint });
      counts.set(key, { id, path, fingerprint, count: (counts.get(key)?.count ?? 0) + 1, message });
    }
  }
  const gaps = gapsOf(review.coverage).map(({ id, status, difference }) => ({
    id,
    status,
    ...(difference === undefined ? {} : { difference }),
  }));
  const sections = [section("findings", [...counts.values()]), section("gaps", gaps)];
  return `{\n"version": 2,\n${sections.join(",\n")}\n}\n`;
}

function section(name: string, entries: readonly object[]): string {
  const lines = entries.map((entry) => JSON.stringify(entry)).sort();
  return `"${name}": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n`}]`;
}

/**
 * The review without what the baseline holds already. An item whose findings are all known passes; a gap that is known
 * is left out of the coverage, so that its totals speak of what is new. A gap that differs in another way is new.
 */
export function sinceBaseline({ checklist, coverage }: Review, baseline: Baseline): Review {
  const left = new Map(baseline.findings.map((known) => [keyOf(known.id, known), known.count]));
  const gaps = new Set(baseline.gaps.map(gapKey));
  const elements = coverage.elements.filter((element) => !gaps.has(gapKey(element)));
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

function keyOf(id: string, { path, fingerprint = "" }: Pick<Finding, "path" | "fingerprint">): string {
  return JSON.stringify([id, path, fingerprint]);
}

function gapKey({
  id,
  status,
  difference = "",
}: Readonly<Record<"id" | "status", string>> & { difference?: string | undefined }): string {
  return JSON.stringify([id, status, difference]);
}
