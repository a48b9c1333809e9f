import assert from "node:assert/strict";
import { test } from "node:test";
import * as vscode from "vscode";
import { type AssistantMessage, noUsage } from "../../src/agent/messages.ts";
import { ModelError, type ModelEvent, type ModelRequest } from "../../src/agent/model.ts";
import { createChatModelClient } from "../../src/vscode/chatModelClient.ts";

type Part = vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart;
type Sent = Parameters<vscode.LanguageModelChat["sendRequest"]>;

/** A model of the picker that answers what the test says and keeps what it was sent. */
function pickedModel(answer: () => AsyncIterable<Part>): { model: vscode.LanguageModelChat; sent: Sent[] } {
  const sent: Sent[] = [];
  const model: vscode.LanguageModelChat = {
    name: "Picked",
    id: "picked-1",
    vendor: "somebody",
    family: "picked",
    version: "1",
    maxInputTokens: 1000,
    countTokens: async () => 1,
    sendRequest: async (...request) => {
      sent.push(request);
      const stream = answer();
      return { stream, text: (async function* () {})() };
    },
  };
  return { model, sent };
}

async function* parts(...values: readonly Part[]): AsyncGenerator<Part> {
  yield* values;
}

function requestOf(overrides: Partial<ModelRequest> = {}): ModelRequest {
  const hello = { role: "user", parts: [{ type: "text", text: "Implement." }] } as const;
  return { system: "You implement.", tools: [], messages: [hello], signal: new AbortController().signal, ...overrides };
}

async function eventsOf(model: vscode.LanguageModelChat, request: ModelRequest): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of createChatModelClient(model).stream(request)) events.push(event);
  return events;
}

test("text comes as deltas and as one part, and a call as a call", async () => {
  const { model } = pickedModel(() =>
    parts(
      new vscode.LanguageModelTextPart("Read"),
      new vscode.LanguageModelTextPart("ing."),
      new vscode.LanguageModelToolCallPart("call-1", "Read", { file_path: "a.py" }),
    ),
  );
  const message: AssistantMessage = {
    role: "assistant",
    parts: [
      { type: "text", text: "Reading." },
      { type: "toolCall", id: "call-1", name: "Read", input: { file_path: "a.py" } },
    ],
    stop: "toolCalls",
    usage: { input: 10, output: 11, cacheRead: 0, cacheWrite: 0, estimated: true },
  };
  assert.deepEqual(await eventsOf(model, requestOf()), [
    { type: "text", delta: "Read" },
    { type: "text", delta: "ing." },
    { type: "end", message },
  ]);
});

test("the instructions go first, results follow their calls, and an error says that it is one", async () => {
  const { model, sent } = pickedModel(() => parts(new vscode.LanguageModelTextPart("Done.")));
  const said: AssistantMessage = {
    role: "assistant",
    parts: [
      { type: "text", text: "One." },
      { type: "text", text: "Two." },
      { type: "toolCall", id: "c", name: "Read", input: "no object" },
    ],
    stop: "toolCalls",
    usage: noUsage,
  };
  const result = { type: "toolResult", callId: "c", content: "no such file", isError: true } as const;
  const tool = { name: "Read", description: "Reads a file.", inputSchema: { type: "object" } };
  await eventsOf(
    model,
    requestOf({ tools: [tool], messages: [...requestOf().messages, said, { role: "user", parts: [result] }] }),
  );
  const [messages, options] = sent[0] ?? [];
  assert.deepEqual(
    messages?.map(({ role, content }) => ({ role, content: content.map(plain) })),
    [
      { role: vscode.LanguageModelChatMessageRole.User, content: ["You implement."] },
      { role: vscode.LanguageModelChatMessageRole.User, content: ["Implement."] },
      { role: vscode.LanguageModelChatMessageRole.Assistant, content: ["One.\nTwo.", "Read({})"] },
      { role: vscode.LanguageModelChatMessageRole.User, content: ["c: ERROR: no such file"] },
    ],
  );
  assert.deepEqual(options?.tools, [tool]);
});

function plain(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  if (part instanceof vscode.LanguageModelToolCallPart) return `${part.name}(${JSON.stringify(part.input)})`;
  if (part instanceof vscode.LanguageModelToolResultPart) return `${part.callId}: ${part.content.map(plain).join("")}`;
  return String(part);
}

const failures: readonly (readonly [title: string, thrown: Error, kind: string])[] = [
  ["a used-up quota", named("ChatQuotaExceeded"), "billing"],
  ["too many requests", named("ChatRateLimited"), "rateLimit"],
  ["a prompt that is too long", new Error("Message exceeds token limit."), "contextFull"],
  ["a refused consent", vscode.LanguageModelError.NoPermissions("no"), "consent"],
  ["a block", vscode.LanguageModelError.Blocked("later"), "rateLimit"],
  ["a model that is gone", vscode.LanguageModelError.NotFound("gone"), "notFound"],
  ["anything else", new Error("boom"), "server"],
];

for (const [title, thrown, kind] of failures) {
  test(`D26: ${title} is a model error of the kind ${kind}`, async () => {
    const { model } = pickedModel(() => failing(thrown));
    await assert.rejects(eventsOf(model, requestOf()), (error) => error instanceof ModelError && error.kind === kind);
  });
}

test("D26: a model that says it calls no tools is refused by name, one that does not say is taken", () => {
  const { model } = pickedModel(() => parts());
  const saying = (capabilities: object) => Object.assign({ ...model }, { capabilities });
  assert.throws(() => createChatModelClient(saying({ supportsToolCalling: false })), { code: "MODEL_WITHOUT_TOOLS" });
  assert.equal(createChatModelClient(saying({ supportsToolCalling: true })).info.maxInputTokens, 1000);
  assert.equal(createChatModelClient(saying({})).info.label, "Picked");
});

test("a cancelled answer, which VS Code ends like a finished one, is told as aborted", async () => {
  const controller = new AbortController();
  const { model, sent } = pickedModel(() => cancelling(controller));
  const events = eventsOf(model, requestOf({ signal: controller.signal }));
  await assert.rejects(events, (error) => error instanceof ModelError && error.kind === "aborted");
  assert.equal(sent[0]?.[2]?.isCancellationRequested, true);
});

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

async function* failing(thrown: Error): AsyncGenerator<Part> {
  yield new vscode.LanguageModelTextPart("so far");
  throw thrown;
}

async function* cancelling(controller: AbortController): AsyncGenerator<Part> {
  yield new vscode.LanguageModelTextPart("so far");
  controller.abort();
}
