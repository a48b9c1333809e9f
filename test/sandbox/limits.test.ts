/** Catalogue C, limits, ends and failures of commands (research/security.md §3, §5). */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createCommandShell } from "../../src/node/commandShell.ts";
import { runSandboxed } from "../../src/node/overlaySandbox.ts";
import { createScratch, removeLeftovers } from "../../src/node/sandboxState.ts";
import { confinement, sandboxedFolder, sandboxTest } from "../support/sandboxed.ts";

/** How many processes have this text on their command line. */
function processesWith(text: string): number {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.filter((pid) => {
    const file = join("/proc", pid, "cmdline");
    return Number(pid) !== process.pid && existsSync(file) && read(file).includes(text);
  }).length;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function scratchNames(): readonly string[] {
  return readdirSync("/dev/shm").filter(
    (name) => name.startsWith("backend-implementer-") && name.includes(`-${process.pid}-`),
  );
}

sandboxTest("C22 nothing waits for an answer", async (context) => {
  const { run } = sandboxedFolder(context);
  const result = await run("read line; echo read $?; python3 -i < /dev/null; tty; git commit; cat; echo end");
  assert.match(result.output, /^read 1$/m);
  assert.match(result.output, /^not a tty$/m);
  assert.match(result.output, /end\n$/);
  assert.equal(result.timedOut, false);
});

sandboxTest("C23 output of any size and kind is cut, and its control sequences are gone", async (context) => {
  const { run } = sandboxedFolder(context);
  const before = process.memoryUsage().rss;
  const yes = await run("yes | head -c 300000000; echo the end");
  assert.match(yes.output, /^(y\n)+[\s\S]*… \d{9} characters left out …[\s\S]*the end\n$/);
  assert.ok(yes.output.length < 33_000);
  assert.ok(process.memoryUsage().rss - before < 150_000_000, "the output is not kept in memory");
  const odd = await run(
    "printf '\\033[31mred\\033[0m \\033]8;;http://x\\007link\\033]8;;\\007 \\033]52;c;aGk=\\007\\377\\n'; head -c 1000 /dev/urandom",
  );
  assert.match(odd.output, /^red link \ufffd\n/);
  assert.doesNotMatch(odd.output, /[^\P{Cc}\n\t]/u);
});

sandboxTest("C24 the time limit ends a command, also one that does not want to", async (context) => {
  const { run } = sandboxedFolder(context, { "a.py": "a\n" });
  for (const command of [
    "echo partial; sleep 9871",
    "trap '' TERM; echo partial; while :; do sleep 0.1; done",
    "echo partial; while :; do :; done",
  ]) {
    const started = performance.now();
    const result = await run(command, { timeoutMs: 500 });
    assert.deepEqual(
      [result.timedOut, result.output.split("\n")[0], result.exitCode],
      [true, "partial", undefined],
      command,
    );
    assert.ok(performance.now() - started < 6000, command);
  }
  assert.equal(processesWith("sleep\x009871"), 0);
});

sandboxTest("C25 a stop leaves no process, whatever it did to get away", async (context) => {
  const { run } = sandboxedFolder(context);
  const controller = new AbortController();
  const script = "sleep 98765 & setsid sleep 98765 & nohup sleep 98765 & (setsid sh -c 'sleep 98765 &') ; sleep 98765";
  const running = run(script, { signal: controller.signal });
  for (let tries = 0; tries < 100 && processesWith("sleep\x0098765") < 4; tries++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.ok(processesWith("sleep\x0098765") >= 4);
  const stopped = performance.now();
  controller.abort();
  await assert.rejects(running, { name: "AbortError" });
  while (processesWith("98765") > 0 && performance.now() - stopped < 2000) {
    await new Promise((done) => setTimeout(done, 10));
  }
  assert.equal(processesWith("98765"), 0);
  assert.deepEqual(scratchNames(), []);
});

sandboxTest(
  "C25 C43 when we are killed, so is the command, and what is left is removed the next time",
  async (context) => {
    const { root } = sandboxedFolder(context, { "a.py": "a\n" });
    const program = `
    import { createCommandShell } from ${JSON.stringify(join(import.meta.dirname, "../../src/node/commandShell.ts"))};
    import { createChangeSet } from ${JSON.stringify(join(import.meta.dirname, "../../src/changes/changeSet.ts"))};
    const shell = createCommandShell(${JSON.stringify(root)}, createChangeSet());
    await shell.run("setsid sleep 87654 & sleep 87654", { signal: new AbortController().signal, timeoutMs: 60000 });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
    for (let tries = 0; tries < 200 && processesWith("sleep\x0087654") < 2; tries++) {
      await new Promise((done) => setTimeout(done, 50));
    }
    assert.ok(processesWith("sleep\x0087654") >= 2);
    const killed = once(child, "exit");
    child.kill("SIGKILL");
    await killed;
    for (let tries = 0; tries < 40 && processesWith("87654") > 0; tries++)
      await new Promise((done) => setTimeout(done, 50));
    assert.equal(processesWith("87654"), 0);
    const left = () => readdirSync("/dev/shm").filter((name) => name.includes(`-${child.pid}-`));
    assert.equal(left().length, 1);
    await removeLeftovers();
    assert.deepEqual(left(), []);
    assert.deepEqual(readdirSync(root), ["a.py"]);
  },
);

sandboxTest("C26 what is left in the background is ended and named", async (context) => {
  const { run } = sandboxedFolder(context);
  const result = await run("sleep 76543 & setsid sleep 76543 & sleep 0.2; echo started");
  assert.equal(result.output, "started\n");
  assert.deepEqual(result.leftRunning, ["sleep", "sleep"]);
  assert.equal(processesWith("sleep\x0076543"), 0);
});

sandboxTest("C28 bombs of processes, memory and files end in an error", async (context) => {
  const { run } = sandboxedFolder(context);
  const memory = await run("python3 -c 'x = bytearray(64 * 2**30)'");
  assert.match(memory.output, /MemoryError/);
  assert.match(
    (await run("fallocate -l 1T big; echo $?; head -c 1500000000 /dev/zero > /tmp/x; echo $?")).output,
    /^[\s\S]*[1-9]\d*\n[\s\S]*[1-9]\d*\n$/,
  );
  const files = await run("for i in $(seq 250000); do : > f$i || break; done 2>&1 | tail -1", { timeoutMs: 60_000 });
  assert.match(files.output, /No space left/);
  if (process.getuid?.() === 0) return context.diagnostic("root has no limit of processes");
  const forks = await run(":(){ :|:& };:; sleep 1; echo alive", { timeoutMs: 5_000 });
  assert.match(forks.output, /Resource temporarily unavailable|Cannot fork/i);
});

sandboxTest("C40 a sandbox that does not start fails the command, which does not run elsewhere", async (context) => {
  if (confinement.kind !== "overlay") return;
  const { root } = sandboxedFolder(context, { "a.py": "a\n" });
  const folder = mkdtempSync("/tmp/backend-sandbox-test-");
  context.after(() => spawnSync("rm", ["-rf", folder]));
  const marker = join(folder, "ran");
  const broken = { ...confinement, programs: { ...confinement.programs, bwrap: "/bin/false" } };
  const shell = createCommandShell(root, createChangeSet(), { probe: async () => broken });
  const options = { signal: new AbortController().signal, timeoutMs: 5000 };
  await assert.rejects(shell.run(`touch ${marker}`, options), { code: "SANDBOX_FAILED" });
  const gone = { ...confinement.programs, unshare: "/nowhere/unshare" };
  await assert.rejects(
    runSandboxed(`touch ${marker}`, { ...options, root, changes: createChangeSet(), programs: gone }),
  );
  assert.equal(existsSync(marker), false);
  assert.equal((await shell.isolation()).tier, "sandbox", "the tier does not change by itself");
});

sandboxTest("C42 exit codes come back as they are", async (context) => {
  const { run } = sandboxedFolder(context);
  const codes = [0, 1, 2, 126, 127, 130, 139];
  for (const code of codes) assert.equal((await run(`(exit ${code})`)).exitCode, code);
  assert.equal((await run("kill -SEGV $$")).exitCode, 139);
  assert.equal((await run("no-such-program --version")).exitCode, 127);
  assert.equal((await run("no-such-program | cat; exit 7")).exitCode, 7);
});

sandboxTest("C43 G16 scratch folders are private, and folders without rights are removed too", async () => {
  const folder = await createScratch();
  const { statSync } = await import("node:fs");
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  mkdirSync(join(folder, "work/work"), { recursive: true });
  chmodSync(join(folder, "work/work"), 0);
  const { removeScratch } = await import("../../src/node/sandboxState.ts");
  await removeScratch(folder);
  assert.equal(existsSync(folder), false);
});
