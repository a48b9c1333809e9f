/** Catalogue E, from the proposal to the decision, where no other suite is closer to it (research/security.md §3). */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { writeRecord } from "../../../src/changes/records.ts";
import { createSnapshotKeys, readSnapshot } from "../../../src/changes/snapshot.ts";
import { createStateLog, stateLogName } from "../../../src/node/stateLog.ts";
import { createRunKeys, readRunState } from "../../../src/session/storedRun.ts";
import { createFaultDisk } from "../../support/faultDisk.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";
import { toolboxOver } from "../../support/toolbox.ts";

const base = "one\ntwo\nthree\nfour\nfive\nsix\n";
const storage = "/editor/storage";
const root = join(import.meta.dirname, "../../../src");

test("E11 a file whose proposal was rejected is read as it is on disk, and the agent is told", async (context) => {
  const { use, changes } = toolboxOver(scratchFolder(context, { "a.py": "x = 1\n" }));
  await use("Read", { file_path: "a.py" });
  await use("Write", { file_path: "a.py", content: "x = 2\n" });
  assert.equal(await use("Read", { file_path: "a.py" }), "1\tx = 2\n2\t");
  changes.reject({ path: "a.py" });
  const told = "(the user has rejected 1 change of a.py; they are not in this text)\n";
  assert.equal(await use("Read", { file_path: "a.py" }), `${told}1\tx = 1\n2\t`);
  assert.match(await use("Write", { file_path: "a.py", content: "x = 2\n" }), /rejected before \(1\)/);
  changes.undone();
  assert.equal(await use("Read", { file_path: "a.py" }), "1\tx = 2\n2\t");
});

test("E12 E13 a second run builds on what the first one proposes, and neither decision damages the other", async (context) => {
  const root = scratchFolder(context, { "a.py": base });
  for (const decide of ["accepted", "reject"] as const) {
    const first = toolboxOver(root);
    await first.use("Read", { file_path: "a.py" });
    await first.use("Edit", { file_path: "a.py", old_string: "one", new_string: "ONE" });
    const second = toolboxOver(root, { changes: first.changes });
    assert.match(await second.use("Read", { file_path: "a.py" }), /^1\tONE/);
    await second.use("Edit", { file_path: "a.py", old_string: "six", new_string: "SIX" });
    const [ofFirst, ofSecond] = first.changes.file("a.py")?.hunks ?? [];
    first.changes[decide]({ path: "a.py", hunkId: ofFirst?.id ?? "" });
    assert.deepEqual(
      first.changes.file("a.py")?.hunks.map(({ id }) => id),
      [ofSecond?.id],
    );
    const wanted = decide === "accepted" ? base.replace("one", "ONE") : base;
    assert.equal(first.changes.proposedText("a.py"), wanted.replace("six", "SIX"));
  }
});

test("E15 a reload in the middle of a run finds the same list and the turns that were ended, and goes on with nothing", async () => {
  const disk = createFaultDisk({});
  const changes = createChangeSet();
  changes.propose("a.py", base, `${base}seven\n`);
  changes.propose("b.py", undefined, "b = 1\n");
  changes.reject({ path: "b.py" });
  const messages = [{ role: "user", parts: [{ type: "text", text: "Implement the design." }] }] as const;
  const run = { version: 1, model: "claude", messages, loadedSkills: [] } as const;
  const log = createStateLog(storage, { files: disk });
  await log.load();
  const entries = () => new Map([...createSnapshotKeys(0)(changes.snapshot()), ...createRunKeys()(run)]);
  await log.save(entries());
  // The process ends in the middle of the next save.
  changes.propose("c.py", undefined, "c = 1\n");
  disk.restart({ fault: { at: 2, kind: "kill" } });
  await assert.rejects(log.save(entries()));
  disk.restart();

  const stored = await createStateLog(storage, { files: disk }).load();
  const restored = createChangeSet();
  restored.restore(readSnapshot(stored).snapshot);
  assert.deepEqual(
    restored.files().map(({ path }) => [path, restored.proposedText(path)]),
    [["a.py", `${base}seven\n`]],
  );
  assert.equal(restored.rejectedIn("b.py"), 1);
  assert.deepEqual(readRunState(stored), run);
});

