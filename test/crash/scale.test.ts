/** Catalogue H, where the size is what could break a review (research/security.md §3). Time is that of this process. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Message } from "../../src/agent/messages.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createSnapshotKeys, readSnapshot } from "../../src/changes/snapshot.ts";
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { createStateLog, stateLogName } from "../../src/node/stateLog.ts";
import type { RunState } from "../../src/session/runState.ts";
import { createRunKeys, readRunState } from "../../src/session/storedRun.ts";
import { someWrites } from "../support/acceptUnderFaults.ts";
import { createFaultDisk } from "../support/faultDisk.ts";
import { scratchFolder } from "../support/scratchFolder.ts";
import { toolboxOver } from "../support/toolbox.ts";

const inMemory = existsSync("/dev/shm") ? "/dev/shm" : undefined;
const text = (at: number) => `"""Module ${at}."""\n${"x = 1\n".repeat(200)}`;

test("H01 a thousand proposed files are listed, stored and accepted in time, in less than twice their space", async (context) => {
  const home = scratchFolder(context, {}, inMemory);
  const [root, storage] = [join(home, "project"), join(home, "storage")];
  mkdirSync(root);
  const changes = createChangeSet();
  const size = Array.from({ length: 1000 }, (_, at) => text(at)).join("").length;
  for (let at = 0; at < 1000; at++) changes.propose(`app/p${at % 40}/m${at}.py`, undefined, text(at));
  assert.ok((await cost(async () => changes.files().map(({ path }) => changes.proposedText(path)))) < 1000);

  const log = createStateLog(storage);
  await log.load();
  await log.save(new Map(createSnapshotKeys(0)(changes.snapshot())));
  assert.ok(statSync(join(storage, stateLogName)).size < 2 * size);

  const writes = changes.acceptance({});
  const writer = createDiskWriter(root, { storage });
  const spent = await cost(async () => {
    const { written } = await writer.journaled(writes, (intent) => writer.write(writes, intent));
    assert.equal(written.length, 1000);
    changes.accepted({});
  });
  context.diagnostic(`accepted in ${Math.round(spent)} ms`);
  assert.ok(spent < 20_000, `${spent} ms`);
  assert.equal(readFileSync(join(root, "app/p39/m999.py"), "utf8"), text(999));
});

test("H03 a workspace of 10,000 files, and 100,000 that nobody reads, answers at once", async (context) => {
  const root = scratchFolder(context, {}, inMemory);
  for (let folder = 0; folder < 100; folder++) {
    for (const place of [`app/p${folder}`, `node_modules/p${folder}`])
      mkdirSync(join(root, place), { recursive: true });
    for (let file = 0; file < 100; file++) writeFileSync(join(root, `app/p${folder}/m${file}.py`), "x = 1\n");
    for (let file = 0; file < 1000; file++) writeFileSync(join(root, `node_modules/p${folder}/m${file}.js`), "");
  }
  const { use } = toolboxOver(root);
  const spent = await cost(async () => assert.match(await use("Glob", { pattern: "**/m9*.py" }), /app\/p0\/m9\.py/));
  context.diagnostic(`listed in ${Math.round(spent)} ms`);
  assert.ok(spent < 4000, `${spent} ms`);
});

test("H04 a file of 50 MB is never loaded, and what is beside it is still found", async (context) => {
  const root = scratchFolder(context, { "a.py": "needle = 1\n", "data.sql": "" });
  truncateSync(join(root, "data.sql"), 50_000_000);
  const { use } = toolboxOver(root);
  const before = process.memoryUsage().rss;
  assert.match(await use("Read", { file_path: "data.sql" }), /^! FILE_SIZE: /);
  assert.match(await use("Grep", { pattern: "needle" }), /a\.py/);
  assert.ok(process.memoryUsage().rss - before < 40_000_000);
});

test("H06 a session of 300 turns and 40 MB is there again after a reload in 2 s, twice that at most", async (context) => {
  const storage = scratchFolder(context, {}, inMemory);
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  const result = "a line of what a tool has found, long enough to fill a line of the screen\n".repeat(1800);
  const messages = Array.from({ length: 300 }, (_, turn): readonly Message[] => {
    const call = { type: "toolCall", id: `c${turn}`, name: "Read", input: { file_path: `app/m${turn}.py` } } as const;
    const answer = { type: "toolResult", callId: call.id, content: result, isError: false } as const;
    return [
      { role: "assistant", parts: [call], stop: "toolCalls", usage },
      { role: "user", parts: [answer] },
    ];
  }).flat();
  const first: Message = { role: "user", parts: [{ type: "text", text: "Implement the design." }] };
  const state: RunState = { version: 1, model: "some-model", loadedSkills: [], messages: [first, ...messages] };
  const size = JSON.stringify(state).length;
  assert.ok(size > 40_000_000, `${size}`);
  const log = createStateLog(storage);
  await log.load();
  await log.save(createRunKeys()(state));
  let kept = 0;
  const spent = await cost(async () => {
    kept = readRunState(await createStateLog(storage).load())?.messages.length ?? 0;
  });
  const stored = statSync(join(storage, stateLogName)).size;
  context.diagnostic(`${kept} messages of ${Math.round(stored / 1e6)} MB in ${Math.round(spent)} ms`);
  // What is too long to be kept is kept shortened, with every turn's call and answer.
  assert.ok(kept > 0 && stored <= 40_000_000, `${kept}, ${stored}`);
  assert.ok(spent < 4000, `${spent} ms`);
});

test("H09 a long history is read in one piece, and in time", async (context) => {
  const storage = scratchFolder(context, {}, inMemory);
  const changes = createChangeSet();
  const log = createStateLog(storage);
  await log.load();
  const keysOf = createSnapshotKeys(0);
  for (let run = 0; run < 50; run++) {
    for (let at = 0; at < 20; at++) changes.propose(`app/r${run}/m${at}.py`, undefined, text(at));
    for (const { path } of changes.files()) changes.accepted({ path });
    await log.save(new Map(keysOf(changes.snapshot())));
  }
  let decisions = 0;
  const spent = await cost(async () => {
    decisions = readSnapshot(await createStateLog(storage).load()).snapshot.decisions.length;
  });
  context.diagnostic(`read in ${Math.round(spent)} ms`);
  assert.equal(decisions, 200, "each decision keeps texts, so that only the latest are kept");
  assert.ok(spent < 600, `${spent} ms`);
});

test("H11 a disk that takes its time for everything loses nothing", async () => {
  const writes = someWrites(8);
  const before = Object.fromEntries(
    writes.flatMap(({ path, before: was }) => (was === undefined ? [] : [[`/project/${path}`, was]])),
  );
  const disk = createFaultDisk({ "/project/mine.txt": "mine", ...before });
  const files = new Proxy(disk, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return async (...args: readonly unknown[]) => {
        await setTimeout(20);
        return Reflect.apply(member, target, args);
      };
    },
  });
  const writer = createDiskWriter("/project", { storage: "/editor/storage", files });
  const outcome = await writer.journaled(writes, (intent) => writer.write(writes, intent));
  assert.deepEqual([outcome.written.length, outcome.failed], [8, []]);
  for (const { path, after } of writes) assert.equal(disk.text(`/project/${path}`), after);
});

async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
