import assert from "node:assert/strict";
import { test } from "node:test";
import { createGradualShow } from "../../../src/support/gradualShow.ts";
import { seededRandom } from "../../support/seededRandom.ts";

function start({ slow = 0 } = {}) {
  const seen = new Map<string, string>();
  const told: string[][] = [];
  const showing = createGradualShow<string>({
    isSame: (left, right) => left === right,
    show: (changes) => {
      told.push(changes.map(([key]) => key));
      for (const [key, value] of changes) {
        if (value === undefined) seen.delete(key);
        else seen.set(key, value);
      }
      const end = performance.now() + slow;
      while (performance.now() < end);
    },
  });
  return { seen, told, showing };
}

const many = (value: string, size = 300) =>
  new Map(Array.from({ length: size }, (_, at) => [`file ${at}`, `${value} ${at}`]));

test("what has not changed is not told again, and what is gone is taken away", async () => {
  const { seen, told, showing } = start();
  await showing.want(many("first"));
  const edited = new Map([...many("first", 299), ["file 7", "edited"], ["file new", "new"]]);
  told.length = 0;
  await showing.want(edited);
  assert.deepEqual(told, [["file 299", "file 7", "file new"]]);
  assert.deepEqual(seen, edited);
});

test("a small change is shown at once", () => {
  const { seen, showing } = start();
  void showing.want(new Map([["a.py", "long"]]));
  assert.deepEqual(seen, new Map([["a.py", "long"]]));
});

test("a later call takes over from one that is still under way, whatever it had come to", async () => {
  const { seen, showing } = start({ slow: 3 });
  const random = seededRandom(3);
  const all: Promise<void>[] = [];
  let last = many("first");
  for (let turn = 0; turn < 12; turn++) {
    last = new Map([...many(`${random(3)}`)].filter(() => random(4) > 0));
    all.push(showing.want(last));
    await new Promise((resolve) => setTimeout(resolve, random(8)));
  }
  await Promise.all(all);
  assert.deepEqual([...seen].sort(), [...last].sort());
});

test("nothing is shown after the end", async () => {
  const { seen, showing } = start({ slow: 10 });
  const shown = showing.want(many("first"));
  showing.dispose();
  await shown;
  assert.equal(seen.size, 40);
});
