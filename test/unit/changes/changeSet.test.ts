import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import type { ChangeSet, Hunk } from "../../../src/changes/model.ts";
import { createSnapshotKeys, readSnapshot } from "../../../src/changes/snapshot.ts";

const path = "app/orders.py";
const base = lines("one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
const proposal = lines("ONE", "two", "three", "four", "five", "six", "seven", "eight", "NINE", "ten");

describe("a proposal", () => {
  it("is the difference to the disk, joined where at most two lines are the same", () => {
    const changes = createChangeSet();
    const text = lines("ONE", "two", "three", "FOUR", "five", "six", "seven", "EIGHT", "nine");
    assert.deepEqual(changes.propose(path, base, text), { added: 5, removed: 5, alreadyRejected: 0 });
    assert.deepEqual(shown(changes), ["modify 0: -one two three four +ONE two three FOUR", "modify 7: -eight +EIGHT"]);
  });

  it("knows a new file, a deleted one and an empty one", () => {
    const changes = createChangeSet();
    changes.propose("new.py", undefined, "a\nb\n");
    changes.propose("gone.py", "a\n", undefined);
    changes.propose("empty.py", undefined, "");
    assert.deepEqual(
      changes.files().map((file) => [file.path, file.kind, changes.proposedText(file.path)]),
      [
        ["new.py", "create", "a\nb\n"],
        ["gone.py", "delete", undefined],
        ["empty.py", "create", ""],
      ],
    );
    assert.deepEqual(changes.propose("new.py", undefined, "a\nb\n"), { added: 2, removed: 0, alreadyRejected: 0 });
  });

  it("is nothing when the text is what the disk has", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.propose(path, base, base);
    assert.deepEqual([changes.files(), changes.proposedText(path)], [[], undefined]);
  });

  it("keeps the ids of hunks that did not change when it is made anew", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    const [first, second] = hunksOf(changes);
    changes.propose(path, base, proposal.replace("ten", "TEN"));
    const again = hunksOf(changes);
    assert.equal(again[0]?.id, first?.id);
    assert.notEqual(again[1]?.id, second?.id);
  });
});

describe("accepting", () => {
  const exact: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ["no final line feed", "a\nb\n", "a\nb"],
    ["a new final line feed", "a\nb", "a\nb\n"],
    ["CRLF kept", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"],
    ["CRLF to LF", "a\r\nb\r\n", "a\nb\n"],
    ["mixed line ends", "a\r\nb\nc\r\n", "a\r\nb\nC\n"],
    ["a new file", undefined, "a\n"],
    ["a new empty file", undefined, ""],
    ["a file emptied", "a\n", ""],
    ["a file deleted", "a\n", undefined],
    ["an empty file deleted", "", undefined],
  ];
  for (const [name, before, after] of exact) {
    it(`writes the proposal byte by byte: ${name}`, () => {
      const changes = createChangeSet();
      changes.propose(path, before, after);
      assert.deepEqual(changes.acceptance({ path }), [{ path, before, after }]);
      changes.accepted({ path });
      assert.deepEqual(changes.files(), []);
    });
  }

  it("takes one hunk and leaves the others where they belong", () => {
    const changes = createChangeSet();
    changes.propose(path, base, lines("zero", "one", "two", "three", "four", "five", "SIX", "seven", "eight", "nine"));
    const [first] = hunksOf(changes);
    const [write] = changes.acceptance({ path, hunkId: idOf(first) });
    changes.accepted({ path, hunkId: idOf(first) });
    assert.equal(write?.after, `zero\n${base}`);
    assert.deepEqual(shown(changes), ["modify 6: -six +SIX"]);
    assert.equal(changes.file(path)?.base, write?.after);
  });
});

describe("rejecting", () => {
  it("E10 is remembered, also when the lines have moved", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.reject({ path, hunkId: idOf(hunksOf(changes)[0]) });
    assert.equal(changes.proposedText(path), proposal.replace("ONE", "one"));
    const outcome = changes.propose(path, base, proposal);
    assert.deepEqual([outcome.alreadyRejected, shown(changes)], [1, ["modify 8: -nine +NINE ten"]]);
    const moved = changes.propose(path, base.replace("five", "five\nand a half"), proposal.replace("five", "FIVE"));
    assert.equal(moved.alreadyRejected, 1);
  });

  it("of a file rejects its creation for good", () => {
    const changes = createChangeSet();
    changes.propose("new.py", undefined, "a\n");
    changes.reject({ path: "new.py" });
    assert.equal(changes.propose("new.py", undefined, "a\n").alreadyRejected, 1);
    assert.equal(changes.propose("new.py", undefined, "b\n").alreadyRejected, 0);
  });

  it("of one blank line does not reject another", () => {
    const changes = createChangeSet();
    changes.propose(path, base, base.replace("one\n", "one\n\n"));
    changes.reject({});
    assert.equal(changes.propose(path, base, base.replace("six\n", "six\n\n")).alreadyRejected, 0);
  });
});

