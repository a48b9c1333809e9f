import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { type LoopOptions, runLoop } from "../../../src/agent/loop.ts";
import type { AssistantPart, Message } from "../../../src/agent/messages.ts";
import { type ModelClient, ModelError } from "../../../src/agent/model.ts";
import { createTokenCounter } from "../../../src/agent/tokens.ts";
import { defineTool } from "../../../src/agent/tool.ts";
import { call, reply, say, scriptedModel, type Turn } from "../../support/scriptedModel.ts";
import { assertValidHistory } from "../../support/validHistory.ts";

const start: Message = { role: "user", parts: [{ type: "text", text: "implement" }] };

const read = defineTool({
  name: "Read",
  description: "",
  kind: "read",
  input: z.strictObject({ path: z.string() }),
  run: async ({ path }) => {
    if (path.startsWith("no")) throw new Error(`${path} does not exist.`);
    return `text of ${path}`;
  },
});

interface Ended {
  readonly end: string;
  readonly retries: readonly string[];
  readonly messages: readonly Message[];
}

async function run(model: ModelClient, overrides: Partial<LoopOptions> = {}): Promise<Ended> {
  const options = { model, tools: [read], system: "", messages: [start], maxTurns: 40, pause: async () => undefined };
  const loop = runLoop({ ...options, signal: new AbortController().signal, ...overrides });
  const retries: string[] = [];
  let end = "";
  for (;;) {
    const { value, done } = await loop.next();
    if (done) {
      assertValidHistory(value);
      return { end, retries, messages: value };
    }
    if (value.type === "retrying") retries.push(value.reason);
    if (value.type === "stopped") end = `${value.reason}: ${value.detail ?? ""}`;
  }
}

function turns(count: number, turn: (at: number) => Turn): readonly Turn[] {
  return Array.from({ length: count }, (_, at) => turn(at));
}

function results(messages: readonly Message[]): readonly string[] {
  return messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "toolResult" ? [part.content] : [])));
}

test("D20: the same call with the same result is remarked on at the third time and stopped at the fifth", async () => {
  const { end, messages } = await run(scriptedModel(...turns(50, (at) => [call("Read", { path: "a" }, `c${at}`)])));
  assert.equal(end, "paused: LOOP: the model has called Read 5 times alike with the same result.");
  assert.deepEqual(
    results(messages).map((content) => /this very result (\d) times/.exec(content)?.[1]),
    [undefined, undefined, "3", "4", "5"],
  );
});

test("D20: an alternation is a loop too, and different calls are none", async () => {
  const path = (at: number) => (at % 2 === 0 ? "a" : "b");
  const alternating = await run(scriptedModel(...turns(50, (at) => [call("Read", { path: path(at) }, `c${at}`)])));
  assert.match(alternating.end, /^paused: LOOP/);
  assert.equal(results(alternating.messages).length, 9);
  const different = [...turns(30, (at) => [call("Read", { path: `f${at}` }, `c${at}`)]), [say("Done.")]];
  assert.equal((await run(scriptedModel(...different))).end, "finished: ");
});

test("six turns in which every call fails pause the run and say what failed last", async () => {
  const failing = turns(9, (at) => [call("Read", { path: `no${at}` }, `c${at}`)]);
  assert.equal(
    (await run(scriptedModel(...failing))).end,
    "paused: MISTAKES: every call of the model has failed for 6 turns running; the last: no5 does not exist.",
  );
  const recovering = [...failing.slice(0, 5), [call("Read", { path: "a" })], ...failing.slice(0, 5), [say("Done.")]];
  assert.equal((await run(scriptedModel(...recovering))).end, "finished: ");
});

test("D12: arguments that are no JSON are answered, and pause the run at the third turn running", async () => {
  const malformed = { ...call("Read", {}), inputError: "The arguments of the call are not valid JSON." };
  const { end, messages } = await run(scriptedModel(...turns(5, () => [malformed])));
  assert.equal(end, "paused: MALFORMED: the model has sent arguments that are not JSON in 3 turns running.");
  assert.match(results(messages)[0] ?? "", /not valid JSON.*send the call again/);
});

test("D19: an empty answer is not kept; it is asked about once, then the run ends", async () => {
  const silences: readonly (readonly AssistantPart[])[] = [[], [say(" \n")], [{ type: "reasoning", text: "Hm." }]];
  for (const silence of silences) {
    const { end, messages } = await run(scriptedModel(silence, silence, [say("never")]));
    assert.equal(end, "modelFailed: The model gave no answer, twice in a row.");
    assert.deepEqual(
      messages.map(({ role, parts }) => `${role} ${parts.length}`),
      ["user 2"],
    );
  }
  const woken = await run(scriptedModel([], [say("Sorry. Done.")]));
  assert.equal(woken.end, "finished: ");
});

