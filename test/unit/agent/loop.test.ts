import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { type LoopOptions, runLoop } from "../../../src/agent/loop.ts";
import type { AgentEvent, Message } from "../../../src/agent/messages.ts";
import { type ModelClient, ModelError } from "../../../src/agent/model.ts";
import { defineTool, type ToolKind } from "../../../src/agent/tool.ts";
import { call, reply, say, scriptedModel } from "../../support/scriptedModel.ts";

const start: Message = { role: "user", parts: [{ type: "text", text: "implement" }] };

interface Run {
  readonly lines: readonly string[];
  readonly messages: readonly Message[];
}

function optionsOf(model: ModelClient): LoopOptions {
  return {
    model,
    tools: [echo("Read", "read"), echo("Write", "propose")],
    system: "",
    messages: [start],
    maxTurns: 5,
    signal: new AbortController().signal,
    pause: async () => undefined,
  };
}

/** Runs the loop to its end: one short line for each event, and the history. */
async function run(model: ModelClient, overrides: Partial<LoopOptions> = {}): Promise<Run> {
  const lines: string[] = [];
  const loop = runLoop({ ...optionsOf(model), ...overrides });
  for (;;) {
    const { value, done } = await loop.next();
    if (done) return { lines, messages: value };
    if (value.type !== "usage" && value.type !== "history") lines.push(describe(value));
  }
}

function echo(name: string, kind: ToolKind) {
  return defineTool({
    name,
    description: name,
    kind,
    input: z.strictObject({ file_path: z.string() }),
    run: async ({ file_path }) => {
      if (file_path === "no.py") throw new Error("no.py does not exist.");
      return `${name} ${file_path}`;
    },
  });
}

function describe(event: AgentEvent): string {
  switch (event.type) {
    case "text":
    case "reasoning":
      return `says ${event.delta}`;
    case "toolStarted":
      return `starts ${event.call.id}`;
    case "toolEnded":
      return `${event.isError ? "fails" : "ends"} ${event.call.id}: ${event.output}`;
    case "retrying":
      return `retries in ${event.delayMs}: ${event.reason}`;
    case "writing":
      return `writes ${event.path}: ${event.delta}`;
    case "steered":
      return `is told ${event.text}`;
    case "usage":
    case "history":
      return event.type;
    case "stopped":
      return `stops: ${event.reason}${event.detail ? ` (${event.detail})` : ""}`;
  }
}

/** Every call of the history must be answered in the next message, or a provider rejects the lot. */
function assertValid(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const calls = message.parts.flatMap((part) => (part.type === "toolCall" ? [part.id] : []));
    const results = messages[index + 1]?.parts.flatMap((part) => (part.type === "toolResult" ? [part.callId] : []));
    if (calls.length > 0) assert.deepEqual(results, calls);
  }
}

test("a tool's output is what the model is asked with next", async () => {
  const model = scriptedModel([say("Looking."), call("Read", { file_path: "a.py" })], [say("Done.")]);
  const { lines, messages } = await run(model);
  assert.deepEqual(lines, ["says Looking.", "starts 1", "ends 1: Read a.py", "says Done.", "stops: finished"]);
  assert.deepEqual(model.requests[1]?.messages.at(-1), {
    role: "user",
    parts: [{ type: "toolResult", callId: "1", content: "Read a.py", isError: false }],
  });
  assert.equal(messages.length, 4);
});

test("reads that stand together run together, the others one by one and in order", async () => {
  const calls = [
    call("Read", { file_path: "a" }, "r1"),
    call("Read", { file_path: "b" }, "r2"),
    call("Write", { file_path: "c" }, "w1"),
    call("Write", { file_path: "d" }, "w2"),
    call("Read", { file_path: "e" }, "r3"),
  ];
  const { lines } = await run(scriptedModel(calls, []));
  assert.deepEqual(lines, [
    "starts r1",
    "starts r2",
    "ends r1: Read a",
    "ends r2: Read b",
    "starts w1",
    "ends w1: Write c",
    "starts w2",
    "ends w2: Write d",
    "starts r3",
    "ends r3: Read e",
    "stops: finished",
  ]);
});

