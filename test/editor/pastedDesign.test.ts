import assert from "node:assert/strict";
import { test } from "node:test";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

/** As a chat answers: everything in one text, with words around it. */
const paste = `Sure! Here is a design for your memos.

### POST /memos

Makes a memo.

**Request body**

| Field | Type | Required |
|---|---|---|
| title | string (1..120) | yes |

**Response 201**: \`Memo\`

## Models

### Memo

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| title | string (1..120) | yes |

## Database

\`\`\`sql
CREATE TABLE memos (
  id    uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
  title varchar(120) NOT NULL
);
\`\`\`

## Error codes

| Code | HTTP status | Message |
|---|---|---|
| \`VALIDATION_ERROR\` | 400 | The request is not valid |
`;

/** The project that the other tests have has documents of its own under docs/. */
const names = ["domain-model", "api-contract", "database-design", "error-handling"];
const written = names.map((name) => `docs/pasted/${name}.md`);
const present = "docs/api-contract.md";

test("a pasted answer becomes documents that are proposed, accepted and implemented", {
  timeout: 120_000,
}, async (context) => {
  context.after(async () => {
    await vscode.commands.executeCommand("backendImplementer.rejectAll");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const path of [present, "docs/pasted"]) await vscode.workspace.fs.delete(uriOf(path), { recursive: true });
  });
  await startWithoutChat();
  await write(present, "# API contract\n");
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content: paste });
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("backendImplementer.convertPaste");
  const proposed = await Promise.all(written.map((path) => read("backend-proposed", path)));
  assert.deepEqual(
    proposed.map((text) => text?.split("\n")[0]),
    ["# Domain model", "# API contract", "# Database design", "# Error handling design"],
  );
  const onDisk = () => Promise.all(written.map((path) => read("file", path)));
  assert.deepEqual(
    await onDisk(),
    written.map(() => undefined),
  );

  await vscode.commands.executeCommand("backendImplementer.acceptAll");
  assert.deepEqual(await onDisk(), proposed);

  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  for (const path of written) await vscode.window.showTextDocument(uriOf(path), { preview: false });
  await vscode.commands.executeCommand("backendImplementer.implement");
  assert.match((await read("backend-proposed", "src/app/api/routers/memos.py")) ?? "", /post\(/);
});

async function read(scheme: string, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uriOf(path).with({ scheme, authority: "" })));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return undefined;
    throw error;
  }
}
