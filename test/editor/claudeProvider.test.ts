import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import * as vscode from "vscode";
import { createAnthropicModel, resolveAnthropicModel } from "../../src/models/anthropic.ts";
import { settingsSchema } from "../../src/session/settings.ts";
import { answerAsClaude } from "../../src/vscode/claudeProvider.ts";
import {
  events,
  failure,
  finished,
  type MessagesApi,
  type Script,
  started,
  startMessagesApi,
  textBlock,
  toolBlock,
} from "../support/messagesApi.ts";

let api: MessagesApi | undefined;

afterEach(() => api?.close());

const noList = failure(404, "not_found_error", "no list");
const nothing = {
  get: () => undefined,
  keys: () => [],
  update: async () => undefined,
  setKeysForSync: () => undefined,
};

/** Asks as VS Code would; gives what was reported, in short. */
async function ask(
  messages: readonly vscode.LanguageModelChatMessage[],
  script: Script,
  token = new vscode.CancellationTokenSource().token,
): Promise<readonly string[]> {
  api = await startMessagesApi(noList, script);
  const { url } = api;
  const reported: string[] = [];
  const settings = settingsSchema.parse({ anthropic: { baseUrl: url } });
  const progress = {
    report: (part: vscode.LanguageModelResponsePart) => {
      if (part instanceof vscode.LanguageModelTextPart) reported.push(part.value);
      if (part instanceof vscode.LanguageModelToolCallPart)
        reported.push(`${part.name}(${JSON.stringify(part.input)})`);
    },
  };
  const tool = { name: "look", description: "Looks.", inputSchema: { type: "object" } };
  await answerAsClaude(
    { model: { id: "claude-haiku" }, messages: messages.map(received), options: { tools: [tool] }, progress, token },
    {
      runtime: { createAnthropicModel, resolveAnthropicModel, parseSettings: () => settings },
      context: { globalState: nothing } as unknown as vscode.ExtensionContext,
      keys: { read: async () => "sk-ant-key" } as unknown as Parameters<typeof answerAsClaude>[1]["keys"],
    },
  );
  return reported;
}

function received({ role, content, name }: vscode.LanguageModelChatMessage): vscode.LanguageModelChatRequestMessage {
  return { role, content, name };
}

const { User, Assistant } = vscode.LanguageModelChatMessage;
const done = events([started, ...textBlock(0, "Do", "ne."), ...finished("end_turn")]);

test("Claude answers whoever the editor lets ask: text as it comes, calls whole, under the user's key", async () => {
  const call = toolBlock(1, "t1", "look", '{"at":', '"a.py"}');
  const answer = events([started, ...textBlock(0, "Look", "ing."), ...call, ...finished("tool_use")]);
  assert.deepEqual(await ask([User("Look at a.py.")], answer), ["Look", "ing.", 'look({"at":"a.py"})']);
  const request = api?.requests[1];
  assert.equal(request?.headers.authorization, "Bearer sk-ant-key");
  assert.equal(request?.body["model"], "claude-haiku-5-5");
  assert.equal(request?.body["system"], undefined);
});

test("a history in any shape becomes one that the API takes", async () => {
  const result = new vscode.LanguageModelToolResultPart("t1", [new vscode.LanguageModelTextPart("x = 1")]);
  const look = new vscode.LanguageModelToolCallPart("t1", "look", { at: "a.py" });
  const history = [
    Assistant("Hello."),
    User("Rules."),
    User("Look."),
    Assistant([new vscode.LanguageModelTextPart("  "), look]),
    User("Hurry."),
    User([result]),
  ];
  await ask(history, done);
  const messages = api?.requests[1]?.body["messages"] as readonly {
    role: string;
    content: readonly { type: string }[];
  }[];
  assert.deepEqual(
    messages.map(({ role, content }) => [role, ...content.map(({ type }) => type)]),
    [
      ["user", "text", "text"],
      ["assistant", "tool_use"],
      ["user", "tool_result", "text"],
    ],
  );
});

const failures = [
  ["a refused key", failure(401, "authentication_error", "bad key"), "NoPermissions"],
  ["a limit", failure(429, "rate_limit_error", "slow"), "Blocked"],
  ["a model that is not there", failure(404, "not_found_error", "none"), "NotFound"],
] as const;

for (const [what, script, code] of failures) {
  test(`${what} is told as ${code}`, async () => {
    await assert.rejects(ask([User("Hello.")], script), { code });
  });
}

test("a call that was cut is nobody's to make, and a refusal is told", async () => {
  const cut = events([started, ...toolBlock(0, "t1", "look", '{"at":"a'), ...finished("max_tokens")]);
  await assert.rejects(ask([User("Look.")], cut), /cut off at the output limit/);
  const refused = events([started, ...textBlock(0, "No"), ...finished("refusal")]);
  await assert.rejects(ask([User("Look.")], refused), /declined/);
});

test("a request that is cancelled ends at once", async () => {
  const source = new vscode.CancellationTokenSource();
  setTimeout(() => source.cancel(), 50);
  const begun = performance.now();
  await assert.rejects(ask([User("Look.")], events([started], "stall"), source.token));
  assert.ok(performance.now() - begun < 5000);
});
