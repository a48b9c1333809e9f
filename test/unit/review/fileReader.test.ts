import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createFileReader } from "../../../src/review/fileReader.ts";
import type { PythonParser } from "../../../src/review/pythonParser.ts";
import { reviewBackend } from "../../../src/review/review.ts";
import { emptySpec, startParser } from "./reviewing.ts";

const parser = await startParser();
after(() => parser.dispose());

function counting(): PythonParser & { readonly parsed: string[] } {
  const parsed: string[] = [];
  return {
    parsed,
    parse: (text) => {
      parsed.push(text);
      return parser.parse(text);
    },
    dispose: () => undefined,
  };
}

const pyproject = (lineLength: number) => ({
  path: "pyproject.toml",
  text: `[tool.ruff]\nline-length = ${lineLength}\n`,
});
const sound = { path: "app/a.py", text: 'GREETING = "good morning, dear reader"\n' };
const before = { path: "app/b.py", text: "def f(x):\n    return x\n" };
const edited = { path: "app/b.py", text: "def f(x: int) -> int:\n    return x\n" };

test("after an edit only that file is parsed, and the review is the one that a first look gives", async () => {
  const counted = counting();
  const reader = createFileReader(counted);
  const states = [
    [pyproject(80), sound, before],
    [pyproject(80), sound, edited],
    [pyproject(20), sound, edited],
    [pyproject(20), sound],
    [pyproject(80), sound, before],
  ];
  for (const files of states) {
    const repeated = await reviewBackend({ spec: emptySpec, files }, reader);
    assert.deepEqual(repeated, await reviewBackend({ spec: emptySpec, files }, createFileReader(parser)));
  }
  assert.deepEqual(counted.parsed, [sound.text, before.text, edited.text, before.text]);
});
