import assert from "node:assert/strict";
import { runLoop } from "../../src/agent/loop.ts";
import type { Message } from "../../src/agent/messages.ts";
import { createSkillShelf } from "../../src/agent/skills.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import { type AnthropicOptions, createAnthropicModel } from "../../src/models/anthropic.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { memoryWorkspace } from "./memoryWorkspace.ts";
import {
  events,
  finished,
  type MessagesApi,
  type Script,
  started,
  startMessagesApi,
  textBlock,
  toolBlock,
} from "./messagesApi.ts";
import { assertValidHistory } from "./validHistory.ts";
import { assertValidRequest } from "./validRequest.ts";

export const key = "sk-test-secret";
const servers: MessagesApi[] = [];

/** For `after`: the servers of all runs. */
export function closeServers(): Promise<unknown> {
  return Promise.all(servers.map((server) => server.close()));
}

export interface Ended {
  /** Reason and detail of the end. */
  readonly end: string;
  /** Why turns were asked for again, with the pause in milliseconds. */
  readonly retries: readonly string[];
  readonly messages: readonly Message[];
  /** Text of each proposal. */
  readonly proposed: Readonly<Record<string, string | undefined>>;
  readonly requests: MessagesApi["requests"];
  readonly said: string;
}

export interface RunOptions extends Partial<AnthropicOptions> {
  readonly signal?: AbortSignal;
  readonly onPause?: () => void;
}

/** Runs the agent on the scripted server until it ends. Nobody's history may be invalid, no key be told. */
export async function run(scripts: readonly Script[], options: RunOptions = {}): Promise<Ended> {
  const api = await startMessagesApi(...scripts);
  servers.push(api);
  const changes = createChangeSet();
  changes.propose("app/kept.py", undefined, "KEPT = True\n");
  const disk = memoryWorkspace({ "app/main.py": "app = 1\n" });
  const shelf = createSkillShelf([]);
  const ports = { disk, overlay: createOverlay(disk, changes), changes, shelf, seen: new Map<string, string>() };
  // On a busy machine a second is little; the tests of impatience say how long they wait.
  const patience = { idleMs: 20_000, pingsMs: 20_000, headersMs: 20_000 };
  const loop = runLoop({
    model: createAnthropicModel({ apiKey: key, baseUrl: api.url, model: "opus", ...patience, ...options }),
    tools: createToolbox(["Read", "Write", "Edit"], ports),
    system: "You implement.",
    messages: [{ role: "user", parts: [{ type: "text", text: "Implement." }] }],
    maxTurns: 12,
    signal: options.signal ?? new AbortController().signal,
    pause: async () => options.onPause?.(),
  });
  const retries: string[] = [];
  let end = "";
  let said = "";
  for (;;) {
    const { value, done } = await loop.next();
    if (done) {
      assertValidHistory(value);
      api.requests.forEach(assertValidRequest);
      assert.ok(!JSON.stringify([value, end, retries]).includes(key));
      assert.equal(changes.proposedText("app/kept.py"), "KEPT = True\n", "an earlier proposal is lost");
      const proposed = Object.fromEntries(changes.files().map(({ path }) => [path, changes.proposedText(path)]));
      return { end, retries, messages: value, proposed, requests: api.requests, said };
    }
    if (value.type === "retrying") retries.push(`${value.delayMs} ${value.reason}`);
    if (value.type === "text") said += value.delta;
    if (value.type === "stopped") end = `${value.reason}: ${value.detail ?? ""}`;
  }
}

export const say = (text: string, stop = "end_turn") => events([started, ...textBlock(0, text), ...finished(stop)]);
export const done = say("Done.");
export const write = (path: string, content = "x = 1\n", id = "t1") =>
  toolBlock(0, id, "Write", JSON.stringify({ file_path: path, content }));
export const writes = (path: string) => events([started, ...write(path), ...finished("tool_use")]);
export const times = (count: number, script: Script) => Array.from({ length: count }, () => script);
