/** I16: what an earlier version of the extension has stored is read by this one (research/security.md §3). */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { originsOf } from "../../../src/changes/layers.ts";
import { readSnapshot } from "../../../src/changes/snapshot.ts";
import { createStateLog } from "../../../src/node/stateLog.ts";
import type { CoverageElement, Review } from "../../../src/review/model.ts";
import { readRunState } from "../../../src/session/storedRun.ts";
import { createTreeKeys, readTrees } from "../../../src/session/storedTrees.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/stores");
const base = Array.from({ length: 20 }, (_, at) => `value_${at} = ${at}\n`).join("");
const accepted = base.replace("value_1 = 1\n", "value_1 = 10\n");

/**
 * Each folder holds the store of one review as a version wrote it: three files proposed, one change accepted, one
 * rejected with a reason, a conflict, the transcript of a run, and what the trees showed. `first` knows no origins.
 */
for (const [version, origins] of [
  ["first", []],
  ["current", ["model", "engine", "user"]],
] as const) {
  test(`I16 after an update proposals, decisions, transcript and trees are as the ${version} form of the store has them`, async (context) => {
    const folder = scratchFolder(context);
    cpSync(join(fixtures, version), folder, { recursive: true });
    const stored = await createStateLog(folder, { onPutAside: () => assert.fail("it is put aside") }).load();

    const { snapshot, unreadable } = readSnapshot(stored);
    assert.equal(unreadable, 0);
    const changes = createChangeSet();
    changes.restore(snapshot);
    const disk = { "app/a.py": accepted, "app/new.py": undefined, "app/gone.py": "gone = False\n" };
    for (const [path, text] of Object.entries(disk)) changes.rebase(path, text);
    assert.deepEqual(
      changes.files().map(({ path, hunks, conflicts }) => [path, hunks.length, conflicts.length]),
      [
        ["app/a.py", 1, 0],
        ["app/new.py", 1, 0],
        ["app/gone.py", 0, 1],
      ],
    );
    assert.deepEqual(originsOf(changes.files().flatMap(({ hunks }) => hunks)), origins);
    assert.deepEqual([changes.rejectedIn("app/a.py"), changes.decided()], [1, 2]);
    assert.equal(snapshot.decisions.at(-1)?.reason, "nine is right");
    changes.undone();
    assert.deepEqual(changes.lastDecision()?.writes, [{ path: "app/a.py", before: accepted, after: base }]);

    const run = readRunState(stored);
    assert.deepEqual([run?.model, run?.stopped, run?.messages.length], ["some-model", "cancelled", 3]);

    const { review, report, steps, notes, isOutdated } = readTrees(stored);
    assert.deepEqual(review?.coverage.totals, { implemented: 1, missing: 0, mismatched: 0, extra: 0 });
    assert.deepEqual([report, steps.length, notes?.seen.length, isOutdated], ["# Report\n", 1, 1, false]);
  });
}

test("I16 trees in a form that is not known are put aside, and nothing else", async (context) => {
  const folder = scratchFolder(context);
  cpSync(join(fixtures, "current"), folder, { recursive: true });
  const log = createStateLog(folder);
  const stored = new Map([...(await log.load())].map(([key, value]) => [key.replace("@trees1", "@trees9"), value]));
  const trees = readTrees(stored);
  assert.deepEqual(trees, { steps: [], isOutdated: true });
  assert.equal(readSnapshot(stored).snapshot.files.length, 3);
  await log.save(new Map([...stored].filter(([key]) => !key.includes("@"))));
  assert.equal((await createStateLog(folder).load()).has("file:app/a.py"), true);
});

test("I16 a value of the trees that is none is left out, and a review of which a part is missing", async () => {
  const [notes, rationale] = [{ seen: [] }, { turns: "none" }];
  const broken = { review: { checklist: "none" }, report: 7, steps: "none", notes, rationale };
  const stored = Object.entries(broken).map(([key, value]) => [`${key}@trees1`, value] as const);
  assert.deepEqual(readTrees(new Map(stored)), { steps: [], isOutdated: false });
  const entries = createTreeKeys()({ review: reviewOf(1200), steps: [] });
  for (const [key] of entries.filter(([name]) => name.startsWith("review"))) {
    const others = new Map(entries.filter(([name]) => name !== key));
    assert.deepEqual(readTrees(others), { steps: [], isOutdated: false }, `without ${key}`);
  }
});

test("a review is stored in parts, of which an edit makes those anew that it changes", async (context) => {
  const folder = scratchFolder(context);
  const log = createStateLog(folder);
  await log.load();
  const keysOf = createTreeKeys();
  const review = reviewOf(1200);
  await log.save(new Map(keysOf({ review, steps: [] })));
  const [first, second] = review.checklist;
  assert.ok(first && second);
  const elements = review.coverage.elements.map((element, at) =>
    at === 700 ? { ...element, name: "edited" } : element,
  );
  const edited: Review = {
    checklist: [first, { ...second, findings: [] }],
    coverage: { ...review.coverage, elements },
  };
  const before = new Map(keysOf({ review, steps: [] }));
  const after = keysOf({ review: edited, steps: [] });
  assert.deepEqual(
    after.filter(([key, value]) => key.startsWith("reviewed:") && before.get(key) !== value).map(([key]) => key),
    ["reviewed:format", "reviewed:1"],
  );
  await log.save(new Map(after));
  assert.deepEqual(readTrees(await createStateLog(folder).load()), { review: edited, steps: [], isOutdated: false });
});

function reviewOf(elements: number): Review {
  const item = (id: "size" | "format"): Review["checklist"][number] => {
    const findings = [{ path: "app/a.py", line: 3, message: 'say "base": nothing' }];
    return { id, title: id, status: "fail", findings };
  };
  const totals = { implemented: elements, missing: 0, mismatched: 0, extra: 0 };
  const column = (at: number): CoverageElement => {
    return { id: `column:orders.c${at}`, kind: "column", name: `c${at}`, status: "implemented" };
  };
  return {
    checklist: [item("size"), item("format")],
    coverage: { totals, elements: Array.from({ length: elements }, (_, at) => column(at)) },
    baseline: "applied",
  };
}
