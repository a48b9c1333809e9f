import assert from "node:assert/strict";
import { test } from "node:test";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const sql =
  "CREATE TABLE shelves (\n  id uuid PRIMARY KEY,\n  title text NOT NULL\n);\nCREATE INDEX idx_shelves_title ON shelves (titel);\n";

function designUri(): vscode.Uri {
  return uriOf("misspelt/schema.sql");
}

test("a wrong column of an index is marked with a link to what it means, and the light bulb corrects it", {
  timeout: 120_000,
}, async (context) => {
  // Not in hooks: those of all files run around all tests, and there the documents of the others are open too.
  await startWithoutChat();
  await write("misspelt/schema.sql", sql);
  await vscode.window.showTextDocument(designUri(), { preview: false });
  context.after(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(designUri(), ".."), { recursive: true });
  });
  await vscode.commands.executeCommand("backendImplementer.plan");
  const found = vscode.languages.getDiagnostics(designUri()).filter(({ code }) => codeOf(code) === "SPEC-INDEX");
  assert.deepEqual(
    found.map(({ range, severity, message }) => ({ line: range.start.line, severity, message })),
    [
      {
        line: 4,
        severity: vscode.DiagnosticSeverity.Warning,
        message:
          "Index idx_shelves_title is on column shelves.titel, which no document defines; add it or correct the name.",
      },
    ],
  );
  await explains(found[0]?.code);

  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    designUri(),
    new vscode.Range(4, 0, 4, 0),
    vscode.CodeActionKind.QuickFix.value,
  );
  const fix = actions.find(({ title }) => title === "Change titel to title");
  assert.ok(fix?.edit, actions.map(({ title }) => title).join(", "));
  await vscode.workspace.applyEdit(fix.edit);
  const document = await vscode.workspace.openTextDocument(designUri());
  assert.equal(document.getText(), sql.replace("titel", "title"));
});

function codeOf(code: vscode.Diagnostic["code"]): string | undefined {
  return typeof code === "object" ? String(code.value) : undefined;
}

/** The link leads to a heading of a document that we ship. */
async function explains(code: vscode.Diagnostic["code"]): Promise<void> {
  assert.ok(typeof code === "object");
  assert.equal(code.target.fragment, "spec-index");
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(code.target.with({ fragment: "" })));
  assert.match(text, /^#+ SPEC-INDEX$/m);
}
