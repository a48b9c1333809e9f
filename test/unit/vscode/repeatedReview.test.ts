import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import type { Review, ReviewInput } from "../../../src/review/model.ts";
import type { Analyzer, Workspace } from "../../../src/session/ports.ts";
import type { DesignSpec } from "../../../src/spec/model.ts";
import { createRepeatedReview } from "../../../src/vscode/repeatedReview.ts";
import { createReviewStore } from "../../../src/vscode/trees/reviewStore.ts";

const totals = { implemented: 0, missing: 0, mismatched: 0, extra: 0 };

/** A folder in memory; an analyzer that answers when it is told to, with what it was asked about as the baseline's state. */
function start(disk: Record<string, string>) {
  const listed: string[] = [];
  const read: string[] = [];
  const asked: Readonly<Record<string, string>>[] = [];
  const waiting: (() => void)[] = [];
  const workspace: Workspace = {
    list: async () => {
      listed.push(Object.keys(disk).join());
      return Object.keys(disk).sort();
    },
    readText: async (path) => {
      read.push(path);
      return disk[path];
    },
  };
  const review = ({ files }: ReviewInput): Promise<Review> => {
    asked.push(Object.fromEntries(files.map(({ path, text }) => [path, text])));
    return new Promise((resolve) => {
      waiting.push(() => resolve({ checklist: [], coverage: { totals, elements: [] } }));
    });
  };
  const store = createReviewStore(createChangeSet());
  const edited = new Map<string, string>();
  const repeated = createRepeatedReview({
    folder: {} as NonNullable<Parameters<typeof createRepeatedReview>[0]["folder"]>,
    store,
    analyzer: { review } as unknown as Analyzer,
    log: { info: () => undefined, warn: () => undefined, error: (text) => assert.fail(text) },
    openWorkspace: () => workspace,
    editedProposals: () => edited,
  });
  repeated.remember({} as DesignSpec);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (): Promise<void> => {
    await settled();
    waiting.shift()?.();
    await settled();
  };
  return { disk, edited, listed, read, asked, store, repeated, settled, answer };
}

test("after typing only what was typed in is read at the end", async () => {
  const { disk, listed, read, asked, repeated, settled, answer } = start({ "a.py": "a", "b.py": "b" });
  repeated.typing("a.py");
  await settled();
  assert.deepEqual([listed.length, asked.length], [1, 0]);
  disk["a.py"] = "typed";
  repeated.typing("a.py");
  read.length = 0;
  repeated.repeatTyped();
  await answer();
  assert.deepEqual([listed.length, read], [1, ["a.py"]]);
  assert.deepEqual(asked, [{ "a.py": "typed", "b.py": "b" }]);
});

test("what is typed into a proposal is reviewed before it is saved, and what it was when it is taken back", async () => {
  const { edited, asked, store, repeated, settled, answer } = start({ "a.py": "a", "b.py": "b" });
  store.changes.propose("a.py", "a", "proposed");
  repeated.typing("a.py");
  await settled();
  edited.set("a.py", "typed");
  repeated.repeatTyped();
  await answer();
  edited.clear();
  repeated.repeat();
  await answer();
  assert.deepEqual(asked, [
    { "a.py": "typed", "b.py": "b" },
    { "a.py": "proposed", "b.py": "b" },
  ]);
});

test("what else may have changed is looked at anew: after a decision, a write, and for a file that is new or gone", async () => {
  const { disk, listed, asked, store, repeated, settled, answer } = start({ "a.py": "a" });
  const typed = async (path: string, between: () => void): Promise<void> => {
    repeated.typing(path);
    await settled();
    between();
    disk["b.py"] = `${listed.length}`;
    listed.length = 0;
    repeated.repeatTyped();
    await answer();
    assert.deepEqual([listed.length, asked.at(-1)?.["b.py"]], [1, disk["b.py"]]);
  };
  await typed("a.py", () => void store.changes.propose("c.py", undefined, "c = 1\n"));
  await typed("new.py", () => undefined);
  disk["a.py"] = "a";
  await typed("a.py", () => delete disk["a.py"]);
  repeated.typing("b.py");
  await settled();
  disk["b.py"] = "by others";
  repeated.repeat();
  await answer();
  assert.equal(asked.at(-1)?.["b.py"], "by others");
});

test("calls during a review become one after it, which looks at everything where one of them does", async () => {
  const { disk, asked, repeated, settled, answer } = start({ "a.py": "a", "b.py": "b" });
  repeated.repeat();
  await settled();
  repeated.typing("a.py");
  await settled();
  disk["b.py"] = "by others";
  repeated.repeat();
  repeated.repeatTyped();
  await answer();
  await answer();
  assert.deepEqual(asked.slice(1), [{ "a.py": "a", "b.py": "by others" }]);
  repeated.dispose();
  repeated.repeat();
  await settled();
  assert.equal(asked.length, 2);
});
