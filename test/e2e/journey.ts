import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import { steps } from "../../src/compiler/compilation.ts";
import { checklistIds } from "../../src/review/model.ts";
import { distFolder } from "../harness/build.ts";
import { temporaryFolder } from "../harness/paths.ts";
import { eventually } from "../harness/polling.ts";
import { sampleDocuments, sampleFolder } from "../harness/sample.ts";
import type { EditorWindow } from "../harness/window.ts";
import type { TreeRow } from "../harness/workbench.ts";

/** Texts by workspace-relative path. */
export type Texts = Readonly<Record<string, string>>;

/** Opens the sample's four design documents in tabs, as its reader would. */
export async function openDocuments({ bridge, workbench }: EditorWindow): Promise<void> {
  await bridge.run(async (vscode, paths) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder) throw new Error("no folder is open");
    for (const path of paths) {
      await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, path), { preview: false });
    }
  }, sampleDocuments);
  for (const path of sampleDocuments) await workbench.tab(basename(path)).waitFor();
}

/** What the headless command writes for the sample: the same core, without an editor. */
export function implementHeadless(): Texts {
  const folder = join(temporaryFolder("headless"), "orders-backend");
  cpSync(sampleFolder, folder, { recursive: true });
  const command = [join(distFolder, "cli.cjs"), "implement", join(sampleFolder, "docs"), "--out", folder, "--json"];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.equal(status, 0, stderr);
  const { files }: { files: readonly { path: string }[] } = JSON.parse(stdout);
  const written = readFiles(folder);
  return Object.fromEntries(files.map(({ path }) => [path, written[path] ?? ""]));
}

/** The proposed texts as they stand, read where VS Code reads them: from the extension's file system. */
export function readProposals({ bridge }: EditorWindow, paths: readonly string[]): Promise<Texts> {
  return bridge.run(async (vscode, relatives) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path;
    const texts: Record<string, string> = {};
    for (const path of relatives) {
      const uri = vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/${path}` });
      texts[path] = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    }
    return texts;
  }, paths);
}

export async function readProposal(window: EditorWindow, path: string): Promise<string> {
  return (await readProposals(window, [path]))[path] ?? "";
}

/** Opens the diff of one proposed file. */
export async function openProposal({ bridge, workbench }: EditorWindow, path: string): Promise<void> {
  await bridge.run(async (vscode, relative) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.path;
    const uri = vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/${relative}` });
    await vscode.commands.executeCommand("backendImplementer.openProposal", uri);
  }, path);
  await workbench.activeTab(`${basename(path)} (proposed)`).waitFor();
  await workbench.diff().waitFor();
  await workbench
    .lenses(/^\s*Accept file$/)
    .first()
    .waitFor();
}

/** How many changes the lines above the code speak of in the diff in front. */
export async function shownHunks({ workbench }: EditorWindow): Promise<number> {
  const label = await workbench
    .lensLines(/\d+ of \d+ \(/)
    .first()
    .textContent();
  return Number(/ of (\d+) \(/.exec(label ?? "")?.[1]);
}

/** Paths whose text is not the same, or that only one of the two has. */
export function differing(left: Texts, right: Texts): readonly string[] {
  const paths = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...paths].filter((path) => left[path] !== right[path]);
}

export function readFiles(folder: string): Texts {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  // What is just being written has a name of its own, and may be gone before it is read.
  const lasting = entries.filter((path) => !/\/\.backend-[\w-]+\.tmp$/.test(path));
  const files = lasting.filter((path) => statSync(join(folder, path)).isFile()).sort();
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

/** Begins to note what the page shows in its chat and its notifications; progress is gone too soon to be asked for. */
export async function recordProgress(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(`{
    const seen = new Set();
    globalThis.seenProgress = seen;
    const note = () => {
      for (const element of document.querySelectorAll(".interactive-response, .notification-list-item")) seen.add(element.textContent);
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  }`);
  return async () => {
    const seen: readonly string[] = await page.evaluate("[...globalThis.seenProgress]");
    return seen.join("\n").replaceAll("\u00a0", " ");
  };
}

export function assertSevenStepsSeen(progress: string): void {
  const places = steps.map((title) => progress.indexOf(title));
  assert.ok(
    !places.includes(-1),
    `steps not seen: ${steps.filter((_title, index) => places[index] === -1).join(", ")}`,
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
    "the steps were not seen in their order",
  );
}

/** Shows the checklist's tree and reads it once all twelve items are decided. */
export async function readChecklist({ workbench }: EditorWindow): Promise<readonly TreeRow[]> {
  await workbench.showContainer("Backend Implementer");
  return eventually(
    () => workbench.tree("Quality Checklist"),
    (rows) => rows.length === checklistIds.length,
  );
}

/** Labels of the items that do not pass, by what a screen reader says of the row. */
export function failing(rows: readonly TreeRow[]): readonly string[] {
  return rows.filter(({ description, name }) => !/\bpass/i.test(`${description} ${name}`)).map(({ name }) => name);
}

/** The text of the report document that a run without chat opens. */
export async function openReport({ bridge }: EditorWindow): Promise<string> {
  return eventually(
    () =>
      bridge.run(
        (vscode) =>
          vscode.workspace.textDocuments.map((it) => it.getText()).find((text) => text.includes("Skills Used")) ?? "",
        undefined,
      ),
    (text) => text !== "",
  );
}
