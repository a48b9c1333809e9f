import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Compilation } from "../../../src/compiler/compilation.ts";
import { createInProcessAnalyzer } from "../../../src/node/analyzerInProcess.ts";
import { estimateCost } from "../../../src/session/costEstimate.ts";
import { decide, undecide } from "../../../src/session/decide.ts";
import { planJson } from "../../../src/session/jsonOutput.ts";
import { assumptionsReport, planReport } from "../../../src/session/planReport.ts";
import { planRun } from "../../../src/session/planRun.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";

const documents = [
  {
    path: "schema.sql",
    text: "CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL, user_id uuid NOT NULL);",
  },
  { path: "api.md", text: "# API\n\n### POST /notes\n\nText.\n\n### POST /notes/{id}/weigh\n\nText.\n" },
];
const none: Compilation = { files: [], assumptions: [], needsDetail: [] };

function section(report: string, title: string): string {
  return report.split(/^### /m).find((part) => part.startsWith(title)) ?? "";
}

test("a plan is the design as it is understood, what is open first; it proposes nothing", async () => {
  const workspace = memoryWorkspace({});
  const analyzer = createInProcessAnalyzer(join(import.meta.dirname, "../../../src"));
  const plan = await planRun(documents, { workspace, analyzer }, new AbortController().signal);
  const { report, compilation } = plan;
  assert.equal(
    report.split("\n")[2],
    `2 endpoints, 1 table, 0 entities, 0 error codes become ${compilation.files.length} files. To check: 0 contradictions and faults, 7 open assumptions, 1 left open, 0 not understood. The offline engine costs nothing.`,
  );
  assert.deepEqual(
    [...report.matchAll(/^### (.*)$/gm)].map((match) => match[1]),
    [
      "Elements",
      "Contradictions and faults",
      "Assumptions",
      "Decided by the engine",
      "Needs detail",
      "Documents",
      "Files",
      "Cost",
      "Skills Used",
    ],
  );
  assert.deepEqual(section(report, "Elements").trim().split("\n").slice(2, 7), [
    "- 2 endpoints",
    "- 2 request bodies, 1 inferred, 1 missing",
    "- 2 answers, 2 inferred",
    "- 1 table",
    "- 3 columns",
  ]);
  assert.match(section(report, "Assumptions"), /^7 open, 0 confirmed, 0 corrected\.$/m);
  assert.match(
    section(report, "Assumptions"),
    /\*\*Request bodies\*\* \(1\)\n\n- The body of POST \/notes has what notes is made of.* `\{ title: string \}` \(`api\.md:3`\)/,
  );
  assert.deepEqual(await workspace.list(), []);
  const json = planJson(plan);
  assert.deepEqual(
    [json.cost, json.confidence[1], json.needsDetail.map(({ element }) => element), json.assumptions.length],
    [null, { kind: "request", declared: 0, inferred: 1, missing: 1 }, ["endpoint:POST /notes/{id}/weigh"], 7],
  );
});

test("decisions are written, read, and taken back", async () => {
  const { assumptions } = await readSpec(documents);
  const text = decide(undefined, assumptions, [
    { id: "request:POST /notes" },
    { id: "status:POST /notes", corrected: "202" },
  ]);
  const decided = await readSpec([...documents, { path: ".backend/design.yaml", text }]);
  const states = decided.assumptions.filter(({ state }) => state !== "open").map(({ id, state }) => `${id} ${state}`);
  assert.deepEqual(states, ["request:POST /notes confirmed", "status:POST /notes corrected"]);
  assert.match(assumptionsReport(decided), /^5 open, 1 confirmed, 1 corrected\.$/m);
  assert.match(assumptionsReport(decided), /^- ✎ `status:POST \/notes`: .* `202` \(`api\.md:3`\)$/m);
  const without = undecide(text, { id: "status:POST /notes", kind: "status" });
  const reread = await readSpec([...documents, { path: ".backend/design.yaml", text: without }]);
  assert.equal(reread.assumptions.filter(({ state }) => state === "corrected").length, 0);
  assert.throws(() => decide(undefined, assumptions, [{ id: "request:GET /gone" }]), { code: "NO_ASSUMPTION" });
  assert.throws(() => decide("a: [", assumptions, [{ id: "request:POST /notes" }]), { code: "DECISIONS_BROKEN" });
});

test("an estimate grows with what is open, is dearer without a scaffold, and says when no price is known", async () => {
  const { spec } = await readSpec(documents);
  const agent = { definition: { instructions: "x".repeat(8000) }, skills: [] } as unknown as Parameters<
    typeof estimateCost
  >[0]["agent"];
  const open = (amount: number): Compilation => ({
    ...none,
    files: Array.from({ length: 30 }, (_, index) => ({
      path: `src/${index}.py`,
      text: "x = 1\n".repeat(200),
      step: 1,
    })),
    needsDetail: Array.from({ length: amount }, (_, index) => ({
      element: `endpoint:GET /${index}`,
      reason: "no rule",
      source: { path: "api.md", line: 1, endLine: 1 },
    })),
  });
  const estimate = (id: string, amount: number, scaffoldFirst = true) =>
    estimateCost({ model: { id }, agent, spec, compilation: open(amount), scaffoldFirst });
  const few = estimate("claude-opus-5-5", 2);
  const many = estimate("claude-opus-5-5", 20);
  const whole = estimate("claude-opus-5-5", 2, false);
  for (const { low, high } of [few.turns, few.input, few.output, few.dollars ?? { low: 1, high: 0 }]) {
    assert.ok(low > 0 && low < high, `${low} to ${high}`);
  }
  assert.ok((many.dollars?.low ?? 0) > (few.dollars?.low ?? 0));
  assert.ok((whole.dollars?.low ?? 0) > (few.dollars?.low ?? 0) * 2);
  assert.equal(estimate("a-model-of-the-picker", 2).dollars, undefined);
  const reading = await readSpec(documents);
  const report = planReport({ reading, compilation: none, cost: few, model: "Claude Opus" });
  assert.match(report, /Claude Opus: about \$[\d.]+ to \$[\d.]+\./);
  assert.match(section(report, "Cost"), /estimated before anything is sent/);
  assert.match(
    planReport({ reading, compilation: none, cost: estimate("other", 2), model: "Other" }),
    /about [\d,]+ to [\d,]+ tokens of output/,
  );
});
