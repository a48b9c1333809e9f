/**
 * A review of 1,000 files with 50,000 hunks, and of one file of 50,000 lines, in the real editor: what an earlier window
 * has left is opened, looked at and decided. It informs and never fails.
 */
import { globSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import type { ChangeSet } from "../../src/changes/model.ts";
import { createSnapshotKeys } from "../../src/changes/snapshot.ts";
import { createStateLog } from "../../src/node/stateLog.ts";
import { median } from "../harness/activation.ts";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, openWindow } from "../harness/window.ts";

const files = 1000;
const hunksEach = 50;
const decisions = 7;
const longLines = 50_000;

const window = await openWindow({ settings: { "chat.disableAIFeatures": true } });
try {
  const empty = await memory(window);
  console.log(`\nreview in the editor: ${files} files of ${hunksEach} hunks`);
  await reopenWith(window, manyFiles(window.folder));
  const shown = await openTree(window);
  line("open the tree", shown, 300);
  line(`one decision, median of ${decisions}`, median(await decideSome(window)), 100);
  const full = await memory(window);
  console.log(`memory of the extension host: ${(full - empty).toFixed(0)} MB more than without; promised 300`);
  const { clock, processor } = await timedCommand(window, "backendImplementer.acceptAll");
  line("accept all", clock, 5000);
  line("of it, the extension host at work", processor);
  line("what follows, until the host answers again", await answerTime(window));

  await reopenWith(window, longFile(window.folder));
  line(`hunks of a file of ${longLines} lines, as links above them, median of 5`, median(await lensTimes(window)), 200);
} finally {
  await window.close();
}

/** As an earlier window would have left it: the folder of the storage is known once something was stored there. */
async function reopenWith({ bridge, workbench, editor, reload }: EditorWindow, changes: ChangeSet): Promise<void> {
  await bridge.run((vscode) => void vscode.commands.executeCommand("backendImplementer.createTemplates"), undefined);
  const [log = ""] = await eventually(
    () => globSync("data/User/globalStorage/backend-implementer.*/folders/*/review.log", { cwd: editor.dataFolder }),
    (found) => found.length > 0,
  );
  const host = await bridge.run(() => process.pid, undefined);
  bridge.close();
  await workbench.page.goto("about:blank");
  const storage = dirname(join(editor.dataFolder, log));
  await eventually(
    () => isAlive(host),
    (alive) => !alive,
  );
  const state = createStateLog(storage);
  await state.load();
  await state.save(new Map(createSnapshotKeys(0)(changes.snapshot())));
  await reload();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function manyFiles(folder: string): ChangeSet {
  const changes = createChangeSet();
  for (let at = 0; at < files; at++) {
    const lines = Array.from({ length: hunksEach * 5 }, (_, index) => `value_${at}_${index} = ${index}`);
    const proposed = lines.map((text, index) => (index % 5 === 2 ? `${text} + 1` : text));
    propose(changes, folder, `src/p${at % 40}/f${at}.py`, [lines, proposed]);
  }
  return changes;
}

function longFile(folder: string): ChangeSet {
  const changes = createChangeSet();
  const long = Array.from({ length: longLines }, (_, at) => `line ${at}`);
  const proposed = long.map((text, at) => (at % 100 === 0 ? `${text} is another` : text));
  propose(changes, folder, "long.txt", [long, proposed]);
  return changes;
}

type Lines = readonly string[];

function propose(changes: ChangeSet, folder: string, path: string, [base, proposed]: readonly [Lines, Lines]): void {
  const text = `${base.join("\n")}\n`;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  changes.propose(path, text, `${proposed.join("\n")}\n`);
}

/** From the click on the icon to the first rows, by the page's own clock. */
async function openTree({ workbench }: EditorWindow): Promise<number> {
  await workbench.status(/proposed|decided/).waitFor({ timeout: 120_000 });
  return workbench.page.evaluate<number>(`(async () => {
    const icon = document.querySelector('.activitybar .action-item a[aria-label^="Backend Implementer"]');
    const begun = performance.now();
    icon.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
    icon.click();
    ${untilSo(`[...document.querySelectorAll(".pane")].some((pane) =>
      pane.querySelector('.pane-header[aria-label^="Proposals"]') && pane.querySelectorAll(".monaco-list-row").length > 3)`)}
    return performance.now() - begun;
  })()`);
}

/** From the command to the new number in the status bar, which the page shows: both go by the machine's clock. */
async function decideSome({ workbench, bridge }: EditorWindow): Promise<readonly number[]> {
  const { page } = workbench;
  await bridge.command("backendImplementer.nextChange");
  const times: number[] = [];
  for (let turn = 0; turn < decisions; turn++) {
    await page.evaluate("globalThis.statusBefore = document.querySelector('.statusbar').textContent");
    const seen = page.evaluate<number>(`(async () => {
      ${untilSo("document.querySelector('.statusbar').textContent !== globalThis.statusBefore")}
      return Date.now();
    })()`);
    const begun = await bridge.run(async (vscode) => {
      const now = Date.now();
      await vscode.commands.executeCommand("backendImplementer.rejectHunk");
      return now;
    }, undefined);
    times.push((await seen) - begun);
  }
  return times;
}

/** A piece of the page's code that goes on when a condition is true. */
function untilSo(condition: string): string {
  return `await new Promise((resolve) => {
    const end = performance.now() + 30000;
    const look = () => (${condition} || performance.now() > end ? resolve() : requestAnimationFrame(look));
    look();
  });`;
}

/** By the clock, and what of it the extension host was at work. */
function timedCommand({ bridge }: EditorWindow, id: string): Promise<{ clock: number; processor: number }> {
  return bridge.run(async (vscode, name) => {
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    await vscode.commands.executeCommand(name);
    const { user, system } = process.cpuUsage(cpu);
    return { clock: performance.now() - begun, processor: (user + system) / 1000 };
  }, id);
}

async function answerTime({ bridge }: EditorWindow): Promise<number> {
  const begun = performance.now();
  await bridge.run(() => undefined, undefined);
  return performance.now() - begun;
}

async function lensTimes(window: EditorWindow): Promise<readonly number[]> {
  await window.workbench.status(/proposed/).waitFor({ timeout: 120_000 });
  return window.bridge.run(async (vscode, folder) => {
    const uri = vscode.Uri.from({ scheme: "backend-proposed", path: `${folder}/long.txt` });
    await vscode.workspace.openTextDocument(uri);
    const times: number[] = [];
    while (times.length < 5) {
      const begun = performance.now();
      await vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri);
      times.push(performance.now() - begun);
    }
    return times;
  }, window.folder);
}

/** Megabytes on the heap, of which everything that is let go is gone. */
function memory({ bridge }: EditorWindow): Promise<number> {
  return bridge.run((_vscode, _, require) => {
    require("node:v8").setFlagsFromString("--expose-gc");
    const collect = require("node:vm").runInNewContext("gc");
    collect();
    collect();
    return process.memoryUsage.rss() / 1e6;
  }, undefined);
}

function line(what: string, milliseconds: number, promised?: number): void {
  console.log(`${what}: ${milliseconds.toFixed(0)} ms${promised === undefined ? "" : `; promised ${promised}`}`);
}
