import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import {
  filterProposals,
  noProposalFilter,
  type ProposalFilter,
  searchProposals,
} from "../../../src/changes/proposalFilter.ts";
import { livingNotes, markSeen, noNotes, partOfFile, seenTest } from "../../../src/changes/reviewNotes.ts";
import { nextStop, proposedLine, stopAfterDecision, stopOf } from "../../../src/changes/reviewStops.ts";

const base = `${Array.from({ length: 20 }, (_, index) => `line ${index}`).join("\n")}\n`;

/** Two changes in the first file, a conflict and a change in the second, a new file, and one that tools run. */
function proposed() {
  const changes = createChangeSet();
  changes.propose("a.py", base, base.replace("line 3\n", "line three\nand more\n").replace("line 15\n", ""));
  changes.propose("b.py", base, base.replace("line 2\n", "line two\n").replace("line 12\n", "line twelve\n"));
  changes.rebase("b.py", base.replace("line 12\n", "line 12 of mine\n"));
  changes.propose("new.py", undefined, "def new(): ...\n");
  changes.propose("pyproject.toml", undefined, "[project]\n");
  return changes;
}

function shown(filter: Partial<ProposalFilter> = {}, isSeen: (path: string, id: string) => boolean = () => false) {
  return filterProposals(proposed().files(), { ...noProposalFilter, ...filter }, isSeen);
}

test("the next change is in the file, then in the next one, and on from the beginning", () => {
  const order = shown();
  const walk = (step: 1 | -1): readonly string[] => {
    const places: string[] = [];
    let at: { path: string; line: number } | undefined;
    for (let count = 0; count < 7; count++) {
      at = nextStop(order, at, step);
      places.push(`${at?.path} ${at?.line}`);
    }
    return places;
  };
  const forward = ["a.py 3", "a.py 16", "b.py 2", "b.py 12", "new.py 0", "pyproject.toml 0"];
  assert.deepEqual(walk(1), [...forward, "a.py 3"]);
  const backward = forward.toReversed();
  assert.deepEqual(walk(-1), [...backward, backward[0]]);
  assert.equal(nextStop(order, { path: "b.py", line: 5 }, -1)?.line, 2);
  assert.equal(nextStop(order, { path: "gone.py", line: 5 }, 1)?.path, "a.py");
  assert.equal(nextStop([], undefined, 1), undefined);
});

test("after a decision the next change of the file comes, then the file after it", () => {
  const changes = proposed();
  const order = () => filterProposals(changes.files(), noProposalFilter, () => false);
  const before = order().map(({ file }) => file.path);
  const [first] = changes.file("a.py")?.hunks ?? [];
  changes.reject({ path: "a.py", hunkId: first?.id ?? "" });
  const next = (path: string, line: number): string => {
    const stop = stopAfterDecision({ path, line }, before, order());
    return `${stop?.path} ${stop?.line}`;
  };
  assert.equal(next("a.py", 3), "a.py 15");
  changes.accepted({ path: "a.py" });
  assert.equal(next("a.py", 15), "b.py 2");
  changes.reject({ path: "pyproject.toml" });
  assert.equal(next("pyproject.toml", 0), "b.py 2");
  assert.equal(stopAfterDecision({ path: "a.py", line: 0 }, before, []), undefined);
});

test("a change is looked at where it begins, an insertion too", () => {
  const changes = createChangeSet();
  changes.propose("c.py", base, base.replace("line 3\n", "line 3\nnew\nlines\n"));
  const [file] = changes.files();
  assert.ok(file);
  assert.equal(stopOf(file, file.hunks[0]?.id ?? "")?.line, 4);
  assert.equal(stopOf(file, "gone"), undefined);
});

test("a line of the base is found in the proposed text", () => {
  const [file] = proposed().files();
  assert.ok(file);
  assert.deepEqual(
    [0, 4, 14, 16].map((line) => proposedLine(file, line)),
    [0, 5, 15, 16],
  );
});

test("a filter looks at paths, proposed lines and states", () => {
  const seen = seenTest(markSeen(noNotes, proposed().files().slice(0, 2).map(partOfFile), true));
  const cases: readonly (readonly [Partial<ProposalFilter>, readonly string[]])[] = [
    [{}, ["a.py 2+0", "b.py 1+1", "new.py 1+0", "pyproject.toml 1+0"]],
    [{ text: "B.PY" }, ["b.py 1+1"]],
    [{ text: "Three" }, ["a.py 1+0"]],
    [{ text: "twelve" }, ["b.py 0+1"]],
    [{ text: "line 3" }, []],
    [{ states: ["conflict"] }, ["b.py 0+1"]],
    [{ states: ["open"] }, ["a.py 2+0", "b.py 1+0", "new.py 1+0", "pyproject.toml 1+0"]],
    [{ states: ["runsCode"] }, ["pyproject.toml 1+0"]],
    [{ states: ["confirmEach"] }, []],
    [{ states: ["unseen"] }, ["new.py 1+0", "pyproject.toml 1+0"]],
    [{ states: ["conflict", "runsCode"] }, ["b.py 0+1", "pyproject.toml 1+0"]],
    [{ text: "two", states: ["conflict"] }, []],
  ];
  for (const [filter, expected] of cases) {
    const lines = shown(filter, seen).map(
      ({ file, hunks, conflicts }) => `${file.path} ${hunks.length}+${conflicts.length}`,
    );
    assert.deepEqual(lines, expected, JSON.stringify(filter));
  }
});

test("a search finds proposed lines where they stand in the proposed text", () => {
  const files = proposed().files();
  assert.deepEqual(searchProposals(files, "AND more", 10), [{ path: "a.py", line: 4, text: "and more" }]);
  assert.equal(searchProposals(files, "e", 2).length, 2);
  assert.deepEqual(searchProposals(files, "line 5", 10), []);
});

test("a mark stands while its change does, over a reload too", () => {
  const changes = proposed();
  const [first, second] = changes.files();
  assert.ok(first && second);
  const marked = markSeen(noNotes, [partOfFile(first), partOfFile(second)], true);
  const [hunk, other] = first.hunks;
  assert.ok(hunk && other);
  const one = markSeen(marked, [{ path: "a.py", hunkIds: [other.id] }], false);
  const isSeen = seenTest(one);
  assert.deepEqual([isSeen("a.py", hunk.id), isSeen("a.py", other.id), isSeen("b.py", hunk.id)], [true, false, false]);
  assert.deepEqual(markSeen(one, [partOfFile(first), partOfFile(second)], false), noNotes);

  changes.propose("a.py", base, base.replace("line 3\n", "line III\n"));
  changes.accepted({ path: "b.py" });
  const comment = { path: "a.py", hunkId: hunk.id, excerpt: "line three", text: "?" };
  const left = livingNotes({ ...marked, comments: [comment] }, changes.snapshot());
  assert.deepEqual(
    left.seen.map(({ path }) => path),
    ["b.py"],
  );
  assert.deepEqual(left.comments, []);
});
