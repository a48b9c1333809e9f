/** Catalogue B, the file tools on a real folder (research/security.md §3). */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "../../../src/node/atomicWriter.ts";
import { createDiskWriter } from "../../../src/node/diskWriter.ts";
import { createTimedMatcher } from "../../../src/tools/timedMatch.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";
import { toolboxOver } from "../../support/toolbox.ts";

const write = (file_path: string, content = "x = 1\n") => ({ file_path, content });

test("B13 a file whose name is kept in two pieces is the same file", async (context) => {
  const root = scratchFolder(context, { "cafe\u0301.py": "a = 1\n" });
  const { use, changes } = toolboxOver(root);
  assert.equal(await use("Glob", { pattern: "*.py" }), "caf\u00e9.py");
  assert.equal(await use("Read", { file_path: "caf\u00e9.py" }), "1\ta = 1\n2\t");
  await use("Edit", { file_path: "cafe\u0301.py", old_string: "a = 1", new_string: "a = 2" });
  assert.deepEqual(
    changes.files().map(({ path, kind }) => [path, kind]),
    [["caf\u00e9.py", "modify"]],
  );
  assert.deepEqual((await createDiskWriter(root).write(changes.acceptance({}))).failed, []);
  assert.deepEqual(readdirSync(root), ["cafe\u0301.py"]);
  assert.equal(readFileSync(join(root, "cafe\u0301.py"), "utf8"), "a = 2\n");
});

test("B14 B15 B16 B19 no link leads a tool out, at any depth, dangling or going in circles", async (context) => {
  const outside = scratchFolder(context, { "secret.txt": "outside" });
  const root = scratchFolder(context, { "app/a.py": "" });
  symlinkSync(join(outside, "secret.txt"), join(root, "link.txt"));
  symlinkSync(outside, join(root, "app/dir"));
  symlinkSync(join(outside, "new.py"), join(root, "dangling.py"));
  symlinkSync("loop2", join(root, "loop1"));
  symlinkSync("loop1", join(root, "loop2"));
  symlinkSync("/proc/self/root", join(root, "root"));
  const { use, changes } = toolboxOver(root);
  for (const path of [
    "link.txt",
    "app/dir/secret.txt",
    "app/dir/deep/new.py",
    "dangling.py",
    "loop1",
    "root/etc/hosts",
  ]) {
    assert.match(await use("Write", write(path)), /^! PATH_SYMLINK_OUT/, path);
    assert.match(await use("Read", { file_path: path }), /^! PATH_SYMLINK_OUT/, path);
    const edit = { file_path: path, old_string: "outside", new_string: "evil" };
    assert.match(await use("Edit", edit), /^! PATH_SYMLINK_OUT/, path);
    await assert.rejects(writeAtomically(root, { path, before: undefined, after: "evil" }), { code: "PATH_SYMLINK" });
  }
  assert.equal(await use("Grep", { pattern: "outside" }), "No matches.");
  assert.deepEqual(changes.files(), []);
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
  assert.equal(readFileSync(join(outside, "secret.txt"), "utf8"), "outside");
});

test("B17 a link to a file inside is read with its target's name, and not written", async (context) => {
  const root = scratchFolder(context, { "app/x.py": "a = 1\n" });
  symlinkSync("app/x.py", join(root, "link.py"));
  const { use, changes } = toolboxOver(root);
  assert.equal(await use("Read", { file_path: "link.py" }), "(link.py is a link to app/x.py)\n1\ta = 1\n2\t");
  assert.match(await use("Write", write("link.py")), /^! PATH_SYMLINK: link\.py is a link; edit .*app\/x\.py/);
  assert.deepEqual(changes.files(), []);
});

test("B21 a name that differs by case only from one that exists is refused", async (context) => {
  const { use } = toolboxOver(scratchFolder(context, { "app/user.py": "a = 1\n" }));
  assert.match(await use("Write", write("app/User.py")), /^! PATH_CASE: app\/User\.py .* app\/user\.py/);
  assert.match(await use("Write", write("app/users.py")), /^Proposed/);
});

test("B22 B23 B26 what nobody may write cannot be created, changed or deleted either", async (context) => {
  const root = scratchFolder(context, { ".git/config": "[core]\n", ".claude/agents/a.md": "x" });
  const { use, changes } = toolboxOver(root);
  for (const path of [".git/config", ".git/hooks/pre-commit", ".claude/agents/a.md", ".claude/rules/new.md"]) {
    assert.match(await use("Write", write(path)), /^! PATH_NEVER/, path);
    assert.match(await use("Edit", { file_path: path, old_string: "x", new_string: "y" }), /^! PATH_NEVER/, path);
    for (const after of ["x", undefined]) {
      await assert.rejects(writeAtomically(root, { path, before: undefined, after }), { code: "PATH_NEVER" });
    }
  }
  assert.deepEqual(changes.files(), []);
});

