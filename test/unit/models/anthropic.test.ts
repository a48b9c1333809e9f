import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { AssistantMessage, Message } from "../../../src/agent/messages.ts";
import { ModelError, type ModelRequest } from "../../../src/agent/model.ts";
import { createAnthropicModel } from "../../../src/models/anthropic.ts";
import {
  events,
  failure,
  finished,
  type MessagesApi,
  type Script,
  started,
  startMessagesApi,
  textBlock,
  thinkingBlock,
  toolBlock,
} from "../../support/messagesApi.ts";
import { bodyOf } from "../../support/validRequest.ts";

const key = "sk-test-secret";
const servers: MessagesApi[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function connect(...scripts: readonly Script[]) {
  const api = await startMessagesApi(...scripts);
  servers.push(api);
  return { api, model: createAnthropicModel({ apiKey: key, baseUrl: api.url, model: "opus", idleMs: 800 }) };
}

const task: Message = { role: "user", parts: [{ type: "text", text: "Implement." }] };

function request(overrides: Partial<ModelRequest> = {}): ModelRequest {
  const tools = [
    { name: "Write", description: "Writes", inputSchema: { type: "object" } },
    { name: "Read", description: "Reads", inputSchema: { type: "object" } },
  ];
  return { system: "You implement.", tools, messages: [task], signal: new AbortController().signal, ...overrides };
}

interface Answer {
  readonly deltas: readonly string[];
  readonly message: AssistantMessage | undefined;
  readonly error: string | undefined;
}

async function ask(
  model: ReturnType<typeof createAnthropicModel>,
  overrides: Partial<ModelRequest> = {},
): Promise<Answer> {
  const deltas: string[] = [];
  let message: AssistantMessage | undefined;
  try {
    for await (const event of model.stream(request(overrides))) {
      if (event.type === "end") message = event.message;
      else deltas.push(`${event.type}: ${event.delta}`);
    }
    return { deltas, message, error: undefined };
  } catch (thrown) {
    assert.ok(thrown instanceof ModelError, String(thrown));
    assert.ok(!JSON.stringify([thrown.message, thrown.stack]).includes(key));
    return { deltas, message, error: `${thrown.kind}: ${thrown.message}` };
  }
}

test("text, thinking and calls are streamed and come whole in the message", async () => {
  const { model } = await connect(
    events([
      started,
      ...thinkingBlock(0, "Hm.", "SIG=="),
      ...textBlock(1, "Writ", "ing."),
      ...toolBlock(2, "t1", "Write", '{"file_path":"a', '.py","content":"x"}'),
      ...toolBlock(3, "t2", "Read"),
      { type: "something_new" },
      ...finished("tool_use"),
    ]),
  );
  assert.deepEqual(await ask(model), {
    deltas: [
      "reasoning: Hm.",
      "text: Writ",
      "text: ing.",
      'callInput: {"file_path":"a',
      'callInput: .py","content":"x"}',
    ],
    message: {
      role: "assistant",
      parts: [
        {
          type: "reasoning",
          text: "Hm.",
          replay: { provider: "anthropic", value: { type: "thinking", thinking: "Hm.", signature: "SIG==" } },
        },
        { type: "text", text: "Writing." },
        { type: "toolCall", id: "t1", name: "Write", input: { file_path: "a.py", content: "x" } },
        { type: "toolCall", id: "t2", name: "Read", input: {} },
      ],
      stop: "toolCalls",
      usage: { input: 10, output: 42, cacheRead: 2000, cacheWrite: 100 },
    },
    error: undefined,
  });
});

test("the request says what it must: key, cache breakpoints, thinking replayed, results in place", async () => {
  const { api, model } = await connect(events([started, ...textBlock(0, "ok"), ...finished("end_turn")]));
  const thinking = { type: "thinking", thinking: "Hm.", signature: "SIG==" };
  const messages: Message[] = [
    task,
    {
      role: "assistant",
      stop: "toolCalls",
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
      parts: [
        { type: "reasoning", text: "Hm.", replay: { provider: "anthropic", value: thinking } },
        { type: "reasoning", text: "foreign", replay: { provider: "vscode", value: {} } },
        { type: "toolCall", id: "t1", name: "Read", input: { file_path: "a.py" } },
      ],
    },
    { role: "user", parts: [{ type: "toolResult", callId: "t1", content: "", isError: true }] },
  ];
  process.env["ANTHROPIC_CUSTOM_HEADERS"] = "Authorization: Bearer stolen";
  await ask(model, { messages });
  Reflect.deleteProperty(process.env, "ANTHROPIC_CUSTOM_HEADERS");
  const { url, headers, body } = api.requests[0] ?? { url: "", headers: {}, body: {} };
  assert.deepEqual([url, headers.authorization], ["/v1/messages", `Bearer ${key}`]);
  assert.deepEqual(body, {
    model: "claude-opus-5-5",
    max_tokens: 32000,
    stream: true,
    system: [{ type: "text", text: "You implement.", cache_control: { type: "ephemeral", ttl: "1h" } }],
    tools: [
      { name: "Write", description: "Writes", input_schema: { type: "object" }, eager_input_streaming: true },
      { name: "Read", description: "Reads", input_schema: { type: "object" } },
    ],
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: "Implement.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      },
      {
        role: "assistant",
        content: [thinking, { type: "tool_use", id: "t1", name: "Read", input: { file_path: "a.py" } }],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "(empty)", is_error: true }] },
    ],
    cache_control: { type: "ephemeral" },
    thinking: { type: "adaptive", display: "summarized" },
    output_config: { effort: "medium" },
    diagnostics: { previous_message_id: null },
  });
});

