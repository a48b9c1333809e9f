/** Catalogue E in a real editor: files that change, move and are formatted while changes are proposed for them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createDiskWriter } from "../../src/node/diskWriter.ts";
import { createFileWorkspace } from "../../src/node/fileWorkspace.ts";
import { createEditorWorkspace } from "../../src/vscode/editorWorkspace.ts";
import { createDecisions } from "../../src/vscode/review/decisions.ts";
import { followDisk } from "../../src/vscode/review/diskChanges.ts";
import { createWorkspacePaths } from "../../src/vscode/review/workspacePaths.ts";
import { configure, uriOf } from "./testFolder.ts";

const base = "one\ntwo\nthree\nfour\nfive\nsix\n";
const timeout = 60_000;

test("E04 a file renamed in the editor takes its proposals along, alone and with its folder", {
  timeout,
}, async (t) => {
  const { changes, put, uri } = await reviewIn(t, "moving");
  await put("app/a.py", base);
  changes.propose("app/a.py", base, `${base}seven\n`);
  const renames = [
    ["app/a.py", "app/b.py"],
    ["app", "src/app"],
  ] as const;
  for (const [from, to] of renames) {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri(from), uri(to));
    assert.ok(await vscode.workspace.applyEdit(edit));
  }
  const place = "src/app/b.py";
  await until(() => changes.proposedText(place) === `${base}seven\n` && changes.files().length === 1);
  assert.deepEqual(changes.file(place)?.conflicts, []);
});

test("E04 a file that another program renames is asked about, and its proposals follow", { timeout }, async (t) => {
  const asked = answering(t);
  const { changes, put, file } = await reviewIn(t, "shell");
  await tellsOf(t, file(""));
  await put("a.py", base);
  await tellsOf(t, file("a.py"));
  changes.propose("a.py", base, `${base}seven\n`);
  execFileSync("mv", [file("a.py"), file("b.py")]);
  await until(() => changes.proposedText("b.py") === `${base}seven\n`);
  assert.deepEqual(asked, ["a.py is gone, and b.py has its text. Review the proposed changes there?"]);
  assert.equal(changes.file("a.py"), undefined);
});

for (const [when, event, what] of [
  ["the window gets the focus", "onDidChangeWindowState", () => ({ focused: true })],
  ["a command in the terminal ends", "onDidEndTerminalShellExecution", () => ({})],
  ["the file comes in front", "onDidChangeActiveTextEditor", (uri: vscode.Uri) => ({ document: { uri } })],
] as const) {
  test(`E04 renames that the editor's watcher misses are seen when ${when}`, { timeout }, async (t) => {
    const asked = answering(t);
    const silent = () => ({ dispose: () => {} });
    t.mock.method(vscode.workspace, "createFileSystemWatcher", () => ({
      onDidChange: silent,
      onDidCreate: silent,
      onDidDelete: silent,
      dispose: () => {},
    }));
    const listening: ((event: unknown) => void)[] = [];
    t.mock.method(vscode.window, event, (listener: (event: unknown) => void) => {
      listening.push(listener);
      return silent();
    });
    const { changes, put, uri, file } = await reviewIn(t, "unwatched");
    const names = ["app/a.py", "app/in/b.py", "app/c.py", "app/d.py"];
    for (const name of names) await put(name, `# ${name}\n${base}`);
    for (const name of names) changes.propose(name, `# ${name}\n${base}`, `# ${name}\n${base}seven\n`);
    execFileSync("mv", [file("app/a.py"), file("app/z.py")]);
    execFileSync("mv", [file("app/in/b.py"), file("app/b.py")]);
    execFileSync("rm", [file("app/c.py")]);
    for (const listener of listening) listener(what(uri("app/a.py")));
    await until(() => changes.files().length === 4 && changes.file("app/c.py")?.base === undefined);
    await until(() => ["app/z.py", "app/b.py"].every((path) => changes.file(path)?.conflicts.length === 0));
    assert.deepEqual(asked.toSorted(), [
      "app/a.py is gone, and app/z.py has its text. Review the proposed changes there?",
      "app/in/b.py is gone, and app/b.py has its text. Review the proposed changes there?",
    ]);
    assert.deepEqual(
      changes
        .files()
        .map(({ path, conflicts }) => [path, conflicts.length])
        .toSorted(),
      [
        ["app/b.py", 0],
        ["app/c.py", 1],
        ["app/d.py", 0],
        ["app/z.py", 0],
      ],
    );
  });
}

/** Whoever is asked says yes; the questions. */
function answering(t: TestContext): readonly string[] {
  const asked: string[] = [];
  t.mock.method(vscode.window, "showInformationMessage", async (message: string, choice: string) => {
    asked.push(message);
    return choice;
  });
  return asked;
}

