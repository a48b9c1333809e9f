import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { checklistIds } from "../../../src/review/model.ts";
import { fixtures, readDesign, readFolder, review } from "./reviewing.ts";

const backend = readFolder(join(fixtures, "library/backend"));
const design = await readDesign(join(fixtures, "library/docs"));

test("the same project gives the same review", async () => {
  assert.deepEqual(await review(design, backend), await review(design, backend));
});

/** Broken code is what an agent has half-way through an edit. */
test("code that breaks off anywhere is reviewed all the same", async () => {
  for (const part of [0.2, 0.5, 0.8]) {
    const cut = backend.map(({ path, text }) => ({ path, text: text.slice(0, Math.floor(text.length * part)) }));
    const { checklist } = await review(design, cut);
    assert.deepEqual(
      checklist.map((item) => item.id),
      checklistIds,
    );
  }
});

test("classes that inherit from each other and constants that name each other end", async () => {
  const text = "A = B\nB = A\n\n\nclass X(Y):\n    code = A\n    frozen: X\n\n\nclass Y(X):\n    __tablename__ = A\n";
  const { checklist } = await review(design, [{ path: "src/app/domain/x.py", text }]);
  assert.equal(checklist.length, checklistIds.length);
});

const nested = (before: string, inside: string, after: string) =>
  `X = ${before.repeat(3000)}${inside}${after.repeat(3000)}\n`;
const tooDeep = "The code is nested too deep here to be read any further; split it.";
const hasNul = "The file has NUL bytes, as text in UTF-16 does, and Python does not read it; save it as UTF-8.";
const invalid = /^\d+ .*; the file is not valid Python, correct it\.$/;

const oddFiles: readonly (readonly [what: string, text: string, found: readonly (string | RegExp)[]])[] = [
  ["nothing", "", []],
  ["a byte order mark, which black leaves", "\uFEFFX = 1\n", []],
  ["nothing but a byte order mark", "\uFEFF", []],
  ["line ends of Windows", '"""A."""\r\n\r\nX = 1\r\n', []],
  ["no line end", "X = 1", ["1 Not formatted from this line on; run `ruff format` or black."]],
  ["Python 2", 'X = 1\nprint "a"\n', [invalid]],
  ["a syntax error", "X = 1\n\n\ndef f(:\n    pass\n", [invalid]],
  ["NUL bytes", "X = 1\nY\0 = 2\n", [`2 ${hasNul}`]],
  ["UTF-16 read as UTF-8", "\uFFFD\uFFFDX\0 \0=\0 \x001\0", [`1 ${hasNul}`]],
  ["brackets in brackets", `Y = 1\n${nested("[", "", "]")}`, [`2 ${tooDeep}`]],
  ["parentheses in parentheses", nested("(", "1", ")"), [`1 ${tooDeep}`]],
  ["a sum of thousands", nested("1 + ", "1", ""), [`1 ${tooDeep}`]],
  ["a chain of thousands of calls", nested("", "f()", ".g()"), [`1 ${tooDeep}`]],
  ["thousands of negations", nested("not ", "True", ""), [`1 ${tooDeep}`]],
  ["one very long line", `X = "${"a".repeat(900_000)}"\n`, []],
];

for (const [what, text, expected] of oddFiles) {
  test(`a file with ${what} ends in a verdict, and harms no other`, async () => {
    const { checklist } = await review(design, [...backend, { path: "src/app/odd.py", text }]);
    const found = checklist.find(({ id }) => id === "format")?.findings ?? [];
    assert.deepEqual([...new Set(found.map(({ path }) => path))], expected.length > 0 ? ["src/app/odd.py"] : []);
    assert.equal(found.length, expected.length);
    for (const [index, { line, message }] of found.entries()) {
      const wanted = expected[index] ?? "";
      if (typeof wanted === "string") assert.equal(`${line} ${message}`, wanted);
      else assert.match(`${line} ${message}`, wanted);
    }
  });
}

test("settings of style that no tool takes are the nearest that one does", async () => {
  const settings = '[tool.black]\nline-length = 100000\ntarget-version = ["py999"]\n[tool.isort]\nprofile = 7\n';
  const { checklist } = await review(design, [
    { path: "pyproject.toml", text: settings },
    { path: "a.py", text: `X = "${"a".repeat(400)}"\n` },
  ]);
  assert.equal(checklist.find(({ id }) => id === "format")?.status, "pass");
});

test("functions of one name that hand a parameter on to each other are asked once", async () => {
  const files = Array.from({ length: 40 }, (_, at) => ({
    path: `src/app/nodes/n${at}.py`,
    text: `def visit(node):\n    @node.get("/x${at}")\n    def read() -> None: ...\n\n    visit(node)\n`,
  }));
  const start = process.threadCpuUsage();
  await review(design, [...backend, ...files]);
  const used = process.threadCpuUsage(start);
  // Each function asked anew for each of its callers takes minutes.
  assert.ok((used.user + used.system) / 1000 < 5000);
});

test("a hundred files take well under 1.2 s of the processor", async (t) => {
  const copies = ["a", "b", "c", "d"].flatMap((name) =>
    backend.map(({ path, text }) => ({ path: path.replace("src/app/", `src/${name}/app/`), text })),
  );
  const start = process.threadCpuUsage();
  await review(design, copies);
  const used = process.threadCpuUsage(start);
  const milliseconds = (used.user + used.system) / 1000;
  t.diagnostic(`${copies.length} files in ${milliseconds.toFixed(0)} ms of the processor`);
  assert.ok(milliseconds < 1200);
});
