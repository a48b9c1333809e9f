/** B18: a folder is swapped for a link while files are written into it, again and again. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { writeAtomically } from "../../src/node/atomicWriter.ts";
import { createFileWorkspace } from "../../src/node/fileWorkspace.ts";
import { scratchFolder } from "../support/scratchFolder.ts";

const writes = 40_000;
/** In memory: on a disk each write waits for it. */
const parent = "/dev/shm";

/** Makes `d` a link to the outside and a folder again, as fast as it can, whatever the writer does to it meanwhile. */
const attacker = `
const { renameSync, rmSync, symlinkSync, unlinkSync } = require("node:fs");
const { workerData: { root, outside, stop } } = require("node:worker_threads");
const d = root + "/d";
const attempt = (change) => { try { change(); return true; } catch { return false; } };
for (let n = 0; Atomics.load(stop, 0) === 0; n++) {
  const kept = root + "/kept" + n;
  const moved = attempt(() => renameSync(d, kept));
  if (attempt(() => symlinkSync(outside, d))) {
    Atomics.add(stop, 1, 1);
    for (let spin = n % 2000; spin > 0; spin--) Atomics.load(stop, 0);
    attempt(() => unlinkSync(d));
  }
  if (moved && !attempt(() => renameSync(kept, d))) rmSync(kept, { recursive: true, force: true });
}
`;

function attack(root: string, outside: string) {
  mkdirSync(join(root, "d"));
  const stop = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(attacker, { eval: true, workerData: { root, outside, stop } });
  return {
    swaps: () => Atomics.load(stop, 1),
    end: async () => {
      Atomics.store(stop, 0, 1);
      await worker.terminate();
    },
  };
}

test(`B18 of ${writes} writes under swapped folders none escapes`, async (context) => {
  if (process.platform !== "linux") return context.skip("only Linux can hold a folder by its descriptor");
  const outside = scratchFolder(context, {}, parent);
  const root = scratchFolder(context, {}, parent);
  const attacking = attack(root, outside);
  let done = 0;
  let refused = 0;
  const codes = new Set<string>();
  const write = (index: number) =>
    writeAtomically(root, { path: `d/f${index}.py`, before: undefined, after: "x" }).then(
      () => done++,
      (thrown: { code?: string }) => {
        refused++;
        codes.add(thrown.code ?? String(thrown));
      },
    );
  for (let at = 0; at < writes; at += 16) {
    await Promise.all(Array.from({ length: 16 }, (_, index) => write(at + index)));
  }
  const swaps = attacking.swaps();
  await attacking.end();
  context.diagnostic(`${done} written, ${refused} refused (${[...codes].join(", ")}), ${swaps} swaps`);
  assert.deepEqual(readdirSync(outside), [], "files escaped");
  assert.equal(done + refused, writes);
  assert.ok(refused > 100 && swaps > 1000 && done > 100, "the attack did not hit");
  const left = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tmp"));
  assert.deepEqual(left, []);
});

test("B18 the same attack takes in who checks a path and then writes", async (context) => {
  if (process.platform !== "linux") return context.skip("the other tests do not run either");
  const outside = scratchFolder(context, {}, parent);
  const root = scratchFolder(context, {}, parent);
  const attacking = attack(root, outside);
  for (let at = 0; at < writes && readdirSync(outside).length === 0; at++) {
    try {
      const file = join(root, "d", `f${at}.py`);
      if (realpathSync(dirname(file)) === join(root, "d")) writeFileSync(file, "x");
    } catch {
      // The folder is not there just now.
    }
  }
  await attacking.end();
  assert.notDeepEqual(readdirSync(outside), []);
});

test("B18 nothing from outside is read while folders are swapped", async (context) => {
  if (process.platform !== "linux") return context.skip("only Linux tells what was opened");
  const outside = scratchFolder(context, { "a.py": "outside" }, parent);
  const root = scratchFolder(context, {}, parent);
  const attacking = attack(root, outside);
  const workspace = createFileWorkspace(root);
  const seen = new Set<string | undefined>();
  for (let index = 0; index < 5000; index++) {
    seen.add(await workspace.readText("d/a.py").catch((thrown: { code?: string }) => thrown.code));
  }
  await attacking.end();
  assert.equal(seen.has("outside"), false, [...seen].join());
  assert.ok(seen.size > 1, "the attack did not hit");
});
