import assert from "node:assert/strict";
import { test } from "node:test";
import { readBaseline, withBaseline, withBaselineFile, writeBaseline } from "../../../src/review/baseline.ts";
import type { CoverageElement, Finding, Review } from "../../../src/review/model.ts";
import { sinceBaseline } from "../../../src/review/sinceBaseline.ts";

const finding = (line: number, fingerprint: string): Finding => ({ path: "a.py", line, message: "m", fingerprint });

const missing: CoverageElement = { id: "table:a", kind: "table", name: "a", status: "missing" };
const different: CoverageElement = {
  ...missing,
  id: "table:b",
  name: "b",
  status: "mismatched",
  difference: "Type is x.",
};
const done: CoverageElement = { ...missing, id: "table:c", name: "c", status: "implemented" };

function review(findings: readonly Finding[], elements: readonly CoverageElement[]): Review {
  const count = (status: string) => elements.filter((element) => element.status === status).length;
  const totals = {
    implemented: count("implemented"),
    missing: count("missing"),
    mismatched: count("mismatched"),
    extra: 0,
  };
  return {
    checklist: [{ id: "annotations", title: "Annotations", status: findings.length > 0 ? "fail" : "pass", findings }],
    coverage: { elements, totals },
  };
}

const earlier = review([finding(3, "one"), finding(9, "two"), finding(12, "two")], [missing, different, done]);
const known = readBaseline(writeBaseline(earlier), "baseline");

const since = (now: Review) => {
  const { checklist, coverage } = sinceBaseline(withBaseline(now, known));
  const [item] = checklist;
  return [item?.status, item?.findings.map(({ line }) => line), coverage.elements.map(({ id }) => id), coverage.totals];
};

test("what stood there is known, wherever its line moved", () => {
  const moved = review([finding(30, "one"), finding(90, "two"), finding(91, "two")], earlier.coverage.elements);
  assert.deepEqual(since(moved), ["pass", [], ["table:c"], { implemented: 1, missing: 0, mismatched: 0, extra: 0 }]);
});

test("one more of what is alike is new, and so is code that was changed", () => {
  const more = review(
    [finding(3, "one"), ...[9, 12, 15].map((line) => finding(line, "two")), finding(20, "three")],
    [done],
  );
  assert.deepEqual(since(more).slice(0, 2), ["fail", [15, 20]]);
});

test("a gap in another state, or that differs otherwise, is new", () => {
  const now = review([], [{ ...missing, status: "mismatched" }, { ...different, difference: "Type is y." }, done]);
  assert.deepEqual(since(now)[2], ["table:a", "table:b", "table:c"]);
});

test("a gap stays known when the code moves that it speaks of", () => {
  const at = (place: string): CoverageElement => ({
    ...different,
    difference: `response has no id (${place}); x is y`,
  });
  const baseline = readBaseline(writeBaseline(review([], [at("app/a.py:12")])), "baseline");
  const left = (now: CoverageElement) => sinceBaseline(withBaseline(review([], [now]), baseline)).coverage.elements;
  assert.deepEqual(left(at("app/b c.py:130")), []);
  const other = { ...different, difference: "response has no name (app/a.py:12); x is y" };
  assert.equal(left(other).length, 1);
});

test("the file has an entry a line, in an order of its own", () => {
  const turned = review(earlier.checklist[0]?.findings.toReversed() ?? [], earlier.coverage.elements.toReversed());
  assert.equal(writeBaseline(turned), writeBaseline(earlier));
  assert.equal(writeBaseline(earlier).split("\n").length, 12);
});

test("without a baseline everything counts; a file that is none is told and changes nothing", () => {
  assert.equal(sinceBaseline(earlier), earlier);
  assert.equal(withBaselineFile(earlier, undefined), earlier);
  for (const text of ["", "{", '{"version": 1, "findings": [], "coverage": []}']) {
    const unreadable = withBaselineFile(earlier, text);
    assert.equal(unreadable.baseline, "unreadable");
    assert.equal(sinceBaseline(unreadable), unreadable);
    assert.throws(() => readBaseline(text, "b.json"), /^UserFacingError: BASELINE: b\.json is no baseline/);
  }
});

test("what is known stays known when its file is renamed, as often as it was there", () => {
  const moved = (line: number, fingerprint: string): Finding => ({ ...finding(line, fingerprint), path: "b/c.py" });
  assert.deepEqual(since(review([moved(3, "one"), moved(9, "two"), moved(12, "two")], []))[1], []);
  assert.deepEqual(since(review([moved(1, "two"), finding(9, "two"), moved(30, "two")], []))[1], [30]);
  assert.deepEqual(since(review([finding(9, "two"), finding(12, "two"), moved(1, "two")], []))[1], [1]);
});