test("B24 the values of an environment file are never shown, searched or overwritten", async (context) => {
  const secrets = "# old: hunter2\nexport DATABASE_URL=postgres://u:hunter2@h/db\nKEY='a\nhunter2'\n";
  const root = scratchFolder(context, {
    ".env": secrets,
    "app/.env.local": secrets,
    id_rsa: "hunter2",
    "c.pem": "hunter2",
  });
  const { use, changes } = toolboxOver(root);
  const shown = "(values are hidden)\nDATABASE_URL=«hidden»\nKEY=«hidden»";
  assert.equal(await use("Read", { file_path: ".env" }), shown);
  assert.equal(await use("Read", { file_path: "app/.env.local" }), shown);
  for (const path of ["id_rsa", "c.pem"]) assert.match(await use("Read", { file_path: path }), /^! PATH_SECRET/);
  assert.equal(await use("Grep", { pattern: "hunter2", output_mode: "content" }), "No matches.");
  assert.equal(await use("Glob", { pattern: "**" }), "No files match.");
  assert.match(await use("Write", write(".env")), /^! PATH_SECRET/);
  assert.match(await use("Edit", { file_path: ".env", old_string: "KEY", new_string: "K" }), /^! PATH_SECRET/);
  assert.match(await use("Write", write(".env.production", "A=1\n")), /^Proposed/);
  assert.match(await use("Write", write(".env.example", "A=\n")), /^Proposed/);
  assert.deepEqual(
    changes.acceptance({}).map(({ path }) => path),
    [".env.example"],
  );
});

test("B25 B26 a sweeping accept leaves out what is accepted by itself, whatever is to happen to it", async (context) => {
  const root = scratchFolder(context, { ".vscode/settings.json": "{}\n", "poetry.lock": "a\n" });
  const { use, changes } = toolboxOver(root);
  await use("Read", { file_path: ".vscode/settings.json" });
  await use("Write", write(".vscode/settings.json", '{"chat.tools.autoApprove": true}\n'));
  await use("Write", write(".vscode/tasks.json", "{}\n"));
  await use("Write", write("app/main.py"));
  changes.propose("poetry.lock", "a\n", undefined);
  assert.deepEqual(
    changes.acceptance({}).map(({ path }) => path),
    ["app/main.py"],
  );
  changes.accepted({});
  const open = [".vscode/settings.json", ".vscode/tasks.json", "poetry.lock"];
  assert.deepEqual(
    changes.files().map(({ path }) => path),
    open,
  );
  for (const path of open)
    assert.deepEqual(
      changes.acceptance({ path }).map((each) => each.path),
      [path],
    );
  changes.reject({});
  assert.deepEqual(changes.files(), []);
});

test("B29 B30 too much content and binary content are refused", async (context) => {
  const { use, changes } = toolboxOver(scratchFolder(context));
  assert.match(await use("Write", write("a.py", "x".repeat(50_000_000))), /^! CONTENT_SIZE: .{0,300}$/);
  assert.match(await use("Write", write("a.py", "x".repeat(3_000_000))), /^! CONTENT_SIZE/);
  assert.match(await use("Write", write("a.py", "x\0y")), /^! CONTENT_BINARY/);
  assert.deepEqual(changes.files(), []);
});

test("B31 an edit keeps every other byte: byte order mark, line ends, a missing last one, tabs", async (context) => {
  const texts = [
    "\ufeffa = 1\r\nb = 2\r\n",
    "a = 1\r\nb = 2\nc = 3\r",
    "\ta = 1\n\tb = 2",
    "a = 1\n\n\n",
    "a = 1 \t\n",
  ];
  for (const text of texts) {
    const root = scratchFolder(context, { "a.py": text });
    const { use, changes } = toolboxOver(root);
    await use("Read", { file_path: "a.py" });
    assert.match(await use("Edit", { file_path: "a.py", old_string: "a = 1", new_string: "a = 9" }), /^Proposed/);
    assert.deepEqual((await createDiskWriter(root).write(changes.acceptance({}))).failed, []);
    assert.equal(readFileSync(join(root, "a.py"), "utf8"), text.replace("a = 1", "a = 9"));
  }
});

