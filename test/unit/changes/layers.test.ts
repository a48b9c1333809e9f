import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { originsOf } from "../../../src/changes/layers.ts";
import type { ChangeSet, Origin } from "../../../src/changes/model.ts";
import { createSnapshotKeys, readSnapshot } from "../../../src/changes/snapshot.ts";

const path = "app/a.py";
const base = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
const scaffold = base.replace("one", "ONE").replace("nine", "NINE");

/** The engine has proposed two changes. */
function scaffolded(): ChangeSet {
  const changes = createChangeSet();
  changes.propose(path, base, scaffold, "engine");
  return changes;
}

const shown = (changes: ChangeSet) =>
  (changes.file(path)?.hunks ?? []).map(({ added, origins, below }) => {
    const over = below === undefined ? "" : ` over ${below.join(" ") || "nothing"}`;
    return `${added.join(" ")}: ${origins?.join(", ") ?? "nobody"}${over}`;
  });

function editedHunk(changes: ChangeSet): string {
  return changes.file(path)?.hunks.find(({ below }) => below)?.id ?? "";
}

describe("where a change comes from", () => {
  it("is said by whoever proposes it, and each change tells it of its own", () => {
    const changes = scaffolded();
    changes.propose(path, base, scaffold.replace("ONE", "1"), "model");
    changes.propose(path, base, scaffold.replace("ONE", "1").replace("five", "FIVE"), "command");
    assert.deepEqual(shown(changes), ["1: engine, model", "FIVE: command", "NINE: engine"]);
    assert.deepEqual(originsOf(changes.file(path)?.hunks ?? []), ["engine", "model", "command"]);
  });

  it("stays when the same is proposed once more", () => {
    const changes = scaffolded();
    const ids = changes.file(path)?.hunks.map(({ id }) => id);
    changes.propose(path, base, scaffold, "model");
    assert.deepEqual(shown(changes), ["ONE: engine", "NINE: engine"]);
    assert.deepEqual(
      changes.file(path)?.hunks.map(({ id }) => id),
      ids,
    );
  });

  it("of what only the engine proposes is the engine", () => {
    const changes = createChangeSet();
    changes.proposeObsolete(path, base);
    const collision = { start: 0, removed: ["one"], added: ["1"], mine: ["uno"], parts: [] };
    const part = { start: 0, removed: ["one"], added: ["1"] };
    changes.addConflicts("b.py", base.replace("one", "uno"), [{ ...collision, parts: [part] }]);
    assert.deepEqual(shown(changes), [": engine"]);
    changes.resolve("b.py", changes.file("b.py")?.conflicts[0]?.id ?? "", "proposed");
    assert.deepEqual(changes.file("b.py")?.hunks[0]?.origins, ["engine"]);
  });

  it("is not known of what an earlier version stored", () => {
    const hunk = { id: "h1", start: 0, removed: ["one"], added: ["1"] };
    const file = { path, kind: "modify", base, hunks: [hunk], conflicts: [] };
    const { snapshot, unreadable } = readSnapshot(new Map([[`file:${path}`, file]]));
    assert.deepEqual([snapshot.files[0]?.hunks, unreadable], [[hunk], 0]);
  });

  for (const origins of [["engine", "later version"], "engine", [1, null]] as readonly unknown[]) {
    it(`is read as far as it is known: ${JSON.stringify(origins)}`, () => {
      const hunk = { id: "h1", start: 0, removed: ["one"], added: ["1"], origins };
      const file = { path, kind: "modify", base, hunks: [hunk], conflicts: [] };
      const { snapshot } = readSnapshot(new Map([[`file:${path}`, file]]));
      const known: readonly Origin[] = Array.isArray(origins) && origins[0] === "engine" ? ["engine"] : [];
      assert.deepEqual(originsOf(snapshot.files[0]?.hunks ?? []), known);
    });
  }
});

