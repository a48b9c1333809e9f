/**
 * What the sandbox adds to a command, on a workspace of 5,000 files and an environment of 3,000, against
 * the same program started plainly; how long 1,000 proposals take to be laid over it; and what a hundred
 * commands leave behind. It informs and never fails.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createCommandShell } from "../../src/node/commandShell.ts";
import { createSandboxState, removeScratch } from "../../src/node/sandboxState.ts";
import { median } from "../harness/activation.ts";
import { temporaryFolder } from "../harness/paths.ts";

const root = temporaryFolder("large-workspace");
makeFiles(join(root, "src"), 5000);
makeFiles(join(root, ".venv/lib/python3.11/site-packages"), 3000);
const changes = createChangeSet();
const shell = createCommandShell(root, changes);
const options = { signal: new AbortController().signal, timeoutMs: 20_000 };
const { tier, remedy } = await shell.isolation();
if (tier !== "sandbox") console.log(`The sandbox is not measured: ${remedy}`);
else await measure();

async function measure(): Promise<void> {
  const before = leftovers();
  const plain: number[] = [];
  const sandboxed: number[] = [];
  // In turn, so that a busy machine slows both.
  for (let run = 0; run < 100; run++) {
    plain.push(await timed(async () => void spawnSync("true", { cwd: root })));
    sandboxed.push(await timed(async () => void (await shell.run("true", options))));
  }
  const added = median(sandboxed) - median(plain);
  line("command, plain, median of 100", median(plain));
  line("command, in the sandbox", median(sandboxed));
  line("what the sandbox adds", added, 60);
  line("what it adds to the quickest", Math.min(...sandboxed) - Math.min(...plain), 60);
  for (let index = 0; index < 1000; index++) changes.propose(`src/new/f${index}.py`, undefined, "x = 1\n".repeat(100));
  const seeding: number[] = [];
  for (let run = 0; run < 5; run++) {
    seeding.push(
      await timed(async () => {
        const state = await createSandboxState(changes);
        void removeScratch(state.folder);
      }),
    );
  }
  line("1,000 proposals laid over it", Math.min(...seeding), 300);
  line("command over 1,000 proposals", Math.min(...(await times(5, () => shell.run("true", options)))));
  const after = leftovers();
  const lost = Object.entries(after).map(([what, count]) => `${what} ${count - before[what as keyof typeof before]}`);
  console.log(`left by 100 commands: ${lost.join(", ")}`);
}

function leftovers(): { readonly mounts: number; readonly folders: number; readonly processes: number } {
  return {
    mounts: readFileSync("/proc/self/mounts", "utf8").split("\n").length,
    folders: readdirSync("/dev/shm").filter((name) => name.includes(`-${process.pid}-`)).length,
    processes: readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid).length,
  };
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}

async function times(count: number, run: () => Promise<unknown>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let at = 0; at < count; at++) all.push(await timed(run));
  return all;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

function makeFiles(folder: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const parent = join(folder, `pkg${Math.floor(index / 50)}`, `sub${index % 5}`);
    mkdirSync(parent, { recursive: true });
    writeFileSync(
      join(parent, `m${index}.py`),
      `def f${index}(x: int) -> int:\n    return x + ${index}\n\n`.repeat(40),
    );
  }
}

function line(what: string, milliseconds: number, promised?: number): void {
  const ratio =
    promised === undefined ? "" : `  ${(milliseconds / promised).toFixed(2)} of the promised ${promised} ms`;
  console.log(`${what.padEnd(36)} ${milliseconds.toFixed(1).padStart(7)} ms${ratio}`);
}