describe("an edit by the user", () => {
  const cases: readonly (readonly [string, string | undefined, readonly string[], readonly string[]])[] = [
    ["above moves the hunks", `zero\n${base}`, ["modify 1: -one +ONE", "modify 9: -nine +NINE ten"], []],
    [
      "between moves those below",
      base.replace("four", "4\n4"),
      ["modify 0: -one +ONE", "modify 9: -nine +NINE ten"],
      [],
    ],
    ["of the same line is a conflict", base.replace("one", "uno"), ["modify 8: -nine +NINE ten"], ["0: -one +ONE"]],
    ["that does a hunk settles it", base.replace("one", "ONE"), ["modify 8: -nine +NINE ten"], []],
    ["that does everything settles everything", proposal, [], []],
    [
      "that deletes the file leaves one conflict, about the file",
      undefined,
      [],
      [`0: -${base.split("\n").join(" ")} +${proposal.split("\n").join(" ")}`],
    ],
  ];
  for (const [name, current, hunks, conflicts] of cases) {
    it(name, () => {
      const changes = createChangeSet();
      changes.propose(path, base, proposal);
      changes.rebase(path, current);
      assert.deepEqual(shown(changes), hunks);
      assert.deepEqual(changes.file(path)?.conflicts.map(show) ?? [], conflicts);
    });
  }

  it("E01 that is taken back lifts the conflict", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.rebase(path, base.replace("one", "uno"));
    changes.rebase(path, base);
    assert.deepEqual([changes.proposedText(path), changes.file(path)?.conflicts], [proposal, []]);
  });

  it("that brings a deleted file back lifts the conflicts", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.rebase(path, undefined);
    changes.rebase(path, base);
    assert.deepEqual([changes.proposedText(path), changes.file(path)?.conflicts], [proposal, []]);
  });

  it("that creates the proposed file is a conflict, which can be rejected", () => {
    const changes = createChangeSet();
    changes.propose("new.py", undefined, "a\n");
    changes.rebase("new.py", "mine\n");
    assert.deepEqual(changes.acceptance({}), []);
    assert.equal(changes.file("new.py")?.conflicts.length, 1);
    changes.reject({ path: "new.py" });
    assert.deepEqual(changes.files(), []);
  });
});

describe("an edit of the proposal by the user", () => {
  it("changes what is proposed", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.edit(path, proposal.replace("ONE", "UNO"));
    assert.deepEqual(shown(changes), ["modify 0: -one +UNO", "modify 8: -nine +NINE ten"]);
    assert.equal(changes.lastDecision(), undefined);
  });

  it("rejects the hunk it takes out, until it is typed in again", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.edit(path, proposal.replace("ONE", "one"));
    assert.equal(changes.lastDecision()?.kind, "rejected");
    assert.equal(changes.propose(path, base, proposal).alreadyRejected, 1);
    changes.edit(path, proposal);
    assert.equal(changes.proposedText(path), proposal);
    assert.equal(changes.propose(path, base, proposal).alreadyRejected, 0);
  });
});

describe("taking a decision back", () => {
  it("E09 restores disk and proposal, the last decision first", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    const [first, second] = hunksOf(changes);
    changes.accepted({ path, hunkId: idOf(first) });
    const between = changes.file(path)?.base;
    changes.reject({ path, hunkId: idOf(second) });
    assert.deepEqual(changes.lastDecision(), { kind: "rejected", paths: [path], writes: [], blocked: [] });
    changes.undone();
    assert.deepEqual(hunksOf(changes), [second]);
    assert.deepEqual(changes.lastDecision()?.writes, [{ path, before: between, after: base }]);
    changes.undone();
    assert.deepEqual([changes.proposedText(path), hunksOf(changes)], [proposal, [first, second]]);
    assert.equal(changes.lastDecision(), undefined);
    assert.equal(changes.propose(path, base, proposal).alreadyRejected, 0);
  });

  for (const [name, before, after] of [
    ["creation", undefined, "a\n"],
    ["deletion", "a\n", undefined],
  ] as const) {
    it(`also of a ${name}`, () => {
      const changes = createChangeSet();
      changes.propose(path, before, after);
      changes.accepted({ path });
      assert.deepEqual(changes.lastDecision()?.writes, [{ path, before: after, after: before }]);
      changes.undone();
      assert.deepEqual(changes.acceptance({ path }), [{ path, before, after }]);
    });
  }

  it("keeps what the user has written elsewhere in the file", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.accepted({});
    changes.rebase(path, proposal.replace("five", "FIVE"));
    assert.equal(changes.lastDecision()?.writes[0]?.after, base.replace("five", "FIVE"));
    changes.undone();
    assert.equal(changes.proposedText(path), proposal.replace("five", "FIVE"));
  });

  it("E34 leaves a file alone whose accepted lines the user has changed", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.accepted({});
    changes.rebase(path, proposal.replace("NINE", "NEUN"));
    assert.deepEqual(changes.lastDecision(), { kind: "accepted", paths: [path], writes: [], blocked: [path] });
    changes.undone();
    assert.deepEqual([changes.files(), changes.lastDecision()], [[], undefined]);
  });

  it("E09 is also the undo in the file's own editor, and its redo", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.accepted({});
    changes.rebase(path, base);
    assert.deepEqual([changes.proposedText(path), changes.lastDecision()], [proposal, undefined]);
    changes.rebase(path, proposal);
    assert.deepEqual([changes.files(), changes.lastDecision()?.kind], [[], "accepted"]);
  });
});

