import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const sql =
  "CREATE TABLE shelves (\n  id uuid PRIMARY KEY,\n  title text NOT NULL\n);\n\nCREATE TABLE lamps (\n  id uuid PRIMARY KEY\n);\n";
const models = `from sqlalchemy import Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(Text, nullable=False)
`;

async function lenses(path: string): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uriOf(path),
    50,
  );
  return found
    .filter(({ command }) => command?.title.startsWith("$(") === true)
    .map(({ range, command }) => `${range.start.line + 1} ${command?.title}`)
    .sort();
}

/** What is shown follows an edit by itself; undefined as soon as it says what it should. */
async function until(path: string, expected: readonly string[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await lenses(path);
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > deadline) assert.deepEqual(found, expected);
    await setTimeout(100);
  }
}

test("design and code lead to each other, and what is shown follows edits of both", {
  timeout: 120_000,
}, async (context) => {
  await startWithoutChat();
  await write("library/schema.sql", sql);
  await write("library/app/models.py", models);
  context.after(async () => {
    for (const path of ["library/schema.sql", "library/app/models.py"]) {
      await vscode.window.showTextDocument(uriOf(path), { preview: false });
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
    await vscode.workspace.fs.delete(uriOf("library"), { recursive: true });
  });
  const design = await vscode.window.showTextDocument(uriOf("library/schema.sql"), { preview: false });
  await vscode.commands.executeCommand("backendImplementer.check");
  const missing = "6 $(error) missing";
  await until("library/schema.sql", ["1 $(pass-filled) implemented · app/models.py:9", missing]);

  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    uriOf("library/app/models.py"),
    new vscode.Position(12, 6),
  );
  const texts = hovers.flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value));
  const ours = texts.find((text) => text.includes("title"));
  assert.match(ours ?? "", /implemented · \[schema\.sql:3\]\(file:.*schema\.sql#L3\)\n```text\ntitle text not null/);

  const code = await vscode.window.showTextDocument(uriOf("library/app/models.py"), { preview: false });
  const above = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uriOf("library/app/models.py"),
    50,
  );
  const titles = above.map(({ range, command }) => `${range.start.line + 1} ${command?.title}`);
  assert.ok(titles.includes("9 implements shelves · schema.sql:1"), titles.join(", "));
  code.selection = new vscode.Selection(12, 0, 12, 0);
  await vscode.commands.executeCommand("backendImplementer.goToDesign");
  const there = vscode.window.activeTextEditor;
  assert.deepEqual([there?.document.uri.path, there?.selection.active.line], [uriOf("library/schema.sql").path, 2]);

  // Neither edit is saved: what people see is what counts.
  const editor = await vscode.window.showTextDocument(uriOf("library/app/models.py"), { preview: false });
  await editor.edit((edit) => edit.replace(new vscode.Range(12, 39, 12, 43), "Uuid"));
  await until("library/schema.sql", [
    "1 $(warning) differs: 1 part of it is not as designed · app/models.py:9",
    "3 $(warning) differs: Type is uuid, the design says text · app/models.py:13",
    missing,
  ]);
  assert.equal(design.document.isDirty, false);
  const again = await vscode.window.showTextDocument(uriOf("library/schema.sql"), { preview: false });
  await again.edit((edit) => edit.replace(new vscode.Range(2, 8, 2, 12), "uuid"));
  await until("library/schema.sql", ["1 $(pass-filled) implemented · app/models.py:9", missing]);
});
