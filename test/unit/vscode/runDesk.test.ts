import assert from "node:assert/strict";
import { test } from "node:test";
import { createRunDesk } from "../../../src/vscode/runDesk.ts";

test("one run goes on at a time, is told what is said meanwhile, and lets the next one begin when it has ended", () => {
  const desk = createRunDesk();
  assert.equal(desk.steer("too early"), false);
  const going = desk.begin();
  assert.ok(going);
  assert.equal(desk.begin(), undefined);
  assert.equal(desk.steer("the engine does not listen"), false);
  const steering = going.listen();
  assert.equal(desk.steer("use UTC"), true);
  assert.equal(desk.steer(" API_KEY=q8Zx7f3aKEYq8Zx7f3a9 "), true);
  assert.equal(desk.steer("  "), true);
  assert.equal(steering.take(), "use UTC\n\nAPI_KEY=«secret:value»");
  assert.equal(steering.take(), undefined);
  going.end();
  assert.equal(desk.steer("too late"), false);
  assert.ok(desk.begin());
});

test("the views are told of a run that goes on, and of how the last request ended, until the next one is settled", () => {
  const desk = createRunDesk();
  const phases: (string | undefined)[] = [];
  desk.onDidChange(() => phases.push(desk.phase()));
  desk.settle("noDocuments");
  const going = desk.begin();
  desk.settle("failed"); // another request, refused because this run goes on
  going?.end();
  desk.settle("stopped");
  desk.settle("stopped");
  desk.settle(undefined);
  assert.deepEqual(phases, ["noDocuments", "running", undefined, "stopped", undefined]);
});
