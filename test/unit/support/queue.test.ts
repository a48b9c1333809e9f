import assert from "node:assert/strict";
import { test } from "node:test";
import { createQueue, createWishes } from "../../../src/support/queue.ts";

/** Tasks that note when they begin, and end when they are told to. */
function tasks() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) => (): Promise<void> => {
    begun.push(name);
    return new Promise((resolve) => ends.set(name, resolve));
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, task, end };
}

test("tasks wait for each other, and one that fails holds up nobody", async () => {
  const { begun, task, end } = tasks();
  const inTurn = createQueue();
  const failed = assert.rejects(inTurn(() => Promise.reject(new Error("no"))));
  void inTurn(task("first"));
  const second = inTurn(task("second"));
  await failed;
  await end("nothing");
  assert.deepEqual(begun, ["first"]);
  await end("first");
  assert.deepEqual(begun, ["first", "second"]);
  await end("second");
  await second;
});

test("what is being carried out ends, and of the wishes since then only the last one comes", async () => {
  const { begun, task, end } = tasks();
  const { make } = createWishes();
  const first = make().carryOut(task("first"));
  await end("nothing");
  const others = ["second", "third"].map((name) => make().carryOut(task(name)));
  await end("first");
  await end("third");
  await Promise.all([first, ...others]);
  assert.deepEqual(begun, ["first", "third"]);
});

test("what follows comes unless something else is asked for meanwhile", async () => {
  const { begun, task, end } = tasks();
  const { make, follow } = createWishes();
  const [early, other] = [follow(), follow()];
  assert.ok(early.isLast() && other.isLast());
  const following = early.carryOut(task("following"));
  await end("nothing");
  const late = make().carryOut(task("late"));
  assert.ok(!other.isLast());
  const dropped = other.carryOut(task("dropped"));
  await end("following");
  await end("late");
  await Promise.all([following, late, dropped]);
  assert.deepEqual(begun, ["following", "late"]);
});
