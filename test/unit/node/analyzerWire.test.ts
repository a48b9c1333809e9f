import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnalyzerChild } from "../../../src/node/analyzerChild.ts";
import { createAnalyzerParent } from "../../../src/node/analyzerParent.ts";
import type { AnalyzerCall } from "../../../src/node/analyzerProtocol.ts";
import type { Review, SourceText } from "../../../src/review/model.ts";
import { type Random, seededRandom } from "../../support/seededRandom.ts";

const overTheWire = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

test("whatever is asked in a row, the process is asked the same", () => {
  const random = seededRandom(5);
  const parent = createAnalyzerParent();
  const child = createAnalyzerChild();
  let files: readonly SourceText[] = [];
  let spec = { name: "first" };
  for (let id = 0; id < 300; id++) {
    files = edited(files, random);
    if (random(5) === 0) spec = { name: `design ${id}` };
    const record = random(3) === 0 ? {} : { record: `${random(2)}` };
    const method = (["review", "tidy", "readSpec"] as const)[random(3)] ?? "review";
    const call: AnalyzerCall = { id, method, argument: { ...record, spec, files } };
    assert.deepEqual(child.decode(overTheWire(parent.encode(call))), call);
  }
});

test("an edit sends the edited text alone", () => {
  const parent = createAnalyzerParent();
  const spec = {};
  const files = ["a", "b", "c"].map((path) => ({ path, text: path.repeat(9) }));
  parent.encode({ id: 1, method: "review", argument: { spec, files } });
  const edit = [...files.slice(0, 2), { path: "c", text: "edited" }];
  assert.deepEqual(parent.encode({ id: 2, method: "review", argument: { spec, files: edit } }), {
    id: 2,
    method: "review",
    argument: {},
    project: { changed: [{ path: "c", text: "edited" }], kept: ["spec"] },
  });
});

test("of a review only what has changed is answered, and the whole is received", () => {
  const random = seededRandom(9);
  const parent = createAnalyzerParent();
  const child = createAnalyzerChild();
  let review = reviewOf(0, 0, 0);
  for (let step = 0; step < 100; step++) {
    if (random(3) > 0) review = reviewOf(random(2), random(2), random(2));
    const sent = overTheWire(child.encode(review));
    assert.deepEqual(parent.decode(sent), review);
  }
  assert.deepEqual(child.encode(review), { checklist: [null, null], coverage: null });
});

function reviewOf(first: number, second: number, extra: number): Review {
  const item = (id: "size" | "format", line: number) =>
    ({ id, title: id, status: "fail", findings: [{ path: "a.py", line, message: "long" }] }) as const;
  const totals = { implemented: 0, missing: 0, mismatched: 0, extra };
  return { checklist: [item("size", first), item("format", second)], coverage: { totals, elements: [] } };
}

function edited(files: readonly SourceText[], random: Random): readonly SourceText[] {
  const at = random(files.length + 1);
  const source = { path: `f${random(20)}.py`, text: `x = ${random(4)}` };
  const others = files.filter(({ path }) => path !== source.path);
  return (
    [
      () => files,
      () => others.toSpliced(at, 0, source),
      () => files.toSpliced(at, 1),
      () => files.map((file, index) => (index === at ? { ...file, text: `${file.text}\n# ${random(9)}` } : file)),
      () => files.toReversed(),
    ][random(5)]?.() ?? files
  );
}
