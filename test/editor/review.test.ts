import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { configure, startWithoutChat, uriOf } from "./testFolder.ts";

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

function proposal(path: string): vscode.Uri {
  return uriOf(path).with({ scheme: "backend-proposed", authority: "" });
}

/** Gives the commands at once, as keys do that are pressed faster than diffs open. */
function hurry(...commands: readonly (readonly [name: string, ...args: readonly unknown[]])[]): Promise<unknown> {
  return Promise.all(
    commands.map(([name, ...args]) => vscode.commands.executeCommand(`backendImplementer.${name}`, ...args)),
  );
}

// Opening a window's proposals takes longest, so the templates are proposed once for all.
test("proposals are reviewed in the editor", { timeout: 120_000 }, async (context) => {
  await proposeTemplates(context);
  await context.test("E32 looking at proposals saves nothing, also where everything is saved by itself", savesNothing);
  await context.test("next and previous walk through all changes of all files, and a decision goes on", walksAndGoesOn);
  await context.test("a decision about a file that is not in front leaves the focus where it is", staysInFront);
  await context.test("what the user typed into a proposal is taken back alone", takesOwnEditBack);
  await context.test("commands in a hurry are carried out in order, and what was asked for last is seen", hurries);
  await context.test("templates that were rejected are proposed again by the command that asks for them", asksAgain);
});

async function asksAgain(): Promise<void> {
  const isProposed = async (path: string): Promise<boolean> =>
    (await vscode.workspace.fs.stat(proposal(path))).permissions !== vscode.FilePermission.Readonly;
  await vscode.commands.executeCommand("backendImplementer.rejectAll");
  await vscode.commands.executeCommand("backendImplementer.createTemplates");
  assert.deepEqual(
    await Promise.all(files.map(isProposed)),
    files.map(() => true),
  );
}

async function savesNothing(context: TestContext): Promise<void> {
  await configure(context, { "files.autoSave": "afterDelay", "files.autoSaveDelay": 50 });
  const texts = () =>
    files.map((path) => (existsSync(uriOf(path).fsPath) ? readFileSync(uriOf(path).fsPath, "utf8") : ""));
  const before = texts();
  await vscode.commands.executeCommand("backendImplementer.openAllProposals");
  await setTimeout(1000);
  const dirty = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
  assert.deepEqual(
    dirty.map(({ uri }) => uri.toString()),
    [],
  );
  assert.deepEqual(texts(), before);
}

async function walksAndGoesOn(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
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
}

async function staysInFront(): Promise<void> {
  const readme = await vscode.window.showTextDocument(uriOf("README.md"), { preview: false });
  const isThere = (): void => assert.equal(vscode.window.activeTextEditor?.document, readme.document);
  await hurry(["rejectFile", proposal(files[3] ?? "")], ["acceptFile", proposal(files[1] ?? "")]);
  isThere();
  await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  await hurry(["undoDecision"], ["undoDecision"]);
}

/** And it comes again when that is undone. */
async function takesOwnEditBack(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  const uri = proposal("docs/error-handling.md");
  const document = await vscode.workspace.openTextDocument(uri);
  const proposed = document.getText();
  const words = "My own words.\n\n";
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), words);
  assert.ok(await vscode.workspace.applyEdit(edit));
  const shows = (text: string) => eventually(() => document.getText() === text && !document.isDirty);
  // The edit belongs to the proposal that is decided about, saved or not.
  await vscode.commands.executeCommand("backendImplementer.takeBackEdit", uri, "*");
  await shows(proposed);
  await vscode.commands.executeCommand("backendImplementer.undoDecision");
  await shows(words + proposed);
  await vscode.commands.executeCommand("backendImplementer.takeBackEdit", uri, "*");
  await shows(proposed);
}

async function eventually(isSo: () => boolean): Promise<void> {
  for (let round = 0; !isSo(); round++) {
    assert.ok(round < 400, "it never came");
    await setTimeout(50);
  }
}

async function hurries(): Promise<void> {
  const [domain = "", api = "", database = "", errors = ""] = files;
  await hurry(["openProposal", proposal(domain)], ["openProposal", proposal(api)], ["openProposal", proposal(errors)]);
  assert.equal(place()[0], errors);

  await vscode.commands.executeCommand("backendImplementer.openProposal", proposal(domain));
  const before = await changeLines(domain);
  await hurry(["rejectHunk"], ["nextChange"], ["nextChange"], ["previousChange"], ["rejectHunk"]);
  assert.equal((await changeLines(domain)).length, before.length - 2, "each key decides one change");
  assert.equal(place()[0], domain);

  await hurry(["rejectFile"], ["openProposal", proposal(database)]);
  assert.deepEqual(await changeLines(domain), []);
  assert.equal(place()[0], database, "going on does not take the place of what was opened meanwhile");
  await hurry(["rejectFile", proposal(errors)], ["undoDecision"], ["rejectFile", proposal(errors)]);
  assert.deepEqual(await changeLines(errors), []);
}

/** Where the links to accept a change stand. */
async function changeLines(path: string): Promise<readonly number[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    proposal(path),
  );
  return lenses.flatMap(({ command, range }) => (command?.title.endsWith(" Accept") ? [range.start.line] : []));
}
