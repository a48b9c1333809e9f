import assert from "node:assert/strict";
import { after, test } from "node:test";
import { resolveAnthropicModel } from "../../../src/models/anthropic.ts";
import {
  anthropicModelId,
  type CachedModels,
  type ListedModel,
  type ModelSource,
  resolveModelAlias,
} from "../../../src/models/modelAliases.ts";
import { failure, type MessagesApi, type Script, startMessagesApi } from "../../support/messagesApi.ts";

const models: readonly ListedModel[] = [
  { id: "claude-opus-7-preview", line: "opus", lifecycle: "retired" },
  { id: "claude-haiku-7", line: "haiku", lifecycle: "active" },
  { id: "claude-opus-6-1", line: "opus", lifecycle: "active" },
  { id: "claude-opus-6", line: "opus", lifecycle: "active" },
  { id: "nameless", line: null, lifecycle: "active" },
];

const day = 24 * 60 * 60 * 1000;

test("aliases stand for models, ids for themselves", () => {
  assert.deepEqual(
    ["opus", "sonnet", "inherit", "", "claude-x-9"].map((name) => anthropicModelId(name)),
    ["claude-opus-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "claude-opus-5-5", "claude-x-9"],
  );
});

test("the newest active model of the line is taken, and the table for a line that is not listed", async () => {
  const list = async () => models;
  assert.equal(await resolveModelAlias("opus", { list }), "claude-opus-6-1");
  assert.equal(await resolveModelAlias("inherit", { list }), "claude-opus-6-1");
  assert.equal(await resolveModelAlias("sonnet", { list }), "claude-sonnet-5-5");
});

test("an id is not looked up", async () => {
  const list = async () => assert.fail("asked for the list");
  assert.equal(await resolveModelAlias("claude-opus-6", { list }), "claude-opus-6");
});

test("A14: a word that is no model does not start a run, save where the endpoint lists it", async () => {
  const named = { id: "llama", line: null, lifecycle: "active" };
  assert.equal(await resolveModelAlias("llama", { list: async () => [named] }), "llama");
  await assert.rejects(resolveModelAlias("nonsense", { list: async () => models }), {
    code: "MODEL_UNKNOWN",
    message:
      'MODEL_UNKNOWN: There is no model "nonsense", so the run does not start. Available are inherit, opus, sonnet, haiku, fable, and the full id of any model; correct `model` in the agent definition, or the setting "backendImplementer.anthropic.model".',
  });
});

test("the list is kept for a day, then asked for again; an old one serves when there is no answer", async () => {
  let kept: CachedModels | undefined;
  let time = 1000;
  let asked = 0;
  let answer = models;
  const source: ModelSource = {
    list: async () => {
      asked++;
      if (answer.length === 0) throw new Error("offline");
      return answer;
    },
    cache: { read: () => kept, write: (written) => (kept = written) },
    now: () => time,
  };
  await resolveModelAlias("opus", source);
  time += day - 1;
  assert.equal(await resolveModelAlias("opus", source), "claude-opus-6-1");
  assert.equal(asked, 1);
  time += 2;
  answer = [];
  assert.equal(await resolveModelAlias("opus", source), "claude-opus-6-1");
  assert.equal(asked, 2);
  // The clock was set back: the age of the list says nothing.
  time = 0;
  answer = [{ id: "claude-opus-8", line: "opus", lifecycle: "active" }];
  assert.equal(await resolveModelAlias("opus", source), "claude-opus-8");
});

const servers: MessagesApi[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function resolveAt(script: Script): Promise<string> {
  const api = await startMessagesApi(script);
  servers.push(api);
  const access = { apiKey: "sk-test-secret", baseUrl: api.url };
  const resolved = await resolveAnthropicModel("opus", access, undefined, new AbortController().signal);
  assert.equal(api.requests[0]?.url, "/v1/models?limit=100");
  return resolved;
}

test("the endpoint's list is read through the SDK; a gateway without one falls back to the table", async () => {
  const data = models.map((model) => ({ type: "model", display_name: model.id, ...model }));
  const listing = { data, has_more: false, first_id: null, last_id: null };
  const served: Script = (response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(listing));
  assert.equal(await resolveAt(served), "claude-opus-6-1");
  assert.equal(await resolveAt(failure(404, "not_found_error", "no such path")), "claude-opus-5-5");
  assert.equal(
    await resolveAt((response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>")),
    "claude-opus-5-5",
  );
});