test("the provider compares each request with the last whole answer, and a miss of its cache is told", async () => {
  const missed = (reason: object | null): Script => {
    const message = { ...started.message, id: "msg_2", diagnostics: { cache_miss_reason: reason } };
    return events([{ ...started, message }, ...textBlock(0, "ok"), ...finished("end_turn")]);
  };
  const api = await startMessagesApi(
    events([started, ...textBlock(0, "ok"), ...finished("end_turn")]),
    events([started, ...textBlock(0, "o")], "cut"),
    missed({ type: "messages_changed", cache_missed_input_tokens: 12_000 }),
    missed({ type: "unavailable" }),
    missed(null),
  );
  servers.push(api);
  const told: string[] = [];
  const access = { apiKey: key, baseUrl: api.url, model: "opus", onCacheMiss: (message: string) => told.push(message) };
  const model = createAnthropicModel(access);
  for (let turn = 0; turn < 5; turn++) await ask(model);
  assert.deepEqual(
    api.requests.map(({ body }) => body["diagnostics"]),
    [null, "msg_1", "msg_1", "msg_2", "msg_2"].map((previous_message_id) => ({ previous_message_id })),
  );
  assert.deepEqual(told, ["The provider's cache was missed (messages_changed): about 12000 tokens were read anew."]);
});

test("a history that another provider's model began has its identifiers in the form the API takes", async () => {
  const { api, model } = await connect(events([started, ...textBlock(0, "ok"), ...finished("end_turn")]));
  const id = "call.1:Read/a";
  const call = { type: "toolCall", id, name: "Read", input: {} } as const;
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  await ask(model, {
    messages: [
      task,
      { role: "assistant", stop: "toolCalls", usage, parts: [call] },
      { role: "user", parts: [{ type: "toolResult", callId: id, content: "x", isError: false }] },
    ],
  });
  const [, asked, answered] = bodyOf(api.requests[0] ?? assert.fail()).messages;
  assert.deepEqual([asked?.content[0]?.id, answered?.content[0]?.tool_use_id], ["call_1_Read_a", "call_1_Read_a"]);
});

test("a call that the output limit cut is never run, even when what came is valid JSON", async () => {
  for (const json of ['{"file_path":"a.py"}', '{"file_path":"a.py","content":"def']) {
    const { model } = await connect(events([started, ...toolBlock(0, "t1", "Write", json), ...finished("max_tokens")]));
    const { message } = await ask(model);
    assert.equal(message?.stop, "maxTokens");
    assert.deepEqual(message?.parts, [
      { type: "toolCall", id: "t1", name: "Write", input: {}, inputError: "The call was cut off at the output limit." },
    ]);
  }
});

