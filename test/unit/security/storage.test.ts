/** Catalogue I, the editor's storage where it is not as usual (research/security.md §3). */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { writeRecord } from "../../../src/changes/records.ts";
import { createSnapshotKeys, readSnapshot } from "../../../src/changes/snapshot.ts";
import { createDiskWriter } from "../../../src/node/diskWriter.ts";
import { createStateLog, stateLogName } from "../../../src/node/stateLog.ts";
import { createStoreLock, lockName } from "../../../src/node/storeLock.ts";
import { isUnusableStorage } from "../../../src/session/unusableStorage.ts";
import { createFaultDisk } from "../../support/faultDisk.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

const storage = "/editor/storage";
const write = { path: "app/a.py", before: undefined, after: "x = 1\n" };

for (const kind of ["EROFS", "EACCES", "ENOSPC", "EDQUOT"]) {
  test(`I14 a storage that answers with ${kind} is named, and what is accepted is written without it`, async () => {
    const refused = createFaultDisk({});
    refused.restart({ fault: { at: 1, kind } });
    await assert.rejects(createStoreLock(storage, refused).take(), (thrown: Error) => {
      assert.match(
        thrown.message,
        /^STORAGE_UNUSABLE: VS Code's storage \/editor\/storage cannot be written, because /,
      );
      return isUnusableStorage(thrown);
    });
    const operations = await storedWith(undefined);
    for (let at = 1; at <= operations; at++) await storedWith({ at, kind });
  });
}

/** Saves, with one operation of the storage failing: only the storage's own failure may come of it. */
async function storedWith(fault: { readonly at: number; readonly kind: string } | undefined): Promise<number> {
  const disk = createFaultDisk({});
  const log = createStateLog(storage, { files: disk });
  disk.restart(fault && { fault });
  await log
    .load()
    .then(() => log.save(new Map([["file:a", { path: "a" }]])))
    .catch((thrown: unknown) => assert.ok(isUnusableStorage(thrown), String(thrown)));
  return disk.operations();
}

test("I14 a storage on which no folder can be made costs no file of the project", async (context) => {
  const folder = scratchFolder(context, { "project/mine.txt": "mine", file: "" });
  const unusable = join(folder, "file", "storage");
  await assert.rejects(createStoreLock(unusable).take(), isUnusableStorage);
  await assert.rejects(createStateLog(unusable).save(new Map([["a", 1]])), isUnusableStorage);
  const writer = createDiskWriter(join(folder, "project"), { storage: unusable });
  const outcome = await writer.journaled([write], (intent) => writer.write([write], intent));
  assert.deepEqual(outcome, { written: ["app/a.py"], failed: [] });
  assert.equal(readFileSync(join(folder, "project/app/a.py"), "utf8"), "x = 1\n");
});

test("I15 two profiles review one folder by themselves, and a storage that was moved is found as it was", async (context) => {
  const folder = scratchFolder(context);
  const profiles = ["one", "two"].map((name) => join(folder, "profiles", name, "storage"));
  const kept = proposals({ "app/a.py": "x = 1\n" });
  for (const [index, profile] of profiles.entries()) {
    await createStoreLock(profile).take();
    const log = createStateLog(profile);
    await log.load();
    await log.save(index === 0 ? kept : new Map());
  }
  const [first = ""] = profiles;
  const moved = join(folder, "portable", "data");
  cpSync(first, moved, { recursive: true });
  // The window that had it has ended on another machine, perhaps.
  writeFileSync(join(moved, lockName), JSON.stringify({ pid: 999_999_999, started: "5", since: "2026-01-01" }));
  await createStoreLock(moved).take();
  assert.deepEqual(await createStateLog(moved).load(), await createStateLog(first).load());
  assert.deepEqual(pathsIn(await createStateLog(moved).load()), ["app/a.py"]);
  assert.deepEqual(pathsIn(await createStateLog(profiles[1] ?? "").load()), []);
});

test("I16 what a run has proposed when it is cut off by an update waits for its review afterwards", async (context) => {
  const folder = scratchFolder(context);
  const before = createStateLog(folder);
  await before.load();
  await before.save(new Map([...proposals({ "app/a.py": "x = 1\n" }), ["review@0.0.1", { checklist: [] }]]));
  await before.save(proposals({ "app/a.py": "x = 1\n", "app/b.py": "y = 1\n" }));
  assert.deepEqual(pathsIn(await createStateLog(folder).load()), ["app/a.py", "app/b.py"]);
});

test("I16 what a newer version has stored is left to it, whole, and said", async (context) => {
  const folder = scratchFolder(context);
  const newer = writeRecord({ format: 2, at: 1, entries: [{ key: "file:a", value: { odd: true } }], texts: {} });
  writeFileSync(join(folder, stateLogName), newer);
  const said: string[] = [];
  const log = createStateLog(folder, { now: () => 5, onPutAside: (_copy, why) => said.push(why) });
  assert.deepEqual([...(await log.load())], []);
  assert.deepEqual(said, ["newer"]);
  await log.save(proposals({ "app/a.py": "x = 1\n" }));
  assert.deepEqual(readdirSync(folder).sort(), [stateLogName, `${stateLogName}.newer-5`]);
  assert.equal(readFileSync(join(folder, `${stateLogName}.newer-5`), "utf8"), newer);
  assert.deepEqual(pathsIn(await createStateLog(folder).load()), ["app/a.py"]);
});

function proposals(texts: Readonly<Record<string, string>>): ReadonlyMap<string, unknown> {
  const changes = createChangeSet();
  for (const [path, text] of Object.entries(texts)) changes.propose(path, undefined, text);
  return createSnapshotKeys(0)(changes.snapshot());
}

function pathsIn(stored: ReadonlyMap<string, unknown>): readonly string[] {
  const { snapshot, unreadable } = readSnapshot(stored);
  assert.equal(unreadable, 0);
  return snapshot.files.map(({ path }) => path).sort();
}
