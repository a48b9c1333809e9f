/**
 * What the loop itself costs beside the model: time for each turn with a history of a megabyte, and the
 * heap after 300 turns; a large file that is shown while it is streamed; and how late a first word is. The SDK and the tools are the real ones; only the network is not there.
 * `liveText.ts` measures the last two in the real workbench.
 */
import { runLoop } from "../../src/agent/loop.ts";
import { noUsage } from "../../src/agent/messages.ts";
import type { ModelClient } from "../../src/agent/model.ts";
import { createSkillShelf } from "../../src/agent/skills.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import { createAnthropicModel } from "../../src/models/anthropic.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { createLiveFiles } from "../../src/vscode/review/liveFiles.ts";
import { openRun } from "../support/implementRun.ts";
import { memoryWorkspace } from "../support/memoryWorkspace.ts";
import { encoded, finished, started, textBlock, toolBlock } from "../support/messagesApi.ts";

const turns = 300;
const fileText = `${"x".repeat(79)}\n`.repeat(60);
/** Milliseconds of CPU up to each request: the machine does other things too. */
const begun: number[] = [];
const sizes: number[] = [];

const realFetch = globalThis.fetch;
globalThis.fetch = async (_, init) => {
  const { user, system } = process.cpuUsage();
  const at = begun.push((user + system) / 1000);
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
  `\nturn 200, history of ${((sizes[199] ?? 0) / 1e6).toFixed(2)} MB: ${perTurn.toFixed(1)} ms of CPU a turn; promised 20`,
);
console.log(`heap after ${turns} turns: ${grown.toFixed(1)} MB more; promised 60`);

// ---- A file of 200 KB, streamed in 12,500 pieces, shown while it grows; and how late a first word is

const pieceLength = 16;
const written = JSON.stringify({ file_path: "big.py", content: "x = 'value'\n".repeat(17_000) });
const deltas = Array.from({ length: Math.ceil(written.length / pieceLength) }, (_, at) =>
  written.slice(at * pieceLength, (at + 1) * pieceLength),
);

/** Milliseconds of CPU for one streamed Write; the least of five, because the machine does other things too. */
async function streamedWrite(isShown: boolean): Promise<number> {
  const costs: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const begun = process.cpuUsage();
    const live = createLiveFiles();
    const shown: (string | undefined)[] = [];
    if (isShown) live.onDidChange((paths) => shown.push(...paths.map((path) => live.text(path))));
    const model: ModelClient = {
      info: { provider: "anthropic", id: "", label: "" },
      async *stream() {
        // Under another name the same call is not looked into.
        const name = isShown ? "Write" : "Other";
        for (const delta of deltas) yield { type: "callInput", id: "w1", name, delta };
        yield {
          type: "end",
          message: { role: "assistant", parts: [{ type: "text", text: "Done." }], stop: "end", usage: noUsage },
        };
      },
    };
    for await (const event of openRun({ model, scaffoldFirst: false })) {
      if (event.type === "agent") live.take(event.event);
    }
    const { user, system } = process.cpuUsage(begun);
    costs.push((user + system) / 1000);
  }
  return Math.min(...costs);
}

const [unseen, seen] = [await streamedWrite(false), await streamedWrite(true)];
console.log(
  `200 KB Write in ${deltas.length} pieces: ${seen.toFixed(0)} ms of CPU in the session, ${(seen - unseen).toFixed(0)} of it for the preview; promised 50`,
);

const sentAt: number[] = [];
globalThis.fetch = async () => {
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      controller.enqueue(encoded([started]));
      await new Promise((later) => setTimeout(later, 50));
      sentAt.push(performance.now());
      controller.enqueue(encoded([...textBlock(0, "Hello"), ...finished("end_turn")]));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};
const late: number[] = [];
for (let turn = 0; turn < 10; turn++) {
  const model = createAnthropicModel({ apiKey: "sk-bench", baseUrl: "http://127.0.0.1", model: "opus" });
  for await (const event of openRun({ model, scaffoldFirst: false })) {
    const isWord = event.type === "agent" && event.event.type === "text";
    if (isWord) late.push(performance.now() - (sentAt.at(-1) ?? 0));
  }
}
globalThis.fetch = realFetch;
late.sort((one, other) => one - other);
console.log(
  `the first word is handed to the chat ${late[late.length >> 1]?.toFixed(1)} ms after it has come (median of ${late.length}, at most ${late.at(-1)?.toFixed(1)}); promised 50`,
);
