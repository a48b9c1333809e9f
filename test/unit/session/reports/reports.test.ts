import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownDrift } from "../../../../src/compiler/delta/recordDrift.ts";
import { withBaseline } from "../../../../src/review/baseline.ts";
import type { CoverageElement, Review } from "../../../../src/review/model.ts";
import { sinceBaseline } from "../../../../src/review/sinceBaseline.ts";
import { escapeMarkup } from "../../../../src/session/reports/markup.ts";
import { type ReportFormat, reportFormats, writeReport } from "../../../../src/session/reports/reports.ts";
import { memoryWorkspace } from "../../../support/memoryWorkspace.ts";
import { hostileReview } from "./hostileReview.ts";

const at = (line: number) => ({ path: "app/orders.py", line, fingerprint: `${line}` });
const review: Review = {
  checklist: [
    {
      id: "transactions",
      title: "Transactions",
      status: "fail",
      findings: [
        { ...at(1), message: "It commits twice." },
        { ...at(2), message: "It commits in a loop." },
        { ...at(3), message: "It commits before a write.", needsJudgement: true },
      ],
      suppressed: [{ ...at(4), message: "It commits by itself.", reason: "the queue has to see it" }],
    },
  ],
  coverage: {
    totals: { implemented: 0, missing: 2, mismatched: 0, extra: 0 },
    elements: ["a", "b"].map((name) => ({ id: `table:${name}`, kind: "table", name, status: "missing" })),
  },
};
const whole = withBaseline(review, {
  version: 2,
  findings: [1, 2].map((line) => ({ ...at(line), id: "transactions", message: "", count: 1 })),
  gaps: [{ id: "table:a", status: "missing" }],
});
const context = { version: "1.2.3", workspace: memoryWorkspace({}), documents: [], codeFolder: "" };

for (const format of reportFormats) {
  test(`${format} lists what is certain, what is to be judged, and what the code excuses with its reason`, async () => {
    const text = await writeReport({ review }, format, context);
    for (const part of ["It commits twice.", "It commits before a write.", "the queue has to see it"])
      assert.ok(text.includes(part), part);
    assert.match(text, /to be judged|needsJudgement|"level": "warning"/);
  });
}

test("people and tools are told where the code lies from where the check was started, programs from the checked folder", async () => {
  const code = { path: "app/orders.py", line: 9, endLine: 9 };
  const design = { path: "docs/a.sql", line: 2, endLine: 2 };
  const missing: CoverageElement = {
    id: "table:c",
    kind: "table",
    name: "c",
    status: "missing",
    design,
    code,
    difference: "b is x (app/orders.py:7)",
  };
  const elements = [...review.coverage.elements, missing];
  const placed = { ...review, coverage: { ...review.coverage, elements } };
  const workspace = memoryWorkspace({ "app/orders.py": "first()\nsecond()\n" });
  const within = { ...context, workspace, codeFolder: "my backend/" };
  const paths = async (format: ReportFormat) => {
    const text = await writeReport({ review: placed, whole: placed }, format, within);
    return [...new Set(text.match(/(?:my(?: |%20)backend\/)?app\/orders\.py(?=[:"])/g))];
  };
  assert.deepEqual(await Promise.all(reportFormats.map(paths)), [
    ["my backend/app/orders.py"],
    ["app/orders.py"],
    ["my%20backend/app/orders.py", "my backend/app/orders.py"],
    ["my backend/app/orders.py"],
    ["my backend/app/orders.py"],
  ]);
  assert.match(await writeReport({ review: placed }, "html", within), /<code>second\(\)<\/code>/);
  assert.match(await writeReport({ review: placed }, "text", within), /^docs\/a\.sql/m);
});

const records: readonly (readonly [what: string, record: string, why: RegExp])[] = [
  ["of a later version", '{ "format": 99 }', /DESIGN_RECORD_NEWER: .*update the extension/],
  ["of an earlier version", '{ "format": 0 }', /is of an earlier version/],
  ["that a merge has broken", "<<<<<<< HEAD\n", /cannot be read, .*Restore it from version control/],
];

for (const [what, record, why] of records) {
  test(`a record ${what} is told in every report that could say what has drifted`, async () => {
    const unknown = unknownDrift(record) ?? "";
    assert.match(unknown, why);
    for (const format of reportFormats.filter((name) => name !== "junit")) {
      const text = await writeReport({ review, unknownDrift: unknown }, format, context);
      assert.ok(text.includes(escapeMarkup(unknown)) || text.includes(unknown), format);
      assert.ok(!(await writeReport({ review }, format, context)).includes("is not known"), format);
    }
  });
}

test("no report hands control characters on, which terminals and pages obey", async () => {
  for (const format of reportFormats) {
    const text = await writeReport({ review: hostileReview }, format, context);
    assert.doesNotMatch(text, /(?!\n)\p{Cc}/u, format);
  }
});

test("what was not looked at is named with what to do, from where the check was started", async () => {
  const unread = [{ path: "gen/all.py", why: "larger than a megabyte; split it" }];
  for (const format of reportFormats.filter((name) => name !== "junit")) {
    const text = await writeReport({ review, unread }, format, { ...context, codeFolder: "backend/" });
    assert.match(text, /gen\/all\.py[\s\S]*larger than a megabyte; split it/, format);
    assert.equal(text.includes("backend/gen/all.py"), format !== "json", format);
  }
});

test("what is left when a baseline has all that is certain waits for judgement", async () => {
  const since = sinceBaseline(whole);
  assert.deepEqual(
    since.checklist.map(({ status, findings }) => [status, findings.map(({ line }) => line)]),
    [["review", [3]]],
  );
  const write = (format: "text" | "json" | "html") => writeReport({ review: since, whole }, format, context);
  assert.match(await write("text"), /^- \? Transactions — to be judged: 1 finding \(3 in the whole project\)$/m);
  assert.match(await write("text"), /^\| Tables \| 0 of 1, 1 missing \(whole project: 0 of 2, 2 missing\) \|$/m);
  assert.match(await write("html"), /to be judged<\/span> · 1 finding \(3 in the whole project\)<\/summary>/);
  const { wholeProject } = JSON.parse(await write("json"));
  const totals = { implemented: 0, missing: 2, mismatched: 0, extra: 0 };
  assert.deepEqual(wholeProject.coverage, { totals, kinds: { table: totals } });
  assert.deepEqual(wholeProject.checklist, [{ id: "transactions", status: "fail", findings: 3 }]);
});
