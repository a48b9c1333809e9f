import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as vscode from "vscode";
import { startWithoutChat } from "./testFolder.ts";

const files = ["docs/domain-model.md", "docs/api-contract.md", "docs/database-design.md", "docs/error-handling.md"];

/** The proposed file in front, and the line of the cursor. */
function place(): readonly [path: string, line: number] {
  const editor = vscode.window.activeTextEditor;
  assert.equal(editor?.document.uri.scheme, "backend-proposed");
  const path = vscode.workspace.asRelativePath(editor.document.uri.with({ scheme: "file" }));
  return [path, editor.selection.active.line];
}

async function run(command: string): Promise<readonly [path: string, line: number]> {
  await vscode.commands.executeCommand(`backendImplementer.${command}`);
  return place();
}

/** Templates are proposed without a run. Where the folder has some of them already, it has other words in them. */
async function proposeTemplates(context: TestContext): Promise<void> {
  // Hooks of a file would run before and after all files.
  context.after(async () => {
    await vscode.commands.executeCommand("backendImplementer.rejectAll");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  await startWithoutChat();
  await vscode.commands.executeCommand("backendImplementer.rejectAll");
  await vscode.commands.executeCommand("backendImplementer.createTemplates");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

test("next and previous walk through all changes of all files, and a decision goes on", {
  timeout: 120_000,
}, async (context) => {
  await proposeTemplates(context);
  const first = await run("nextChange");
  const walk = [first];
  for (;;) {
    const next = await run("nextChange");
    if (String(next) === String(first)) break;
    assert.ok(walk.length < 50, "it comes round to the first");
    walk.push(next);
  }
  assert.deepEqual([...new Set(walk.map(([path]) => path))], files);
  const inFirst = walk.filter(([path]) => path === files[0]);
  assert.ok(inFirst.length > 1, "one file has several changes");
  assert.deepEqual(
    inFirst.map(([, line]) => line),
    inFirst.map(([, line]) => line).toSorted((left, right) => left - right),
  );

  assert.equal((await run("previousChange"))[0], files[3]);
  assert.equal((await run("rejectFile"))[0], files[0]);
  assert.equal((await run("undoDecision"))[0], files[3]);
  const [path, line] = await run("nextChange");
  const [next, nextLine] = await run("acceptHunk");
  assert.equal(next, path);
  assert.ok(nextLine > line, "the change below comes next");
  assert.equal((await run("undoDecision"))[0], path);
});
