import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { runInShadowCopy } from "../../../src/node/shadowShell.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

function shellOver(context: TestContext, files: Readonly<Record<string, string>>) {
  const root = scratchFolder(context, files);
  const changes = createChangeSet();
  const run = (command: string, timeoutMs = 10_000, signal = new AbortController().signal) =>
    runInShadowCopy(command, { root, changes, signal, timeoutMs });
  return { root, changes, run };
}

test("a command sees the proposals, and what it does to files comes back instead of happening", async (context) => {
  const { root, changes, run } = shellOver(context, {
    "a.py": "a\n",
    "b.py": "b\n",
    "c.py": "c\n",
    ".gitignore": "*.log\n",
  });
  const temporary = scratchFolder(context);
  const usual = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  context.after(() => {
    if (usual === undefined) Reflect.deleteProperty(process.env, "TMPDIR");
    else process.env["TMPDIR"] = usual;
  });
  changes.propose("b.py", "b\n", "proposed\n");
  changes.propose("new.py", undefined, "new\n");
  changes.propose("c.py", "c\n", undefined);
  const result = await run(
    "cat a.py b.py new.py; ls c.py; echo x >> a.py; rm new.py; touch b.py; mkdir d; echo made > d/e.py; echo l > x.log; ln -s /etc/passwd p",
  );
  assert.equal(result.exitCode, 0);
  assert.match(result.output, /^a\nproposed\nnew\n/);
  assert.match(result.output, /c\.py/);
  assert.deepEqual(result.changes, [
    { path: "a.py", text: "a\nx\n" },
    { path: "d/e.py", text: "made\n" },
    { path: "new.py", text: undefined },
  ]);
  assert.equal(readFileSync(join(root, "a.py"), "utf8"), "a\n");
  assert.deepEqual(readdirSync(root).sort(), [".gitignore", "a.py", "b.py", "c.py"]);
  assert.deepEqual(readdirSync(temporary), []);
});

test("a command knows no secrets of its parent and gets no input", async (context) => {
  const { root, run } = shellOver(context, { ".env": "PASSWORD=1\n", "a.py": "" });
  symlinkSync("/etc/hosts", join(root, "hosts"));
  process.env["TEST_API_KEY"] = "sk-secret";
  const { output } = await run('env; ls -A . "$HOME"; read line; echo read $?');
  Reflect.deleteProperty(process.env, "TEST_API_KEY");
  assert.doesNotMatch(output, /sk-secret|\.env|hosts/);
  assert.match(output, /^HOME=.*backend-implementer-/m);
  assert.match(output, /read 1$/m);
});

test("the exit code is the command's, and output is cut in the middle and cleaned", async (context) => {
  const { run } = shellOver(context, {});
  assert.equal((await run("exit 3")).exitCode, 3);
  assert.equal((await run("kill -9 $$")).exitCode, undefined);
  const { output } = await run("printf '\\033[31mred\\033[0m\\n'; head -c 100000 /dev/zero | tr '\\0' x; echo end >&2");
  assert.match(output, /^red\nx+\n… \d+ characters left out …\nx+end\n$/);
  assert.ok(output.length < 33_000);
});

test("the time limit and the user's stop end the whole group, children in the background too", async (context) => {
  const { root, run } = shellOver(context, {});
  const marker = join(root, "alive");
  const started = performance.now();
  const result = await run(`(sleep 2; touch ${marker}) & trap '' TERM; sleep 30`, 200);
  assert.equal(result.timedOut, true);
  assert.ok(performance.now() - started < 5000);

  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(run(`(sleep 1; touch ${marker}) & sleep 30`, 10_000, controller.signal), { name: "AbortError" });
  const quick = await run(`(sleep 1; touch ${marker}) & echo left it running`);
  assert.equal(quick.output, "left it running\n");
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal(existsSync(marker), false);
});
