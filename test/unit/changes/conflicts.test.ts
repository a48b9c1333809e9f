/** Catalogue E, a file that changes below its proposal (research/security.md §3). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { threeWay } from "../../../src/changes/conflicts.ts";
import type { ChangeSet, Conflict, Resolution } from "../../../src/changes/model.ts";
import { createSnapshotKeys, readSnapshot } from "../../../src/changes/snapshot.ts";

const path = "app/orders.py";
const base = lines("def read():", "    a = 1", "    b = 2", "    return a", "", "def last():", "    pass");
const proposal = base.replace("b = 2", "b = 3").replace("pass", "return 4");

describe("E01 an edit of the user's", () => {
  it("above or below a hunk moves it; inside, both texts are kept", () => {
    const changes = proposed(base, proposal);
    changes.rebase(path, `# mine\n${base}# mine, too\n`);
    assert.equal(changes.proposedText(path), `# mine\n${proposal}# mine, too\n`);
    const mine = base.replace("b = 2", "b = 20");
    changes.rebase(path, mine);
    assert.equal(changes.proposedText(path), mine.replace("pass", "return 4"));
    assert.deepEqual(sides(changes), [["    b = 2", "    b = 20", "    b = 3"]]);
  });

  it("over several hunks is one conflict, which is taken apart again when the edit is taken back", () => {
    const changes = proposed(base, proposal);
    const before = changes.file(path);
    changes.rebase(path, "all of it is mine now\n");
    assert.equal(changes.file(path)?.conflicts.length, 1);
    assert.deepEqual(threeWay(fileOf(changes)).proposed, proposal);
    changes.rebase(path, base);
    assert.deepEqual(changes.file(path), before);
  });

  it("in the lines of a conflict goes into it", () => {
    const changes = proposed(base, proposal);
    changes.rebase(path, base.replace("b = 2", "b = 20"));
    const id = conflictOf(changes).id;
    changes.rebase(path, base.replace("    a = 1\n    b = 2", "    # mine\n    a = 10\n    b = 20"));
    assert.deepEqual(sides(changes), [
      ["    a = 1|    b = 2", "    # mine|    a = 10|    b = 20", "    a = 1|    b = 3"],
    ]);
    assert.equal(conflictOf(changes).id, id);
  });
});

describe("E02 the user makes the same change", () => {
  it("as the hunk, which is settled and counts as accepted", () => {
    const changes = proposed(base, proposal);
    changes.rebase(path, base.replace("b = 2", "b = 3"));
    assert.deepEqual([changes.proposedText(path), changes.lastDecision()?.kind], [proposal, "accepted"]);
    assert.equal(changes.file(path)?.hunks.length, 1);
  });

  it("as the conflict proposes, after having made another one", () => {
    const changes = proposed(base, proposal);
    changes.rebase(path, base.replace("b = 2", "b = 20"));
    changes.rebase(path, base.replace("b = 2", "b = 3"));
    assert.deepEqual([changes.file(path)?.conflicts, changes.proposedText(path)], [[], proposal]);
  });
});

describe("E03 the user deletes the file", () => {
  it("which is a conflict with the whole file; taking what is proposed writes it again", () => {
    const changes = proposed(base, proposal);
    changes.rebase(path, undefined);
    const { base: was, mine, proposed: wanted } = threeWay(fileOf(changes));
    assert.deepEqual([was, mine, wanted], [base, undefined, proposal]);
    assert.deepEqual(changes.acceptance({}), []);
    changes.resolve(path, conflictOf(changes).id, "proposed");
    assert.deepEqual(changes.acceptance({}), [{ path, before: undefined, after: proposal }]);
  });

  it("and has another one in its place, which is merged", () => {
    const changes = proposed(base, proposal);
    changes.rebase(path, undefined);
    changes.rebase(path, `# from elsewhere\n${base}`);
    assert.equal(changes.proposedText(path), `# from elsewhere\n${proposal}`);
  });
});

it("E03 a file that is to be deleted and was edited is asked about, whatever the edit", () => {
  for (const edited of [`${base}more\n`, `more\n${base}`, base.replace("a = 1", "a = 2")]) {
    const changes = proposed(base, undefined);
    changes.rebase(path, edited);
    assert.deepEqual(changes.acceptance({ path }), []);
    changes.resolve(path, conflictOf(changes).id, "proposed");
    assert.deepEqual(changes.acceptance({ path }), [{ path, before: edited, after: undefined }]);
  }
});

describe("E06 a formatter", () => {
  const cases: readonly (readonly [name: string, before: string, after: string, now: string, wanted: string])[] = [
    ["changes all line ends", "a\nb\nc\n", "a\nB\nc\n", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"],
    ["changes all line ends back", "a\r\nb\r\nc", "a\r\nB\r\nc\r\nd", "a\nb\nc", "a\nB\nc\nd"],
    ["changes the line ends of a text that gets longer", "a\nb", "a\nb\nc", "a\r\nb", "a\r\nb\r\nc"],
    ["changes the line ends of a text that gets shorter", "a\nb", "a", "a\r\nb", "a"],
    ["trims", "x = 1  \ny = 2\n", "x = 3  \ny = 2\n", "x = 1\ny = 2\n", "x = 3  \ny = 2\n"],
    ["spaces operators", "x=a+b\n", "x=a+c\n", "x = a + b\n", "x=a+c\n"],
    [
      "moves a block in",
      "one()\ntwo()\n",
      "one()\n\nthree(\n    1)\ntwo()\n",
      "if x:\n    one()\n    two()\n",
      "if x:\n    one()\n\n    three(\n        1)\n    two()\n",
    ],
    ["moves a block out", "  a\n  b\n", "  a\n  B\n", "a\nb\n", "a\nB\n"],
  ];
  for (const [name, before, after, now, wanted] of cases) {
    it(`that ${name} is no conflict`, () => {
      const changes = proposed(before, after);
      changes.rebase(path, now);
      assert.deepEqual([changes.proposedText(path), changes.file(path)?.conflicts], [wanted, []]);
    });
  }

  for (const [name, before, after, now] of [
    ["in a text", 'x = "a b"\n', 'x = "a c"\n', 'x = "a  b"\n'],
    ["that moves lines apart", "a\n  b\n", "A\n  B\n", "  a\n  b\n"],
    ["that moves out what is proposed further out", "  a\n  b\n", "  a\nb\n", "a\nb\n"],
  ] as const) {
    it(`is asked about white space ${name}`, () => {
      const changes = proposed(before, after);
      changes.rebase(path, now);
      const isOpen = changes.file(path)?.conflicts.length === 1;
      assert.ok(isOpen || changes.lastDecision()?.kind === "accepted");
    });
  }

  it("that has only changed what the proposal was for leaves nothing of it", () => {
    const changes = proposed("a\nb\n", "a\r\nb\r\n");
    changes.rebase(path, "a\r\nb\r\n");
    assert.deepEqual(changes.files(), []);
  });
});

describe("a conflict is resolved", () => {
  const mine = base.replace("b = 2", "b = 20");
  const cases: readonly (readonly [Resolution, string])[] = [
    ["proposed", proposal],
    [{ lines: ["    b = 23", "    c = 1"] }, proposal.replace("b = 3", "b = 23\n    c = 1")],
    [{ lines: [] }, proposal.replace("    b = 3\n", "")],
    ["mine", mine.replace("pass", "return 4")],
    [{ lines: ["    b = 20"] }, mine.replace("pass", "return 4")],
  ];
  for (const [resolution, wanted] of cases) {
    it(`with ${JSON.stringify(resolution)}, which is one decision and can be taken back`, () => {
      const changes = conflicting(mine);
      const [open, text] = [changes.file(path), changes.proposedText(path)];
      changes.resolve(path, conflictOf(changes).id, resolution);
      assert.deepEqual([changes.proposedText(path), changes.file(path)?.conflicts], [wanted, []]);
      assert.deepEqual(changes.lastDecision()?.writes, []);
      const restored = restoredFrom(changes);
      assert.deepEqual(restored.snapshot(), changes.snapshot());
      restored.rebase(path, mine);
      restored.undone();
      assert.deepEqual([restored.file(path), restored.proposedText(path)], [open, text]);
    });
  }

  it("with a result that is accepted, undone, and a conflict again", () => {
    const changes = conflicting(mine);
    const open = changes.file(path);
    const { id } = conflictOf(changes);
    changes.resolve(path, id, "proposed");
    assert.deepEqual(
      changes.acceptance({ path, hunkId: id }).map(({ after }) => after),
      [base.replace("b = 2", "b = 3")],
    );
    changes.accepted({ path, hunkId: id });
    assert.deepEqual(
      changes.lastDecision()?.writes.map(({ after }) => after),
      [mine],
    );
    changes.undone();
    changes.undone();
    assert.deepEqual(changes.file(path), open);
  });

  it("by an edit of the proposal in its lines", () => {
    const changes = conflicting(mine);
    const open = changes.file(path);
    const text = (changes.proposedText(path) ?? "").replace("b = 20", "b = 23");
    changes.edit(path, text);
    assert.deepEqual([changes.proposedText(path), changes.file(path)?.conflicts], [text, []]);
    changes.undone();
    assert.deepEqual(changes.file(path), open);
  });

  it("by a proposal for its lines, and by no other", () => {
    const changes = conflicting(mine);
    const text = mine.replace("return a", "return b");
    changes.propose(path, mine, text);
    assert.deepEqual([changes.proposedText(path), changes.file(path)?.conflicts.length], [text, 1]);
    changes.propose(path, mine, text.replace("b = 20", "b = 4"));
    assert.equal(changes.file(path)?.conflicts.length, 0);
  });

  it("in a file with other line ends", () => {
    const changes = conflicting(mine.replaceAll("\n", "\r\n"));
    changes.resolve(path, conflictOf(changes).id, { lines: ["    b = 5"] });
    assert.equal(changes.proposedText(path), proposal.replace("b = 3", "b = 5").replaceAll("\n", "\r\n"));
  });
});

it("a conflict stored by the first version is read, with the user's lines in its place", () => {
  const hunk = { id: "h1", start: 2, removed: ["    b = 2"], added: ["    b = 3"] };
  const mine = base.replace("b = 2", "b = 20");
  const stored = { path, kind: "modify", base: mine, hunks: [], conflicts: [hunk] };
  const { snapshot, unreadable } = readSnapshot(new Map([[`file:${path}`, stored]]));
  assert.equal(unreadable, 0);
  assert.deepEqual(snapshot.files[0]?.conflicts, [{ ...hunk, mine: ["    b = 20"], parts: [{ ...hunk, start: 0 }] }]);
});

function proposed(before: string | undefined, after: string | undefined): ChangeSet {
  const changes = createChangeSet();
  changes.propose(path, before, after);
  return changes;
}

function conflicting(current: string): ChangeSet {
  const changes = proposed(base, proposal);
  changes.rebase(path, current);
  return changes;
}

/** Base, mine and proposed of each conflict, as they stand in the three whole texts. */
function sides(changes: ChangeSet): readonly (readonly string[])[] {
  const file = threeWay(fileOf(changes));
  return file.conflicts.map((conflict) =>
    (["base", "mine", "proposed"] as const).map((side) => {
      const { start, lines: all } = conflict[side];
      assert.deepEqual(file[side]?.split("\n").slice(start, start + all.length), all);
      return all.join("|");
    }),
  );
}

function fileOf(changes: ChangeSet) {
  return changes.file(path) ?? assert.fail("nothing is proposed");
}

function conflictOf(changes: ChangeSet): Conflict {
  return fileOf(changes).conflicts[0] ?? assert.fail("there is no conflict");
}

function restoredFrom(changes: ChangeSet): ChangeSet {
  const stored: unknown = JSON.parse(JSON.stringify([...createSnapshotKeys(0)(changes.snapshot())]));
  const restored = createChangeSet();
  restored.restore(readSnapshot(new Map(stored as [string, unknown][])).snapshot);
  return restored;
}

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