describe("the user's edit of a proposal", () => {
  const cases = [
    ["of a change", scaffold.replace("ONE", "UNO"), ["UNO: engine, user over ONE", "NINE: engine"]],
    ["beside one", scaffold.replace("two", "TWO"), ["ONE TWO: engine, user over ONE two", "NINE: engine"]],
    ["elsewhere", scaffold.replace("five", "FIVE"), ["ONE: engine", "FIVE: user over five", "NINE: engine"]],
    ["that adds lines", `${scaffold}ten\n`, ["ONE: engine", "NINE ten: engine, user over NINE"]],
  ] as const;
  for (const [name, text, expected] of cases) {
    it(`${name} is a layer that is taken back alone, and comes again when that is undone`, () => {
      const changes = scaffolded();
      changes.edit(path, text);
      assert.deepEqual(shown(changes), expected);
      const decidedBefore = changes.decided();
      assert.equal(changes.takeBackEdits(path, editedHunk(changes)), 1);
      assert.deepEqual(shown(changes), ["ONE: engine", "NINE: engine"]);
      assert.deepEqual([changes.proposedText(path), changes.decided()], [scaffold, decidedBefore]);
      changes.undone();
      assert.deepEqual([shown(changes), changes.proposedText(path)], [expected, text]);
    });
  }

  it("can be taken back in all of a file, in a new one too", () => {
    const changes = createChangeSet();
    changes.propose(path, undefined, scaffold, "engine");
    changes.edit(path, scaffold.replace("two", "TWO").replace("seven", "SEVEN"));
    assert.equal(changes.takeBackEdits(path), 1);
    assert.equal(changes.proposedText(path), scaffold);
    assert.equal(changes.takeBackEdits(path), 0);
  });

  it("typed back by hand leaves what was proposed", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("ONE", "UNO"));
    changes.edit(path, scaffold);
    assert.deepEqual(shown(changes), ["ONE: engine", "NINE: engine"]);
  });

  it("in several goes stays one layer over what the agents proposed", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("ONE", "UNO"));
    changes.edit(path, scaffold.replace("ONE", "UNO").replace("three", "THREE"));
    assert.equal(changes.takeBackEdits(path), 1);
    assert.equal(changes.proposedText(path), scaffold);
  });

  it("stays above what an agent changes beside it", () => {
    const changes = createChangeSet();
    changes.propose(path, undefined, scaffold, "engine");
    changes.edit(path, scaffold.replace("two", "TWO"));
    changes.propose(path, undefined, scaffold.replace("two", "TWO").replace("seven", "SEVEN"), "model");
    assert.deepEqual(changes.file(path)?.hunks[0]?.origins, ["engine", "model", "user"]);
    changes.takeBackEdits(path);
    assert.equal(changes.proposedText(path), scaffold.replace("seven", "SEVEN"));
  });

  it("is gone when an agent rewrites its lines", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("ONE", "UNO"));
    changes.propose(path, base, scaffold.replace("ONE", "EINS"), "model");
    assert.deepEqual(shown(changes), ["EINS: engine, model", "NINE: engine"]);
  });

  it("can be taken back after other decisions, and after edits of the file", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("ONE", "UNO"));
    changes.reject({ path, hunkId: changes.file(path)?.hunks[1]?.id ?? "" });
    changes.rebase(path, `mine\n${base}`);
    changes.takeBackEdits(path);
    assert.equal(changes.proposedText(path), `mine\n${base.replace("one", "ONE")}`);
  });

  it("goes along with the line ends of the file, and with its indent", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("ONE", "UNO"));
    changes.rebase(path, base.replaceAll("\n", "\r\n"));
    changes.takeBackEdits(path);
    assert.equal(changes.proposedText(path), scaffold.replaceAll("\n", "\r\n"));
    const indented = createChangeSet();
    indented.propose(path, "if a:\n  b\n  c\n", "if a:\n  B\n  c\n", "model");
    indented.edit(path, "if a:\n  BB\n  c\n");
    indented.rebase(path, "if a:\n    b\n    c\n");
    indented.takeBackEdits(path);
    assert.equal(indented.proposedText(path), "if a:\n    B\n    c\n");
  });

  it("is a layer after an accept is undone and after a reload", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("ONE", "UNO"));
    const before = shown(changes);
    changes.accepted({});
    changes.undone();
    assert.deepEqual(shown(changes), before);
    changes.takeBackEdits(path);
    const stored: unknown = JSON.parse(JSON.stringify([...createSnapshotKeys(0)(changes.snapshot())]));
    const restored = createChangeSet();
    restored.restore(readSnapshot(new Map(stored as [string, unknown][])).snapshot);
    restored.rebase(path, base);
    assert.deepEqual(restored.snapshot(), changes.snapshot());
    restored.undone();
    assert.deepEqual(shown(restored), before);
  });

  it("that was rejected is not proposed again", () => {
    const changes = scaffolded();
    changes.edit(path, scaffold.replace("two", "TWO").replace("three", "3").replace("ONE", "one"));
    const own = scaffold.replace("two", "TWO").replace("three", "3").replace("ONE", "one");
    changes.reject({ path });
    assert.equal(changes.propose(path, base, own, "model").alreadyRejected, 2);
  });
});
