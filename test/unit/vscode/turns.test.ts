import assert from "node:assert/strict";
import { test } from "node:test";
import { createTurns } from "../../../src/vscode/review/turns.ts";

function recorded() {
  const done: string[] = [];
  const note = async (what: string): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push(what);
  };
  const next = { isLast: () => true, open: note };
  const editors = { settled: () => note("settled"), follow: () => next };
  const turns = createTurns(editors, (steps) => note(`walked ${steps}`));
  return { done, turns, decide: (what: string) => turns.run(() => note(what)) };
}

test("each command waits for the one before it and for the cursor", async () => {
  const { done, decide } = recorded();
  await Promise.all([decide("reject"), decide("accept")]);
  assert.deepEqual(done, ["settled", "reject", "settled", "accept"]);
});

test("a key that is held down is one walk, and a decision in between parts it", async () => {
  const { done, turns, decide } = recorded();
  const walks = [turns.walk(1), turns.walk(1), turns.walk(1), decide("reject"), turns.walk(1), turns.walk(-1)];
  await Promise.all(walks);
  assert.deepEqual(done, ["settled", "walked 3", "settled", "reject", "settled"]);
  await turns.walk(-1);
  assert.deepEqual(done.slice(5), ["settled", "walked -1"]);
});

test("a command that fails holds up nobody, and tells who gave it", async () => {
  const { done, turns, decide } = recorded();
  const failing = turns.run(() => Promise.reject(new Error("no")));
  await Promise.all([assert.rejects(failing, /no/), decide("accept"), turns.walk(1)]);
  assert.deepEqual(done, ["settled", "settled", "accept", "settled", "walked 1"]);
});
