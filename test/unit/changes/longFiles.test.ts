import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, diffLines } from "../../../src/changes/diff.ts";
import { hunksBetween } from "../../../src/changes/hunks.ts";
import { seededFraction } from "../../support/seededRandom.ts";

const lines = Array.from({ length: 50_000 }, (_, index) => `value_${index} = ${index}`);
const base = lines.join("\n");

const changes = {
  "every fiftieth line changed": { after: lines.map((line, at) => (at % 50 === 1 ? `${line}0` : line)), hunks: 1000 },
  "every fifth line changed": { after: lines.map((line, at) => (at % 5 === 1 ? `${line}0` : line)), hunks: 10_000 },
  "every third line changed": { after: lines.map((line, at) => (at % 3 === 1 ? `${line}0` : line)), hunks: 1 },
  "every fortieth line missing": { after: lines.filter((_, at) => at % 40 !== 1), hunks: 1250 },
  "two halves exchanged": { after: [...lines.slice(25_000), ...lines.slice(0, 25_000)], hunks: 2 },
  "all lines the same": { after: lines.map(() => "pass"), hunks: 1 },
};

for (const [name, { after, hunks }] of Object.entries(changes)) {
  test(`H07 the hunks of 50,000 lines, ${name}, are found at once`, () => {
    const begun = process.threadCpuUsage();
    const found = hunksBetween(base, after.join("\n"));
    const { user, system } = process.threadCpuUsage(begun);
    assert.equal(found.length, hunks);
    assert.equal(applyEdits(base, found), after.join("\n"));
    assert.ok(user + system < 1_500_000, `${Math.round((user + system) / 1000)} ms of computing`);
  });
}

test("the edits of a long text are apart, in order, and lead to the other text", () => {
  const random = seededFraction(7);
  for (let round = 0; round < 8; round++) {
    const before = Array.from({ length: 3000 }, () => `x = ${Math.floor(random() * 1500 * (round + 1))}`);
    const after = before.flatMap((line) => (random() < 0.1 ? [] : random() < 0.1 ? [line, `y = ${random()}`] : [line]));
    const edits = diffLines(before, after);
    for (const [index, edit] of edits.entries()) {
      const earlier = edits[index - 1];
      assert.ok(earlier === undefined || earlier.start + earlier.removed.length < edit.start);
    }
    assert.equal(applyEdits(before.join("\n"), edits), after.join("\n"));
  }
});
