/** Catalogue E, names that change and what saving makes of a text (research/security.md §3). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { goneText } from "../../../src/changes/conflicts.ts";
import type { ChangeSet, Selection } from "../../../src/changes/model.ts";
import { filterProposals, joinRenames, noProposalFilter } from "../../../src/changes/proposalFilter.ts";
import { heldDeletions, proposedRenames, renameEdits } from "../../../src/changes/renames.ts";

const base = "one\ntwo\nthree\nfour\nfive\nsix\n";

describe("E04 a file that has another name", () => {
  it("takes its proposals, rejections and decisions along", () => {
    const changes = createChangeSet();
    changes.propose("app/a.py", base, base.replace("one", "ONE").replace("six", "SIX"));
    const [first, second] = changes.file("app/a.py")?.hunks ?? [];
    changes.reject({ path: "app/a.py", hunkId: second?.id ?? "" });
    changes.accepted({ path: "app/a.py", hunkId: first?.id ?? "" });
    const text = base.replace("one", "ONE");
    assert.deepEqual(changes.move("app/a.py", "app/b.py"), ["app/b.py"]);
    changes.rebase("app/b.py", text);
    assert.deepEqual(changes.lastDecision()?.writes, [{ path: "app/b.py", before: text, after: base }]);
    assert.equal(changes.propose("app/b.py", text, text.replace("six", "SIX")).alreadyRejected, 1);
    assert.equal(changes.rejectedIn("app/a.py"), 0);
    changes.undone();
    assert.equal(changes.proposedText("app/b.py"), text);
    changes.undone();
    assert.equal(changes.proposedText("app/b.py"), base.replace("one", "ONE").replace("six", "SIX"));
  });

  it("may be in a folder that has another name, whether its deletion is told before or after", () => {
    for (const isToldFirst of [true, false]) {
      const changes = createChangeSet();
      changes.propose("app/in/a.py", base, `${base}seven\n`);
      changes.propose("application.py", undefined, "x\n");
      if (isToldFirst) changes.rebase("app/in/a.py", undefined);
      assert.deepEqual(changes.move("app", "src/app"), ["src/app/in/a.py"]);
      changes.rebase("src/app/in/a.py", base);
      if (!isToldFirst) changes.rebase("app/in/a.py", undefined);
      assert.deepEqual(
        changes.files().map(({ path, conflicts }) => [path, conflicts.length, changes.proposedText(path)]),
        [
          ["application.py", 0, "x\n"],
          ["src/app/in/a.py", 0, `${base}seven\n`],
        ],
      );
    }
  });

  it("does not push aside what is proposed for that name already", () => {
    const changes = createChangeSet();
    changes.propose("a.py", base, `${base}seven\n`);
    changes.propose("b.py", undefined, "b\n");
    assert.deepEqual(changes.move("a.py", "b.py"), []);
    changes.rebase("a.py", undefined);
    changes.rebase("b.py", base);
    assert.deepEqual(
      changes.files().map(({ path, conflicts }) => [path, conflicts.length]),
      [
        ["a.py", 1],
        ["b.py", 1],
      ],
    );
  });

  for (const [name, edit] of [
    ["", (text: string) => text],
    [" with edits", (text: string) => `${text}seven\n`],
  ] as const) {
    it(`that is the one from before an accepted rename${name}: what was accepted is a change of that file`, () => {
      const changes = createChangeSet();
      changes.propose("a.py", base, undefined);
      changes.propose("b.py", undefined, edit(base));
      changes.accepted({});
      changes.move("b.py", "a.py");
      changes.rebase("a.py", edit(base));
      changes.rebase("b.py", undefined);
      const undo = changes.lastDecision()?.writes ?? [];
      assert.deepEqual(undo, edit(base) === base ? [] : [{ path: "a.py", before: edit(base), after: base }]);
      changes.undone();
      assert.equal(changes.proposedText("a.py"), edit(base) === base ? undefined : edit(base));
    });
  }

  it("that another program has given is known by its text", () => {
    const changes = createChangeSet();
    changes.propose("a.py", base, `${base}seven\n`);
    assert.equal(goneText(changes.file("a.py")), undefined);
    changes.rebase("a.py", undefined);
    assert.equal(goneText(changes.file("a.py")), base);
    changes.propose("new.py", undefined, "x\n");
    assert.equal(goneText(changes.file("new.py")), undefined);
  });

  it("may be the same name in another case", () => {
    const changes = createChangeSet();
    changes.propose("App.py", base, `${base}seven\n`);
    changes.move("App.py", "app.py");
    changes.rebase("app.py", base);
    assert.deepEqual([changes.file("App.py"), changes.proposedText("app.py")], [undefined, `${base}seven\n`]);
  });
});

describe("E07 an accepted text that is formatted when it is saved", () => {
  const formatted = "ONE\ntwo\nthree\nfour\nfive\nsix # six\n";
  const accepted = (): ChangeSet => {
    const changes = createChangeSet();
    changes.propose("a.py", base, base.replace("one", "  one"));
    changes.accepted({});
    changes.saved("a.py", formatted);
    return changes;
  };

  it("is no edit of the user's: undo brings the file back as it was", () => {
    const changes = accepted();
    assert.deepEqual(changes.lastDecision(), {
      kind: "accepted",
      paths: ["a.py"],
      writes: [{ path: "a.py", before: formatted, after: base }],
      blocked: [],
    });
    changes.undone();
    assert.equal(changes.proposedText("a.py"), base.replace("one", "  one"));
  });

  it("keeps what the user writes afterwards, and what was formatted stays only with that", () => {
    const changes = accepted();
    changes.rebase("a.py", formatted.replace("three", "3"));
    assert.equal(changes.lastDecision()?.writes[0]?.after, base.replace("three", "3"));
    changes.rebase("a.py", formatted.replace("ONE", "UNO"));
    assert.deepEqual(changes.lastDecision()?.blocked, ["a.py"]);
  });

  it("has its other hunks where they belong, and is stored so", () => {
    const changes = createChangeSet();
    changes.propose("a.py", base, base.replace("one", "1").replace("five", "5"));
    changes.accepted({ path: "a.py", hunkId: changes.file("a.py")?.hunks[0]?.id ?? "" });
    changes.saved("a.py", `import os\n${base.replace("one", "1.0")}`);
    assert.equal(changes.proposedText("a.py"), `import os\n${base.replace("one", "1.0").replace("five", "5")}`);
    const restored = createChangeSet();
    restored.restore(changes.snapshot());
    assert.deepEqual(restored.lastDecision(), changes.lastDecision());
    assert.deepEqual(restored.lastDecision()?.blocked, []);
  });
});

describe("E27 a rename that is proposed", () => {
  const renaming = (text: string): ChangeSet => {
    const changes = createChangeSet();
    changes.propose("old.py", base, undefined);
    changes.propose("new.py", undefined, text);
    changes.propose("other.py", undefined, "nothing of it\n");
    return changes;
  };
  const renamesOf = (changes: ChangeSet) =>
    proposedRenames(changes.files()).map(({ from, to }) => [from.path, to.path]);

  it("is known by its lines, also with edits", () => {
    assert.deepEqual(renamesOf(renaming(base)), [["old.py", "new.py"]]);
    assert.deepEqual(renamesOf(renaming(base.replace("one", "ONE"))), [["old.py", "new.py"]]);
    assert.deepEqual(renamesOf(renaming("one\nelse\nor\nthat\nfive or so\n")), []);
  });

  it("is accepted as a whole, also by half of it, and with one hunk named as that half only", () => {
    const writes = (text: string, ...args: Parameters<ChangeSet["acceptance"]>) =>
      renaming(text)
        .acceptance(...args)
        .map(({ path }) => path);
    assert.deepEqual(writes(`${base}seven\n`, {}), ["old.py", "new.py", "other.py"]);
    const edited = base.replace("one", "ONE");
    assert.deepEqual(writes(edited, {}), ["old.py", "new.py", "other.py"]);
    assert.deepEqual(writes(edited, { path: "new.py" }), ["old.py", "new.py"]);
    assert.deepEqual(writes(edited, { path: "old.py" }), ["old.py", "new.py"]);
    const changes = renaming(edited);
    const hunkId = changes.file("new.py")?.hunks[0]?.id ?? "";
    const pathsOf = (selection: Selection) => changes.acceptance(selection).map(({ path }) => path);
    assert.deepEqual(pathsOf({ parts: [{ path: "new.py", hunkIds: [hunkId] }] }), ["old.py", "new.py"]);
    assert.deepEqual(pathsOf({ path: "new.py", hunkId }), ["new.py"]);
  });

  it("is one entry with its edits, and rejected as one", () => {
    const changes = renaming(base.replace("one", "ONE"));
    const shown = filterProposals(changes.files(), noProposalFilter, () => false);
    assert.deepEqual(
      joinRenames(shown, changes.renameOf).map(({ file, from }) => [file.path, from?.path]),
      [
        ["new.py", "old.py"],
        ["other.py", undefined],
      ],
    );
    const rename = changes.renameOf("old.py");
    assert.deepEqual(rename && renameEdits(rename), [{ start: 0, removed: ["one"], added: ["ONE"] }]);
    changes.reject({ path: "new.py" });
    assert.deepEqual(
      changes.files().map(({ path }) => path),
      ["other.py"],
    );
    changes.undone();
    assert.deepEqual(renamesOf(changes), [["old.py", "new.py"]]);
  });

  it("is two entries once the user has edited the file, and one again when that is undone", () => {
    const changes = renaming(base);
    changes.rebase("old.py", base.replace("six", "6"));
    assert.equal(changes.renameOf("new.py"), undefined);
    assert.equal(changes.file("old.py")?.conflicts.length, 1);
    changes.rebase("old.py", base);
    assert.equal(changes.renameOf("new.py")?.from.path, "old.py");
  });

  it("stays accepted as a whole where the user has edited one half since", () => {
    const changes = renaming(base);
    changes.accepted({ path: "new.py" });
    changes.rebase("new.py", "all of it is other text now\n");
    assert.deepEqual(changes.lastDecision(), {
      kind: "accepted",
      paths: ["old.py", "new.py"],
      writes: [],
      blocked: ["new.py", "old.py"],
    });
    changes.undone();
    assert.equal(changes.file("old.py"), undefined);
  });

  it("deletes nothing that could not be written under its new name", () => {
    const writes = renaming(base).acceptance({});
    const why = "no right to write";
    assert.deepEqual(
      heldDeletions(writes, [{ path: "new.py", why }]).map(({ path }) => path),
      ["old.py"],
    );
    assert.deepEqual(heldDeletions(writes, [{ path: "other.py", why }]), []);
  });

  it("is undone as a whole", () => {
    const changes = renaming(base);
    changes.reject({ path: "other.py" });
    changes.accepted({});
    assert.deepEqual(
      changes.lastDecision()?.writes.map(({ path, after }) => [path, after]),
      [
        ["old.py", base],
        ["new.py", undefined],
      ],
    );
    changes.undone();
    assert.deepEqual(renamesOf(changes), [["old.py", "new.py"]]);
  });

  it("of a file that is accepted by itself only stays so", () => {
    const changes = createChangeSet();
    changes.propose(".github/workflows/old.yml", base, undefined);
    changes.propose("docs/new.yml", undefined, base);
    assert.deepEqual(
      changes.acceptance({}).map(({ path }) => path),
      [],
    );
    assert.equal(changes.acceptance({ path: "docs/new.yml" }).length, 2);
  });
});

it("a rename is one decision, also when its halves come back one after the other", () => {
  const changes = createChangeSet();
  const text = "one = 1\ntwo = 2\nthree = 3\n";
  changes.propose("old.py", text, undefined);
  changes.propose("new.py", undefined, text);
  const counts: number[] = [];
  const note = (act: () => void): void => {
    act();
    counts.push(changes.decided());
  };
  note(() => changes.accepted({ path: "new.py" }));
  note(() => changes.undone());
  note(() => changes.accepted({}));
  note(() => changes.rebase("new.py", undefined));
  note(() => changes.rebase("old.py", text));
  assert.deepEqual(counts, [1, 0, 1, 1, 0]);
});
