import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { acceptFailing, acceptKilled, operationsOf, someWrites } from "../support/acceptUnderFaults.ts";
import { scratchFolder } from "../support/scratchFolder.ts";

/** `CRASH_EVERY=1` takes every operation, in two minutes. */
const every = Number(process.env["CRASH_EVERY"] ?? 31);
const kills = Number(process.env["CRASH_KILLS"] ?? 100);

test("E16 E18 accepting 200 files, killed or without power at an operation, is whole after the restart", async () => {
  const writes = someWrites(200);
  const operations = await operationsOf(writes);
  for (let at = 1; at <= operations; at += every) await acceptKilled(writes, at, at % 2 === 0);
});

test("E19 accepting 200 files on a disk that fills up leaves each file old or new, and says which", async () => {
  const writes = someWrites(200);
  const operations = await operationsOf(writes);
  for (let at = 1; at <= operations; at += every) await acceptFailing(writes, { at, kind: "ENOSPC" });
});

test("E16 a process killed while it accepts 200 files leaves no torn file and no half set", async (context) => {
  const world = createWorld(context);
  const outcomes = { old: 0, new: 0, cut: 0 };
  const whole = await world.acceptAndKill(undefined);
  for (let kill = 0; kill < kills; kill++) {
    await world.acceptAndKill((whole * 1.1 * kill) / kills);
    const found = world.side() ?? "cut";
    await createDiskWriter(world.root, { storage: world.storage }).recover();
    const side = world.side();
    assert.ok(side, "every file is old, or every file is new");
    outcomes[found === "cut" ? "cut" : side]++;
    assert.deepEqual(world.strays(), [], "nothing is left behind");
  }
  context.diagnostic(`killed ${kills} times within ${Math.round(whole)} ms: ${JSON.stringify(outcomes)}`);
  assert.ok(outcomes.cut > kills / 10, "the kills met the writing");
});

/** The project as it was, a process that accepts, and what is on the disk after it. */
function createWorld(context: TestContext) {
  // In memory, where there is such a place: a killed process loses nothing that it has written.
  const home = scratchFolder(context, {}, existsSync("/dev/shm") ? "/dev/shm" : undefined);
  const [root, storage, original] = [join(home, "project"), join(home, "storage"), join(home, "original")];
  const writes = someWrites(200);
  mkdirSync(original);
  for (const { path, before } of writes) {
    mkdirSync(dirname(join(original, path)), { recursive: true });
    if (before !== undefined) writeFileSync(join(original, path), before);
  }
  const filesOf = (folder: string) =>
    globSync("**/*", { cwd: folder, withFileTypes: true }).filter((it) => it.isFile());
  return {
    root,
    storage,
    /** How long it took to accept, where it was not killed. */
    acceptAndKill: async (afterMs: number | undefined): Promise<number> => {
      rmSync(root, { recursive: true, force: true });
      cpSync(original, root, { recursive: true });
      const child = fork(join(import.meta.dirname, "acceptAll.ts"), [root, storage], { stdio: "ignore" });
      const exited = once(child, "exit");
      await once(child, "message");
      const begun = performance.now();
      const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), afterMs);
      await exited;
      clearTimeout(timer);
      return performance.now() - begun;
    },
    /** Undefined when some files are old and some new; throws when one is neither. */
    side: (): "old" | "new" | undefined => {
      const sides = writes.map(({ path, before, after }) => {
        const text = readIfThere(join(root, path));
        assert.ok(text === before || text === after, `${path} is torn`);
        return text === after ? "new" : "old";
      });
      const [first] = sides;
      return sides.every((side) => side === first) ? first : undefined;
    },
    strays: (): readonly string[] => {
      const known = new Set(writes.map(({ path }) => path));
      const found = filesOf(root).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
      return [...found.filter((path) => !known.has(path)), ...filesOf(storage).map(({ name }) => name)];
    },
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
