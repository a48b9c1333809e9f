/** Where there is no sandbox: a copy that Landlock confines, and a copy (research/security.md §5). */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createCommandShell } from "../../src/node/commandShell.ts";
import { type Confinement, probeConfinement } from "../../src/node/sandboxProbe.ts";
import { systemProgram } from "../../src/node/systemProgram.ts";
import { askedApprovals } from "../support/fakeShell.ts";
import { confinement, sandboxedFolder, sandboxTest } from "../support/sandboxed.ts";
import { scratchFolder } from "../support/scratchFolder.ts";
import { toolboxOver } from "../support/toolbox.ts";

/** As on a machine without bubblewrap, and on one without Python as well. */
const without = (missing: readonly string[]) =>
  probeConfinement({ program: async (name) => (missing.includes(name) ? undefined : systemProgram(name)) });
const confined = await without(["bwrap"]);
const bare = await without(["bwrap", "python3"]);

function shellOver(context: TestContext, confinement: Confinement, files: Readonly<Record<string, string>> = {}) {
  const root = scratchFolder(context, files);
  const shell = createCommandShell(root, createChangeSet(), { probe: async () => confinement });
  const run = (command: string, timeoutMs = 10_000, signal = new AbortController().signal) =>
    shell.run(command, { signal, timeoutMs });
  return { root, run };
}

const skip = confined.kind === "landlock" ? false : (confined.isolation.remedy ?? true);

test("C39 with Landlock a command writes in its copy only, and opens no TCP connection", { skip }, async (context) => {
  const outside = mkdtempSync("/tmp/backend-sandbox-test-");
  context.after(() => rmSync(outside, { recursive: true, force: true }));
  writeFileSync(join(outside, "a"), "theirs");
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  context.after(() => server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const { root, run } = shellOver(context, confined, { "a.py": "a\n", ".env": "S=hunter2\n" });
  const { output, changes } = await run(
    `echo b >> a.py; echo x > ${outside}/b; echo x > ${outside}/a; rm ${outside}/a; mkdir ${outside}/d; echo x > ${root}/c.py;` +
      `(echo > /dev/tcp/127.0.0.1/${port}) 2>&1; ls -A; touch ~/ok && echo home; echo x > /dev/null && echo null; unshare -Ur true`,
  );
  assert.deepEqual(changes, [{ path: "a.py", text: "a\nb\n" }]);
  assert.equal((output.match(/Permission denied/g) ?? []).length >= 5, true, output);
  assert.match(output, /home\nnull\n/);
  assert.doesNotMatch(output, /\.env/);
  assert.deepEqual([readdirSync(outside), readFileSync(join(outside, "a"), "utf8")], [["a"], "theirs"]);
  assert.deepEqual(readdirSync(root).sort(), [".env", "a.py"]);
});

test("C42 with Landlock exit codes and missing programs come back as they are", { skip }, async (context) => {
  const { run } = shellOver(context, confined);
  assert.equal((await run("(exit 7)")).exitCode, 7);
  const missing = await run("no-such-program --version");
  assert.equal(missing.exitCode, 127);
  assert.match(missing.output, /^no-such-program: (No such file or directory|Permission denied)\n$/);
});

test("C25 without a sandbox, too, what a command left behind is ended and named", async (context) => {
  if (process.platform !== "linux") return context.skip("only Linux tells which processes belong to a command");
  const { root, run } = shellOver(context, bare);
  const marker = join(root, "alive");
  const late = `sleep 1; touch ${marker}`;
  const result = await run(
    `setsid sh -c '${late}' & (setsid sh -c '${late}' &); nohup sh -c '${late}' & sleep 0.3; echo left`,
  );
  assert.equal(result.output, "left\n");
  assert.ok(
    result.leftRunning.length > 0 && result.leftRunning.every((name) => /^(sh|sleep)$/.test(name)),
    result.leftRunning.join(),
  );
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 300);
  await assert.rejects(run(`setsid sh -c '${late}' & sleep 30`, 10_000, controller.signal), { name: "AbortError" });
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal(existsSync(marker), false);
});

test("C13 without a sandbox, too, programs of the workspace are not taken for those of the system", async (context) => {
  const { root, run } = shellOver(context, bare, { "bin/ls": "#!/bin/sh\necho pwned\n" });
  const { chmodSync } = await import("node:fs");
  chmodSync(join(root, "bin/ls"), 0o755);
  const usual = process.env["PATH"];
  process.env["PATH"] = `${root}/bin:bin:.:${usual}`;
  context.after(() => {
    process.env["PATH"] = usual;
  });
  assert.equal((await run("ls")).output, "bin\n");
});

test("C39 what each way isolates is said truthfully", () => {
  assert.match(bare.isolation.summary, /not isolated: they can reach your files and the network/);
  assert.match(bare.isolation.remedy ?? "", /bubblewrap/);
  if (confined.kind === "landlock") assert.match(confined.isolation.summary, /can read your files/);
});

sandboxTest("I13 a workspace that is reached through a link is the folder it stands for", async (context) => {
  const { root } = sandboxedFolder(context, { "a.py": "a\n" });
  const parent = mkdtempSync("/tmp/backend-sandbox-test-");
  context.after(() => rmSync(parent, { recursive: true, force: true }));
  const link = join(parent, "with space ü");
  symlinkSync(root, link);
  const shell = createCommandShell(link, createChangeSet());
  const result = await shell.run("pwd; echo b >> a.py", { signal: new AbortController().signal, timeoutMs: 10_000 });
  assert.equal(result.output, `${root}\n`);
  assert.deepEqual(result.changes, [{ path: "a.py", text: "a\nb\n" }]);
  assert.equal(readFileSync(join(root, "a.py"), "utf8"), "a\n");
});

sandboxTest(
  "I10 where no namespace can be made, as in a container, that is found out, named and asked about",
  async (context) => {
    if (confinement.kind !== "overlay") return;
    const source = (path: string) => JSON.stringify(join(import.meta.dirname, "../../src", path));
    const program = `
    import { probeConfinement } from ${source("node/sandboxProbe.ts")};
    console.log(JSON.stringify(await probeConfinement()));`;
    const container = [
      "--ro-bind",
      "/",
      "/",
      "--dev-bind",
      "/dev",
      "/dev",
      "--proc",
      "/proc",
      "--bind",
      "/tmp",
      "/tmp",
    ];
    const noNamespaces = ["--unshare-user", "--disable-userns"];
    const command = [process.execPath, "--input-type=module", "-e", program];
    const ended = spawnSync(confinement.programs.bwrap, [...container, ...noNamespaces, "--", ...command], {
      encoding: "utf8",
    });
    assert.equal(ended.status, 0, ended.stderr);
    const found: Confinement = JSON.parse(ended.stdout);
    assert.notEqual(found.kind, "overlay");
    assert.equal(
      found.isolation.remedy,
      "The sandbox does not come up here (unshare: unshare failed: No space left on device). " +
        "Allow user namespaces: the limit user.max_user_namespaces is used up or 0, as in many containers.",
    );
    const approvals = askedApprovals("no");
    const shell = { isolation: async () => found.isolation, run: () => assert.fail("it ran") };
    const { use } = toolboxOver(scratchFolder(context), { commands: { shell, approvals } });
    assert.match(await use("Bash", { command: "ls" }), /^! DECLINED/);
    assert.deepEqual(
      approvals.asked.map(({ isolation }) => isolation),
      [found.isolation],
    );
  },
);