test("a call whose arguments are not JSON is answered, not thrown", async () => {
  const { model } = await connect(events([started, ...toolBlock(0, "t1", "Write", "{oops"), ...finished("tool_use")]));
  const { message } = await ask(model);
  assert.deepEqual(message?.parts, [
    {
      type: "toolCall",
      id: "t1",
      name: "Write",
      input: {},
      inputError: "The arguments of the call are not valid JSON.",
    },
  ]);
});

const half = [started, ...toolBlock(0, "t1", "Write", '{"file_path":"a.py","con').slice(0, -1)];
const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };

const faults: readonly (readonly [name: string, script: Script, error: string, retryable: boolean])[] = [
  ["a connection cut inside a call", events(half, "cut"), "network: The connection to the model was closed.", true],
  ["a clean end before the message's", events(half), "network: The model's answer broke off before its end.", true],
  ["silence", events([started], "stall"), "stalled: The model has stopped sending.", true],
  ["an overload inside the stream", events([started, overloaded]), "overloaded: Overloaded", true],
  ["an overload", failure(529, "overloaded_error", "Overloaded"), "overloaded: Overloaded", true],
  ["a server error", failure(500, "api_error", "Broken"), "server: Broken", true],
  [
    "a wrong key",
    failure(401, "authentication_error", "invalid key"),
    'auth: The API refused the key (401): invalid key. Set it again with "Backend Implementer: Set Anthropic API Key".',
    false,
  ],
  [
    "an unknown model",
    failure(404, "not_found_error", "no model"),
    'notFound: The API does not know the model "claude-opus-5-5" (404): no model',
    false,
  ],
  ["an empty account", failure(402, "billing_error", "no credit"), "billing: no credit", false],
  [
    "a prompt too long",
    failure(400, "invalid_request_error", "prompt is too long: 2 > 1"),
    "contextFull: prompt is too long: 2 > 1",
    false,
  ],
  [
    "a login page",
    (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    "invalidRequest: The endpoint answered with text/html instead of a stream of events; is it a proxy or a login page?",
    false,
  ],
];

for (const [name, script, error, retryable] of faults) {
  test(`${name} is told for what it is, after one request`, async () => {
    const { api, model } = await connect(script);
    const answer = await ask(model);
    assert.equal(answer.error, error);
    assert.equal(answer.message, undefined);
    assert.equal(api.requests.length, 1);
    assert.equal(new ModelError(error.split(":")[0] as ModelError["kind"], "").retryable, retryable);
  });
}

test("the provider's own demand for patience is passed on and not slept through", async () => {
  const { model } = await connect(failure(429, "rate_limit_error", "Slow down", { "retry-after": "3600" }));
  await assert.rejects(
    async () => {
      for await (const _ of model.stream(request()));
    },
    { kind: "rateLimit", retryAfterMs: 3_600_000 },
  );
});

test("an endpoint that nobody serves is a network failure that names the reason", async () => {
  const model = createAnthropicModel({ apiKey: key, baseUrl: "http://127.0.0.1:9", model: "opus" });
  assert.match((await ask(model)).error ?? "", /^network: The model cannot be reached: .*(ECONNREFUSED|bad port)/);
});

test("a field that the endpoint refuses is left out at once and from then on", async () => {
  const answer = events([started, ...textBlock(0, "ok"), ...finished("end_turn")]);
  const refusal = failure(400, "invalid_request_error", "thinking: adaptive is not supported on this model");
  const { api, model } = await connect(refusal, answer, answer);
  assert.deepEqual((await ask(model)).deltas, ["text: ok"]);
  assert.deepEqual((await ask(model)).deltas, ["text: ok"]);
  assert.deepEqual(
    api.requests.map(({ body }) => "thinking" in body),
    [true, false, false],
  );
});

test("an abort before and during the stream is an abort", async () => {
  const stalled = events([started, ...textBlock(0, "Wri").slice(0, -1)], "stall");
  const { model } = await connect(stalled, stalled);
  assert.match((await ask(model, { signal: AbortSignal.abort() })).error ?? "", /^aborted/);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 60);
  const answer = await ask(model, { signal: controller.signal });
  assert.match(answer.error ?? "", /^aborted/);
});
