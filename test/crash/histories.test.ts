import { test } from "node:test";
import { runHistory } from "../support/randomHistory.ts";

test("in 10,000 random histories the disk is base, user edits and accepted hunks", () => {
  for (let seed = 1001; seed <= 11_000; seed++) runHistory(seed, 40);
});
