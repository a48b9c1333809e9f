/**
 * What a model may answer that is no plain answer: a scripted server speaks the Messages API to the real
 * SDK, and the loop with real tools runs on it. Numbers are those of the fault catalogue (group D).
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeServers, done, key, run, say, times, write, writes } from "../../support/faultRun.ts";
import { events, failure, finished, started, textBlock, thinkingBlock, toolBlock } from "../../support/messagesApi.ts";

after(closeServers);

test("D12: arguments that are no JSON are answered; at the third turn running the run pauses", async () => {
  const oops = events([
    started,
    ...toolBlock(0, "t1", "Write", '{"file_path": "app/a.py", oops'),
    ...finished("tool_use"),
  ]);
  const once = await run([oops, writes("app/a.py"), done]);
  assert.deepEqual([once.end, once.proposed["app/a.py"]], ["finished: ", "x = 1\n"]);
  const always = await run(times(5, oops));
  assert.match(always.end, /^paused: MALFORMED/);
  assert.equal(always.requests.length, 3);
});

test("D13: a call cut at the output limit never runs, whole ones before it do; twice is enough", async () => {
  const cut = events([
    started,
    ...write("app/whole.py"),
    ...toolBlock(1, "t2", "Write", '{"file_path":"app/main.py"}'),
    ...finished("max_tokens"),
  ]);
  const ended = await run([cut, done]);
  assert.equal(ended.end, "finished: ");
  assert.deepEqual(Object.keys(ended.proposed).sort(), ["app/kept.py", "app/whole.py"]);
  assert.match(JSON.stringify(ended.requests[1]?.body), /cut off at the output limit.*smaller steps/);
  const alone = events([
    started,
    ...toolBlock(0, "t1", "Write", '{"file_path":"app/x.py","content":"abc'),
    ...finished("max_tokens"),
  ]);
  const always = await run(times(5, alone));
  assert.equal(always.end, "modelFailed: The model's answers are cut off again and again.");
  assert.deepEqual([always.requests.length, Object.keys(always.proposed)], [3, ["app/kept.py"]]);
});

test("D14: text and thinking that are cut are gone on with", async () => {
  const text = await run([say("First ha", "max_tokens"), say("lf.")]);
  assert.deepEqual([text.end, text.said], ["finished: ", "First half."]);
  const thinking = await run([events([started, ...thinkingBlock(0, "Hm", ""), ...finished("max_tokens")]), done]);
  assert.equal(thinking.end, "finished: ");
  assert.ok(!JSON.stringify(thinking.requests[1]?.body["messages"]).includes("thinking"));
});

test("D15: an unknown tool is answered with the names of those there are", async () => {
  for (const name of ["rm_rf", "write", "mcp__files__write"]) {
    const ended = await run([events([started, ...toolBlock(0, "t1", name, "{}"), ...finished("tool_use")]), done]);
    assert.match(JSON.stringify(ended.messages[2]), new RegExp(`no tool \\\\"${name}\\\\".*Read, Write, Edit, Skill`));
  }
});

test("D17: calls count more than the reason to stop, and a reason without calls is an end", async () => {
  const mislabelled = await run([events([started, ...write("app/a.py"), ...finished("end_turn")]), done]);
  assert.deepEqual([mislabelled.end, mislabelled.proposed["app/a.py"]], ["finished: ", "x = 1\n"]);
  assert.equal((await run([say("Done.", "tool_use")])).end, "finished: ");
});

test("D18: refusal, pause, full context and an unknown reason each have their end", async () => {
  const refusal = {
    type: "message_delta",
    delta: {
      stop_reason: "refusal",
      stop_details: { type: "refusal", category: "cyber", explanation: "exploit code" },
    },
    usage: {},
  };
  const refused = await run([events([started, ...textBlock(0, "I…"), refusal, { type: "message_stop" }])]);
  assert.equal(refused.end, "refused: The model declined to answer: cyber, exploit code.");
  assert.equal((await run([say("Wait…", "pause_turn"), done])).end, "finished: ");
  assert.equal(
    (await run([say("x", "model_context_window_exceeded")])).end,
    "modelFailed: The model's context is full.",
  );
  assert.equal(
    (await run([say("x", "compaction")])).end,
    "modelFailed: The model stopped for an unknown reason: compaction.",
  );
});

test("D19: an empty answer is never sent back; asked again once, then the run ends", async () => {
  const empty = [
    events([started, ...finished("end_turn")]),
    say(" \n "),
    events([started, ...thinkingBlock(0, "Hm", "S"), ...finished("end_turn")]),
  ];
  for (const script of empty) {
    const ended = await run([script, script, done]);
    assert.equal(ended.end, "modelFailed: The model gave no answer, twice in a row.");
    assert.equal(ended.requests.length, 2);
  }
});

test("D20: the same call over and over ends as a loop", async () => {
  const reads = Array.from({ length: 9 }, (_, at) =>
    events([started, ...toolBlock(0, `t${at}`, "Read", '{"file_path":"app/main.py"}'), ...finished("tool_use")]),
  );
  const ended = await run(reads);
  assert.match(ended.end, /^paused: LOOP: the model has called Read 5 times/);
  assert.equal(ended.requests.length, 5);
});

test("D21: a question of the model ends its turn", async () => {
  const ended = await run([say("Which currency?")]);
  assert.deepEqual([ended.end, ended.requests.length], ["finished: ", 1]);
});

test("D22: usage that is missing or absurd is left out of the count", async () => {
  const usage = {
    input_tokens: -5,
    output_tokens: Number.MAX_VALUE * 2,
    cache_read_input_tokens: null,
    cache_creation_input_tokens: "9",
  };
  const start = { ...started, message: { usage } };
  const ended = await run([
    events([
      start,
      ...textBlock(0, "Done."),
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      { type: "message_stop" },
    ]),
  ]);
  const answer = ended.messages.at(-1);
  assert.deepEqual(answer?.role === "assistant" && answer.usage, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });
});

test("D03, D23: a prompt that has grown too long is compacted once and sent again", async () => {
  const turns = Array.from({ length: 6 }, (_, at) =>
    events([
      started,
      ...thinkingBlock(0, "Hm", `S${at}`),
      ...toolBlock(1, `t${at}`, "Write", JSON.stringify({ file_path: `app/f${at}.py`, content: "x = 1\n" })),
      ...finished("tool_use"),
    ]),
  );
  const ended = await run([...turns, failure(413, "request_too_large", "too large"), done]);
  assert.equal(ended.end, "finished: ");
  assert.deepEqual(ended.retries, ["0 The model's context is full, so earlier turns are left out."]);
  const sent = JSON.stringify(ended.requests[7]?.body["messages"]);
  assert.match(sent, /Proposed: app\/f0\.py, app\/f1\.py, app\/f2\.py/);
  assert.ok(!sent.includes("signature"));
  assert.equal(Object.keys(ended.proposed).length, 7);
});

test("D24: signed thinking goes back as it came; when the API refuses the signature, all before it is dropped", async () => {
  const think = (at: number) =>
    events([
      started,
      ...thinkingBlock(0, "Hm", `SIG${at}==`),
      ...toolBlock(1, `t${at}`, "Write", `{"file_path":"app/${at}.py","content":"x"}`),
      ...finished("tool_use"),
    ]);
  const refusal = failure(
    400,
    "invalid_request_error",
    "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.",
  );
  const { end, requests } = await run([think(1), refusal, think(2), done]);
  assert.equal(end, "finished: ");
  const signatures = requests.map(({ body }) => JSON.stringify(body["messages"]).match(/SIG\d==/g) ?? []);
  assert.deepEqual(signatures, [[], ["SIG1=="], [], ["SIG2=="]]);
  assert.ok(requests.every(({ body }) => "thinking" in body));
});

// ---- The ladder of refused fields

const rungs: readonly (readonly [refusal: string, check: (body: Readonly<Record<string, unknown>>) => boolean])[] = [
  ["thinking.display: Extra inputs are not permitted", (body) => "thinking" in body],
  ["output_config.effort: unknown value", (body) => "output_config" in body],
  ["This model does not support the effort parameter", (body) => "output_config" in body],
  ["cache_control: Extra inputs are not permitted", (body) => JSON.stringify(body).includes("cache_control")],
  [
    "system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted",
    (body) => JSON.stringify(body).includes("ttl"),
  ],
  ["tools.0.custom.eager_input_streaming: Extra inputs", (body) => JSON.stringify(body).includes("eager_input")],
  ["diagnostics: Extra inputs are not permitted", (body) => "diagnostics" in body],
  ["max_tokens: 32000 > 8192, which is the maximum", (body) => body["max_tokens"] === 32_000],
];

for (const [refusal, has] of rungs) {
  test(`what an endpoint refuses with "${refusal}" is left out at once, and stays out`, async () => {
    const { end, retries, requests } = await run([
      failure(400, "invalid_request_error", refusal),
      writes("app/a.py"),
      done,
    ]);
    assert.deepEqual([end, retries], ["finished: ", []]);
    assert.deepEqual(
      requests.map(({ body }) => has(body)),
      [true, false, false],
    );
  });
}

test("a gateway that knows none of the fields is served in the end; one that repeats itself is not asked for ever", async () => {
  const ladder = ["thinking", "effort", "ttl", "cache_control", "eager_input_streaming", "diagnostics"].map((field) =>
    failure(400, "invalid_request_error", `${field}: Extra inputs are not permitted`),
  );
  const { end, requests } = await run([...ladder, done]);
  assert.equal(end, "finished: ");
  assert.deepEqual(Object.keys(requests.at(-1)?.body ?? {}).sort(), [
    "max_tokens",
    "messages",
    "model",
    "stream",
    "system",
    "tools",
  ]);
  const stubborn = await run(times(9, failure(400, "invalid_request_error", "thinking: no")));
  assert.match(stubborn.end, /^modelFailed: .*thinking: no/);
  assert.equal(stubborn.requests.length, 2);
});

test("a gateway that reads x-api-key gets it there and nowhere else", async () => {
  const { requests } = await run([done], { auth: "x-api-key" });
  assert.deepEqual([requests[0]?.headers["x-api-key"], requests[0]?.headers.authorization], [key, undefined]);
});
