/**
 * What a person does with a run in the browser: watches a file grow, tells the model something, closes the window on
 * it, goes on with it in the next one, asks why it proposes something and answers, reads the transcript and exports it;
 * and stops one.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after } from "node:test";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, windowTest } from "../harness/window.ts";
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
import { assertValidRequest, bodyOf } from "../support/validRequest.ts";
import * as journey from "./journey.ts";

const key = "sk-ant-recorded-8f3kQ92mZx71";
const path = "src/app/core/clock.py";
const text =
  '"""The time of day."""\n\nfrom datetime import UTC, datetime\n\n\ndef now() -> datetime:\n    """Return it."""\n    return datetime.now(UTC)\n';

const noList = failure(404, "not_found_error", "There is no list here.");
/** Not to be trusted: what of it would be a link or a picture in Markdown is to be none. */
const why =
  "Times are in UTC. [Accept](command:backendImplementer.acceptAll) https://example.com/a ![i](https://example.com/i)";
const whole = [
  started,
  ...textBlock(0, why),
  ...toolBlock(1, "t1", "Write", ...(JSON.stringify({ file_path: path, content: text }).match(/.{1,20}/gs) ?? [])),
  ...finished("tool_use"),
];
const half = whole.slice(0, Math.floor(whole.length / 2));

/** Sends the first half of the answer, and the rest when it is let go. */
function held(): { readonly script: Script; readonly letGo: () => void } {
  let letGo = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const script: Script = async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(encoded(half));
    await promise;
    response.end(encoded(whole.slice(half.length)));
  };
  return { script, letGo };
}

const done = events([started, ...textBlock(0, "Done.\n\n### Skills Used\n\nNone"), ...finished("end_turn")]);
const reaction = "The weekday has a name of its own now.";
const answered = JSON.stringify({ file_path: path, content: text.replace("def now", "def weekday") });
const write = held();
/** A gateway without a list of models is asked for it before each run, and once more to see whether there is a model at all. */
const api = await startMessagesApi(
  ...[noList, write.script, events([started], "stall")],
  ...[noList, done],
  ...[
    noList,
    noList,
    events([started, ...toolBlock(0, "t2", "Read", JSON.stringify({ file_path: path })), ...finished("tool_use")]),
  ],
  ...[
    events([started, ...textBlock(0, reaction), ...toolBlock(1, "t3", "Write", answered), ...finished("tool_use")]),
    done,
  ],
);
const stopping = await startMessagesApi(noList, events(whole), events([started, ...textBlock(0, "Thin")], "stall"));

after(() => Promise.all([api.close(), stopping.close()]));

const claude = (url: string) => ({
  fixture: "orders",
  settings: { "backendImplementer.model": "anthropic" },
  machineSettings: { "backendImplementer.anthropic.baseUrl": url },
});