test("B31 a file in another encoding is not edited, and stays as it is", async (context) => {
  const root = scratchFolder(context);
  const encodings = {
    "latin1.py": Buffer.from("a = 'é'\n", "latin1"),
    "utf16.py": Buffer.from("\ufeffa = 1\n", "utf16le"),
  };
  for (const [path, bytes] of Object.entries(encodings)) {
    writeFileSync(join(root, path), bytes);
    const { use, changes } = toolboxOver(root);
    await use("Read", { file_path: path });
    assert.match(
      await use("Edit", { file_path: path, old_string: "a", new_string: "b" }),
      /^! (ENCODING|EDIT_NO_MATCH|CONTENT_BINARY)/,
    );
    assert.match(await use("Write", write(path)), /^! ENCODING/);
    assert.deepEqual(changes.files(), []);
    await assert.rejects(writeAtomically(root, { path, before: "a = '\ufffd'\n", after: "x" }), {
      code: "CHANGED_ON_DISK",
    });
    assert.deepEqual(readFileSync(join(root, path)), bytes);
  }
});

test("B33 what is written is exactly what was proposed, by the one path that was checked", async (context) => {
  const root = scratchFolder(context);
  const { use, changes } = toolboxOver(root);
  await use("Write", write("./app//x/../main.py"));
  await use("Write", write(`${root}/app/b.py`));
  assert.deepEqual(
    changes.acceptance({}).map(({ path }) => path),
    changes.files().map(({ path }) => path),
  );
  assert.deepEqual((await createDiskWriter(root).write(changes.acceptance({}))).failed, []);
  assert.deepEqual(readdirSync(join(root, "app")).sort(), ["b.py", "main.py"]);
});

test("B34 B35 a file that was not read, or changed since, is not edited", async (context) => {
  const root = scratchFolder(context, { "a.py": "a = 1\n" });
  const { use } = toolboxOver(root);
  const edit = { file_path: "a.py", old_string: "a = 1", new_string: "a = 2" };
  assert.match(await use("Edit", edit), /^! UNREAD: a\.py/);
  assert.match(await use("Write", write("a.py")), /^! UNREAD: a\.py/);
  await use("Read", { file_path: "a.py" });
  writeFileSync(join(root, "a.py"), "a = 1\nb = 2\n");
  assert.match(await use("Edit", edit), /^! STALE: a\.py/);
});

test("B36 a folder is no file, and a file no folder", async (context) => {
  const root = scratchFolder(context, { "app/main.py": "" });
  const { use } = toolboxOver(root);
  assert.match(await use("Write", write("app")), /^! PATH_IS_DIR: app /);
  assert.match(await use("Write", write("app/main.py/x.py")), /^! PARENT_IS_FILE: .*app\/main\.py is a file/);
  assert.match(await use("Read", { file_path: "app" }), /^! PATH_IS_DIR/);
});

test("B37 a rewrite that loses most of a file is refused with the numbers", async (context) => {
  const root = scratchFolder(context, { "a.py": "x = 1\n".repeat(900) });
  const { use } = toolboxOver(root);
  await use("Read", { file_path: "a.py" });
  assert.match(await use("Write", write("a.py", "# ... rest unchanged\n")), /^! PLACEHOLDER/);
  assert.match(await use("Write", write("a.py", "x = 1\n".repeat(88))), /^! SHRINK: a\.py has 900 lines .* 88/);
});

test("B38 searches stay inside, whatever folder or pattern they are given", async (context) => {
  const outside = scratchFolder(context, { "o.txt": "needle" });
  const root = scratchFolder(context, { "a.txt": "needle --pre\n" });
  symlinkSync(outside, join(root, "linked"));
  const { use } = toolboxOver(root);
  for (const path of ["/", "..", "../other", "/etc", "~"]) {
    assert.match(await use("Grep", { pattern: "needle", path }), /^(! PATH_|a\.txt$)/, path);
    assert.match(await use("Glob", { pattern: "**", path }), /^(! PATH_|a\.txt$)/, path);
  }
  for (const pattern of ["../**", "{a.txt,/etc/*}", "/etc/*", "**/o.txt", "linked/**"]) {
    assert.match(await use("Glob", { pattern }), /^(a\.txt|No files match\.)$/, pattern);
  }
  assert.equal(await use("Grep", { pattern: "needle", path: "linked" }), "No matches.");
  assert.equal(await use("Grep", { pattern: "--pre" }), "a.txt");
});

test("B39 an expression that would take forever is stopped, and a broken one is named", async (context) => {
  const line = `${"a".repeat(200)}b`;
  for (const expression of [/(a+)+$/, /(a|aa)+$/, /(a*)*c/]) {
    assert.throws(() => createTimedMatcher(expression, 30)(["a", line]), { code: "GREP_TIMEOUT" }, expression.source);
  }
  const { use } = toolboxOver(scratchFolder(context, { "a.txt": `${line}\n`.repeat(3) }));
  assert.match(await use("Grep", { pattern: "(" }), /^! GREP_REGEX/);
  assert.match(await use("Grep", { pattern: "x".repeat(10_000) }), /^! Grep was called wrongly/);
  assert.equal(await use("Grep", { pattern: "(?:a|b)+", output_mode: "count" }), "a.txt:3");
});