const failing = [
  ["a tool that refuses", call("Read", { file_path: "no.py" }), "fails 1: no.py does not exist."],
  ["an unknown tool", call("Teleport", {}), 'fails 1: There is no tool "Teleport". The tools are Read, Write.'],
  [
    "input that does not fit",
    call("Read", { path: 5 }),
    'fails 1: Read was called wrongly.\n✖ Unrecognized key: "path"\n✖ Invalid input: expected string, received undefined\n  → at file_path',
  ],
  [
    "a call that was cut off",
    { ...call("Write", { file_path: "a.py" }), inputError: "The call was cut off." },
    "fails 1: The call was cut off. Nothing was done; send the call again with complete, valid input.",
  ],
] as const;

for (const [name, part, line] of failing) {
  test(`${name} is the model's to read and does not stop the loop`, async () => {
    const { lines } = await run(scriptedModel([part], [say("I see.")]));
    assert.deepEqual(lines, ["starts 1", line, "says I see.", "stops: finished"]);
  });
}

test("the turn limit stops a model that never finishes, with a valid history", async () => {
  const turn = [call("Read", { file_path: "a.py" })];
  const { lines, messages } = await run(scriptedModel(turn, turn, turn), { maxTurns: 2 });
  assert.equal(lines.at(-1), "stops: turnLimit (The model did not finish within 2 turns.)");
  assertValid(messages);
});

test("a turn that broke off is asked for again, each time after a longer pause", async () => {
  const overloaded = new ModelError("overloaded", "Overloaded");
  const patient = new ModelError("rateLimit", "Slow down", { retryAfterMs: 7000 });
  const { lines } = await run(scriptedModel(overloaded, patient, overloaded, [say("Done.")]));
  assert.deepEqual(lines, [
    "retries in 500: Overloaded",
    "retries in 7000: Slow down",
    "retries in 2000: Overloaded",
    "says Done.",
    "stops: finished",
  ]);
});

const hopeless = [
  ["a fourth failure", Array.from({ length: 4 }, () => new ModelError("network", "Gone")), 3, "paused"],
  ["a failure that no retry mends", [new ModelError("auth", "Gone")], 0, "modelFailed"],
  ["a pause of more than a minute", [new ModelError("rateLimit", "Gone", { retryAfterMs: 3_600_000 })], 0, "paused"],
  ["a bug in a client", [new TypeError("Gone") as ModelError], 0, "modelFailed"],
] as const;

for (const [name, turns, retries, reason] of hopeless) {
  test(`${name} ends the run as ${reason}`, async () => {
    const { lines } = await run(scriptedModel(...turns));
    assert.equal(lines.filter((line) => line.startsWith("retries")).length, retries);
    assert.equal(lines.at(-1), `stops: ${reason} (Gone)`);
  });
}

test("what is missing is fed back, but no more than twice", async () => {
  const model = scriptedModel([say("Done.")], [say("Now.")], [say("Really.")]);
  const { lines } = await run(model, { beforeFinish: async () => "Missing: tests of size." });
  assert.deepEqual(lines, ["says Done.", "says Now.", "says Really.", "stops: finished"]);
  assert.deepEqual(model.requests[1]?.messages.at(-1), {
    role: "user",
    parts: [{ type: "text", text: "Missing: tests of size." }],
  });
});

test("an answer cut at the output limit is continued twice and then given up", async () => {
  const cut = reply([say("…")], "maxTokens");
  const { lines } = await run(scriptedModel(cut, cut, cut));
  assert.equal(lines.at(-1), "stops: modelFailed (The model's answers are cut off again and again.)");
  assert.equal(lines.length, 4);
});

test("a refusal, a full context and a pause end or go on as they must", async () => {
  assert.equal(
    (await run(scriptedModel(reply([], "refusal")))).lines.at(-1),
    "stops: refused (The model declined to answer.)",
  );
  assert.equal(
    (await run(scriptedModel(reply([], "contextFull")))).lines.at(-1),
    "stops: modelFailed (The model's context is full.)",
  );
  assert.deepEqual((await run(scriptedModel(reply([say("a")], "paused"), [say("b")]))).lines, [
    "says a",
    "says b",
    "stops: finished",
  ]);
});

