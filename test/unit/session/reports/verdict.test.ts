import assert from "node:assert/strict";
import { test } from "node:test";
import { withBaseline } from "../../../../src/review/baseline.ts";
import type { ChecklistItem, CoverageElement, Review } from "../../../../src/review/model.ts";
import { sinceBaseline } from "../../../../src/review/sinceBaseline.ts";
import { failureKinds, isFailing, readFailureKinds } from "../../../../src/session/reports/verdict.ts";

const gap: CoverageElement = { id: "table:a", kind: "table", name: "a", status: "missing" };
const drifted: CoverageElement = {
  ...gap,
  id: "table:b",
  status: "implemented",
  drift: { difference: "a → b", hash: "ee" },
};
const items: Readonly<Record<"fail" | "review", ChecklistItem>> = {
  fail: {
    id: "size",
    title: "",
    status: "fail",
    findings: [{ path: "a.py", line: 1, message: "m", fingerprint: "aa" }],
  },
  review: {
    id: "nPlusOne",
    title: "",
    status: "review",
    findings: [{ path: "a.py", line: 2, message: "m", fingerprint: "bb", needsJudgement: true }],
  },
};

type Kind = (typeof failureKinds)[number];

/** A project in which just these things are wrong. */
function project(wrong: readonly Kind[]): Review {
  const elements = [...(wrong.includes("coverage") ? [gap] : []), ...(wrong.includes("drift") ? [drifted] : [])];
  return {
    checklist: (["fail", "review"] as const).map((kind) =>
      wrong.includes(kind) ? items[kind] : { ...items[kind], status: "pass", findings: [] },
    ),
    coverage: { elements, totals: { implemented: 0, missing: 0, mismatched: 0, extra: 0 } },
  };
}

const subsets = Array.from({ length: 2 ** failureKinds.length }, (_, bits) =>
  failureKinds.filter((_, at) => (bits >> at) % 2 === 1),
);

const findings = [items.fail, items.review].flatMap(({ id, findings: all }) =>
  all.map(({ path, message, fingerprint = "" }) => ({ id, path, message, fingerprint, count: 1 })),
);
const everything = { findings, gaps: [{ id: gap.id, status: gap.status }] };
const baselines = [
  { what: "no baseline", apply: (review: Review) => review, knows: [] },
  { what: "one of nothing", apply: (review: Review) => since(review, { findings: [], gaps: [] }), knows: [] },
  {
    what: "one of what is wrong",
    apply: (review: Review) => since(review, everything),
    knows: ["fail", "review", "coverage"],
  },
  {
    what: "one of the gaps",
    apply: (review: Review) => since(review, { ...everything, findings: [] }),
    knows: ["coverage"],
  },
] as const;

function since(review: Review, known: Pick<Parameters<typeof withBaseline>[1], "findings" | "gaps">): Review {
  return sinceBaseline(withBaseline(review, { version: 2, ...known }));
}

for (const { what, apply, knows } of baselines) {
  test(`every combination of --fail-on with every combination of what is wrong, and ${what}`, () => {
    for (const kinds of subsets) {
      const read = readFailureKinds(kinds.length === 0 ? "none" : kinds.join(","));
      assert.ok(!("unknown" in read));
      const failing = subsets.filter((wrong) => isFailing(apply(project(wrong)), read));
      const isNew = (kind: Kind) => !knows.some((known) => known === kind);
      const expected = subsets.filter((wrong) => wrong.some((kind) => kinds.includes(kind) && isNew(kind)));
      assert.deepEqual(failing, expected, kinds.join());
    }
  });
}

const lists: readonly (readonly [text: string, read: ReturnType<typeof readFailureKinds>])[] = [
  ["none", []],
  ["fail", ["fail"]],
  [" coverage , fail ", ["fail", "coverage"]],
  ["fail,fail", ["fail"]],
  ["", { unknown: "" }],
  ["none,fail", { unknown: "none" }],
  ["fail,", { unknown: "" }],
  ["Fail", { unknown: "Fail" }],
];

test("--fail-on is a list of kinds, or none", () => {
  for (const [text, read] of lists) assert.deepEqual(readFailureKinds(text), read, text);
});