test("D19: silence after work is the end when nothing is missing, and is told what is missing otherwise", async () => {
  const work: Turn = [call("Read", { path: "a" })];
  assert.equal((await run(scriptedModel(work, []))).end, "finished: ");
  const missing = ["Missing: orders.", undefined];
  const { end, messages } = await run(scriptedModel(work, [], [say("Done.")]), {
    beforeFinish: async () => missing.shift(),
  });
  assert.equal(end, "finished: ");
  assert.deepEqual(
    messages[2]?.parts.map((part) => (part.type === "text" ? part.text : part.type)),
    ["toolResult", "Missing: orders."],
  );
});

test("D14: text cut at the output limit is gone on with, and shown as one answer", async () => {
  const model = scriptedModel(reply([say("First ha")], "maxTokens"), [say("lf.")]);
  const { end, messages } = await run(model);
  assert.equal(end, "finished: ");
  assert.match(JSON.stringify(messages[2]), /right where it ends/);
});

test("D18: a refusal, and an ending nobody knows, are told with the provider's words, and run no tool", async () => {
  const calls = [call("Read", { path: "a" })];
  const refusal = { ...reply(calls, "refusal"), stopDetail: "cyber" };
  const refused = await run(scriptedModel(refusal));
  assert.equal(refused.end, "refused: The model declined to answer: cyber.");
  assert.deepEqual(results(refused.messages), ["Not run, because the answer ended before it was complete."]);
  const unknown = { ...reply([say("…")], "unknown"), stopDetail: "compaction" };
  assert.equal(
    (await run(scriptedModel(unknown))).end,
    "modelFailed: The model stopped for an unknown reason: compaction.",
  );
});

test("D03, D23: a full context is compacted once: the task, what was done, the last turns", async () => {
  const full = new ModelError("contextFull", "prompt is too long");
  const long = turns(250, (at) => [
    { type: "reasoning", text: "", replay: { provider: "anthropic", value: {} } },
    call("Read", { path: `f${at}` }, `c${at}`),
  ]);
  const model = scriptedModel(...long, full, [say("Done.")]);
  const { end, retries, messages } = await run(model, { maxTurns: 300 });
  assert.equal(end, "finished: ");
  assert.deepEqual(retries, ["The model's context is full, so earlier turns are left out."]);
  assert.equal(messages.length, 1 + 20 + 1);
  assert.equal(results(messages)[0], "text of f240");
  assert.ok(!JSON.stringify(messages).includes("reasoning"));

  const again = await run(scriptedModel(...long.slice(0, 4), full, full), { messages: [start] });
  assert.equal(again.end, "modelFailed: prompt is too long");
  const hopeless: Message = { role: "user", parts: [{ type: "text", text: "x".repeat(20_000) }] };
  assert.equal(
    (await run(scriptedModel(full), { messages: [hopeless] })).end,
    "modelFailed: prompt is too long. The largest parts are a text (20000 characters).",
  );
});

test("what was proposed, loaded and run in the turns left out is said, failures are not", async () => {
  const tool = (name: string) =>
    defineTool({
      name,
      description: "",
      kind: "propose",
      input: z.looseObject({}),
      run: async (input) => {
        if (input["file_path"] === "bad.py") throw new Error("refused");
        return "done";
      },
    });
  const history = [
    [call("Skill", { skill: "backend-patterns" }, "1"), call("Write", { file_path: "a.py" }, "2")],
    [call("Edit", { file_path: "a.py" }, "3"), call("Write", { file_path: "bad.py" }, "4")],
    [call("Bash", { command: "ruff check" }, "5")],
    [call("Write", { file_path: "last.py" }, "6")],
  ];
  const full = new ModelError("contextFull", "full");
  const model = scriptedModel(...history, full, [say("Done.")]);
  const { messages } = await run(model, { tools: ["Skill", "Write", "Edit", "Bash"].map(tool) });
  const summary = messages[0]?.parts.at(-1);
  assert.ok(summary?.type === "text");
  assert.deepEqual(summary.text.split("\n").slice(1), ["Proposed: a.py", "Loaded: backend-patterns"]);
});

test("a budget is asked before each further turn and pauses with a history to go on from", async () => {
  const answers = [undefined, undefined, "BUDGET: all is spent."];
  const model = scriptedModel(...turns(9, (at) => [call("Read", { path: `f${at}` })]));
  const { end, messages } = await run(model, { budget: () => answers.shift() });
  assert.equal(end, "paused: BUDGET: all is spent.");
  assert.equal(model.requests.length, 3);
  assert.equal(messages.at(-1)?.role, "user");
});

