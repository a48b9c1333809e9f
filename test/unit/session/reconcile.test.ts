import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import type { Compilation } from "../../../src/compiler/compilation.ts";
import { textHash } from "../../../src/compiler/delta/designRecord.ts";
import { recordPath } from "../../../src/compiler/delta/recordPath.ts";
import { reconcile, withdrawForks } from "../../../src/session/reconcile.ts";
import { fakeAnalyzer, tinyCompilation } from "../../support/designFixture.ts";
import { implementRun } from "../../support/implementRun.ts";
import { memoryWorkspace } from "../../support/memoryWorkspace.ts";

const path = "src/app/services/order.py";
const base = "a\nb\nc\nd\ne\n";
const next = "a\nb\nc\nx\ne\n";

interface Case {
  readonly name: string;
  /** Undefined: nothing was generated here before. Null: it cannot be compiled any more. */
  readonly last?: string | null;
  readonly generated?: string;
  readonly current?: string;
  /** What is proposed; undefined when nothing is. */
  readonly text?: string;
  readonly facts?: Partial<Awaited<ReturnType<typeof reconcile>>["facts"]>;
}

const cases: readonly Case[] = [
  { name: "a new file", generated: next, text: next },
  { name: "a file of which nothing is known", generated: next, current: base, text: next, facts: { unknown: [path] } },
  { name: "a file that was not edited", last: base, generated: next, current: base, text: next },
  { name: "one that cannot be compiled any more, not edited", last: null, generated: next, current: base, text: next },
  { name: "an edit that the change misses", last: base, generated: next, current: `u\n${base}`, text: `u\n${next}` },
  {
    name: "an edit that the change meets",
    last: base,
    generated: next,
    current: base.replace("d", "mine"),
    text: base.replace("d", "mine"),
    facts: { conflicts: [path] },
  },
  {
    name: "Windows line ends",
    last: base,
    generated: next,
    current: `u\r\n${base.replaceAll("\n", "\r\n")}`,
    text: `u\r\n${next.replaceAll("\n", "\r\n")}`,
  },
  { name: "a file that the user has deleted", last: base, generated: base },
  { name: "a deleted file that the design changes", last: base, generated: next, text: next },
  { name: "a file that is not needed any more", last: base, current: base, facts: { removed: [path] } },
  { name: "one that is not needed but edited", last: base, current: `${base}mine\n`, facts: { abandoned: [path] } },
];

for (const { name, last, generated, current, text, facts } of cases) {
  test(`reconcile: ${name}`, async () => {
    const known =
      last === undefined ? {} : { [path]: { hash: textHash(last ?? base), ...(last === null ? {} : { text: last }) } };
    const compilation: Compilation = {
      files: generated === undefined ? [] : [{ path, text: generated, step: 4 }],
      assumptions: [],
      needsDetail: [],
      ...(last === undefined ? {} : { last: known }),
    };
    const result = await reconcile(compilation, memoryWorkspace(current === undefined ? {} : { [path]: current }));
    assert.deepEqual(
      result.compilation.files.map((file) => file.text),
      text === undefined ? [] : [text],
    );
    const none = { conflicts: [], removed: [], abandoned: [], unknown: [], decisions: [] };
    assert.deepEqual(result.facts, { ...none, ...facts });
  });
}

const renamed = "src/app/services/ordering.py";
const moves: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  proposed: readonly (readonly [string, string])[],
])[] = [
  [
    "one with another name takes the change of the design there",
    { [renamed]: `u\n${base}` },
    [[renamed, `u\n${next}`]],
  ],
  ["two that are alike leave it open", { [renamed]: base, "src/app/other.py": base }, [[path, next]]],
  ["another file is not taken for it", { [renamed]: "a\nq\nr\n" }, [[path, next]]],
];

for (const [what, files, proposed] of moves) {
  test(`a file that is gone: ${what}`, async () => {
    const last = { [path]: { hash: textHash(base), text: base } };
    const compilation: Compilation = { files: [{ path, text: next, step: 4 }], assumptions: [], needsDetail: [], last };
    const result = await reconcile(compilation, memoryWorkspace(files));
    assert.deepEqual(
      result.compilation.files.map((file) => [file.path, file.text]),
      proposed,
    );
    assert.equal(result.facts.decisions.length, proposed[0]?.[0] === renamed ? 1 : 0);
  });
}

test("a run proposes merges, deletions and conflicts, and its report names them", async () => {
  const files = { [path]: "class OrderService: ...\nmine\n", "src/app/old.py": "old\n", "src/app/gone.py": "edited\n" };
  const last = {
    [path]: { hash: "other", text: "class OrderService: ...\n" },
    "src/app/old.py": { hash: textHash("old\n"), text: "old\n" },
    "src/app/gone.py": { hash: "other", text: "gone\n" },
    "src/app/domain/order.py": { hash: "other", text: "was\n" },
  };
  const decisions = [{ text: "0003 loses data.", path: "migrations/versions/0003.py" }];
  const analyzer = { ...fakeAnalyzer(), compile: async () => ({ ...tinyCompilation, last, decisions }) };
  const workspace = memoryWorkspace({ ...files, "src/app/domain/order.py": "mine\n" });
  const { changes, result } = await implementRun({ workspace, analyzer });
  assert.deepEqual(
    changes.files().map((file) => [file.path, file.kind, file.hunks.length, file.conflicts.length]),
    [
      ["pyproject.toml", "create", 1, 0],
      ["src/app/old.py", "delete", 1, 0],
      ["src/app/domain/order.py", "modify", 0, 1],
    ],
  );
  assert.match(result.report, /### To decide\n\n- 0003 loses data\./);
  assert.match(result.report, /`src\/app\/domain\/order\.py` has lines that both you and the design have changed/);
  assert.match(result.report, /`src\/app\/old\.py` is not needed/);
  assert.match(result.report, /`src\/app\/gone\.py` is not needed by the design any more, but you have edited it/);
});

test("a proposed migration that a newer one replaces is taken back, one of the user's branch is not", () => {
  const changes = createChangeSet();
  const revision = (name: string, down: string) => ({
    path: `migrations/versions/${name}.py`,
    text: `revision = "${name}"\ndown_revision = "${down}"\n`,
    step: 2 as const,
  });
  for (const { path: at, text } of [revision("0002_a", "0001"), revision("other", "0000")])
    changes.propose(at, undefined, text);
  withdrawForks({ files: [revision("0002_b", "0001")], assumptions: [], needsDetail: [] }, changes);
  assert.deepEqual(
    changes.files().map((file) => file.path),
    ["migrations/versions/other.py"],
  );
});

test("the record and completed files keep the line ends that they have, and are not proposed for these alone", async () => {
  const compilation: Compilation = {
    files: [
      { path: recordPath, text: "{\n}\n", step: 7 },
      { path: "main.py", text: "a\nb\n", step: 7, addsLines: true },
    ],
    assumptions: [],
    needsDetail: [],
  };
  const windows = { [recordPath]: "{\r\n}\r\n", "main.py": "a\r\n" };
  const { compilation: merged } = await reconcile(compilation, memoryWorkspace(windows));
  assert.deepEqual(
    merged.files.map(({ path: file, text }) => [file, text]),
    [["main.py", "a\r\nb\r\n"]],
  );
});
