import * as z from "zod";
import { UserFacingError } from "../support/errors.ts";
import { withoutPlaces } from "./differencePlaces.ts";
import { ofTheMessage } from "./fingerprint.ts";
import { gapsOf } from "./gaps.ts";
import type { Finding, Review } from "./model.ts";

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
 * The review with what the baseline knows marked as known, which {@link sinceBaseline} leaves out. Of findings that are
 * alike as many are known as the baseline has. A gap that differs in another way than it did is new.
 */
export function withBaseline(review: Review, baseline: Baseline): Review {
  const { checklist, coverage } = withoutBaseline(review);
  const left = leftOver(baseline, checklist);
  const gaps = new Set(baseline.gaps.map(gapKey));
  return {
    checklist: checklist.map((item) => ({
      ...item,
      findings: item.findings.map((found) => marked(item.id, found, left)),
    })),
    coverage: {
      ...coverage,
      elements: coverage.elements.map((element) =>
        gaps.has(gapKey(element)) ? { ...element, isKnown: true } : element,
      ),
    },
    baseline: "applied",
  };
}

/** As {@link withBaseline}, with the text of a file that may be none; one that is no baseline is said to be. */
export function withBaselineFile(review: Review, text: string | undefined): Review {
  if (text === undefined) return review;
  const parsed = baselineFile.safeParse(parseJson(text));
  return parsed.success ? withBaseline(review, parsed.data) : { ...review, baseline: "unreadable" };
}

/** The review as it is where there is no baseline. */
export function withoutBaseline({ checklist, coverage }: Review): Review {
  const forgotten = <Known extends { readonly isKnown?: boolean }>({
    isKnown,
    ...rest
  }: Known): Omit<Known, "isKnown"> => rest;
  return {
    checklist: checklist.map((item) => ({ ...item, findings: item.findings.map(forgotten) })),
    coverage: { ...coverage, elements: coverage.elements.map(forgotten) },
  };
}

/**
 * How many findings of each kind the baseline has. What it has of a path in more number than there are now goes to the same
 * code under another path, because a file was renamed or code moved; a finding without code of its own stays with its path.
 */
function leftOver({ findings }: Baseline, checklist: Review["checklist"]): Map<string, number> {
  const left = new Map(findings.map((known) => [keyOf(known.id, known), known.count]));
  const now = checklist.flatMap((item) => item.findings.map((found) => ({ ...found, id: item.id })));
  const there = new Map<string, number>();
  for (const found of now) there.set(keyOf(found.id, found), (there.get(keyOf(found.id, found)) ?? 0) + 1);
  const over = (key: string): number => (left.get(key) ?? 0) - (there.get(key) ?? 0);
  for (const found of now.filter(({ id }) => !ofTheMessage.has(id))) {
    const key = keyOf(found.id, found);
    if (over(key) >= 0) continue;
    const source = findings.find((known) => isSameCode(known, found) && over(keyOf(known.id, known)) > 0);
    if (!source) continue;
    left.set(keyOf(source.id, source), (left.get(keyOf(source.id, source)) ?? 0) - 1);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return left;
}

function isSameCode(
  known: Baseline["findings"][number],
  { id, path, fingerprint }: Finding & { readonly id: string },
): boolean {
  return known.id === id && known.fingerprint === fingerprint && known.path !== path;
}

function marked(id: string, finding: Finding, left: Map<string, number>): Finding {
  const key = keyOf(id, finding);
  const known = left.get(key) ?? 0;
  left.set(key, known - 1);
  return known > 0 ? { ...finding, isKnown: true } : finding;
}

function keyOf(id: string, { path, fingerprint = "" }: Pick<Finding, "path" | "fingerprint">): string {
  return JSON.stringify([id, path, fingerprint]);
}

function gapKey({
  id,
  status,
  difference = "",
}: Readonly<Record<"id" | "status", string>> & { difference?: string | undefined }): string {
  return JSON.stringify([id, status, withoutPlaces(difference)]);
}
