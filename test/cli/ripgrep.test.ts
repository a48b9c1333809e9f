import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import { createFileWorkspace } from "../../src/node/fileWorkspace.ts";
import { filesWithMatch, findRipgrep } from "../../src/node/ripgrep.ts";
import { serverFolder } from "../harness/editorInstall.ts";
import { scratchFolder } from "../support/scratchFolder.ts";
import { toolboxOver } from "../support/toolbox.ts";

const installed = await findRipgrep(serverFolder);
assert.ok(installed, "the editor brings ripgrep");
const ripgrep: string = installed;
const { signal } = new AbortController();

test("Grep answers the same with ripgrep and without", async (context) => {
  const outside = scratchFolder(context, { "o.py": "needle\n" });
  const root = scratchFolder(context, {
    "a.py": "needle = 1\r\nNeedle = 2\r\n",
    "src/b.py": "x = 'needle' # é needle\nend\n",
    "src/café.py": "aéb needle\n",
    "c.txt": "nothing\n",
    ".hidden.py": "needle\n",
    ".env": "needle\n",
    "ignored.log": "needle\n",
    ".gitignore": "*.log\n",
    ".ignore": "a.py\n",
    ".rgignore": "a.py\n",
    "node_modules/x.js": "needle\n",
    "-rf": "needle\n",
  });
  symlinkSync(outside, join(root, "linked"));
  writeFileSync(join(root, ".ripgreprc"), "--invert-match\n");
  const with_ = (program: string | undefined) => {
    const disk = createFileWorkspace(root, { ripgrep: async () => program });
    const changes = createChangeSet();
    changes.propose("c.txt", "nothing\n", "a needle now\n");
    changes.propose("new.py", undefined, "needle\n");
    return toolboxOver(root, { disk, changes, overlay: createOverlay(disk, changes) });
  };
  const patterns = [
    "needle",
    "(?i)NEEDLE",
    "^needle",
    "needle$",
    "\\bneedle\\b",
    "a.b",
    "[nx]eedle",
    "n(?:e|E)+dle",
    "x|end",
  ].concat([
    "needle\\s=",
    "n.*1$",
    "(?=needle)",
    "--pre",
    "é",
    "\\d$",
    "[^\\w]needle",
    "needle{1,2}",
    "e{2}",
    "zzz",
    "(n)eedle",
  ]);
  for (const pattern of patterns) {
    const input = { pattern, output_mode: "content" };
    const [plain, quick] = [await with_(undefined).use("Grep", input), await with_(ripgrep).use("Grep", input)];
    assert.equal(quick, plain, pattern);
    assert.doesNotMatch(quick, /\.env|linked|node_modules|ignored/);
  }
  assert.match(await with_(ripgrep).use("Grep", { pattern: "needle" }), /^-rf\n\.hidden\.py\na\.py\nc\.txt\nnew\.py\n/);
});

test("what both engines might read differently is left to ours, and a broken ripgrep too", async (context) => {
  const root = scratchFolder(context, { "a.py": "x\n" });
  const found = (source: string, program = ripgrep) => filesWithMatch(program, root, new RegExp(source), signal);
  for (const source of ["(?=x)", "(?<!y)x", "(x)\\1", "\\u0078", "[^\\s]", "\\p{L}", "é", "[a&&b]", "\\Bx"]) {
    assert.equal(await found(source), undefined, source);
  }
  assert.deepEqual(await found("x"), new Set(["a.py"]));
  assert.deepEqual(await found("y"), new Set());
  assert.equal(await found("x", "/nowhere/rg"), undefined);
});
