/**
 * What a provider has in its cache, and signed thinking holds for, is the beginning of the request before. It stays as
 * it was, byte for byte, also when the user says something meanwhile, closes the window, comes back or asks for more;
 * and after a compaction up to the design.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createChangeSet } from "../../../src/changes/changeSet.ts";
import { createAnthropicModel } from "../../../src/models/anthropic.ts";
import type { ImplementRequest } from "../../../src/session/implement.ts";
import type { RunState } from "../../../src/session/runState.ts";
import { createSteering } from "../../../src/session/steering.ts";
import { createRunKeys, readRunState } from "../../../src/session/storedRun.ts";
import { type ImplementRun, implementRun } from "../../support/implementRun.ts";
import {
  events,
  failure,
  finished,
  type MessagesApi,
  type ReceivedRequest,
  type Script,
  started,
  startMessagesApi,
  textBlock,
  thinkingBlock,
  toolBlock,
} from "../../support/messagesApi.ts";
import { assertGrowing, assertValidRequest, bodyOf, cachedBlocks } from "../../support/validRequest.ts";

const servers: MessagesApi[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

/** Thinks, and writes a file of its own. */
function working(at: number): Script {
  const input = JSON.stringify({ file_path: `src/app/part${at}.py`, content: `NAME = "${at}"\n` });
  const blocks = [...thinkingBlock(0, "Hm.", `SIG${at}==`), ...toolBlock(1, `t${at}`, "Write", input)];
  return events([started, ...blocks, ...finished("tool_use")]);
}

const done = events([
  started,
  ...thinkingBlock(0, "Well.", "END=="),
  ...textBlock(1, "Done."),
  ...finished("end_turn"),
]);

interface Went extends ImplementRun {
  readonly requests: readonly ReceivedRequest[];
}

async function run(
  scripts: readonly Script[],
  ports: Parameters<typeof implementRun>[0] = {},
  request: Partial<ImplementRequest> = {},
): Promise<Went> {
  const api = await startMessagesApi(...scripts);
  servers.push(api);
  const model = createAnthropicModel({ apiKey: "sk-test", baseUrl: api.url, model: "opus" });
  const ended = await implementRun({ model, ...ports }, request);
  api.requests.forEach(assertValidRequest);
  return { ...ended, requests: api.requests };
}

/** As the next window finds it: stored in parts, each as JSON. */
function reopened({ result }: ImplementRun): RunState {
  const stored = createRunKeys()(result.state);
  const read = new Map([...stored].map(([key, value]) => [key, JSON.parse(JSON.stringify(value))]));
  return readRunState(read) ?? assert.fail("nothing was kept");
}

test("what the user says meanwhile stands at the end and changes nothing before it", async () => {
  const steering = createSteering();
  const told: Script = (response, received) => {
    steering.say("Use UTC.");
    working(2)(response, received);
  };
  const { requests, result } = await run([working(1), told, working(3), done], { steering });
  assert.equal(result.stopped, "finished");
  assertGrowing(requests);
  assert.equal(
    bodyOf(requests[2] ?? assert.fail())
      .messages.at(-1)
      ?.content.at(-1)?.text,
    "The user says meanwhile: Use UTC.",
  );
});

const stops: readonly (readonly [what: string, script: Script])[] = [
  ["a limit of an hour", failure(429, "rate_limit_error", "Slow", { "retry-after": "3600" })],
  ["a key that was withdrawn", failure(401, "authentication_error", "revoked")],
  ["an end", done],
];

for (const [what, script] of stops) {
  test(`after ${what} and in a new window the run goes on with the bytes it had, signed thinking too`, async () => {
    const changes = createChangeSet();
    const first = await run([working(1), working(2), script], { changes });
    const resume = reopened(first);
    const second = await run([working(3), done], { changes }, { kind: "continue", resume, instructions: "And now?" });
    assert.equal(second.result.stopped, "finished");
    assertGrowing([...first.requests, ...second.requests]);
    assert.match(JSON.stringify(second.requests[0]?.body["messages"]), /SIG1==.*SIG2==/);
  });
}

test("a compaction keeps tools, system text and design, and what follows it grows from there", async () => {
  const scripts = [1, 2, 3, 4, 5, 6].map(working);
  const full = failure(413, "request_too_large", "too large");
  const { requests, result } = await run([...scripts, full, working(7), done]);
  assert.equal(result.stopped, "finished");
  const compacted = 7;
  assertGrowing(requests.slice(0, compacted));
  assertGrowing(requests.slice(compacted));
  const [first, shorter] = [requests[0], requests[compacted]].map((request) => cachedBlocks(request ?? assert.fail()));
  assert.deepEqual(shorter?.slice(0, first?.length), first, "tools, system text and design");
  assert.ok(!JSON.stringify(requests[compacted]?.body).includes("signature"), "signatures hold for another prefix");
});

test("a compacted run goes on in a new window with the bytes it had", async () => {
  const changes = createChangeSet();
  const full = failure(413, "request_too_large", "too large");
  const pause = failure(429, "rate_limit_error", "Slow", { "retry-after": "3600" });
  const first = await run([...[1, 2, 3, 4].map(working), full, working(5), pause], { changes });
  assert.equal(first.result.stopped, "paused");
  const second = await run([working(6), done], { changes }, { kind: "continue", resume: reopened(first) });
  assertGrowing([...first.requests.slice(5), ...second.requests]);
});