/**
 * The editor has told of the file: told together with its renaming, it would be as if it had never been there; and what
 * is written below a folder before the editor has heard of that is never told.
 */
async function tellsOf(t: TestContext, path: string): Promise<void> {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(uriOf(""), "**/*"));
  t.after(() => watcher.dispose());
  let isTold = false;
  const note = (uri: vscode.Uri): void => {
    isTold ||= join(uri.fsPath, "/") === join(path, "/");
  };
  watcher.onDidCreate(note);
  watcher.onDidChange(note);
  // It may have been written before the editor began to watch.
  await until(() => {
    if (!isTold) utimesSync(path, new Date(), new Date());
    return isTold;
  });
}

test("E03 E05 a checkout of another branch moves what fits, and the rest is a conflict that is told once", {
  timeout,
}, async (t) => {
  const told: string[] = [];
  t.mock.method(vscode.window, "showWarningMessage", async (message: string) => void told.push(message));
  const { changes, put, file } = await reviewIn(t, "repository");
  await tellsOf(t, file(""));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: file(""), stdio: "pipe" });
  const names = Array.from({ length: 40 }, (_, index) => `f${index}.py`);
  git("init", "-q", "-b", "one");
  for (const name of names) await put(name, base);
  git("add", ".");
  git("commit", "-qm", "one");
  git("checkout", "-q", "-b", "two");
  for (const [index, name] of names.entries()) {
    writeFileSync(file(name), index % 2 === 0 ? `zero\n${base}` : base.replace("six", "6"));
  }
  git("rm", "-qf", "f1.py");
  git("commit", "-qam", "two");
  git("checkout", "-q", "one");
  await tellsOf(t, file("f0.py"));
  for (const name of names) changes.propose(name, base, base.replace("six", "SIX"));
  git("checkout", "-q", "two");
  const conflicts = () => changes.files().filter((each) => each.conflicts.length > 0).length;
  const moved = () => changes.files().filter(({ base: now }) => now === `zero\n${base}`).length;
  await until(() => conflicts() === 20 && moved() === 20 && told.length > 0);
  for (const each of changes.files()) {
    const now = existsSync(file(each.path)) ? readFileSync(file(each.path), "utf8") : undefined;
    assert.equal(each.base, now);
    if (each.conflicts.length === 0) assert.equal(changes.proposedText(each.path), now?.replace("six", "SIX"));
  }
  await setTimeout(1000);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /^Lines of f\d+\.py, f\d+\.py, f\d+\.py and 17 more files changed on disk/);
  git("checkout", "-q", "one");
  await until(() => conflicts() === 0 && moved() === 0);
  assert.ok(names.every((name) => changes.proposedText(name) === base.replace("six", "SIX")));
});

