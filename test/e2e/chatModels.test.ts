/**
 * What can go wrong with a model of somebody else, in the chat: one that calls no tools, a quota that is used up, a
 * consent that is missing, and a window too small for the history. Each is named, offers Resume, and loses nothing.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { root, temporaryFolder } from "../harness/paths.ts";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, ourExtension, windowTest } from "../harness/window.ts";
import type { RecordedTurn } from "../support/recording.ts";
import * as journey from "./journey.ts";

const path = "src/app/core/clock.py";
const text = '"""The time of day."""\n\nNAME = "clock"\n';
const long = ["database-design", "domain-model", "error-handling"].map((name) => `docs/${name}.md`);
/** As the harness's extension says it; design and instructions fill two thirds of it. */
const narrowWindow = 30_000;

const turns: readonly RecordedTurn[] = [
  { text: "Now the clock.", calls: [{ name: "Write", input: { file_path: path, content: text } }] },
  { fails: "ChatQuotaExceeded" },
  { fails: "NoPermissions" },
  ...long.map((file) => ({ text: `I look at ${file}.`, calls: [{ name: "Read", input: { file_path: file } }] })),
  { text: "Done." },
];

const recording = join(temporaryFolder("recording"), "turns.json");
writeFileSync(recording, JSON.stringify(turns));

windowTest(
  "a model without tools, without quota, without consent, and with a small window: each is named and gone on with",
  {
    fixture: "orders",
    extensions: { ...ourExtension, "harness.recorded-model-0.0.1": join(root, "test/harness/recordedModel") },
    environment: { BACKEND_IMPLEMENTER_RECORDING: recording },
  },
  async (window) => {
    const { workbench } = window;
    await journey.openDocuments(window);
    // An agent's picker has no models without tools; that of a plain question has.
    await window.bridge.command("workbench.action.chat.open", { mode: "ask" });
    await workbench.pickModel("Toolless");
    await workbench.ask("@backend implement");
    await answered(window, /MODEL_WITHOUT_TOOLS: Toolless calls no tools/);

    await workbench.pickModel("Recorded Model");
    await workbench.ask("@backend implement");
    const first = await answered(
      window,
      /The model cannot be asked\s*MODEL_QUOTA: the quota for Recorded Model is used up/,
    );
    assert.match((await first.textContent()) ?? "", /\/continue goes on from here/);
    const buttons = await first.locator(".chat-command-button").allTextContents();
    assert.deepEqual(
      buttons.map((title) => title.trim()),
      ["Resume", "Review All Proposals", "Accept All Proposals"],
    );

    await resume(first);
    const second = await answered(window, /MODEL_CONSENT: this extension may not use Recorded Model yet/);
    assert.equal(await journey.readProposal(window, path), text);

    await workbench.pickModel("Narrow Window");
    await resume(second);
    await answered(window, /Backend proposed/);
    assert.equal(await journey.readProposal(window, path), text);
    await assertFitted(window);
  },
);

/** The newest answer, once it is complete and says this; the ones above are not in the page when they are off the screen. */
async function answered({ workbench }: EditorWindow, says: RegExp): Promise<Locator> {
  const answer = workbench.page.locator(".interactive-response:not(.chat-response-loading)").last();
  await eventually(
    async () => ((await answer.count()) > 0 ? ((await answer.textContent()) ?? "") : ""),
    (said) => says.test(said.replaceAll("\u00a0", " ")),
  );
  return answer;
}

async function resume(answer: Locator): Promise<void> {
  await answer.getByRole("button", { name: "Resume", exact: true }).click();
}

interface Sent {
  readonly id: string;
  readonly messages: readonly { readonly parts: readonly { readonly text?: string; readonly content?: string }[] }[];
}

/** Every request to the model with the small window is smaller than that, because earlier turns were left out on the way. */
async function assertFitted({ bridge }: EditorWindow): Promise<void> {
  const all: readonly Sent[] = await bridge.run(
    () => (globalThis as unknown as { recordedRequests: readonly Sent[] }).recordedRequests,
    undefined,
  );
  const narrow = all.filter(({ id }) => id === "recorded-narrow").map(({ messages }) => JSON.stringify(messages));
  assert.equal(all.length, turns.length);
  assert.equal(narrow.length, long.length + 1);
  assert.ok(
    narrow.every((sent) => sent.length / 3.2 < narrowWindow),
    narrow.map(({ length }) => length).join(),
  );
  assert.match(narrow.at(-1) ?? "", /Earlier turns of this run were left out.*Proposed: src\/app\/core\/clock\.py/);
}
