/** Why a change is proposed: what of the design it comes from, and what model and user have said of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import type { ChangeSet, Hunk, ProposedFile } from "../../../src/changes/model.ts";
import type { ReviewComment } from "../../../src/changes/userWords.ts";
import type { CoverageElement } from "../../../src/review/model.ts";
import { engineRationale, storyOf } from "../../../src/session/changeRationale.ts";
import type { RunResult } from "../../../src/session/events.ts";
import {
  livingTurns,
  noRationale,
  type RunRationale,
  replacedBy,
  type TurnWords,
  withResult,
  withTurns,
} from "../../../src/session/runRationale.ts";
import { createTurnRecorder } from "../../../src/session/turnRecorder.ts";
import { openRun } from "../../support/implementRun.ts";
import { call, say, scriptedModel, type Turn } from "../../support/scriptedModel.ts";

const path = "src/app/core/clock.py";
const write = (content: string, id: string) => call("Write", { file_path: path, content }, id);
const done: Turn = [say("Done.\n\n### Skills Used\n\nNone")];

/** A run with a model, and what was recorded of it. */
async function recorded(changes: ChangeSet, ...turns: readonly Turn[]): Promise<readonly TurnWords[]> {
  const model = scriptedModel(...turns);
  const session = openRun({ changes, model, scaffoldFirst: false });
  const wordsFor = createTurnRecorder(changes, model.info.label);
  const all: TurnWords[] = [];
  for await (const event of session) if (event.type === "agent") all.push(...wordsFor(event.event));
  return all;
}

function only(changes: ChangeSet): { readonly file: ProposedFile; readonly hunk: Hunk } {
  const [file] = changes.files();
  const [hunk] = file?.hunks ?? [];
  return file && hunk ? { file, hunk } : assert.fail("nothing is proposed");
}

function story(changes: ChangeSet, turns: readonly TurnWords[], comments: readonly ReviewComment[] = []) {
  const { file, hunk } = only(changes);
  const sources = { known: { ...noRationale, turns }, comments, decisions: changes.snapshot().decisions };
  return storyOf(file, hunk, sources).map((part) =>
    part.type === "words"
      ? `${part.turn.model} ${part.turn.how}: ${part.turn.words}`
      : part.type === "comment"
        ? `You: ${part.comment.text}`
        : `Rejected: ${part.reason}`,
  );
}

test("a change has the words of the turn in which it was written, and of no other", async () => {
  const changes = createChangeSet();
  const turns = await recorded(
    changes,
    [say("I look around."), call("Read", { file_path: "notes.md" }, "r1")],
    [say("The clock comes first, so that times are in UTC."), write("UTC = 1\n", "w1")],
    [say("Now the rest."), call("Write", { file_path: "src/app/core/rest.py", content: "REST = 1\n" }, "w2")],
    done,
  );
  assert.deepEqual(story(changes, turns), ["Scripted said: The clock comes first, so that times are in UTC."]);
});

test("of a silent turn the last words before it are told as such; who has said nothing has no words", async () => {
  const [changes, silent] = [createChangeSet(), createChangeSet()];
  const turns = await recorded(
    changes,
    [say("I begin with the clock."), call("Read", { file_path: "notes.md" }, "r1")],
    [write("UTC = 1\n", "w1")],
    done,
  );
  assert.deepEqual(story(changes, turns), ["Scripted earlier: I begin with the clock."]);
  assert.deepEqual(story(silent, await recorded(silent, [write("UTC = 1\n", "w1")], done)), ["Scripted earlier: "]);
});

test("what is told is without secrets and invisible characters, and has an end", async () => {
  const changes = createChangeSet();
  const words = `API_KEY is sk-ant-api03-q8Zx7f3aKEYq8Zx7f3a9 \u202eevil ${"very ".repeat(1000)}long`;
  const [turn] = await recorded(changes, [say(words), write("UTC = 1\n", "w1")], done);
  assert.doesNotMatch(turn?.words ?? "", /q8Zx7f3aKEY/);
  assert.ok(turn?.words.includes("\\u202eevil"));
  assert.equal(turn?.words.length, 2000);
});

test("one thread holds the model's words, the user's answer, and what was done with it", async () => {
  const changes = createChangeSet();
  const first = await recorded(changes, [say("Local time is what people read."), write("ZONE = None\n", "w1")], done);
  const comment = { path, hunkId: only(changes).hunk.id, excerpt: "ZONE = None", text: "Use UTC." };
  const read = call("Read", { file_path: path }, "r1");
  const second = await recorded(changes, [read], [say("UTC now, as you said."), write("ZONE = UTC\n", "w2")], done);
  const turns = withTurns(first, second);
  assert.deepEqual(story(changes, turns, [comment]), [
    "Scripted said: Local time is what people read.",
    "You: Use UTC.",
    "Scripted said: UTC now, as you said.",
  ]);
  assert.deepEqual(replacedBy(livingTurns(turns, changes.snapshot())), [
    { path, hunkIds: [] },
    { path, hunkIds: [comment.hunkId] },
  ]);
});

