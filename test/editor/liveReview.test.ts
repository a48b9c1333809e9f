import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { registerLiveReview } from "../../src/vscode/liveReview.ts";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

type Parts = Parameters<typeof registerLiveReview>[0];

test("the first edit of a saved file is typing as the others are, and what is saved is looked at anew", {
  timeout: 60_000,
}, async (context) => {
  await startWithoutChat();
  await write("live.py", "one = 1\n");
  const asked: string[] = [];
  const live = registerLiveReview({
    folder: uriOf(""),
    repeatedReview: {
      remember: () => undefined,
      design: () => ({}) as ReturnType<Parts["repeatedReview"]["design"]>,
      repeat: () => asked.push("anew"),
      typing: (path) => asked.push(`typing in ${path}`),
      repeatTyped: () => asked.push("what was typed"),
      dispose: () => undefined,
    },
    assumptions: { hasRead: () => false, reread: async () => undefined } as unknown as Parts["assumptions"],
    log: { info: () => undefined, warn: () => undefined, error: (message) => assert.fail(message) },
  });
  context.after(async () => {
    live.dispose();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.workspace.fs.delete(uriOf("live.py"));
  });
  const editor = await vscode.window.showTextDocument(uriOf("live.py"), { preview: false });
  const type = (text: string) => editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
  await type("two = 2\n");
  await until(asked, ["typing in live.py", "what was typed"]);
  await type("three = 3\n");
  await until(asked, ["typing in live.py", "what was typed"]);
  await editor.document.save();
  await until(asked, ["anew"]);
});

/** It is asked for so, and for nothing else; then forgotten. */
async function until(asked: string[], expected: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + 20_000; asked.at(-1) !== expected.at(-1); await setTimeout(50)) {
    if (Date.now() > deadline) break;
  }
  assert.deepEqual(asked.splice(0), expected);
}