describe("the snapshot", () => {
  it("brings proposals and rejections back", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.reject({ path, hunkId: idOf(hunksOf(changes)[0]) });
    changes.propose("new.py", undefined, "a\n");
    const restored = restoredFrom(changes);
    assert.deepEqual(restored.snapshot(), changes.snapshot());
    assert.deepEqual(restored.files(), changes.files());
    assert.equal(restored.propose(path, base, proposal).alreadyRejected, 1);
    restored.propose("other.py", undefined, "b\n");
    const ids = restored.files().flatMap((file) => file.hunks.map((hunk) => hunk.id));
    assert.equal(new Set(ids).size, ids.length);
  });

  it("E29 brings decisions back, which can then be taken back", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    const pending = changes.file(path);
    changes.accepted({ path });
    const restored = restoredFrom(changes);
    restored.rebase(path, proposal);
    assert.deepEqual(restored.lastDecision()?.writes, [{ path, before: proposal, after: base }]);
    restored.undone();
    assert.deepEqual(restored.file(path), pending);
  });

  it("E09 knows an accept that was undone while the window was closed", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.accepted({ path });
    const restored = restoredFrom(changes);
    restored.rebase(path, base);
    assert.equal(restored.proposedText(path), proposal);
    assert.equal(restored.lastDecision(), undefined);
  });

  it("E35 is read as far as it can be", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    const stored = new Map(createSnapshotKeys(0)(changes.snapshot()));
    const broken = {
      "file:a": {},
      "file:b": null,
      "rejected:a": { path: 1 },
      "decision:1": { kind: "other", files: [] },
    };
    for (const [key, value] of Object.entries(broken)) stored.set(key, value);
    assert.deepEqual(readSnapshot(stored), { snapshot: changes.snapshot(), unreadable: 4 });
  });
});

describe("the count of what was decided", () => {
  it("follows accepting, rejecting, editing and taking back, and begins anew when all is decided", () => {
    const changes = createChangeSet();
    const counts: number[] = [];
    const note = (act: () => void): void => {
      act();
      counts.push(changes.decided());
    };
    note(() => changes.propose(path, base, proposal));
    note(() => changes.accepted({ path, hunkId: idOf(hunksOf(changes)[0]) }));
    note(() => changes.undone());
    note(() => changes.reject({ path }, "because"));
    note(() => changes.rebase(path, base));
    note(() => changes.undone());
    note(() => changes.edit(path, base));
    assert.deepEqual(counts, [0, 1, 0, 2, 2, 0, 2]);
    assert.equal(restoredFrom(changes).decided(), 2);
    changes.propose("new.py", undefined, "a\n");
    assert.equal(changes.decided(), 0);
  });

  it("goes down when an accept is undone in the file's own editor", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.accepted({ path });
    changes.rebase(path, base);
    assert.equal(changes.decided(), 0);
  });

  it("keeps the reason of a rejection over a reload", () => {
    const changes = createChangeSet();
    changes.propose(path, base, proposal);
    changes.reject({ path }, "Too early.");
    assert.deepEqual(
      restoredFrom(changes)
        .snapshot()
        .decisions.map(({ kind, reason }) => [kind, reason]),
      [["rejected", "Too early."]],
    );
  });
});

function restoredFrom(changes: ChangeSet): ChangeSet {
  const stored: unknown = JSON.parse(JSON.stringify([...createSnapshotKeys(0)(changes.snapshot())]));
  const { snapshot } = readSnapshot(new Map(stored as [string, unknown][]));
  const restored = createChangeSet();
  restored.restore(snapshot);
  return restored;
}

it("listeners hear the paths, and nothing after they were disposed of", () => {
  const changes = createChangeSet();
  const heard: (readonly string[])[] = [];
  const subscription = changes.onDidChange((paths) => heard.push(paths));
  changes.propose("a.py", undefined, "a\n");
  changes.propose("b.py", undefined, "b\n");
  changes.rebase("b.py", undefined);
  changes.accepted({});
  changes.undone();
  subscription.dispose();
  changes.clear();
  assert.deepEqual(heard, [["a.py"], ["b.py"], ["a.py", "b.py"], ["a.py", "b.py"]]);
});

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

function hunksOf(changes: ChangeSet): readonly Hunk[] {
  return changes.file(path)?.hunks ?? [];
}

function idOf(hunk: Hunk | undefined): string {
  return hunk?.id ?? assert.fail("there is no such hunk");
}

function show(hunk: Hunk): string {
  const removed = hunk.removed.length > 0 ? ` -${hunk.removed.join(" ")}` : "";
  return `${hunk.start}:${removed} +${hunk.added.join(" ")}`;
}

function shown(changes: ChangeSet): readonly string[] {
  return changes.files().flatMap((file) => file.hunks.map((hunk) => `${file.kind} ${show(hunk)}`));
}