async function setKey({ workbench }: EditorWindow): Promise<void> {
  await workbench.command("Backend Implementer: Set Anthropic API Key");
  const input = workbench.page.locator(".quick-input-widget input[type=password]");
  await input.fill(key);
  await input.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** Opens the file as it is proposed, or just being written, and reads it where its reader does. */
function shownText({ bridge }: EditorWindow): Promise<string> {
  return bridge.run(async (vscode, relative) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path;
    const uri = vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/${relative}` });
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    if (document) return document.getText();
    return (await vscode.window.showTextDocument(uri, { preview: false })).document.getText();
  }, path);
}

windowTest("a run is watched, steered, left, gone on with, and read", claude(api.url), async (window) => {
  const { workbench, editor, folder } = window;
  await journey.openDocuments(window);
  await setKey(window);
  await workbench.ask("@backend implement");
  await eventually(
    () => api.requests.length,
    (count) => count === 2,
  );

  const growing = await eventually(
    () => shownText(window),
    (shown) => shown.length > 0,
  );
  assert.ok(growing.length < text.length && text.startsWith(growing), growing);
  assert.ok(!existsSync(join(folder, path)));

  await workbench.command("Backend Implementer: Steer the Run");
  const input = workbench.page.locator(".quick-input-widget input");
  await input.fill("Use UTC everywhere.");
  await input.press("Enter");
  await workbench.status("The run is told at its next turn").waitFor();
  write.letGo();
  await eventually(
    () => shownText(window),
    (shown) => shown === text,
  );
  await eventually(
    () => api.requests.length,
    (count) => count === 3,
  );
  const told = api.requests[2] ?? assert.fail();
  assert.equal(bodyOf(told).messages.at(-1)?.content.at(-1)?.text, "The user says meanwhile: Use UTC everywhere.");

  const logs = () => globSync(join(editor.dataFolder, "data/User/globalStorage/*/folders/*/review.log"));
  await eventually(logs, (files) => files.some((file) => readFileSync(file, "utf8").includes('"run:2"')));
  await window.reload();

  const answer = await workbench.answerText(await workbench.ask("@backend /continue"));
  assert.match(answer, /Backend proposed/);
  assert.equal(api.requests.length, 5);
  const resumed = api.requests[4] ?? assert.fail();
  api.requests
    .slice(1)
    .filter(({ url }) => url === "/v1/messages")
    .forEach(assertValidRequest);
  assert.match(JSON.stringify(bodyOf(resumed).messages.at(-1)), /Use UTC everywhere\..*Go on where you stopped/);
  assert.equal(await journey.readProposal(window, path), text);

  await rejectBecause(window, ".gitignore", "We keep it by hand.");
  await comment(window, "What is the name for?");
  await workbench.ask("@backend name the weekday too");
  await eventually(
    () => api.requests.length,
    (count) => count === 10,
  );
  const followed = api.requests[7] ?? assert.fail();
  const asked = bodyOf(followed).messages.at(-1)?.content.at(-1)?.text ?? "";
  assert.match(asked, /^name the weekday too\n/);
  assert.match(asked, /The user rejected .* in \.gitignore: We keep it by hand\./);
  assert.match(asked, /The user says of .* in src\/app\/core\/clock\.py: What is the name for\?/);
  assertValidRequest(followed);
  await threadHolds(window, why, "What is the name for?", reaction);
  const target = join(folder, "transcript.md");
  await workbench.command("Backend Implementer: Export Transcript");
  const name = workbench.page.locator(".quick-input-widget input").first();
  await eventually(
    () => name.inputValue(),
    (value) => value === target,
  );
  await name.press("Enter");
  const exported = await eventually(() => (existsSync(target) ? readFileSync(target, "utf8") : ""), Boolean);
  assert.match(exported, /Use UTC everywhere\.[\s\S]*Done\./);
  assert.ok(!exported.includes(key));
  await workbench.command("Backend Implementer: Show Transcript");
  await workbench.tab(`Preview ${basename("Transcript.md")}`).waitFor();
});

async function rejectBecause(window: EditorWindow, file: string, reason: string): Promise<void> {
  const { keyboard } = window.workbench.page;
  await journey.openProposal(window, file);
  await keyboard.press("Control+Alt+N");
  await window.workbench.page.getByText("The agent is told in its next turn").waitFor();
  await keyboard.type(reason);
  await keyboard.press("Enter");
  await window.workbench.tab(`${file} (proposed)`).waitFor({ state: "detached" });
}

/** Asks why the model has written the file, and answers in the same thread, by keyboard alone. */
async function comment(window: EditorWindow, words: string): Promise<void> {
  const { page } = window.workbench;
  await journey.openProposal(window, path);
  await page.keyboard.press("Control+Alt+Y");
  const thread = page.locator(".review-widget", { hasText: why });
  await thread.waitFor();
  assert.equal(await thread.locator(".comment-body").locator("a, img, code").count(), 0, "it is text and no Markdown");
  await page.keyboard.press("Control+Alt+Y");
  await page.locator(".review-widget :focus").first().waitFor();
  await page.keyboard.press("Tab");
  await thread.locator(".comment-form-container.expand").waitFor();
  await page.keyboard.type(words);
  await thread.getByText("Tell the Agent").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator(".review-widget", { hasText: "Told to the agent in its next turn" }).waitFor();
}

async function threadHolds(window: EditorWindow, ...said: readonly string[]): Promise<void> {
  await journey.openProposal(window, path);
  await window.workbench.page.keyboard.press("Control+Alt+Y");
  const comments = window.workbench.page.locator(".review-widget .comment-body");
  await eventually(
    async () => (await comments.allTextContents()).map((text) => text.replace(/\s+/g, " ").trim()),
    (shown) => JSON.stringify(shown) === JSON.stringify(said),
  );
}

windowTest("Stop ends a run at once and leaves all that was proposed", claude(stopping.url), async (window) => {
  const { workbench, bridge } = window;
  await journey.openDocuments(window);
  await setKey(window);
  const answer = await workbench.ask("@backend implement");
  await eventually(
    () => stopping.requests.length,
    (count) => count === 3,
  );
  const begun = Date.now();
  await workbench.page.keyboard.press("Control+Escape");
  await workbench.answerText(answer);
  assert.ok(Date.now() - begun < 10_000);
  assert.equal(await journey.readProposal(window, path), text);
  // The palette no longer offers it, a key that somebody has given it does.
  await bridge.run(async (vscode) => void vscode.commands.executeCommand("backendImplementer.steer"), undefined);
  await workbench.notification("NO_RUN");
});
