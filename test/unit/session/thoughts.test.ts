import assert from "node:assert/strict";
import { test } from "node:test";
import { createThoughts } from "../../../src/session/thoughts.ts";

test("thinking is told sentence by sentence, however it is cut, and loses no word", () => {
  const text = "First I look at `order.py`. It holds the rules!\n\n- totals are wrong\nThen I fix 1.5 things: all";
  const sentences = [
    "First I look at `order.py`.",
    "It holds the rules!",
    "- totals are wrong",
    "Then I fix 1.5 things:",
    "all",
  ];
  for (const size of [1, 3, 7, 1000]) {
    const thoughts = createThoughts();
    const told: string[] = [];
    for (let at = 0; at < text.length; at += size) told.push(...thoughts.push(text.slice(at, at + size)));
    assert.deepEqual([...told, ...thoughts.flush()], sentences, `pieces of ${size}`);
  }
});

test("nobody waits for the end of a sentence that has none", () => {
  const thoughts = createThoughts();
  const told = Array.from({ length: 100 }, () => thoughts.push("and on ")).flat();
  assert.deepEqual(
    told.map((part) => part.length > 200 && part.length < 260),
    [true, true],
  );
});