test("E07 what the editor makes of an accepted text when it saves is no edit of the user's", { timeout }, async (t) => {
  const { changes, decisions, put, uri, file } = await reviewIn(t, "formatting");
  await configure(t, { "editor.formatOnSave": true, "files.insertFinalNewline": true }, uri("a.formatted"));
  const provider = vscode.languages.registerDocumentFormattingEditProvider(
    { pattern: "**/*.formatted" },
    {
      provideDocumentFormattingEdits: (document) => {
        const whole = new vscode.Range(0, 0, document.lineCount, 0);
        return [vscode.TextEdit.replace(whole, document.getText().replaceAll(" =", "="))];
      },
    },
  );
  t.after(() => provider.dispose());
  await put("a.formatted", "a = 1\nb\nc\nd\ne\n");
  changes.propose("a.formatted", "a = 1\nb\nc\nd\ne\n", "a = 2\nb\nc\nd\ne = 3");
  const pending = changes.file("a.formatted");
  await vscode.window.showTextDocument(uri("a.formatted"), { preview: false });
  await decisions.accept({});
  const text = () => readFileSync(file("a.formatted"), "utf8");
  assert.deepEqual([text(), changes.files()], ["a= 2\nb\nc\nd\ne= 3\n", []]);
  assert.deepEqual(changes.lastDecision()?.blocked, []);
  const settings = vscode.workspace.getConfiguration("editor", uri("a.formatted"));
  await settings.update("formatOnSave", false, vscode.ConfigurationTarget.Global);
  await decisions.undo();
  assert.deepEqual([text(), changes.file("a.formatted")], ["a = 1\nb\nc\nd\ne\n", pending]);
});

test("E08 E31 what is accepted joins the unsaved edits of its file, in every editor of it, as one step", {
  timeout,
}, async (t) => {
  const { changes, decisions, put, uri, file } = await reviewIn(t, "unsaved");
  await put("a.py", base);
  changes.propose("a.py", base, base.replace("six", "SIX").replace("one", "ONE"));
  const editor = await vscode.window.showTextDocument(uri("a.py"), { preview: false });
  await vscode.window.showTextDocument(uri("a.py"), { viewColumn: vscode.ViewColumn.Beside, preview: false });
  await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), "mine\n"));
  const mine = base.replace("four", "mine\nfour");
  await until(() => changes.file("a.py")?.base === mine);
  await decisions.accept({});
  const accepted = mine.replace("six", "SIX").replace("one", "ONE");
  assert.deepEqual(
    vscode.window.visibleTextEditors.map(({ document }) => document.getText()),
    [accepted, accepted],
  );
  assert.deepEqual([editor.document.isDirty, readFileSync(file("a.py"), "utf8")], [true, base]);
  await vscode.commands.executeCommand("undo");
  await until(() => editor.document.getText() === mine && changes.file("a.py") !== undefined);
  assert.equal(changes.proposedText("a.py"), accepted);
});

test("E26 an accepted deletion can be taken back", { timeout }, async (t) => {
  const { changes, decisions, put, file } = await reviewIn(t, "deleting");
  await put("app/a.py", base);
  changes.propose("app/a.py", base, undefined);
  await decisions.accept({ path: "app/a.py" });
  assert.ok(!existsSync(file("app/a.py")));
  await decisions.undo();
  assert.equal(readFileSync(file("app/a.py"), "utf8"), base);
  assert.equal(changes.file("app/a.py")?.kind, "delete");
});

/** A review of a folder of its own, with everything of the extension's that follows and writes files. */
async function reviewIn(context: TestContext, name: string) {
  const folder = uriOf(name);
  const paths = createWorkspacePaths(folder);
  const changes = createChangeSet();
  const decisions = createDecisions(changes, paths, {
    disk: createDiskWriter(folder.fsPath),
    begin: async () => undefined,
  });
  await vscode.workspace.fs.createDirectory(folder);
  const log = { info: () => {}, warn: () => {}, error: (message: string) => assert.fail(message) };
  const disk = createFileWorkspace(folder.fsPath, { remembers: true });
  const workspace = createEditorWorkspace(folder, async () => disk);
  const following = followDisk({ changes, paths, folder, workspace, log, isOwnWriting: decisions.isWriting });
  context.after(async () => {
    following.dispose();
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    }
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });
  return {
    changes,
    decisions,
    uri: (path: string) => paths.toFile(path),
    file: (path: string) => paths.toFile(path).fsPath,
    put: (path: string, text: string) =>
      vscode.workspace.fs.writeFile(paths.toFile(path), new TextEncoder().encode(text)),
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !isSo(); await setTimeout(50)) {
    assert.ok(Date.now() < deadline, `it did not become so: ${isSo}`);
  }
}
