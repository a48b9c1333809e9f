import { test } from "node:test";
import { acceptFailing, acceptKilled, operationsOf, someWrites } from "../../support/acceptUnderFaults.ts";

const sets = {
  "a new file": someWrites(1),
  "a file that changes": someWrites(3).slice(2),
  "five files": someWrites(5),
};

for (const [name, writes] of Object.entries(sets)) {
  test(`E16 accepting ${name}, killed at every operation, is whole after the restart`, async () => {
    const operations = await operationsOf(writes);
    for (let at = 1; at <= operations; at++) await acceptKilled(writes, at, false);
  });

  test(`E18 accepting ${name}, the power cut at every operation, is whole after the restart`, async () => {
    const operations = await operationsOf(writes);
    for (let at = 1; at <= operations; at++) await acceptKilled(writes, at, true);
  });

  for (const [number, kind] of [
    ["E19", "ENOSPC"],
    ["E20", "EACCES"],
    ["E22", "EIO"],
  ] as const) {
    test(`${number} accepting ${name}, every operation failing with ${kind}, leaves each file old or new`, async () => {
      const operations = await operationsOf(writes);
      for (let at = 1; at <= operations; at++) await acceptFailing(writes, { at, kind });
    });
  }
}
