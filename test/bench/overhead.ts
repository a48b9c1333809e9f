/**
 * What the loop itself costs beside the model: time for each turn with a history of a megabyte, and the
 * heap after 300 turns. The SDK and the tools are the real ones; only the network is not there.
 */
import { runLoop } from "../../src/agent/loop.ts";
import { createSkillShelf } from "../../src/agent/skills.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import { createAnthropicModel } from "../../src/models/anthropic.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";
import { encoded, finished, started, toolBlock } from "../support/messagesApi.ts";

const turns = 300;
const fileText = `${"x".repeat(79)}\n`.repeat(60);
const begun: number[] = [];
const sizes: number[] = [];

const realFetch = globalThis.fetch;
globalThis.fetch = async (_, init) => {
  const at = begun.push(performance.now());
  sizes.push(String(init?.body).length);
  const input = JSON.stringify({ file_path: `f${at}.py` });
  const sent = encoded([started, ...toolBlock(0, `t${at}`, "Read", input), ...finished("tool_use")]);
  return new Response(sent, { headers: { "content-type": "text/event-stream" } });
};

const disk = memoryWorkspace(Object.fromEntries(Array.from({ length: turns }, (_, at) => [`f${at + 1}.py`, fileText])));
const changes = createChangeSet();
const shelf = createSkillShelf([]);
const ports = { disk, overlay: createOverlay(disk, changes), changes, shelf, seen: new Map<string, string>() };
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const loop = runLoop({
  model: createAnthropicModel({ apiKey: "sk-bench", baseUrl: "http://127.0.0.1", model: "opus" }),
  tools: createToolbox(["Read"], ports),
  system: "You implement.",
  messages: [{ role: "user", parts: [{ type: "text", text: "Implement." }] }],
  maxTurns: turns,
  signal: new AbortController().signal,
});
for await (const _ of loop);
globalThis.gc?.();
const grown = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
globalThis.fetch = realFetch;

const around200 = begun.slice(195, 206).map((time, at, all) => time - (all[at - 1] ?? time));
const perTurn = around200.slice(1).reduce((sum, time) => sum + time, 0) / (around200.length - 1);
console.log(
  `\nturn 200, history of ${((sizes[199] ?? 0) / 1e6).toFixed(2)} MB: ${perTurn.toFixed(1)} ms a turn; promised 20`,
);
console.log(`heap after ${turns} turns: ${grown.toFixed(1)} MB more; promised 60`);
