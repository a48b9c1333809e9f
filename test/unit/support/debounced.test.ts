import assert from "node:assert/strict";
import { test } from "node:test";
import { inBatches } from "../../../src/support/debounced.ts";

test("a change is shown at once, and those that come fast after it are shown together", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let [now, shown] = [1000, 0];
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    context.mock.timers.tick(milliseconds);
  };
  const show = inBatches(
    () => {
      shown += 1;
    },
    () => now,
  );
  show();
  pass(0);
  assert.equal(shown, 1);
  for (let at = 0; at < 1000; at++) show();
  pass(49);
  assert.equal(shown, 1);
  pass(1);
  assert.equal(shown, 2);
  pass(500);
  assert.equal(shown, 2, "nothing changed, nothing is shown");
  show();
  pass(0);
  assert.equal(shown, 3);
});
