import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";

test("a rejection is forgotten where the user asks for the file again, and can still be taken back", () => {
  const changes = createChangeSet();
  changes.propose("new.py", undefined, "a\n");
  changes.propose("other.py", undefined, "a\n");
  changes.reject({});
  changes.forgetRejections("new.py");
  const again = (name: string) => changes.propose(name, undefined, "a\n").alreadyRejected;
  assert.deepEqual([again("new.py"), again("other.py")], [0, 1]);
  changes.undone();
  const texts = changes.files().map((file) => [file.path, file.hunks.length, changes.proposedText(file.path)]);
  assert.deepEqual(texts, [
    ["new.py", 1, "a\n"],
    ["other.py", 1, "a\n"],
  ]);
});
