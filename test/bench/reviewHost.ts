/**
 * What a review of 2,000 Python files asks of the extension host, in the real editor with its views open: how long the one
 * thread of all extensions is held at a time, and when an edit shows in Problems. It informs and never fails.
 *
 * `PROFILE=folder` leaves a CPU profile of each part there, which costs some time itself.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { median } from "../harness/activation.ts";
import { buildExtension } from "../harness/build.ts";
import { type EditorWindow, openWindow } from "../harness/window.ts";
import { largeDesign } from "../support/largeDesign.ts";
import { largeProject } from "../support/largeProject.ts";

const tables = 260;
const edits = 9;
/** Of the live review: what somebody types is judged when they pause. */
const pauseMs = 250;
/** The longest that is to follow a review: storing it. */
const after = 4000;

await buildExtension();
const { files } = await largeProject({ tables, features: 88 });
const python = files.filter(({ path }) => path.endsWith(".py"));
console.log(`\nreview in the editor: ${python.length} Python files, ${tables} designed tables`);
const documents = largeDesign({ tables, endpoints: Math.ceil(tables * 1.6) });
const window = await openWindow({
  settings: { "chat.disableAIFeatures": true },
  prepare: (folder) => {
    const note = { path: "notes.md", text: "# Notes\n\n```json\n{}\n```\n" };
    for (const { path, text } of [...documents, ...files, note]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  },
});
try {
  await openEverything(window);
  await watchBlocks(window);
  await measured("idle", () => delay(after));
  const begun = performance.now();
  await measured("check", () => window.bridge.command("backendImplementer.check"));
  console.log(`check: ${(performance.now() - begun).toFixed(0)} ms`);
  await measured("what follows it", () => delay(after));
  await measureEdits("an edit", "legacy/", (path) => path.includes("/services/") || path.includes("service"));
  await measureEdits("an edit of a file that all import", "legacy/shared/", (path) => path.endsWith("base.py"));
} finally {
  await window.close();
}

/** The report of a check is shown by the editor's own Markdown extension, whose start holds the host for 100 ms once a window. */
async function openEverything({ bridge, workbench }: EditorWindow): Promise<void> {
  for (const view of ["coverage", "checklist"]) await bridge.command(`backendImplementer.${view}.focus`);
  await bridge.run(async ({ commands, window: { showTextDocument }, workspace: { workspaceFolders }, Uri }) => {
    const [folder] = workspaceFolders ?? [];
    if (folder === undefined) throw new Error("no folder is open");
    const uri = Uri.joinPath(folder.uri, "docs/schema.sql");
    await showTextDocument(uri, { viewColumn: 2, preview: false });
    await commands.executeCommand("markdown.showPreview", Uri.joinPath(folder.uri, "notes.md"));
  }, undefined);
  await workbench.tab("schema.sql").waitFor();
  // The editor's own indexing of a folder that is new to it.
  await delay(10_000);
}

async function measureEdits(what: string, folder: string, isIt: (path: string) => boolean): Promise<void> {
  const path = python.find((file) => file.path.startsWith(folder) && isIt(file.path))?.path ?? "";
  await window.bridge.run(async (vscode, relative) => {
    const [home] = vscode.workspace.workspaceFolders ?? [];
    if (home === undefined) throw new Error("no folder is open");
    await vscode.window.showTextDocument(vscode.Uri.joinPath(home.uri, relative), { viewColumn: 1, preview: false });
  }, path);
  await delay(after);
  const times: number[] = [];
  await measured(what, async () => {
    for (let turn = 0; turn < edits; turn++) {
      times.push(await editToProblem(turn));
      await delay(1500);
    }
  });
  line(`${what} to Problems after the pause of ${pauseMs} ms, median of ${edits}`, median(times) - pauseMs, 150);
  console.log(`  ${times.map((time) => (time - pauseMs).toFixed(0)).join(", ")} ms`);
}

/** From the change of the document to the Problem about it, by the clock of the extension host. */
function editToProblem(turn: number): Promise<number> {
  return window.bridge.run(async (vscode, at) => {
    const editor = vscode.window.activeTextEditor;
    if (!editor) throw new Error("no editor is open");
    const { document } = editor;
    const ours = (): number =>
      vscode.languages.getDiagnostics(document.uri).filter(({ message }) => message.includes(`added_${at}`)).length;
    let begun = Number.NaN;
    const edited = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && Number.isNaN(begun)) begun = performance.now();
    });
    await editor.edit((edit) =>
      edit.insert(new vscode.Position(document.lineCount, 0), `\n\ndef added_${at}(value):\n    return value\n`),
    );
    edited.dispose();
    // The editor tells of new Problems 50 ms later.
    while (ours() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    return performance.now() - begun;
  }, turn);
}

interface Block {
  readonly clock: number;
  readonly processor: number;
}

/** A timer of a millisecond: what is between two of its turns has held the thread. */
async function watchBlocks({ bridge }: EditorWindow): Promise<void> {
  await bridge.run(() => {
    const blocks: { clock: number; processor: number }[] = [];
    const cpu = (): number => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    };
    let [clock, processor] = [performance.now(), cpu()];
    setInterval(() => {
      const [now, worked] = [performance.now(), cpu()];
      if (now - clock > 10) blocks.push({ clock: now - clock, processor: worked - processor });
      [clock, processor] = [now, worked];
    }, 1);
    Object.assign(globalThis, { blocks });
  }, undefined);
}

function takeBlocks({ bridge }: EditorWindow): Promise<readonly Block[]> {
  return bridge.run((): readonly Block[] => Reflect.get(globalThis, "blocks").splice(0), undefined);
}

async function measured(what: string, work: () => Promise<unknown>): Promise<void> {
  const profile = process.env["PROFILE"];
  if (profile) await profiler("start");
  await takeBlocks(window);
  await work();
  const blocks = await takeBlocks(window);
  if (profile) {
    mkdirSync(profile, { recursive: true });
    writeFileSync(join(profile, `${what.replaceAll(" ", "-")}.cpuprofile`), await profiler("stop"));
  }
  const byWork = [...blocks].sort((left, right) => right.processor - left.processor);
  line(`${what}: longest block, at work`, byWork[0]?.processor ?? 0, 50);
  const clocks = blocks.map(({ clock }) => clock).sort((left, right) => right - left);
  const works = byWork.map(({ processor }) => processor.toFixed(0)).slice(0, 8);
  console.log(
    `  at work ${works.join(", ")} ms; by the clock ${clocks
      .slice(0, 4)
      .map((ms) => ms.toFixed(0))
      .join(", ")} ms`,
  );
}

async function profiler(what: "start" | "stop"): Promise<string> {
  return window.bridge.run(async (_vscode, step, require) => {
    const { Session } = require("node:inspector/promises");
    if (step === "start") {
      const session = new Session();
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: 500 });
      await session.post("Profiler.start");
      Object.assign(globalThis, { profiled: session });
      return "";
    }
    const session = Reflect.get(globalThis, "profiled");
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    return JSON.stringify(profile);
  }, what);
}

function line(what: string, milliseconds: number, promised?: number): void {
  console.log(`${what}: ${milliseconds.toFixed(0)} ms${promised === undefined ? "" : `; promised ${promised}`}`);
}
