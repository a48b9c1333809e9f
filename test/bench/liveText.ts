/**
 * What a model streams, as its reader sees it, in the real workbench with the scripted server: how late a first word is
 * on the screen after it was sent, and what a file of 200 KB that is shown while it is written costs the extension
 * host. It informs and never fails. Alone, with the bundles built: `node test/bench/liveText.ts`.
 */
import assert from "node:assert/strict";
import { median } from "../harness/activation.ts";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, openWindow } from "../harness/window.ts";
import {
  encoded,
  events,
  failure,
  finished,
  type Script,
  started,
  startMessagesApi,
  textBlock,
  toolBlock,
} from "../support/messagesApi.ts";

const words = Array.from({ length: 12 }, (_, at) => `Sentence${at}`);
const path = "src/app/core/big.py";
const written = JSON.stringify({ file_path: path, content: "x = 'value'\n".repeat(17_000) });
const pieces = written.match(/.{1,16}/gs) ?? [];
const streamMs = 5000;
const repeats = 3;

const sentAt = new Map<string, number>();
const costs: Record<string, number[]> = { Write: [], Other: [] };
const opened: { window?: EditorWindow } = {};

const pause = (milliseconds: number): Promise<void> => new Promise((later) => setTimeout(later, milliseconds));

/** A word after some silence, and then a call, so that the next turn comes. */
function saying(word: string, at: number): Script {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(encoded([started]));
    await pause(1500);
    sentAt.set(word, Date.now());
    response.write(encoded(textBlock(0, `${word} `, "and more.")));
    await pause(500);
    response.end(encoded([...toolBlock(1, `r${at}`, "Glob", `{"pattern":"${word}"}`), ...finished("tool_use")]));
  };
}

/** The file in pieces over some seconds; under another name the same call is not looked into. */
function writing(name: string, at: number): Script {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const [head, ...rest] = toolBlock(0, `w${at}`, name, ...pieces);
    response.write(encoded([started, head ?? {}]));
    await pause(1000);
    const before = await processorTime();
    const ticks = 200;
    const each = Math.ceil(rest.length / ticks);
    const begun = performance.now();
    for (let tick = 0; tick < ticks; tick++) {
      response.write(encoded(rest.slice(tick * each, (tick + 1) * each)));
      await pause(Math.max(0, begun + ((tick + 1) * streamMs) / ticks - performance.now()));
    }
    await pause(300);
    costs[name]?.push((await processorTime()) - before);
    response.end(encoded(finished("tool_use")));
  };
}

/** Milliseconds that the extension host has computed. */
function processorTime(): Promise<number> {
  const { bridge } = opened.window ?? assert.fail("nothing is asked before the window is open");
  return bridge.run(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }, undefined);
}

const done = events([started, ...textBlock(0, "Done."), ...finished("end_turn")]);
const noList = failure(404, "not_found_error", "There is no list here.");
const writes = Array.from({ length: repeats }, (_, at) => [writing("Other", 2 * at), writing("Write", 2 * at + 1)]).map(
  (pair, at) => [...pair, saying(`Between${at}`, 100 + at)],
);
const api = await startMessagesApi(...[noList, ...words.map(saying), ...writes.flat(), ...Array(9).fill(done)]);

const window = await openWindow({
  fixture: "orders",
  settings: { "backendImplementer.model": "anthropic" },
  machineSettings: { "backendImplementer.anthropic.baseUrl": api.url },
});
opened.window = window;
try {
  const { workbench, bridge } = window;
  await workbench.command("Backend Implementer: Set Anthropic API Key");
  const input = workbench.page.locator(".quick-input-widget input[type=password]");
  await input.fill("sk-ant-bench-8f3kQ92mZx71");
  await input.press("Enter");
  await input.waitFor({ state: "hidden" });
  await workbench.page.evaluate(watcher(words));
  const answer = await workbench.ask("@backend implement");
  // There is nothing to be shown before the first of it has come.
  await eventually(() => showFile(bridge), Boolean);
  await eventually(
    () => costs["Write"]?.length,
    (count) => count === repeats,
  );
  const seen: Readonly<Record<string, number>> = await workbench.page.evaluate("globalThis.seenAt");
  await workbench.answerText(answer);
  const late = words.flatMap((word) => (seen[word] === undefined ? [] : [seen[word] - (sentAt.get(word) ?? 0)]));
  console.log(
    `\na first word is on the screen ${median(late)} ms after it was sent (median of ${late.sort((one, other) => one - other).join(", ")}); promised 50`,
  );
  const [other, write] = [costs["Other"] ?? [], costs["Write"] ?? []].map((all) => Math.min(...all));
  console.log(
    `200 KB Write over ${streamMs / 1000} s in ${pieces.length} pieces: ${write?.toFixed(0)} ms of CPU of the extension host, ${((write ?? 0) - (other ?? 0)).toFixed(0)} of it for showing it; promised 50`,
  );
} finally {
  await window.close();
  await api.close();
}

async function showFile(bridge: EditorWindow["bridge"]): Promise<boolean> {
  const shown = bridge.run(async (vscode, relative) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path;
    await vscode.window.showTextDocument(
      vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/${relative}` }),
    );
  }, path);
  return shown.then(
    () => true,
    () => false,
  );
}

/** For the page: notes when each word is first there. */
function watcher(wanted: readonly string[]): string {
  return `{
    const wanted = ${JSON.stringify(wanted)};
    globalThis.seenAt = {};
    new MutationObserver(() => {
      const next = wanted.find((word) => !(word in seenAt));
      if (next && document.querySelector(".interactive-session")?.textContent.includes(next)) seenAt[next] = Date.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }`;
}