test("what is proposed in place of a change that was rejected with a reason answers the reason", async () => {
  const changes = createChangeSet();
  const first = await recorded(changes, [say("Local time."), write("ZONE = None\n", "w1")], done);
  changes.reject({ path }, "Use UTC.");
  const second = await recorded(changes, [say("UTC, then."), write("ZONE = UTC\n", "w2")], done);
  assert.deepEqual(story(changes, withTurns(first, second)), [
    "Scripted said: Local time.",
    "Rejected: Use UTC.",
    "Scripted said: UTC, then.",
  ]);
});

test("words of changes that cannot come back are forgotten, and the newest are kept", async () => {
  const changes = createChangeSet();
  const turns = await recorded(changes, [say("Local time."), write("ZONE = None\n", "w1")], done);
  assert.deepEqual(livingTurns(turns, changes.snapshot()), turns);
  changes.reject({ path });
  assert.deepEqual(livingTurns(turns, changes.snapshot()), turns, "taking the rejection back would bring it back");
  changes.clear();
  assert.deepEqual(livingTurns(turns, changes.snapshot()), []);
  assert.equal(withTurns(Array(500).fill(turns[0]), turns).length, 400);
});

test("of a change that the user has edited the last words for its file are told", async () => {
  const changes = createChangeSet();
  const turns = await recorded(changes, [say("Local time."), write("ZONE = None\n", "w1")], done);
  changes.edit(path, "ZONE = UTC\n");
  assert.deepEqual(story(changes, turns), ["Scripted said: Local time."]);
});

const span = (at: string, line: number, endLine = line) => ({ path: at, line, endLine });
const elements: readonly CoverageElement[] = [
  {
    id: "endpoint:GET /orders",
    kind: "endpoint",
    name: "GET /orders",
    status: "implemented",
    design: span("api.yaml", 7),
    code: span("src/app/api/routers/orders.py", 5, 7),
  },
  {
    id: "column:orders.id",
    kind: "column",
    name: "orders.id",
    status: "implemented",
    design: span("schema.sql", 3),
    code: span("src/app/persistence/models/order.py", 2),
  },
];
const router =
  'from app.services.orders import list_orders\n\nrouter = 1\n\n@router.get("/orders")\ndef get_orders():\n    return list_orders()\n';
const known: RunRationale = {
  turns: [],
  assumptions: [
    { text: "Nobody may read another's orders.", element: "endpoint:GET /orders" },
    { text: "Of something else.", element: "table:people" },
  ],
  skills: [
    { name: "backend-patterns", how: "services" },
    { name: "postgres-patterns", how: "indexes" },
  ],
};

const designed: readonly (readonly [what: string, at: string, text: string, elements: string, skills: string])[] = [
  ["what stands in it", "src/app/api/routers/orders.py", router, "GET /orders api.yaml:7", "backend-patterns"],
  [
    "what leads to it, where nothing stands in it",
    "src/app/services/orders.py",
    "def list_orders():\n    return []\n",
    "GET /orders api.yaml:7",
    "backend-patterns",
  ],
  [
    "a part of a table, where only that stands in it",
    "src/app/persistence/models/order.py",
    "class Base:\n    id = 1\n",
    "orders.id schema.sql:3",
    "",
  ],
  ["nothing, where it belongs to no element", "src/app/__init__.py", '"""The application."""\n', "", ""],
];

for (const [what, at, text, expected, skills] of designed) {
  test(`a change of the engine comes from ${what}`, () => {
    const changes = createChangeSet();
    for (const [, other, content] of designed) changes.propose(other, undefined, content, "engine");
    const file = changes.file(at) ?? assert.fail();
    const [hunk] = file.hunks;
    const why = engineRationale(file, hunk ?? assert.fail(), { files: changes.files(), elements, known });
    assert.equal(changes.proposedText(at), text);
    assert.equal(why?.elements.map(({ name, design }) => `${name} ${design.path}:${design.line}`).join(), expected);
    assert.equal(why?.skills.map(({ name }) => name).join(), skills);
    const assumed = expected.startsWith("GET") ? ["Nobody may read another's orders."] : [];
    assert.deepEqual(
      why?.assumptions.map((each) => each.text),
      assumed,
    );
  });
}

test("the engine has no reasons for what it had no hand in", () => {
  const changes = createChangeSet();
  changes.propose(path, undefined, "UTC = 1\n", "model");
  const { file, hunk } = only(changes);
  assert.equal(engineRationale(file, hunk, { files: changes.files(), elements, known }), undefined);
});

test("a run in which the engine took no part leaves what it assumed, and one that was cut off its skills", () => {
  const result: RunResult = {
    stopped: "finished",
    model: "Scripted",
    assumptions: [{ text: "Read, but not compiled." }],
    needsDetail: [],
    skillsUsed: [],
    milliseconds: 1,
    report: "",
  };
  assert.deepEqual(withResult(known, result), known);
  const changes = { proposed: 0 } as unknown as NonNullable<RunResult["changes"]>;
  const compiled = withResult(known, { ...result, changes, skillsUsed: [{ name: "own", how: "read" }] });
  assert.deepEqual(compiled, { turns: [], assumptions: result.assumptions, skills: [{ name: "own", how: "read" }] });
});