test("cancelling while tools run leaves a history in which every call has its result", async () => {
  const controller = new AbortController();
  const stopper = defineTool({
    name: "Read",
    description: "",
    kind: "propose",
    input: z.object({}),
    run: async () => {
      controller.abort();
      throw new Error("torn");
    },
  });
  const calls = [call("Read", {}, "1"), call("Read", {}, "2")];
  const { lines, messages } = await run(scriptedModel(calls), { tools: [stopper], signal: controller.signal });
  assert.deepEqual(lines, [
    "starts 1",
    "fails 1: Cancelled by the user.",
    "starts 2",
    "fails 2: Cancelled by the user before it ran.",
    "stops: cancelled",
  ]);
  assertValid(messages);
});

test("cancelling while the model speaks or the loop waits is a cancellation, not a failure", async () => {
  const controller = new AbortController();
  const aborting: ModelClient = {
    info: { provider: "offline", id: "", label: "" },
    // biome-ignore lint/correctness/useYield: it fails before it says anything
    async *stream() {
      controller.abort();
      throw new Error("socket closed");
    },
  };
  assert.deepEqual((await run(aborting, { signal: controller.signal })).lines, ["stops: cancelled"]);

  const waiting = new AbortController();
  const { lines } = await run(scriptedModel(new ModelError("network", "Gone")), {
    signal: waiting.signal,
    pause: async () => waiting.abort(),
  });
  assert.deepEqual(lines, ["retries in 500: Gone", "stops: cancelled"]);
});

test("a model error of another bundle's class is one", () => {
  const foreign = Object.assign(new Error("Away"), { name: "ModelError", kind: "server", retryable: true });
  assert.ok(foreign instanceof ModelError);
  assert.ok(new ModelError("server", "Away") instanceof ModelError);
  assert.ok(!((new Error("Away") as unknown) instanceof ModelError));
});

test("what the user says meanwhile goes to the model as the last word of the next turn, and keeps a run from ending", async () => {
  const said = [undefined, "Use UTC.", "And one test.", undefined];
  const model = scriptedModel(
    [call("Read", { file_path: "a.py" }, "1")],
    [call("Read", { file_path: "b.py" }, "2")],
    [say("Done.")],
    [say("Done again.")],
  );
  const { lines, messages } = await run(model, { steering: () => said.shift() });
  assert.deepEqual(
    lines.filter((line) => line.startsWith("is told") || line.startsWith("stops")),
    ["is told Use UTC.", "is told And one test.", "stops: finished"],
  );
  assert.deepEqual(model.requests[2]?.messages.at(-1)?.parts, [
    { type: "toolResult", callId: "2", content: "Read b.py", isError: false },
    { type: "text", text: "The user says meanwhile: Use UTC." },
  ]);
  assert.equal(messages.length, 8);
});

test("a history is told after each turn, each one to go on from", async () => {
  const model = scriptedModel([call("Read", { file_path: "a.py" })], [say("Done.")]);
  const told: (readonly Message[])[] = [];
  for await (const event of runLoop(optionsOf(model))) if (event.type === "history") told.push(event.messages);
  assert.deepEqual(
    told.map((messages) => messages.length),
    [3, 4],
  );
  told.forEach(assertValid);
});

test("a Write is told while it is written and not more often than ten times a second, other calls are not", async () => {
  const model = scriptedModel([]);
  const pieces = ['{"file_path":"a.py","con', 'tent":"x', " = ", "1", '\\n"}'];
  const times = [0, 10, 50, 110, 205, 210, 220, 230, 240, 250];
  const streaming = {
    ...model,
    async *stream() {
      for (const delta of pieces) yield { type: "callInput", id: "1", name: "Write", delta } as const;
      for (const delta of pieces) yield { type: "callInput", id: "2", name: "Edit", delta } as const;
      yield { type: "end", message: reply([say("Done.")]) } as const;
    },
  };
  const { lines } = await run(streaming, { now: () => times.shift() ?? 0 });
  assert.deepEqual(lines, ["writes a.py: x", "writes a.py:  = 1", "stops: finished"]);
});
