import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnalyzerChild } from "../../../src/node/analyzerChild.ts";
import { type AnalyzerParent, createAnalyzerParent } from "../../../src/node/analyzerParent.ts";
import type { AnalyzerCall, FromAnalyzer } from "../../../src/node/analyzerProtocol.ts";
import type { Finding, Review, SourceText } from "../../../src/review/model.ts";
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
    const received = [...parent.encode(call)].map((message) => child.decode(overTheWire(message)));
    assert.deepEqual(received.pop(), call);
    assert.ok(received.every((message) => message === undefined));
  }
});

test("an edit sends the edited text alone", () => {
  const parent = createAnalyzerParent();
  const spec = {};
  const files = ["a", "b", "c"].map((path) => ({ path, text: path.repeat(9) }));
  const sent = (call: AnalyzerCall) => [...parent.encode(call)];
  sent({ id: 1, method: "review", argument: { spec, files } });
  const edit = [...files.slice(0, 2), { path: "c", text: "edited" }];
  assert.deepEqual(sent({ id: 2, method: "review", argument: { spec, files: edit } }), [
    { files: [{ path: "c", text: "edited" }] },
    { id: 2, method: "review", argument: {}, project: { kept: ["spec"] } },
  ]);
});

test("a large project is sent in pieces", () => {
  const files = Array.from({ length: 50 }, (_, at) => ({ path: `${at}.py`, text: "x".repeat(50_000) }));
  const sent = [...createAnalyzerParent().encode({ id: 1, method: "review", argument: { files } })];
  const sizes = sent.map((message) => JSON.stringify(message).length);
  assert.ok(Math.max(...sizes) < 300_000, String(sizes));
});

test("whatever a review has changed, the whole is received, and what it has not is the same object", () => {
  const random = seededRandom(9);
  const parent = createAnalyzerParent();
  const child = createAnalyzerChild();
  let review = reviewOf([], random);
  let received: Review | undefined;
  for (let id = 0; id < 400; id++) {
    const before = received;
    if (random(3) > 0) review = reviewOf(review.checklist, random);
    received = receive(child.encode(id, review), parent);
    assert.deepEqual(received, review);
    if (isAlike(before, review)) assert.equal(received, before);
    const kept = before?.checklist.filter((item, at) => isAlike(item, review.checklist[at])) ?? [];
    assert.deepEqual(
      kept.filter((item) => !received?.checklist.includes(item)),
      [],
    );
  }
  assert.deepEqual(
    [...child.encode(1, review)].filter((message) => "list" in message),
    [],
  );
});

test("of a list only the items around an edit are answered, and a long one comes in pieces", () => {
  const child = createAnalyzerChild();
  const parent = createAnalyzerParent();
  const finding = (line: number) => ({ path: `f${Math.floor(line / 3)}.py`, line, message: "long" });
  const reviewWith = (findings: readonly Finding[]): Review => ({
    checklist: [{ id: "size", title: "size", status: "fail", findings }],
    coverage: { totals: { implemented: 0, missing: 0, mismatched: 0, extra: 0 }, elements: [] },
  });
  const send = (findings: readonly Finding[]) => {
    const messages = [...child.encode(1, reviewWith(findings))];
    const review = receive(messages, parent);
    return { taken: messages.filter((message) => "list" in message), findings: review.checklist[0]?.findings ?? [] };
  };
  const first = send(Array.from({ length: 1000 }, (_, at) => finding(at)));
  assert.ok(first.taken.every((message) => "items" in message && message.items.length <= 250));
  const edited = first.findings.toSpliced(500, 2, finding(5000));
  const second = send(edited);
  assert.deepEqual(second.taken, [
    { list: "size findings", from: 0, count: 500 },
    { list: "size findings", items: [finding(5000)] },
    { list: "size findings", from: 502, count: 498 },
  ]);
  assert.deepEqual(second.findings, edited);
  assert.equal(second.findings[999 - 1], first.findings[999]);
  assert.deepEqual(send([]).findings, []);
});

function receive(messages: Iterable<FromAnalyzer>, parent: AnalyzerParent): Review {
  const received = overTheWire([...messages]);
  const frame = received.pop();
  for (const message of received) if ("list" in message) parent.take(message);
  assert.ok(frame && "review" in frame);
  return parent.decode(frame.review);
}

function isAlike(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Another review, of which a part is as it was. */
function reviewOf(before: Review["checklist"], random: Random): Review {
  const findings = () =>
    Array.from({ length: random(12) }, () => ({ path: `f${random(4)}.py`, line: random(6), message: "long" }));
  const item = (id: "size" | "format", at: number) => {
    const ignored = random(2) === 0 ? {} : { suppressed: findings().map((found) => ({ ...found, reason: "meant" })) };
    const made = { id, title: id, status: "fail", findings: findings(), ...ignored } as const;
    return random(2) === 0 ? (before[at] ?? made) : made;
  };
  const totals = { implemented: 0, missing: 0, mismatched: 0, extra: random(2) };
  return {
    checklist: [item("size", 0), item("format", 1)],
    coverage: { totals, elements: [] },
    ...(random(4) === 0 && { baseline: "applied" as const }),
  };
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