test("E28 accepting all leaves conflicts and what is accepted by itself, and each of them is known before", () => {
  const changes = createChangeSet();
  const conflicting = ["x.py", "y.py", "z.py"];
  for (const path of conflicting) {
    changes.propose(path, base, base.replace("one", "ONE"));
    changes.rebase(path, base.replace("one", "uno"));
  }
  const alone = [".github/workflows/ci.yml", ".env"];
  const plain = ["a.py", "tests/conftest.py", "Dockerfile"];
  for (const path of [...alone, ...plain]) changes.propose(path, undefined, "x\n");
  assert.deepEqual(
    changes.acceptance({}).map(({ path }) => path),
    plain,
  );
  changes.accepted({});
  assert.deepEqual(
    changes.files().map(({ path }) => path),
    [...conflicting, ...alone],
  );
});

test("E30 what is no text, too large, or a notebook is refused by name", async (context) => {
  const root = scratchFolder(context, { "latin.py": Buffer.from([0x23, 0xe9, 0x0a]) as unknown as string });
  const { use, changes } = toolboxOver(root, { seen: undefined as never });
  const cases = [
    ["analysis.ipynb", "{}", /^! NOTEBOOK: analysis\.ipynb is a notebook/],
    ["a.bin", "a\0b", /^! CONTENT_BINARY: /],
    ["large.sql", "x".repeat(2_000_001), /^! CONTENT_SIZE: large\.sql would have 2000001 characters/],
    ["latin.py", "# e\n", /^! ENCODING: latin\.py is not plain UTF-8/],
  ] as const;
  for (const [file_path, content, refusal] of cases) assert.match(await use("Write", { file_path, content }), refusal);
  assert.deepEqual(changes.files(), []);
});

test("E33 a new file that Git ignores is proposed with a word about it", async (context) => {
  const root = scratchFolder(context, { ".gitignore": "*.log\n/build/\n", "app/.gitignore": "local.py\n" });
  const { use } = toolboxOver(root);
  for (const file_path of ["notes.log", "build/a.py", "app/local.py", "app/node_modules/a.js"]) {
    const answer = await use("Write", { file_path, content: "x\n" });
    assert.match(answer, /is ignored by Git, so nobody else gets it/, file_path);
  }
  for (const file_path of ["local.py", "app/build/a.py"]) {
    assert.doesNotMatch(await use("Write", { file_path, content: "x\n" }), /ignored/, file_path);
  }
});

/** As version 0.1.0 wrote it. */
const firstForm = {
  format: 1,
  at: 1,
  entries: [
    {
      key: "file:a.py",
      value: {
        path: "a.py",
        base: "uno\ntwo\nthree\nfour\nfive\nsix\n",
        hunks: [{ id: "h2", start: 5, removed: ["six"], added: ["SIX"] }],
        conflicts: [{ id: "h1", start: 0, removed: ["one"], added: ["ONE"] }],
        kind: "modify",
      },
    },
    { key: "rejected:b.py", value: { path: "b.py", keys: ["1x"] } },
    {
      key: "decision:1",
      value: {
        kind: "accepted",
        files: [
          {
            path: "d.py",
            base: "old\n",
            hunks: [{ id: "h3", start: 0, removed: ["old"], added: ["new"] }],
            conflicts: [],
          },
        ],
      },
    },
  ],
  texts: {},
};

test("E35 a store of the first version, which knew neither counts nor sides of conflicts, is read and gone on with", async () => {
  const disk = createFaultDisk({ [`${storage}/${stateLogName}`]: writeRecord(firstForm) });
  const now = () => 2;
  const log = createStateLog(storage, { files: disk, now, onPutAside: () => assert.fail("it is put aside") });
  const { snapshot, unreadable } = readSnapshot(await log.load());
  assert.equal(unreadable, 0);
  const changes = createChangeSet();
  changes.restore(snapshot);
  assert.deepEqual(
    changes.files().map(({ path, hunks, conflicts }) => [path, hunks.length, conflicts.length]),
    [["a.py", 1, 1]],
  );
  changes.rebase("d.py", "new\n");
  assert.deepEqual(changes.lastDecision()?.writes, [{ path: "d.py", before: "new\n", after: "old\n" }]);
  await log.save(new Map(createSnapshotKeys(9)(changes.snapshot())));
  const again = createChangeSet();
  again.restore(readSnapshot(await createStateLog(storage, { files: disk, now }).load()).snapshot);
  assert.deepEqual(again.snapshot(), changes.snapshot());
});

test("H12 nothing of ours wakes again and again", () => {
  const sources = globSync("**/*.ts", { cwd: root }).map(
    (file) => [file, readFileSync(join(root, file), "utf8")] as const,
  );
  assert.ok(sources.length > 100);
  assert.deepEqual(
    sources.filter(([, text]) => /\bsetInterval\(/.test(text)).map(([file]) => file),
    [],
  );
});
