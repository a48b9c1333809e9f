import assert from "node:assert/strict";
import { test } from "node:test";
import { UserFacingError } from "../../../src/support/errors.ts";

test("a user-facing failure is known for one when another bundle's copy of the class made it", () => {
  const fromAnotherBundle = Object.assign(new Error("NO_X: none, so none."), { name: "UserFacingError", code: "NO_X" });
  const thrown = [new UserFacingError("A", "b"), fromAnotherBundle, new Error("a bug"), "text", undefined];
  assert.deepEqual(
    thrown.map((it) => it instanceof UserFacingError),
    [true, true, false, false, false],
  );
});
