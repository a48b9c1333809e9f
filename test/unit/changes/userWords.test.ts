import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { forgetWord, noNotes } from "../../../src/changes/reviewNotes.ts";
import { tellable, type UserWord, userWords } from "../../../src/changes/userWords.ts";

const base = "one\ntwo\nthree\nfour\nfive\nsix\n";

function proposed() {
  const changes = createChangeSet();
  changes.propose("app/a.py", base, base.replace("one", "ONE").replace("six", "SIX"));
  changes.propose("app/b.py", undefined, "def b(): ...\n");
  return changes;
}

function linesOf(words: readonly UserWord[]): readonly string[] {
  return words.map(({ line }) => line);
}

test("what the user takes back is not told", () => {
  const changes = proposed();
  changes.reject({ path: "app/b.py" }, "No.");
  const { decisions } = changes.snapshot();
  const comment = { path: "app/a.py", hunkId: "h1", excerpt: "ONE", text: "Why?" };
  const notes = { ...noNotes, comments: [comment] };
  const words = userWords(decisions, notes);
  assert.equal(words.length, 2);
  assert.deepEqual(userWords(decisions, words.reduce(forgetWord, notes)), []);
});

test("a reason is told with what was rejected, until the rejection is taken back", () => {
  const changes = proposed();
  const [first] = changes.file("app/a.py")?.hunks ?? [];
  changes.reject({ path: "app/a.py", hunkId: first?.id ?? "" }, "Keep the lower case.");
  changes.reject({ path: "app/b.py" });
  changes.undone();
  changes.reject({}, "Not now");
  const words = () => linesOf(userWords(changes.snapshot().decisions, noNotes));
  assert.deepEqual(words(), [
    'The user rejected "ONE" in app/a.py: Keep the lower case.',
    "The user rejected 2 changes in app/a.py, app/b.py: Not now",
  ]);
  changes.undone();
  changes.undone();
  assert.deepEqual(words(), []);
});

test("a comment is told with the line it is about, the newest forty at most", () => {
  const comment = { path: "app/b.py", hunkId: "h3", excerpt: "def b(): ...", text: "Name it after the order." };
  const words = userWords([], { ...noNotes, comments: [comment] });
  assert.deepEqual(linesOf(words), ['The user says of "def b(): ..." in app/b.py: Name it after the order.']);
  const many = Array.from({ length: 60 }, (_, index) => ({ ...comment, text: `${index}` }));
  assert.deepEqual(
    userWords([], { ...noNotes, comments: many }).map(({ text }) => text),
    many.slice(20).map(({ text }) => text),
  );
});

test("what is told has no secrets, no line feeds, no invisible characters and an end", () => {
  assert.equal(tellable("  a\n\tb  "), "a b");
  assert.equal(tellable("use sk-ant-abcdefghijkl"), "use «secret:anthropic-key»");
  assert.equal(tellable("a\u202eb"), "a\\u202eb");
  assert.equal(tellable("x".repeat(5000)).length, 1000);
  assert.equal(tellable(" \n "), "");
});
