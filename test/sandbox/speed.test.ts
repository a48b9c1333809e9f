/** H02, H10: what a sandboxed command costs and leaves behind. `npm run bench` prints the figures. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { sandboxedFolder, sandboxTest } from "../support/sandboxed.ts";

sandboxTest("H10 a hundred commands in a row leave no mount, no process and no file", async (context) => {
  const { root, run } = sandboxedFolder(context, { "a.py": "a\n" });
  const state = () => ({
    mounts: readFileSync("/proc/self/mounts", "utf8"),
    scratch: readdirSync("/dev/shm").filter((name) => name.includes(`-${process.pid}-`)),
    files: readdirSync(root),
    descriptors: readdirSync("/proc/self/fd").length,
  });
  await run("true");
  const before = state();
  const times: number[] = [];
  for (let at = 0; at < 100; at++) {
    const started = performance.now();
    const { exitCode } = await run(`echo ${at} >> a.py; sleep 100 &`);
    times.push(performance.now() - started);
    assert.equal(exitCode, 0);
  }
  assert.deepEqual(state(), before);
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid);
  assert.deepEqual(children, []);
  context.diagnostic(`median ${times.sort((a, b) => a - b)[50]?.toFixed(0)} ms`);
});

sandboxTest("H02 a thousand proposals are laid over the workspace", async (context) => {
  const { changes, run } = sandboxedFolder(context);
  for (let at = 0; at < 1000; at++) changes.propose(`src/p${at % 50}/f${at}.py`, undefined, `x = ${at}\n`.repeat(50));
  const started = performance.now();
  const result = await run("find src -type f | wc -l");
  context.diagnostic(`${(performance.now() - started).toFixed(0)} ms, the command included`);
  assert.equal(result.output, "1000\n");
  assert.deepEqual(result.changes, []);
});

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}