test("B40 a flood of results is sorted and cut, with the number there are", async (context) => {
  const root = scratchFolder(context);
  mkdirSync(join(root, "many"));
  for (let index = 0; index < 1240; index++)
    writeFileSync(join(root, `many/${String(index).padStart(5, "0")}.py`), "x\n");
  const { use } = toolboxOver(root);
  const lines = (await use("Glob", { pattern: "**/*" })).split("\n");
  assert.equal(lines.length, 1001);
  assert.deepEqual([lines[0], lines[999], lines[1000]], ["many/00000.py", "many/00999.py", "(1000 of 1240 shown)"]);
});

test("B41 huge files, pipes and offsets past the end are answered at once", async (context) => {
  const root = scratchFolder(context, { "one.py": "x\n", "line.txt": "y".repeat(3_000_000) });
  writeFileSync(join(root, "huge.txt"), "");
  truncateSync(join(root, "huge.txt"), 50_000_000);
  assert.equal(spawnSync("mkfifo", [join(root, "pipe.md")]).status, 0);
  symlinkSync("/dev/zero", join(root, "zero"));
  const { use } = toolboxOver(root);
  assert.match(await use("Read", { file_path: "huge.txt" }), /^! FILE_SIZE/);
  assert.match(await use("Read", { file_path: "pipe.md" }), /^! PATH_SPECIAL/);
  assert.match(await use("Write", write("pipe.md")), /^! PATH_SPECIAL/);
  assert.match(await use("Read", { file_path: "zero" }), /^! PATH_SYMLINK_OUT/);
  assert.match(await use("Read", { file_path: "one.py", offset: 99 }), /^! READ_RANGE/);
  assert.match(await use("Read", { file_path: "one.py", limit: -1 }), /^! Read was called wrongly/);
  assert.ok((await use("Read", { file_path: "line.txt" })).length < 3000);
});

test("B42 B43 malformed input is refused by field, and no file is blanked", async (context) => {
  const root = scratchFolder(context, { "a.py": "a = 1\n" });
  const { use, changes } = toolboxOver(root);
  await use("Read", { file_path: "a.py" });
  let nested: unknown = "x";
  for (let depth = 0; depth < 1000; depth++) nested = { nested };
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]));
  const wrong = [
    { file_path: "a.py" },
    { file_path: "a.py", content: null },
    { file_path: ["a.py"], content: "" },
    { file_path: "a.py", content: nested },
    { file_path: "a.py", content: "x", more: 1 },
    JSON.parse('{"file_path":"a.py","content":"x","__proto__":{"polluted":1}}'),
    { ...many, file_path: "a.py", content: "x" },
    null,
    "a.py",
  ];
  for (const input of wrong) {
    const answer = await use("Write", input);
    assert.match(answer, /^! Write was called wrongly/);
    assert.ok(answer.length < 5000, `${answer.length} characters`);
  }
  assert.equal(Reflect.get({}, "polluted"), undefined);
  assert.deepEqual(changes.files(), []);
});

test("B32 each way in which an edit can fail has its own name", async (context) => {
  const { use } = toolboxOver(scratchFolder(context, { "a.py": "alpha = 1\nbeta = 1\nbeta = 1\r\n" }));
  await use("Read", { file_path: "a.py" });
  const edit = (old_string: string, new_string = "z") => use("Edit", { file_path: "a.py", old_string, new_string });
  assert.match(await edit("alpha = 2"), /^! EDIT_NO_MATCH[\s\S]*alpha = 1/);
  assert.match(await edit("beta = 1"), /^! EDIT_AMBIGUOUS: .* lines 2, 3/);
  assert.match(await edit(""), /^! EDIT_EMPTY/);
  assert.match(await edit("alpha = 1", "alpha = 1"), /^! EDIT_NOOP/);
  assert.match(await edit("beta = 1\nbeta = 1\n", "gamma = 1\n"), /^Proposed/);
});

test("B18 nothing is left behind by writes that were refused", async (context) => {
  const root = scratchFolder(context, { "a.py": "theirs" });
  await assert.rejects(writeAtomically(root, { path: "a.py", before: "ours", after: "x" }), {
    code: "CHANGED_ON_DISK",
  });
  assert.deepEqual(readdirSync(root), ["a.py"]);
  assert.equal(existsSync(join(root, "b")), false);
});
