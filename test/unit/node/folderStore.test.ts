import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { journalName } from "../../../src/node/acceptJournal.ts";
import { createFolderLock, folderStorePath } from "../../../src/node/folderStore.ts";
import { createStateLog, stateLogName } from "../../../src/node/stateLog.ts";
import { createStoreLock, lockName } from "../../../src/node/storeLock.ts";
import { isUnusableStorage } from "../../../src/session/unusableStorage.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

test("each folder has a store of its own, the same one in every workspace", () => {
  const store = folderStorePath("/home", "file:///projects/api");
  assert.match(store, /^\/home\/folders\/[0-9a-f]{32}$/);
  assert.equal(folderStorePath("/home", "file:///projects/api"), store);
  assert.notEqual(folderStorePath("/home", "file:///projects/web"), store);
});

test("E14 a window with the folder alone and one with several folders meet at one lock", async (context) => {
  const home = scratchFolder(context);
  const store = folderStorePath(home, "file:///projects/api");
  const alone = createFolderLock(store, { earlier: join(home, "workspaceStorage/one") });
  await alone.take();
  // Process 1 is always there, and never ours.
  const text = readFileSync(join(store, lockName), "utf8");
  writeFileSync(join(store, lockName), text.replace(/"pid":\d+,"started":"\w*"/, '"pid":1,"started":""'));
  const amongOthers = createFolderLock(store, { earlier: join(home, "workspaceStorage/two") });
  await assert.rejects(
    amongOthers.take(),
    /^UserFacingError: IN_USE: Another window \(process 1, .* reviews this folder/,
  );
  await amongOthers.release();
  assert.ok(existsSync(join(store, lockName)), "what another window holds is not given up");
  await createFolderLock(folderStorePath(home, "file:///projects/web"), {}).take();
});

test("E35 what an earlier version kept by the workspace is taken over, journal and all, and only once", async (context) => {
  const home = scratchFolder(context);
  const earlier = join(home, "workspaceStorage");
  const store = folderStorePath(home, "file:///projects/api");
  const before = createStateLog(earlier);
  await before.load();
  await before.save(new Map([["file:a.py", { path: "a.py" }]]));
  writeFileSync(join(earlier, journalName), "an accept that was cut off");
  const lock = createFolderLock(store, { earlier });
  await lock.take();
  assert.deepEqual(readdirSync(earlier), []);
  assert.deepEqual(readdirSync(store).sort(), [journalName, lockName, stateLogName].sort());
  assert.deepEqual(await createStateLog(store).load(), new Map([["file:a.py", { path: "a.py" }]]));
  await lock.release();

  // Somebody went back to the earlier version for a while: what is newer here stays.
  writeFileSync(join(earlier, stateLogName), "older");
  await createFolderLock(store, { earlier }).take();
  assert.equal(readFileSync(join(earlier, stateLogName), "utf8"), "older");
  assert.equal((await createStateLog(store).load()).size, 1);
});

test("E35 nothing is taken from under a window of an earlier version that is still open", async (context) => {
  const folder = scratchFolder(context, { "earlier/review.log": "its" });
  const earlier = join(folder, "earlier");
  const owner = { pid: 1, started: "", since: "2026-01-01T00:00:00.000Z" };
  writeFileSync(join(earlier, lockName), JSON.stringify(owner));
  await assert.rejects(createFolderLock(join(folder, "store"), { earlier }).take(), /IN_USE/);
  assert.deepEqual(readdirSync(earlier).sort(), [lockName, "review.log"].sort());
});

test("I14 a store that cannot be made is said to be unusable", async (context) => {
  const folder = scratchFolder(context, { file: "" });
  const earlier = join(folder, "earlier");
  await assert.rejects(createFolderLock(join(folder, "file/store"), { earlier }).take(), isUnusableStorage);
  await createStoreLock(earlier).take();
});
