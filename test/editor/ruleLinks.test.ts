import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const domain = "# Domain model\n\n## Kettle\n\n### Business rules\n\n- BR-77: A kettle that is empty is not heated.\n";
const service =
  "def heat(litres: int) -> int:\n    if litres == 0:\n        raise ValueError(litres)\n    return litres\n";

async function actions(): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uriOf("kitchen/domain.md"),
    new vscode.Range(6, 3, 6, 3),
    vscode.CodeActionKind.QuickFix.value,
  );
  return found.map(({ title }) => title).filter((title) => title.includes("BR-77"));
}

async function lenses(): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uriOf("kitchen/domain.md"),
    50,
  );
  return found.filter(({ range }) => range.start.line === 6).map(({ command }) => command?.title ?? "");
}

async function until(what: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await what();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > deadline) assert.deepEqual(found, expected);
    await setTimeout(100);
  }
}

test("a business rule is linked to a function where it stands, told when the function is gone, and unlinked", {
  timeout: 120_000,
}, async (context) => {
  await startWithoutChat();
  await write("kitchen/domain.md", domain);
  await write("kitchen/heating.py", service);
  context.after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const path of ["kitchen", ".backend"]) await vscode.workspace.fs.delete(uriOf(path), { recursive: true });
  });
  await vscode.window.showTextDocument(uriOf("kitchen/domain.md"), { preview: false });
  await vscode.commands.executeCommand("backendImplementer.check");
  const link = "Link BR-77 to a function…";
  await until(actions, [link]);

  await vscode.commands.executeCommand("backendImplementer.linkRule", "rule:BR-77", "kitchen/heating.py::heat");
  await until(actions, [link, "Unlink BR-77 from its function"]);
  const decisions = await vscode.workspace.fs.readFile(uriOf(".backend/design.yaml"));
  assert.match(new TextDecoder().decode(decisions), /^rules:\n {2}BR-77: kitchen\/heating\.py::heat$/m);
  await until(lenses, ["$(pass-filled) linked · kitchen/heating.py:1"]);

  const editor = await vscode.window.showTextDocument(uriOf("kitchen/heating.py"), { preview: false });
  const rename = async (name: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(editor.document.uri, new vscode.Range(0, 4, 0, 8), name);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  await rename("boil");
  await until(lenses, ["$(warning) differs: Is linked to kitchen/heating.py::heat, which the code does not have"]);
  await rename("heat");
  await until(lenses, ["$(pass-filled) linked · kitchen/heating.py:1"]);

  await editor.document.save();

  await vscode.commands.executeCommand("backendImplementer.unlinkRule", "rule:BR-77");
  await until(actions, [link]);
});
