/** Catalogue G, the key of the model on its way (research/security.md §3). */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { ModelError } from "../../../src/agent/model.ts";
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
} from "../../support/messagesApi.ts";

/** No known shape: a gateway's own. */
const key = "CANARY7f3a.gateway+key/9z";
const servers: MessagesApi[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function ask(script: Script): Promise<{ api: MessagesApi; thrown: unknown }> {
  const api = await startMessagesApi(script);
  servers.push(api);
  const model = createAnthropicModel({ apiKey: key, baseUrl: api.url, model: "opus", idleMs: 100, headersMs: 200 });
  const { signal } = new AbortController();
  const messages = [{ role: "user", parts: [{ type: "text", text: "Hi." }] }] as const;
  try {
    for await (const _event of model.stream({ system: "", tools: [], messages, signal }));
    return { api, thrown: undefined };
  } catch (thrown) {
    return { api, thrown };
  }
}

test("G03 no failure tells the key, also when the endpoint says it back", async () => {
  const said = `invalid key ${key} (${encodeURIComponent(key)}, ${Buffer.from(`Bearer ${key}`).toString("base64")})`;
  const failures: readonly Script[] = [
    ...[400, 401, 403, 404, 413, 429, 500, 529].map((status) => failure(status, "api_error", said)),
    (response) => response.destroy(),
    (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<html>${said}</html>`);
    },
    () => undefined,
    events([started, ...textBlock(0, "x")], "cut"),
    events([started], "stall"),
    events([started, { type: "error", error: { type: "overloaded_error", message: said } }]),
  ];
  for (const script of failures) {
    const { thrown } = await ask(script);
    assert.ok(thrown instanceof ModelError, String(thrown));
    for (const form of [key, encodeURIComponent(key), "Q0FOQVJZ", "NBTkFSW", "DQU5BUl"]) {
      assert.ok(!thrown.message.includes(form), thrown.message);
      assert.ok(!(thrown.stack ?? "").includes(form), thrown.stack);
    }
    assert.ok(!inspect(thrown, { depth: 10 }).includes(`Bearer ${key}`), "the request's headers are in the error");
  }
});

test("G05 G06 what the environment says of keys and addresses is not used", async () => {
  const foreign = {
    ANTHROPIC_API_KEY: "sk-foreign",
    ANTHROPIC_AUTH_TOKEN: "foreign",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
    ANTHROPIC_CUSTOM_HEADERS: "Authorization: Bearer stolen\nx-api-key: stolen",
  };
  Object.assign(process.env, foreign);
  try {
    const { api, thrown } = await ask(events([started, ...textBlock(0, "x"), ...finished("end_turn")]));
    assert.equal(thrown, undefined);
    const [request] = api.requests;
    assert.equal(request?.headers.authorization, `Bearer ${key}`);
    assert.doesNotMatch(JSON.stringify(request?.headers), /foreign/);
  } finally {
    for (const name of Object.keys(foreign)) Reflect.deleteProperty(process.env, name);
  }
});
