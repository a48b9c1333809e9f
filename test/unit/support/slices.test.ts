import assert from "node:assert/strict";
import { test } from "node:test";
import { inSlices } from "../../../src/support/slices.ts";

/** Holds the thread for some milliseconds. */
function hold(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test("the work is done in order, and others have their turn between", async () => {
  const order: string[] = [];
  setImmediate(() => order.push("other"));
  await inSlices([1, 2, 3, 4], (item) => {
    order.push(String(item));
    hold(6);
  });
  assert.deepEqual(
    order.filter((item) => item !== "other"),
    ["1", "2", "3", "4"],
  );
  assert.ok(order.indexOf("other") < order.indexOf("4"), order.join());
});

test("it ends in the middle when it is not wanted any more, and fails with its work", async () => {
  const abort = new AbortController();
  const done: number[] = [];
  const work = (item: number): void => {
    done.push(item);
    if (item === 2) abort.abort();
  };
  await inSlices([1, 2, 3], work, abort.signal);
  assert.deepEqual(done, [1, 2]);
  await assert.rejects(
    inSlices([1], () => {
      throw new Error("no good");
    }),
    /no good/,
  );
});
