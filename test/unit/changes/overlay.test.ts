import assert from "node:assert/strict";
import { it } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { createOverlay } from "../../../src/changes/overlay.ts";

it("shows the workspace as if every proposal had been accepted", async () => {
  const disk = new Map([
    ["b.py", "old\n"],
    ["gone.py", "x\n"],
    ["same.py", "same\n"],
  ]);
  const changes = createChangeSet();
  const overlay = createOverlay(
    { readText: async (path) => disk.get(path), list: async () => [...disk.keys()].sort() },
    changes,
  );
  changes.propose("b.py", "old\n", "new\n");
  changes.propose("gone.py", "x\n", undefined);
  changes.propose("a.py", undefined, "");
  assert.deepEqual(await overlay.list(), ["a.py", "b.py", "same.py"]);
  const texts = await Promise.all(["a.py", "b.py", "gone.py", "same.py", "none.py"].map(overlay.readText));
  assert.deepEqual(texts, ["", "new\n", undefined, "same\n", undefined]);
  changes.reject({});
  assert.deepEqual(await overlay.list(), ["b.py", "gone.py", "same.py"]);
  assert.equal(await overlay.readText("b.py"), "old\n");
});
