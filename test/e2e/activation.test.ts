import assert from "node:assert/strict";
import { activationTimes, median } from "../harness/activation.ts";
import { windowTest } from "../harness/window.ts";

windowTest(
  "activation takes at most 50 ms, by VS Code's own clock, in the median of nine windows",
  {},
  async (window) => {
    const times = await activationTimes(window, "Backend Implementer", 9);
    assert.ok(median(times) <= 50, `${times.join(", ")} ms`);
  },
);
