import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { scratchFolder } from "../support/scratchFolder.ts";
import { type Ended, run, runUnprivileged } from "./running.ts";

const design = `openapi: 3.1.0
info: { title: Notes, version: "1" }
paths:
  /notes: { get: { operationId: listNotes, responses: { "200": { description: The notes } } } }
`;

const odd = "def odd(x):\n    return x\n";

/** A folder with files that are written as bytes. */
function project(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = scratchFolder(context, { "docs/api.yaml": design });
  for (const [path, content] of Object.entries({ "code/main.py": "X = 1\n", ...files })) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function lines({ stdout }: Ended): readonly string[] {
  return stdout.split("\n").filter((line) => /^code\//.test(line));
}

/** What is read of each oddity, all of them in one project. */
const oddities: Readonly<Record<string, string | Uint8Array>> = {
  "code/latin1.py": Buffer.from('# -*- coding: latin-1 -*-\n"""Käse."""\n', "latin1"),
  "code/utf16.py": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("X = 1\n", "utf16le")]),
  "code/python2.py": 'print "old"\n',
  "code/note.ipynb": '{"cells": []}',
  "code/stub.pyi": "def stub(x) -> int: ...\n",
  "code/generated.py": `X = [\n${"    1,\n".repeat(180_000)}]\n`,
  "code/.venv/lib/a.py": odd,
  "code/my env/pyvenv.cfg": "home = /usr\n",
  "code/my env/lib/python3.12/site-packages/a.py": odd,
  "code/.tox/py/a.py": odd,
  "code/node_modules/a.py": odd,
  "code/build/lib/app/a.py": odd,
  "code/.gitignore": "[\n\u0000\n/data\n",
  "code/data/a.py": odd,
  "code/pyproject.toml": "[tool.black\nline-length = many\n",
  "code/app.py/readme.txt": "a folder",
};

test("odd files end in findings with their place, or are said not to be looked at", async (context) => {
  const folder = project(context, oddities);
  for (const [name, target] of [
    ["loop", "."],
    ["self.py", "self.py"],
    ["gone.py", "nowhere"],
    ["out.py", "/etc/hostname"],
  ] as const) {
    symlinkSync(target, join(folder, "code", name));
  }
  if (process.platform !== "win32") execFileSync("mkfifo", [join(folder, "code/pipe.py")]);
  const ended = await run(folder, "check", "code", "--docs", "docs");
  assert.deepEqual([ended.code, ended.stderr], [1, ""]);
  assert.deepEqual(lines(ended), [
    "code/python2.py:1: Simple statements must be separated by newlines or semicolons; the file is not valid Python, correct it. [format]",
    "code/utf16.py:1: The file has NUL bytes, as text in UTF-16 does, and Python does not read it; save it as UTF-8. [format]",
    "code/generated.py: larger than a megabyte, so nothing of it is checked; split it, or have version control ignore it",
  ]);
});

test("what the user has no right to is said, and is no fault of ours", async (context) => {
  const folder = project(context, { "code/data/a.py": odd, "code/ok.py": "Y = 2\n" });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, "code/data"), 0);
  const closed = await runUnprivileged(folder, "check", "code", "--docs", "docs");
  assert.deepEqual([closed.code, closed.stderr], [1, ""]);
  assert.deepEqual(lines(closed), ["code/data/: you may not look into this folder"]);
  chmodSync(join(folder, "code/ok.py"), 0);
  const forbidden = await runUnprivileged(folder, "check", "code", "--docs", "docs");
  assert.deepEqual(
    [forbidden.code, forbidden.stdout, forbidden.stderr],
    [
      2,
      "",
      'UNREADABLE: "ok.py" may not be read by you; give yourself the right to, or have version control ignore it.\n',
    ],
  );
  chmodSync(join(folder, "code"), 0);
  const sealed = await runUnprivileged(folder, "check", "code", "--docs", "docs");
  assert.deepEqual(
    [sealed.code, sealed.stderr],
    [2, "UNREADABLE: code may not be looked into by you; give yourself the right to.\n"],
  );
  chmodSync(join(folder, "code"), 0o755);
  chmodSync(join(folder, "code/data"), 0o755);
});

test("without any Python everything of the design is missing, and nothing of the checklist applies", async (context) => {
  const folder = scratchFolder(context, { "docs/api.yaml": design, "code/readme.md": "# Nothing yet\n" });
  const { code, stdout } = await run(folder, "check", "code", "--docs", "docs", "--json");
  const { checklist, coverage } = JSON.parse(stdout);
  assert.deepEqual([code, coverage.totals], [1, { implemented: 0, missing: 1, mismatched: 0, extra: 0 }]);
  assert.deepEqual([...new Set(checklist.map(({ status }: { status: string }) => status))], ["notApplicable"]);
});
