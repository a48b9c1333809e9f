import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentEvent } from "../../../src/agent/messages.ts";
import { createLiveFiles } from "../../../src/vscode/review/liveFiles.ts";

const wrote = (path: string, delta: string, callId = path): AgentEvent => ({
  type: "writing",
  callId,
  path,
  at: 0,
  delta,
});

function watched() {
  const clock = { now: 0 };
  const live = createLiveFiles(() => clock.now);
  const shown: string[] = [];
  live.onDidChange((paths) => shown.push(...paths.map((path) => `${path}: ${live.text(path)}`)));
  return { live, clock, shown };
}

test("a file is shown while it grows, four times a second, and is gone from here when its call has run", () => {
  const { live, clock, shown } = watched();
  for (let piece = 0; piece < 10; piece++) {
    live.take(wrote("a.py", String(piece)));
    clock.now += 100;
  }
  assert.deepEqual(shown, ["a.py: 0", "a.py: 0123", "a.py: 0123456", "a.py: 0123456789"]);
  const call = { type: "toolCall", id: "a.py", name: "Write", input: {} } as const;
  live.take({ type: "toolEnded", call, output: "", isError: false });
  assert.equal(live.text("a.py"), undefined);
  assert.equal(shown.at(-1), "a.py: undefined");
});

test("a long file is shown less often, because each time all of it goes to the editor", () => {
  const { live, clock, shown } = watched();
  for (let second = 0; second < 60; second++) {
    live.take(wrote("a.py", "x".repeat(1000)));
    clock.now += 1000;
  }
  const lengths = shown.map((line) => line.length - "a.py: ".length);
  assert.deepEqual(lengths.slice(0, 3), [1000, 2000, 3000]);
  assert.ok(lengths.length < 60 && (lengths.at(-1) ?? 0) > 58_000, lengths.join());
});

for (const event of [
  { type: "retrying", reason: "Overloaded", delayMs: 500 },
  { type: "stopped", reason: "cancelled" },
] as const satisfies readonly AgentEvent[]) {
  test(`what was written of a turn that ends in ${event.type} is forgotten`, () => {
    const { live, shown } = watched();
    live.take(wrote("a.py", "x = "));
    live.take(wrote("b.py", "y = "));
    live.take(event);
    assert.deepEqual(shown.slice(2), ["a.py: undefined", "b.py: undefined"]);
    live.take(wrote("a.py", "z", "again"));
    assert.equal(live.text("a.py"), "z");
  });
}
