/** An accept that the end of the editor has cut off, and the window after it (research/security.md E16). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import * as vscode from "vscode";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { journalName } from "../../src/node/acceptJournal.ts";
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { carryOnAccept } from "../../src/vscode/review/carryOnAccept.ts";
import { createDecisions } from "../../src/vscode/review/decisions.ts";
import { createWorkspacePaths } from "../../src/vscode/review/workspacePaths.ts";
import { uriOf } from "./testFolder.ts";

const timeout = 60_000;
const writes = [
  { path: "app/a.py", before: "a = 1\n", after: "a = 2\n" },
  { path: "app/b.py", before: undefined, after: "b = 2\n" },
  { path: "c.py", before: "c = 1\n", after: undefined },
  { path: "d.py", before: "d = 1\n", after: "d = 2\n" },
];

test("E16 what was cut off is carried on at the next start, in editors too, and told", { timeout }, async (t) => {
  const { folder, storage, decisions, told } = await cutOff(t, "cut");
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, "app/a.py"), { preview: false });
  await carryOnAccept(decisions, quiet);
  assert.deepEqual(textsIn(folder), { "app/a.py": "a = 2\n", "app/b.py": "b = 2\n", "d.py": "somebody else's\n" });
  assert.deepEqual(told, [
    "Accepting was cut off when the editor ended, and was carried on: the last 2 files written. d.py changed meanwhile and stays as it is.",
  ]);
  assert.deepEqual(readdirSync(storage), []);
  await carryOnAccept(decisions, quiet);
  assert.equal(told.length, 1, "there is nothing to carry on any more");
});

test("E16 in a folder that is not trusted nothing is carried on before it is", { timeout }, async (t) => {
  const { folder, storage, decisions } = await cutOff(t, "untrusted");
  t.mock.getter(vscode.workspace, "isTrusted", () => false);
  const before = textsIn(folder);
  await carryOnAccept(decisions, quiet);
  assert.deepEqual([textsIn(folder), readdirSync(storage)], [before, [journalName]]);
});

const quiet = { info: () => {}, warn: () => {}, error: (message: string) => assert.fail(message) };

/** A window has ended when the first of its writes was done; meanwhile somebody has changed the last file. */
async function cutOff(context: TestContext, name: string) {
  const [folder, storage] = [uriOf(name), uriOf(`${name}-storage`)];
  const put = (path: string, text: string) =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), new TextEncoder().encode(text));
  for (const { path, before } of writes) if (before !== undefined) await put(path, before);
  const earlier = createDiskWriter(folder.fsPath, { storage: storage.fsPath });
  await new Promise<void>((resolve) => {
    // Never comes back, as of a process that was ended.
    void earlier.journaled(writes, async (intent) => {
      await earlier.write(writes.slice(1, 2), intent);
      resolve();
      return new Promise(() => {});
    });
  });
  await put("d.py", "somebody else's\n");
  const told: string[] = [];
  context.mock.method(vscode.window, "showInformationMessage", async (message: string) => void told.push(message));
  context.after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const each of [folder, storage]) await vscode.workspace.fs.delete(each, { recursive: true });
  });
  const decisions = createDecisions(createChangeSet(), createWorkspacePaths(folder), {
    disk: createDiskWriter(folder.fsPath, { storage: storage.fsPath }),
    begin: async () => undefined,
  });
  return { folder, storage: storage.fsPath, decisions, told };
}

function textsIn(folder: vscode.Uri): Readonly<Record<string, string>> {
  const files = readdirSync(folder.fsPath, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const texts = files.map((each): [string, string] => {
    const file = join(each.parentPath, each.name);
    return [file.slice(folder.fsPath.length + 1), readFileSync(file, "utf8")];
  });
  return Object.fromEntries(texts.sort(([left], [right]) => (left < right ? -1 : 1)));
}
