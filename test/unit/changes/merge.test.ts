import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { mergeTexts } from "../../../src/changes/merge.ts";

interface Case {
  readonly name: string;
  readonly base: string;
  readonly generated: string;
  readonly current: string;
  readonly text: string;
  /** Removed and added lines of each conflict. */
  readonly conflicts?: readonly (readonly [start: number, removed: string, added: string])[];
}

const cases: readonly Case[] = [
  { name: "nothing changed", base: "a b c", generated: "a b c", current: "a b c", text: "a b c" },
  { name: "only the design", base: "a b c", generated: "a x c", current: "a b c", text: "a x c" },
  { name: "only the user", base: "a b c", generated: "a b c", current: "a y c", text: "a y c" },
  { name: "both alike", base: "a b c", generated: "a x c", current: "a x c", text: "a x c" },
  { name: "apart", base: "a b c d e", generated: "a x c d e", current: "a b c d y", text: "a x c d y" },
  {
    name: "apart, and moved",
    base: "a b c d e",
    generated: "a b c d x",
    current: "u v a b c d e",
    text: "u v a b c d x",
  },
  { name: "neighbours", base: "a b c", generated: "x b c", current: "a b y", text: "x b y" },
  {
    name: "the same line",
    base: "a b c",
    generated: "a x c",
    current: "u a y c",
    text: "u a y c",
    conflicts: [[2, "b", "x"]],
  },
  {
    name: "two insertions at one place",
    base: "a b",
    generated: "a x b",
    current: "a y b",
    text: "a y b",
    conflicts: [[1, "", "x"]],
  },
  {
    name: "what belongs together conflicts together, what stands apart does not",
    base: "a b c d e f g h",
    generated: "x b z d e f g w",
    current: "y b c d e f g h",
    text: "y b c d e f g w",
    conflicts: [[0, "a b c", "x b z"]],
  },
  { name: "a deletion of the user's stays", base: "a b c d", generated: "a b c x", current: "a c d", text: "a c x" },
  {
    name: "an insertion of the design's at the end",
    base: "a b",
    generated: "a b x",
    current: "y a b",
    text: "y a b x",
  },
];

const lines = (text: string) => text.split(" ").join("\n");

for (const { name, base, generated, current, text, conflicts = [] } of cases) {
  test(`merge: ${name}`, () => {
    const merged = mergeTexts({ base: lines(base), generated: lines(generated), current: lines(current) });
    assert.equal(merged.text, lines(text));
    const found = merged.conflicts.map(({ start, removed, added }) => [start, removed.join(" "), added.join(" ")]);
    assert.deepEqual(found, conflicts);
  });
}

test("conflicts stand beside what is proposed, and a rejected one does not come back", () => {
  const changes = createChangeSet();
  const base = lines("a y c d");
  const edits = mergeTexts({ base: lines("a b c d"), generated: lines("a x c d"), current: base }).conflicts;
  changes.propose("f.py", base, lines("a y c z"));
  changes.addConflicts("f.py", base, edits);
  const [file] = changes.files();
  assert.deepEqual([file?.hunks.length, file?.conflicts.length], [1, 1]);
  assert.equal(changes.proposedText("f.py"), lines("a y c z"));
  assert.deepEqual(
    changes.acceptance({}).map(({ after }) => after),
    [lines("a y c z")],
  );
  const conflict = file?.conflicts[0]?.id ?? "";
  changes.reject({ path: "f.py", hunkId: conflict });
  changes.addConflicts("f.py", base, edits);
  assert.deepEqual(changes.file("f.py")?.conflicts, []);
  changes.undone();
  assert.equal(changes.file("f.py")?.conflicts.length, 1);
});
