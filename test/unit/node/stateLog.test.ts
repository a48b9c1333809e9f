import assert from "node:assert/strict";
import { test } from "node:test";
import { createStateLog, stateLogName } from "../../../src/node/stateLog.ts";
import { createStoreLock, lockName } from "../../../src/node/storeLock.ts";
import { createFaultDisk, type FaultDisk } from "../../support/faultDisk.ts";

const folder = "/editor/storage";
const path = `${folder}/${stateLogName}`;
const long = "a line of a file\n".repeat(100);

/** States one after the other; each is what a later one may find. */
const states: readonly ReadonlyMap<string, unknown>[] = [
  new Map([]),
  new Map([["file:a", { path: "a", base: long }]]),
  new Map<string, unknown>([
    ["file:a", { path: "a", base: long }],
    ["file:b", { path: "b", base: `${long}b`, hunks: [{ id: "h1" }] }],
  ]),
  new Map<string, unknown>([["decision:1", { kind: "accepted", files: [{ path: "a", base: long }] }]]),
];

test("values come back, and a long text is written once", async () => {
  const disk = createFaultDisk({});
  await saveAll(disk);
  assert.deepEqual(await loaded(disk), states.at(-1));
  assert.equal(disk.text(path)?.split("a line of a file").length, 1 + 200);
});

test("E17 E18 a store that is killed or loses its power at any operation holds a state that was saved", async () => {
  const disk = createFaultDisk({});
  await saveAll(disk);
  const operations = disk.operations();
  for (let at = 1; at <= operations; at++) {
    for (const powerCut of [false, true]) {
      const broken = createFaultDisk({});
      broken.restart({ fault: { at, kind: "kill" } });
      const reached = await saveAll(broken).catch((reason: SaveFailure) => reason.reached);
      broken.restart({ powerCut });
      const found = await loaded(broken);
      const possible = [states[reached], states[reached + 1]];
      assert.ok(
        possible.some((state) => JSON.stringify([...(state ?? [])]) === JSON.stringify([...found])),
        `killed at ${at}: ${JSON.stringify([...found.keys()])}`,
      );
      const log = createStateLog(folder, { files: broken });
      await log.load();
      await log.save(states[2] ?? new Map());
      assert.deepEqual(await loaded(broken), states[2], "it goes on after that");
    }
  }
});

test("E19 a save that the disk refuses is made up for by the next one", async () => {
  const disk = createFaultDisk({});
  await saveAll(disk);
  const operations = disk.operations();
  for (let at = 1; at <= operations; at++) {
    const broken = createFaultDisk({});
    const log = createStateLog(folder, { files: broken });
    broken.restart({ fault: { at, kind: "ENOSPC" } });
    await log.load().catch(() => undefined);
    for (const state of states) await log.save(state).catch(() => undefined);
    await log.save(states.at(-1) ?? new Map());
    assert.deepEqual(await loaded(broken), states.at(-1), `refused at ${at}`);
  }
});

test("E35 a damaged store is put aside, and what stands before the damage is used", async () => {
  const disk = createFaultDisk({});
  await saveAll(disk);
  const lines = (disk.text(path) ?? "").split("\n");
  for (const [damaged, expected] of [
    [["garbage", ...lines].join("\n"), states[0]],
    [lines.with(1, "garbage").join("\n"), states[1]],
    [(disk.text(path) ?? "").replace('"format":1', '"format":9'), states[0]], // Its checksum does not say so.
  ] as const) {
    const copies: string[] = [];
    const broken = createFaultDisk({ [path]: damaged });
    const log = createStateLog(folder, { files: broken, now: () => 5, onPutAside: (copy) => copies.push(copy) });
    assert.deepEqual(await log.load(), expected);
    assert.deepEqual(copies, [`${path}.corrupt-5`]);
    assert.equal(broken.text(`${path}.corrupt-5`), damaged);
  }
});

test("E36 old decisions go, and what waits for one stays", async () => {
  const disk = createFaultDisk({});
  const day = 24 * 3_600_000;
  const log = createStateLog(folder, { files: disk, now: () => 0 });
  await log.load();
  const decided = new Map<string, unknown>([
    ["file:a", { path: "a" }],
    ["decision:1", { kind: "rejected" }],
  ]);
  await log.save(decided);
  const loadAt = (now: number) => createStateLog(folder, { files: disk, now: () => now }).load();
  assert.deepEqual([...(await loadAt(29 * day)).keys()], ["file:a", "decision:1"]);
  assert.deepEqual([...(await loadAt(31 * day)).keys()], ["file:a"]);
});

test("E36 the store does not grow with what is out of date", async () => {
  const disk = createFaultDisk({});
  const log = createStateLog(folder, { files: disk });
  await log.load();
  for (let round = 0; round < 60; round++) {
    await log.save(new Map([["file:a", { base: `${round}${"x".repeat(500_000)}` }]]));
  }
  assert.ok((disk.text(path)?.length ?? 0) < 8_000_000);
  assert.deepEqual([...(await loaded(disk)).keys()], ["file:a"]);
});

test("a save of megabytes lets others have the thread, and saves that come meanwhile wait for it", async () => {
  const disk = createFaultDisk({});
  const log = createStateLog(folder, { files: disk });
  await log.load();
  const rows = (at: number) =>
    Array.from({ length: 1000 }, (_, row) => ({ row, text: `row ${row} of ${at} — ${long}` }));
  const large = new Map(Array.from({ length: 6 }, (_, at) => [`part:${at}`, rows(at)]));
  const state = { turns: 0 };
  const turn = setInterval(() => state.turns++, 1);
  const saves = [log.save(large), log.save(new Map([...large].slice(2))), log.save(states[2] ?? new Map())];
  await Promise.all(saves.slice(0, 1));
  assert.ok(state.turns > 0, "nobody else had a turn");
  await Promise.all(saves);
  clearInterval(turn);
  assert.deepEqual(await loaded(disk), states[2]);
});

test("E14 a second window is refused by name; a lock whose process has ended is taken over", async () => {
  const now = { pid: 1, started: "", since: "2026-01-01T00:00:00.000Z" };
  const held = createFaultDisk({ [`${folder}/${lockName}`]: JSON.stringify(now) });
  await assert.rejects(createStoreLock(folder, held).take(), {
    code: "IN_USE",
    message: /process 1, since 2026-01-01/,
  });
  const sameNumber = { ...now, pid: process.pid, started: "1" };
  for (const stale of [JSON.stringify({ ...now, pid: 999_999_999 }), JSON.stringify(sameNumber), ""]) {
    const disk = createFaultDisk({ [`${folder}/${lockName}`]: stale });
    const lock = createStoreLock(folder, disk);
    await lock.take();
    await lock.take();
    assert.match(disk.text(`${folder}/${lockName}`) ?? "", new RegExp(`"pid":${process.pid},`));
    await lock.release();
    assert.equal(disk.text(`${folder}/${lockName}`), undefined);
  }
});

class SaveFailure extends Error {
  readonly reached: number;

  constructor(reached: number) {
    super(`killed after ${reached} saves`);
    this.reached = reached;
  }
}

/** Throws how many of the states were saved. */
async function saveAll(disk: FaultDisk): Promise<number> {
  const log = createStateLog(folder, { files: disk });
  let reached = 0;
  try {
    await log.load();
    for (const state of states.slice(1)) {
      await log.save(state);
      reached++;
    }
  } catch {
    throw new SaveFailure(reached);
  }
  return reached;
}

async function loaded(disk: FaultDisk): Promise<ReadonlyMap<string, unknown>> {
  return createStateLog(folder, { files: disk }).load();
}
