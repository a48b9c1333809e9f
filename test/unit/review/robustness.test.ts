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
