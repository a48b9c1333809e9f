/**
 * A whole run as the protocol has it: scaffold, reads, skill loads, parallel writes, an edit that fails
 * and recovers, a command, a cut at the output limit, an overload, a refusal to touch tests, a nudge.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AgentEvent } from "../../../src/agent/messages.ts";
import { createAnthropicModel } from "../../../src/models/anthropic.ts";
import { fakeAnalyzer, reviewWith } from "../../support/designFixture.ts";
import { approveAll, fakeShell } from "../../support/fakeShell.ts";
import { type ImplementRun, implementRun } from "../../support/implementRun.ts";
import {
  events,
  finished,
  type MessagesApi,
  type Script,
  started,
  startMessagesApi,
  textBlock,
  thinkingBlock,
  toolBlock,
} from "../../support/messagesApi.ts";
import { assertGrowing, assertValidRequest, bodyOf } from "../../support/validRequest.ts";

const service = "src/app/services/order.py";
const parallelWrites = 10;

type Call = readonly [name: string, input: object];

/** One answer: signed thinking, then the calls; their identifiers are unique over the run. */
function turn(number: number, ...calls: readonly Call[]): Script {
  const blocks = calls.flatMap(([name, input], at) =>
    toolBlock(at + 1, `t${number}_${at}`, name, JSON.stringify(input)),
  );
  return events([
    started,
    ...thinkingBlock(0, `Turn ${number}.`, `SIG${number}==`),
    ...blocks,
    ...finished("tool_use"),
  ]);
}

const edit = (old_string: string, new_string: string): Call => ["Edit", { file_path: service, old_string, new_string }];
const module = (name: string): Call => ["Write", { file_path: `src/app/${name}.py`, content: `NAME = "${name}"\n` }];
const overload = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };

const script: readonly Script[] = [
  turn(1, ["Read", { file_path: service }], ["Glob", { pattern: "**/*.py" }]),
  turn(2, ["Skill", { skill: "backend-patterns" }], ["Skill", { skill: "python/security" }]),
  turn(3, ...Array.from({ length: parallelWrites }, (_, at) => module(`part${at}`))),
  turn(4, edit("class OrderService:\n    pass", "class OrderService:\n    limit = 3")),
  turn(5, ["Read", { file_path: service }]),
  turn(6, edit("class OrderService: ...", "class OrderService:\n    limit = 3")),
  turn(7, ["Bash", { command: "ruff format ." }]),
  events([
    started,
    ...toolBlock(0, "t8_0", "Write", JSON.stringify(module("whole")[1])),
    ...toolBlock(1, "t8_1", "Write", '{"file_path":"src/app/cut.py","content":"x = '),
    ...finished("max_tokens"),
  ]),
  events([started, ...textBlock(0, "Going on"), overload]),
  turn(9, module("cut")),
  turn(10, ["Write", { file_path: "tests/test_order.py", content: "def test(): ...\n" }]),
  turn(11, ["Grep", { pattern: "limit" }]),
  events([started, ...textBlock(0, "All done."), ...finished("end_turn")]),
  turn(13, edit("limit = 3", "limit: int = 3")),
  events([
    started,
    ...textBlock(0, "Done.\n\n### Skills Used\n- **backend-patterns**: layers"),
    ...finished("end_turn"),
  ]),
];

let api: MessagesApi;
let run: ImplementRun;

before(async () => {
  api = await startMessagesApi(...script);
  const failing = reviewWith({ annotations: "limit has no annotation" });
  run = await implementRun({
    model: createAnthropicModel({ apiKey: "sk-test", baseUrl: api.url, model: "opus" }),
    // Asked: before the first turn, after each proposal, before each end.
    analyzer: fakeAnalyzer({ reviews: [...Array.from({ length: parallelWrites + 5 }, () => failing), reviewWith()] }),
    commands: {
      shell: fakeShell({ output: "1 file reformatted", changes: [{ path: "src/app/part0.py", text: 'NAME = "0"\n' }] }),
      approvals: approveAll,
    },
  });
});

after(() => api.close());

function agentEvents(): readonly AgentEvent[] {
  return run.events.flatMap((event) => (event.type === "agent" ? [event.event] : []));
}

test("the run comes to its end through all of it", () => {
  assert.deepEqual([run.result.stopped, run.result.detail], ["finished", undefined]);
  assert.equal(api.requests.length, script.length);
  const failed = agentEvents().flatMap((event) =>
    event.type === "toolEnded" && event.isError && !event.call.id.startsWith("offline") ? [event.output] : [],
  );
  assert.deepEqual(
    failed.map((output) => output.split(/[:.]/)[0]),
    ["EDIT_NO_MATCH", "The call was cut off at the output limit", "OUT_OF_SCOPE"],
  );
  assert.deepEqual(
    agentEvents().flatMap((event) => (event.type === "retrying" ? [event.reason] : [])),
    ["Overloaded"],
  );
  assert.match(run.result.report, /### Skills Used\n\n- \*\*backend-patterns\*\*/);
});

test("everything that was whole is proposed, over the scaffold, and nothing else", () => {
  const parts = Array.from({ length: parallelWrites }, (_, at) => `src/app/part${at}.py`);
  assert.deepEqual(
    run.changes
      .files()
      .map(({ path }) => path)
      .sort(),
    ["pyproject.toml", "src/app/cut.py", "src/app/domain/order.py", ...parts, service, "src/app/whole.py"].sort(),
  );
  assert.equal(run.changes.proposedText(service), "class OrderService:\n    limit: int = 3\n");
  assert.equal(run.changes.proposedText("src/app/part0.py"), 'NAME = "0"\n');
});

test("every request is one the API takes, with no more than four cache breakpoints", () => {
  api.requests.forEach(assertValidRequest);
});

test("each request begins with the bytes of the one before it", () => {
  assertGrowing(api.requests);
  const systems = api.requests.map(({ body }) => JSON.stringify(body["system"]));
  assert.equal(new Set(systems).size, 1);
});

test("signed thinking of every turn is in the last request, in its order", () => {
  const signatures = bodyOf(api.requests.at(-1) ?? assert.fail()).messages.flatMap(({ content }) =>
    content.flatMap(({ signature }) => signature ?? []),
  );
  assert.deepEqual(
    signatures,
    [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13].map((number) => `SIG${number}==`),
  );
});

test("only the turn of parallel calls, longer than a cache lookup, has the end before it marked", () => {
  const marked = api.requests.map((request) =>
    bodyOf(request).messages.flatMap(({ content }, index) =>
      content.some((block) => block.cache_control) ? [index] : [],
    ),
  );
  const design = [0];
  assert.deepEqual(
    marked,
    script.map((_, index) => (index === 3 ? [0, 4] : design)),
  );
});

test("what it used is summed over the turns, with what is known of the one that broke off", () => {
  const turns = script.length;
  assert.deepEqual(run.result.usage, {
    input: 10 * turns,
    output: 42 * (turns - 1) + 1,
    cacheRead: 2000 * turns,
    cacheWrite: 100 * turns,
  });
  assert.match(
    run.result.report,
    /Claude \(claude-opus-5-5\), [\d.]+ s, 31,650 tokens in \(95 % from the cache\), 589 out, about \$0\.0\d+\./,
  );
});