test("the tries of many windows are spread by a quarter to both sides, and never come sooner than was demanded", async () => {
  const delays = async (random: number, retryAfterMs?: number) => {
    const overloaded = new ModelError("overloaded", "Overloaded", { retryAfterMs });
    const waited: number[] = [];
    const pause = async (milliseconds: number) => void waited.push(milliseconds);
    await run(scriptedModel(overloaded, overloaded, overloaded, [say("Done.")]), { random: () => random, pause });
    return waited;
  };
  assert.deepEqual(await delays(0), [375, 750, 1500]);
  assert.deepEqual(await delays(0.5), [500, 1000, 2000]);
  assert.deepEqual(await delays(1), [625, 1250, 2500]);
  assert.deepEqual(await delays(0, 1000), [1000, 1000, 1500]);
});

/** The tokens of a request as the loop estimates them. */
const estimate = createTokenCounter();

function smallWindow(maxInputTokens: number, ...answers: readonly Turn[]) {
  const model = scriptedModel(...answers);
  return { ...model, info: { provider: "vscode", id: "small", label: "Small", maxInputTokens } } as const;
}

const longRead = defineTool({
  name: "Read",
  description: "",
  kind: "read",
  input: z.strictObject({ path: z.string() }),
  run: async ({ path }) => `${path} `.repeat(2000),
});

test("a small window never overflows: earlier turns are left out before it is full, as often as it takes", async () => {
  const window = 20_000;
  const answers = turns(40, (at) => [say(`Decision ${at}.`), call("Read", { path: `f${at}` }, `c${at}`)]);
  const model = smallWindow(window, ...answers, [say("Done.")]);
  const situation = async () => "Waiting for the user's review: a.py.";
  const { end, retries, messages } = await run(model, { maxTurns: 60, tools: [longRead], situation });
  assert.equal(end, "finished: ");
  assert.ok(retries.length > 2 && new Set(retries).size === 1, retries.join());
  assert.match(retries[0] ?? "", /nearly full/);
  for (const request of model.requests) assert.ok(estimate(request) < window, `${estimate(request)} tokens`);
  const [task] = messages;
  const texts = task?.parts.map((part) => (part.type === "text" ? part.text : "")) ?? [];
  assert.deepEqual([texts.length, texts[0]], [2, "implement"]);
  assert.match(
    texts[1] ?? "",
    /\nYou said:\n(- Decision \d+\.\n)+The state of the work:\nWaiting for the user's review: a\.py\.$/,
  );
  const decisions = [...(texts[1] ?? "").matchAll(/Decision (\d+)/g)].map(([, at]) => Number(at));
  assert.deepEqual(
    decisions,
    Array.from({ length: decisions.length }, (_, at) => (decisions[0] ?? 0) + at),
  );
  assert.ok(decisions.length === 20);
});

test("a window that the task alone fills by more than half does not overflow either", async () => {
  const window = 20_000;
  const task: Message = { role: "user", parts: [{ type: "text", text: "design ".repeat(5500) }] };
  const answers = turns(30, (at) => [call("Read", { path: at % 6 === 5 ? "long" : `f${at}` }, `c${at}`)]);
  const lengths: Readonly<Record<string, number>> = { '{"path":"long"}': 22_000 };
  const read = { ...longRead, run: async (input: unknown) => "x".repeat(lengths[JSON.stringify(input)] ?? 900) };
  const model = smallWindow(window, ...answers, [say("Done.")]);
  const { end, retries } = await run(model, { maxTurns: 60, tools: [read], messages: [task] });
  assert.equal(end, "finished: ");
  assert.ok(retries.length > 2);
  for (const request of model.requests) assert.ok(estimate(request) < window, `${estimate(request)} tokens`);
});

test("the same history becomes the same summary", async () => {
  const histories = await Promise.all(
    [0, 1].map(async () => {
      const answers = turns(9, (at) => [say(`Decision ${at}.`), call("Read", { path: `f${at}` }, `c${at}`)]);
      return (await run(smallWindow(20_000, ...answers), { tools: [longRead] })).messages;
    }),
  );
  assert.deepEqual(histories[0], histories[1]);
});

test("one turn alone that fills a small window is left out too, so that the run can go on", async () => {
  const model = smallWindow(5000, ...turns(3, (at) => [call("Read", { path: `f${at}` }, `c${at}`)]), [say("Done.")]);
  const { end } = await run(model, { tools: [longRead] });
  assert.equal(end, "finished: ");
});
