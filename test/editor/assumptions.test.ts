import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const api = "# Notes API\n\n### POST /notes\n\nMake a note.\n";
const sql = "CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL);\n";

async function openNotes(context: TestContext): Promise<void> {
  await startWithoutChat();
  context.after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const path of ["notes", ".backend"]) await vscode.workspace.fs.delete(uriOf(path), { recursive: true });
  });
  for (const [path, text] of [
    ["notes/api.md", api],
    ["notes/schema.sql", sql],
  ] as const) {
    await write(path, text);
    await vscode.window.showTextDocument(uriOf(path), { preview: false });
  }
}

/** The ids of what is assumed in the document and still open. */
function open(path: string): readonly string[] {
  return vscode.languages
    .getDiagnostics(uriOf(path))
    .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Hint)
    .map(({ code }) => String(code))
    .sort();
}

async function decisions(): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uriOf(".backend/design.yaml")));
}

test("a plan marks what is assumed; the light bulb confirms it, a correction changes the design", {
  timeout: 120_000,
}, async (context) => {
  await openNotes(context);
  await vscode.commands.executeCommand("backendImplementer.plan");
  assert.deepEqual(open("notes/api.md"), ["answer:POST /notes", "request:POST /notes", "status:POST /notes"]);
  assert.deepEqual(open("notes/schema.sql"), ["model:NoteOut"]);

  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uriOf("notes/api.md"),
    new vscode.Range(2, 0, 2, 1),
  );
  const confirm = actions.find(({ title }) => title === "Confirm: request { title: string }");
  assert.ok(confirm?.command, actions.map(({ title }) => title).join(", "));
  await vscode.commands.executeCommand(confirm.command.command, ...(confirm.command.arguments ?? []));
  assert.match(await decisions(), /request:POST \/notes:\n {4}confirmed: "\{ title: string \}"/);
  assert.deepEqual(open("notes/api.md"), ["answer:POST /notes", "status:POST /notes"]);

  await vscode.commands.executeCommand("backendImplementer.correctAssumption", "status:POST /notes", "202");
  assert.match(await decisions(), /status:POST \/notes:\n {4}assumed: "201"\n {4}corrected: "202"/);
  assert.deepEqual(open("notes/api.md"), ["answer:POST /notes"]);

  await vscode.commands.executeCommand("backendImplementer.reopenAssumption", "status:POST /notes");
  assert.doesNotMatch(await decisions(), /status:/);
  assert.deepEqual(open("notes/api.md"), ["answer:POST /notes", "status:POST /notes"]);
});
