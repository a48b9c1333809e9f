import assert from "node:assert/strict";
import {
  chmodSync,
  constants,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "../../../src/node/atomicWriter.ts";
import { createDiskWriter } from "../../../src/node/diskWriter.ts";
import { readDocumentFiles } from "../../../src/node/documentFiles.ts";
import { type FileSystem, nodeFileSystem, withRetries } from "../../../src/node/fileSystem.ts";
import { createFileWorkspace } from "../../../src/node/fileWorkspace.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

test("a folder lists what version control would keep, and no links", async (context) => {
  const outside = scratchFolder(context, { "secret.txt": "s" });
  const root = scratchFolder(context, {
    "src/app/main.py": "",
    "src/app/__pycache__/main.pyc": "",
    "build/out.txt": "",
    "docs/a.md": "",
    "docs/draft.md": "",
    "docs/.gitignore": "draft.md\n",
    ".gitignore": "/build/\n",
    ".venv/bin/python": "",
    "node_modules/x/index.js": "",
    ".git/config": "",
  });
  symlinkSync(outside, join(root, "linked"));
  symlinkSync(join(outside, "secret.txt"), join(root, "secret.txt"));
  assert.deepEqual(await createFileWorkspace(root).list(), [
    ".gitignore",
    "docs/.gitignore",
    "docs/a.md",
    "src/app/main.py",
  ]);
  assert.deepEqual(await createFileWorkspace(join(root, "missing")).list(), []);
});

test("reading never leaves the folder, and keeps bytes that other readers drop", async (context) => {
  const outside = scratchFolder(context, { "secret.txt": "s" });
  const root = scratchFolder(context, { "a.py": "\ufeffx\r\n", "dir/b.py": "" });
  symlinkSync(outside, join(root, "linked"));
  symlinkSync(join(root, "a.py"), join(root, "inside.py"));
  const workspace = createFileWorkspace(root);
  assert.equal(await workspace.readText("a.py"), "\ufeffx\r\n");
  assert.equal(await workspace.readText("inside.py"), "\ufeffx\r\n");
  assert.equal(await workspace.readText("dir"), undefined);
  assert.equal(await workspace.readText("no.py"), undefined);
  await assert.rejects(workspace.readText("linked/secret.txt"), { code: "PATH_SYMLINK_OUT" });
});

test("a write creates, replaces and deletes, keeps the mode, and leaves nothing behind", async (context) => {
  const root = scratchFolder(context, { "run.sh": "old", "gone.py": "x" });
  chmodSync(join(root, "run.sh"), 0o755);
  await writeAtomically(root, { path: "src/app/new.py", before: undefined, after: "new\n" });
  await writeAtomically(root, { path: "run.sh", before: "old", after: "new" });
  await writeAtomically(root, { path: "gone.py", before: "x", after: undefined });
  assert.equal(readFileSync(join(root, "src/app/new.py"), "utf8"), "new\n");
  assert.equal(readFileSync(join(root, "run.sh"), "utf8"), "new");
  assert.equal(statSync(join(root, "run.sh")).mode & 0o777, 0o755);
  assert.deepEqual(readdirSync(root).sort(), ["run.sh", "src"]);
  assert.deepEqual(readdirSync(join(root, "src/app")), ["new.py"]);
});

test("E23 a write refuses a file that has changed, a link anywhere on its way, and paths nobody may write", async (context) => {
  const outside = scratchFolder(context, { "a.py": "outside" });
  const root = scratchFolder(context, { "a.py": "theirs", "file/x": "" });
  symlinkSync(outside, join(root, "linked"));
  symlinkSync(join(outside, "a.py"), join(root, "link.py"));
  symlinkSync(join(outside, "new.py"), join(root, "dangling.py"));
  mkdirSync(join(root, "folder.py"));
  const refused = async (path: string, before: string | undefined, code: string) => {
    await assert.rejects(writeAtomically(root, { path, before, after: "evil" }), { code }, path);
  };
  await refused("a.py", "ours", "CHANGED_ON_DISK");
  await refused("a.py", undefined, "CHANGED_ON_DISK");
  await refused("no.py", "ours", "CHANGED_ON_DISK");
  await refused("linked/a.py", "outside", "PATH_SYMLINK");
  await refused("linked/deep/new.py", undefined, "PATH_SYMLINK");
  await refused("link.py", "outside", "PATH_SYMLINK");
  await refused("dangling.py", undefined, "PATH_SYMLINK");
  await refused("folder.py", undefined, "PATH_SYMLINK");
  await refused("a.py/b.py", undefined, "PATH_SYMLINK");
  await refused("../x.py", undefined, "PATH_OUTSIDE");
  await refused(".git/hooks/pre-commit", undefined, "PATH_NEVER");
  assert.deepEqual(readdirSync(outside), ["a.py"]);
  assert.equal(readFileSync(join(outside, "a.py"), "utf8"), "outside");
});

test("documents come from files and folders, once each; what cannot be read is named", async (context) => {
  const base = scratchFolder(context, {
    "docs/a.md": "A",
    "docs/b.sql": "B",
    "docs/c.png": "C",
    "docs/.git/d.md": "D",
    "e.txt": "E",
  });
  const documents = await readDocumentFiles(["docs", "docs/a.md", "e.txt"], base);
  assert.deepEqual(documents, [
    { path: "docs/a.md", text: "A" },
    { path: "docs/b.sql", text: "B" },
    { path: "e.txt", text: "E" },
  ]);
  await assert.rejects(readDocumentFiles(["nowhere.md"], base), { code: "UNREADABLE", message: /nowhere\.md/ });
  writeFileSync(join(base, "binary.md"), Buffer.from([1, 0, 2]));
  await assert.rejects(readDocumentFiles(["binary.md"], base), { code: "UNREADABLE", message: /not text/ });
});

test("E20 E24 a read-only file and one with a second name stay as they are; the others are written with their modes", async (context) => {
  const root = scratchFolder(context, { "a.py": "old", "fixed.py": "old", "linked.py": "old" });
  chmodSync(join(root, "a.py"), 0o664);
  chmodSync(join(root, "fixed.py"), 0o444);
  linkSync(join(root, "linked.py"), join(root, "other.py"));
  const writes = ["a.py", "fixed.py", "linked.py"].map((path) => ({ path, before: "old", after: "new" }));
  const { written, failed } = await createDiskWriter(root).write(writes);
  assert.deepEqual(written, ["a.py"]);
  assert.match(failed[0]?.why ?? "", /^READ_ONLY_FILE: fixed.py .*mode 0444/);
  assert.match(failed[1]?.why ?? "", /^HARD_LINK: linked.py has 2 names/);
  assert.equal(statSync(join(root, "a.py")).mode & 0o777, 0o664);
  assert.equal(readFileSync(join(root, "other.py"), "utf8"), "old");
});

test("E20 I07 in a folder that is mounted read-only nothing is written, and it is said what to do", async (context) => {
  const root = scratchFolder(context, { "project/a.py": "old", "project/gone.py": "old", storage: "" });
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
  };
  const isReading = (flags: string | number): boolean =>
    typeof flags === "number"
      ? (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT)) === 0
      : flags === "r";
  const files: FileSystem = {
    ...nodeFileSystem,
    open: (path, flags, mode) => (isReading(flags) ? nodeFileSystem.open(path, flags, mode) : refuse()),
    mkdir: refuse,
    rename: refuse,
    unlink: refuse,
    rmdir: refuse,
  };
  const writer = createDiskWriter(join(root, "project"), { files });
  const { written, failed } = await writer.write([
    { path: "a.py", before: "old", after: "new" },
    { path: "made/b.py", before: undefined, after: "new" },
    { path: "gone.py", before: "old", after: undefined },
  ]);
  assert.deepEqual(written, []);
  assert.deepEqual(
    failed.map(({ why }) => why),
    [
      "WRITE_FAILED: a.py cannot be written, because its file system is read-only; open a copy of the folder on one that can be written to.",
      "WRITE_FAILED: made/b.py cannot be written, because its file system is read-only; open a copy of the folder on one that can be written to.",
      "the disk refused the ones before",
    ],
  );
  assert.deepEqual(readdirSync(join(root, "project")), ["a.py", "gone.py"]);
});

test("E25 folders that were made for a file go with it, and no others", async (context) => {
  const root = scratchFolder(context, { "mine/a.py": "" });
  const writer = createDiskWriter(root);
  const create = (path: string) => ({ path, before: undefined, after: "x" });
  const remove = (path: string) => ({ path, before: "x", after: undefined });
  await writer.write([create("mine/b/c/new.py"), create("mine/b/kept.py")]);
  await writer.write([remove("mine/b/c/new.py")]);
  assert.deepEqual(readdirSync(join(root, "mine/b")), ["kept.py"]);
  await writer.write([remove("mine/b/kept.py"), { path: "mine/a.py", before: "", after: undefined }]);
  assert.deepEqual(readdirSync(join(root, "mine")), []);
});

test("E21 E22 what is only held up for a moment is tried again, three times", async () => {
  for (const code of ["EBUSY", "EPERM", "EMFILE", "EINTR"]) {
    let failures = 3;
    const rename = async (): Promise<void> => {
      if (failures-- > 0) throw Object.assign(new Error(code), { code });
    };
    const files = withRetries({ ...nodeFileSystem, rename }, 0);
    await files.rename("a", "b");
    failures = 4;
    await assert.rejects(files.rename("a", "b"), { code });
  }
});
