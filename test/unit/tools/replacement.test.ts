import assert from "node:assert/strict";
import { test } from "node:test";
import { replaceIn } from "../../../src/tools/replacement.ts";

const edit = (text: string, old: string, replacement: string, all = false) =>
  replaceIn(text, { old, new: replacement, all });

const cases = [
  ["the exact passage", "a = 1\nb = 2\n", "b = 2", "b = 3", "a = 1\nb = 3\n"],
  ["a replacement full of dollar signs", "a\n", "a", "$& $1 $$", "$& $1 $$\n"],
  [
    "lines that end in blanks",
    "def f():  \n    return 1\n",
    "def f():\n    return 1\n",
    "def g():\n    return 2\n",
    "def g():\n    return 2\n",
  ],
  ["CRLF lines", "a\r\nb\r\nc\r\n", "a\nb", "x\ny", "x\r\ny\r\nc\r\n"],
  ["one CRLF line by several", "a\r\nb\r\n", "a", "x\ny", "x\r\ny\r\nb\r\n"],
  ["the last line without a break", "a\nb ", "b\n", "c\n", "a\nc"],
  [
    "a block given without its indentation",
    "class A:\n    def f(self):\n        x = 1\n        y = 2\n\n    def g(self): ...\n",
    "x = 1\ny = 2\n",
    "y = 3\nif y:\n    z = 4\n",
    "class A:\n    def f(self):\n        y = 3\n        if y:\n            z = 4\n\n    def g(self): ...\n",
  ],
  ["a block given with too much", "x = 1\ny = 2\n", "    x = 1\n    y = 2\n", "    x = 2\n", "x = 2\n"],
  ["lines taken away", "a\n  b\nc\n", "b\n", "", "a\n  c\n"],
] as const;

for (const [name, text, old, replacement, expected] of cases) {
  test(`replaces ${name}`, () => assert.equal(edit(text, old, replacement), expected));
}

test("replaces every occurrence when told to", () => {
  assert.equal(edit("x x\nx\n", "x", "yy", true), "yy yy\nyy\n");
});

const refusals = [
  ["EDIT_EMPTY", "a", "", "b", /Write/],
  ["EDIT_NOOP", "a", "a", "a", /same/],
  ["EDIT_AMBIGUOUS", "x\ny\nx\n", "x", "z", /2 times, at lines 1, 3/],
  ["EDIT_AMBIGUOUS", "  a\n  b\nc\n  a\n  b\n", "a\nb", "z", /2 times, at lines 1, 4/],
  [
    "EDIT_NO_MATCH",
    "def f():\n    return 1\n",
    "def f():\n    return 2\n",
    "def f():\n    return 3\n",
    /1\tdef f\(\):/,
  ],
  ["EDIT_NO_MATCH", "b = 3\n", "b = 2", "b = 3", /there already/],
] as const;

for (const [code, text, old, replacement, message] of refusals) {
  test(`refuses with ${code}: ${JSON.stringify(old)}`, () => {
    assert.throws(() => edit(text, old, replacement), { code, message });
  });
}

test("a passage that is not quite there is answered with the nearest lines and those around them", () => {
  const text = "a = 1\n\ndef total(order: Order) -> Money:\n    return order.amount\n\nb = 2\n";
  assert.throws(
    () => edit(text, "def total(orders: Order) -> int:\n    return order.amount", "x"),
    (thrown: Error) => {
      assert.deepEqual(thrown.message.split("\n").slice(1), [
        "The nearest lines are:",
        "1\ta = 1",
        "2\t",
        "3\tdef total(order: Order) -> Money:",
        "4\t    return order.amount",
        "5\t",
        "6\tb = 2",
      ]);
      return true;
    },
  );
  assert.throws(() => edit(text, "something else entirely", "x"), { message: /read the file again\.$/ });
});

test("looking for the nearest lines in a long file takes no time worth naming", () => {
  const text = Array.from({ length: 5000 }, (_, at) => `    value_${at} = compute(${at})`).join("\n");
  const begun = performance.now();
  assert.throws(() => edit(text, "value_x = compute(x)\n".repeat(20), "x"), { code: "EDIT_NO_MATCH" });
  assert.ok(performance.now() - begun < 2000);
});
