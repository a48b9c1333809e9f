import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const untidy = `import sys
import os


def names(prefix):
    return [os.name,sys.platform, prefix]


def show(value: str):
    print(value)
`;

function problems(): readonly string[] {
  return (
    vscode.languages
      .getDiagnostics(uriOf("tidy/app/names.py"))
      .filter(({ source }) => source === "Backend Implementer checklist")
      // The folder's other documents have error codes, which this file does not raise.
      .filter(({ code }) => typeof code === "object" && code.value !== "errors")
      .map(({ code, range }) => `${range.start.line + 1} ${typeof code === "object" ? code.value : code}`)
      .sort()
  );
}

async function until(expected: readonly string[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (JSON.stringify(problems()) !== JSON.stringify(expected)) {
    if (Date.now() > deadline) assert.deepEqual(problems(), expected);
    await setTimeout(100);
  }
}

async function lightBulb(line: number, title: string): Promise<vscode.CodeAction> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uriOf("tidy/app/names.py"),
    new vscode.Range(line - 1, 0, line - 1, 1),
    vscode.CodeActionKind.QuickFix.value,
    10,
  );
  const action = actions.find((candidate) => candidate.title === title);
  assert.ok(action, actions.map((candidate) => candidate.title).join(", "));
  return action;
}

test("what the checklist finds is in Problems; the light bulb tidies the file and notes what is meant to be so", {
  timeout: 120_000,
}, async (context) => {
  await startWithoutChat();
  await write("tidy/schema.sql", "CREATE TABLE cups (id uuid PRIMARY KEY);\n");
  await write("tidy/app/names.py", untidy);
  context.after(async () => {
    await vscode.window.showTextDocument(uriOf("tidy/app/names.py"), { preview: false });
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.workspace.fs.delete(uriOf("tidy"), { recursive: true });
  });
  await vscode.window.showTextDocument(uriOf("tidy/schema.sql"), { preview: false });
  await vscode.commands.executeCommand("backendImplementer.check");
  await until(["1 format", "5 annotations", "5 annotations", "6 format", "9 annotations"]);

  await vscode.window.showTextDocument(uriOf("tidy/app/names.py"), { preview: false });
  const tidy = await lightBulb(1, "Sort the imports and format the file");
  assert.ok(tidy.edit);
  await vscode.workspace.applyEdit(tidy.edit);
  await until(["5 annotations", "5 annotations", "9 annotations"]);

  const annotate = await lightBulb(9, "Add the return type -> None");
  assert.ok(annotate.edit);
  await vscode.workspace.applyEdit(annotate.edit);
  await until(["5 annotations", "5 annotations"]);

  const ignore = await lightBulb(5, "Ignore annotations here, with a reason");
  assert.ok(ignore.edit);
  await vscode.workspace.applyEdit(ignore.edit);
  await until([]);
  const document = await vscode.workspace.openTextDocument(uriOf("tidy/app/names.py"));
  assert.equal(
    document.getText(),
    "import os\nimport sys\n\n\ndef names(prefix):  # backend: ignore[annotations] why this is right here\n    return [os.name, sys.platform, prefix]\n\n\ndef show(value: str) -> None:\n    print(value)\n",
  );
});
