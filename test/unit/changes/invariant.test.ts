import { it } from "node:test";
import { runHistory } from "../../support/randomHistory.ts";

for (let seed = 1; seed <= 60; seed++) {
  it(`the disk is base, user edits and accepted hunks (history ${seed})`, () => runHistory(seed, 120));
}
