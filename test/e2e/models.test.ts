/**
 * The recorded run in the browser, with each kind of model: the files it ends in, a history that the provider
 * would take at each turn, and a report that says what was done.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after } from "node:test";
import { root } from "../harness/paths.ts";
import { type EditorWindow, ourExtension, windowTest } from "../harness/window.ts";
import { startMessagesApi } from "../support/messagesApi.ts";
import { asMessagesApi, readRecording, recordedTexts, recordingFile } from "../support/recording.ts";
import { assertValidRequest } from "../support/validRequest.ts";
import * as journey from "./journey.ts";

const turns = readRecording();
const key = "sk-ant-recorded-8f3kQ92mZx71";
const api = await startMessagesApi(...asMessagesApi(turns));

after(() => api.close());

/** Asks `@backend implement`, says yes to the one command where there is no sandbox, and gives the answer. */
async function implementInChat(window: EditorWindow): Promise<string> {
  const { workbench, folder } = window;
  const before = journey.readFiles(folder);
  const answer = await workbench.ask("@backend implement");
  const run = workbench.dialog().getByRole("button", { name: "Run", exact: true });
  const text = workbench.answerText(answer);
  await Promise.race([text, run.click({ timeout: 150_000 }).catch(() => undefined)]);
  const said = await text;
  assert.deepEqual(journey.readFiles(folder), before, "nothing is on disk before the first accept");
  return said;
}

async function assertOutcome(window: EditorWindow, said: string, model: RegExp): Promise<void> {
  assert.match(said, /Backend proposed/);
  const wanted = recordedTexts(journey.implementHeadless());
  const proposed = await journey.readProposals(window, Object.keys(wanted));
  assert.deepEqual(journey.differing(proposed, wanted), [], "scaffold and recording, and nothing else");
  assert.match(said, model);
  assert.match(
    said,
    /Skills Used\s*backend-patterns: services hold the rules\s*python-patterns: annotations everywhere/,
  );
  const checklist = await journey.readChecklist(window);
  assert.deepEqual(journey.failing(checklist), []);
}

windowTest(
  "a recorded run of Claude with the user's key, which makes it a model of the picker, comes to its end",
  {
    fixture: "orders",
    machineSettings: { "backendImplementer.anthropic.baseUrl": api.url },
  },
  async (window) => {
    const { workbench } = window;
    await journey.openDocuments(window);
    await workbench.command("Backend Implementer: Set Anthropic API Key");
    const input = workbench.page.locator(".quick-input-widget input[type=password]");
    await input.fill(key);
    await input.press("Enter");
    await input.waitFor({ state: "hidden" });

    await workbench.pickModel("Claude Opus (your key)");
    const said = await implementInChat(window);
    await assertOutcome(
      window,
      said,
      /Claude \(claude-opus-5-5\), [\d.]+ s, [\d,]+ tokens in \(\d+ % from the cache\)/,
    );
    const asked = api.requests.filter(({ url }) => url === "/v1/messages");
    assert.equal(asked.length, turns.length);
    asked.forEach(assertValidRequest);
    assert.ok(!said.includes(key));
  },
);

const recordedModel = {
  fixture: "orders",
  extensions: { ...ourExtension, "harness.recorded-model-0.0.1": join(root, "test/harness/recordedModel") },
  environment: { BACKEND_IMPLEMENTER_RECORDING: recordingFile },
};

windowTest(
  "a recorded run of a model of another extension, picked in the chat, comes to its end",
  recordedModel,
  async (window) => {
    const { workbench, bridge } = window;
    await journey.openDocuments(window);
    await workbench.pickModel("Recorded Model");
    const said = await implementInChat(window);
    await assertOutcome(window, said, /Recorded Model, [\d.]+ s, about [\d,]+ tokens in, [\d,]+ out/);
    const requests = await bridge.run(
      () => (globalThis as unknown as { recordedRequests: readonly SentToModel[] }).recordedRequests,
      undefined,
    );
    assert.equal(requests.length, turns.length);
    for (const { messages } of requests) assertAnswered(messages);
  },
);

interface SentToModel {
  readonly messages: readonly SentMessage[];
}

interface SentMessage {
  readonly role: "user" | "assistant";
  readonly parts: readonly { readonly type: string; readonly id?: string; readonly callId?: string }[];
}

/** What the editor demands: the results of a message's calls are in the next one, all of them and in their order. */
function assertAnswered(messages: readonly SentMessage[]): void {
  for (const [index, { role, parts }] of messages.entries()) {
    assert.ok(parts.length > 0, `message ${index} is empty`);
    assert.ok(parts.filter(({ type }) => type === "text").length < 2 || role === "user", `texts of message ${index}`);
    const calls = parts.flatMap(({ id }) => id ?? []);
    const results = (messages[index + 1]?.parts ?? []).flatMap(({ callId }) => callId ?? []);
    assert.deepEqual(results, calls, `results after message ${index}`);
  }
}
