import assert from "node:assert/strict";
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createFileWorkspace } from "../../../src/node/fileWorkspace.ts";
import { rememberText } from "../../../src/node/rememberedText.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

/** What a file says, and how often it was really read. */
function remembering(root: string) {
  const reads: string[] = [];
  const disk = createFileWorkspace(root);
  const readText = rememberText(root, (path) => {
    reads.push(path);
    return disk.readText(path);
  });
  return { reads, readText };
}

const settled = (): Promise<void> => setTimeout(150);

test("a file is read again when it is another one, and only then", async (context) => {
  const root = scratchFolder(context);
  const file = join(root, "a.py");
  const { reads, readText } = remembering(root);
  writeFileSync(file, "one");
  await settled();
  assert.deepEqual([await readText("a.py"), await readText("a.py"), reads.length], ["one", "one", 1]);

  // As long and as old as before, as far as anybody can set it.
  writeFileSync(file, "two");
  utimesSync(file, new Date(0), new Date(0));
  assert.equal(await readText("a.py"), "two");
  writeFileSync(join(root, "b.py"), "six");
  utimesSync(join(root, "b.py"), new Date(0), new Date(0));
  await settled();
  assert.equal(await readText("a.py"), "two");
  renameSync(join(root, "b.py"), file);
  assert.equal(await readText("a.py"), "six");
  rmSync(file);
  assert.equal(await readText("a.py"), undefined);
});

test("what was written just now is read again, because the next change may have the same time", async (context) => {
  const root = scratchFolder(context);
  const { readText } = remembering(root);
  for (const text of ["a", "b", "c", "d", "e"]) {
    writeFileSync(join(root, "a.py"), text);
    assert.equal(await readText("a.py"), text);
  }
});

test("a link out of the folder is refused, also where a file was remembered", async (context) => {
  const root = scratchFolder(context);
  const outside = scratchFolder(context);
  writeFileSync(join(outside, "a.py"), "elsewhere");
  mkdirSync(join(root, "app"));
  writeFileSync(join(root, "app/a.py"), "here");
  await settled();
  const { readText } = remembering(root);
  assert.equal(await readText("app/a.py"), "here");
  renameSync(join(root, "app"), join(root, "old"));
  symlinkSync(outside, join(root, "app"));
  await assert.rejects(readText("app/a.py"), /PATH_SYMLINK_OUT/);
  rmSync(join(root, "app"));
  mkdirSync(join(root, "app"));
  linkSync(join(root, "old/a.py"), join(root, "app/a.py"));
  assert.equal(await readText("app/a.py"), "here");
});
