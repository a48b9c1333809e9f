/** Catalogue C, what becomes of a sandboxed command's writes (research/security.md §3, §5). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../src/node/atomicWriter.ts";
import { changeLines, sandboxedFolder, sandboxTest } from "../support/sandboxed.ts";

sandboxTest("E12 a command sees the proposals, and what it does comes back instead of happening", async (context) => {
  const { root, changes, run } = sandboxedFolder(context, {
    "a.py": "a\n",
    "b.py": "b\n",
    "c.py": "c\n",
    "d/x.py": "x\n",
  });
  changes.propose("b.py", "b\n", "proposed\n");
  changes.propose("d/deep/new.py", undefined, "new\n");
  changes.propose("c.py", "c\n", undefined);
  const result = await run("cat a.py b.py d/deep/new.py; ls c.py; echo x >> a.py; rm d/deep/new.py; echo y >> b.py");
  assert.match(result.output, /^a\nproposed\nnew\n/);
  assert.match(result.output, /c\.py': No such file/);
  assert.deepEqual(result.changes, [
    { path: "a.py", text: "a\nx\n" },
    { path: "b.py", text: "proposed\ny\n" },
    { path: "d/deep/new.py", text: undefined },
  ]);
  assert.deepEqual(result.rejected, []);
  assert.equal(readFileSync(join(root, "a.py"), "utf8"), "a\n");
  assert.deepEqual(readdirSync(root), ["a.py", "b.py", "c.py", "d"]);
});

sandboxTest("C31 exactly what was created, changed and deleted comes back", async (context) => {
  const files = {
    "a.py": "a\n",
    "b.py": "b\n",
    "d/x.py": "x\n",
    "d/y.py": "y\n",
    "d/sub/z.py": "z\n",
    "e/v.py": "v\n",
  };
  const cases: readonly (readonly [command: string, lines: readonly string[]])[] = [
    ["touch a.py d/x.py", []],
    ["rm -rf d", ["- d/sub/z.py", "- d/x.py", "- d/y.py"]],
    ["rm -rf d; mkdir d", ["- d/sub/z.py", "- d/x.py", "- d/y.py"]],
    ["rm -rf d; mkdir d; echo x > d/x.py", ["- d/sub/z.py", "- d/y.py"]],
    ["rm -rf d; mkdir -p d/sub; echo n > d/sub/n.py", ["+ d/sub/n.py", "- d/sub/z.py", "- d/x.py", "- d/y.py"]],
    ["mv d f", ["- d/sub/z.py", "- d/x.py", "- d/y.py", "+ f/sub/z.py", "+ f/x.py", "+ f/y.py"]],
    ["mv a.py c.py", ["- a.py", "+ c.py"]],
    [": > b.py", ["+ b.py"]],
    ["rm -r e; echo now a file > e", ["+ e", "- e/v.py"]],
    ["rm a.py; mkdir a.py; echo i > a.py/in.py", ["- a.py", "+ a.py/in.py"]],
    ["mkdir __pycache__ .venv; echo x > __pycache__/a.pyc; echo x > .venv/x; echo x > t.log", []],
    ["chmod +x a.py", []],
    ["sed -i s/a/A/ a.py", ["+ a.py"]],
    ["printf 'a\\n' > a.py", []],
    ["echo x > new.py; rm new.py", []],
    ["rm -f a.py; echo a > a.py", []],
  ];
  const { root, run } = sandboxedFolder(context, { ...files, ".gitignore": "*.log\n" });
  for (const [command, lines] of cases) {
    const result = await run(command);
    assert.deepEqual(changeLines(result), lines, command);
    assert.deepEqual(result.rejected, [], command);
  }
  for (const [path, text] of Object.entries(files)) assert.equal(readFileSync(join(root, path), "utf8"), text);
});

sandboxTest(
  "C30 F16 links, pipes, sockets and files with special rights are named and left behind",
  async (context) => {
    const { root, run } = sandboxedFolder(context, { "a.py": "a\n" });
    const { root: outside } = sandboxedFolder(context);
    const result = await run(
      `ln -s ~/.ssh keys; ln -s /etc/passwd p; mkdir app; ln -s ${outside} app/out; mkfifo fifo; ln a.py hard.py; echo x > s.sh; chmod u+s s.sh;` +
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'; mkdir zero; echo x > zero/x; chmod 0 zero; echo fine > fine.py; head -c 100 /dev/zero > bin",
    );
    const named = ["a.py", "app/out", "bin", "fifo", "hard.py", "keys", "p", "s.sh", "sock"];
    // Root looks into a folder without rights, and finds a plain file there.
    const isRoot = process.getuid?.() === 0;
    assert.deepEqual(
      result.rejected.map((line) => line.split(" is left out")[0]).filter((name) => !name?.startsWith("zero")),
      named,
    );
    assert.equal(
      result.rejected.some((line) => line.startsWith("zero")),
      !isRoot,
    );
    assert.deepEqual(changeLines(result), isRoot ? ["+ fine.py", "+ zero/x"] : ["+ fine.py"]);
    assert.deepEqual(readdirSync(root), ["a.py"]);
    await writeAtomically(root, { path: "app/out/x", before: undefined, after: "x" });
    assert.deepEqual(readdirSync(join(root, "app")), ["out"]);
    assert.deepEqual(readdirSync(outside), []);
  },
);

sandboxTest("C32 an edit of the user during a command wins", async (context) => {
  const { root, run } = sandboxedFolder(context, { "a.py": "a\n", "b.py": "b\n" });
  const running = run("sleep 1; echo command > a.py; sed -i s/b/command/ b.py");
  await new Promise((done) => setTimeout(done, 500));
  writeFileSync(join(root, "a.py"), "user\n");
  const result = await running;
  assert.deepEqual(changeLines(result), ["+ b.py"]);
  assert.match(result.rejected.join("\n"), /^a\.py is left out, because it was changed in the workspace/);
  assert.equal(readFileSync(join(root, "a.py"), "utf8"), "user\n");
});

sandboxTest("C32 a proposal that is decided during a command wins as well", async (context) => {
  const { changes, run } = sandboxedFolder(context, { "a.py": "a\n" });
  changes.propose("a.py", "a\n", "proposed\n");
  const running = run("sleep 0.5; echo more >> a.py");
  await new Promise((done) => setTimeout(done, 250));
  changes.reject({});
  const result = await running;
  assert.deepEqual([changeLines(result), result.rejected.length], [[], 1]);
});

sandboxTest("C31 a flood of files is summed up and not proposed", async (context) => {
  const { run } = sandboxedFolder(context);
  const many = await run("for i in $(seq 600); do echo x > f$i.py; done");
  assert.deepEqual(many.changes, []);
  assert.match(many.rejected[0] ?? "", /6\d\d files, 0 MB.*nothing of it was proposed/);
});

sandboxTest("C41 two commands run one after the other", async (context) => {
  const { run } = sandboxedFolder(context);
  const started = performance.now();
  const [first, second] = await Promise.all([run("sleep 0.4; echo 1"), run("sleep 0.4; echo 2")]);
  assert.deepEqual([first.output, second.output], ["1\n", "2\n"]);
  assert.ok(performance.now() - started >= 800);
});

sandboxTest("workspaces in other places and with odd names", async (context) => {
  const odd = sandboxedFolder(context, { "x, y:z/a b.py": "a\n" }, "/var/tmp");
  const result = await odd.run("cd 'x, y:z' && echo b >> 'a b.py'");
  assert.deepEqual(result.changes, [{ path: "x, y:z/a b.py", text: "a\nb\n" }]);
});
