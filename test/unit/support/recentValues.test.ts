import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentValues } from "../../../src/support/recentValues.ts";

test("what was not asked for the longest goes when there is no room", () => {
  const values = new RecentValues<string>({ largest: 6, sizeOf: (value) => value.length });
  values.set("a", "aa");
  values.set("b", "bb");
  values.set("c", "cc");
  assert.equal(values.get("a"), "aa");
  values.set("d", "d");
  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => values.get(key)),
    ["aa", undefined, "cc", "d"],
  );
  values.set("a", "aaa");
  assert.deepEqual(
    ["a", "c", "d"].map((key) => values.get(key)),
    ["aaa", "cc", "d"],
  );
  values.set("e", "larger than all");
  assert.deepEqual(
    ["a", "c", "d", "e"].map((key) => values.get(key)),
    [undefined, undefined, undefined, undefined],
  );
});
