/**
 * What the extension costs a window in which nobody uses it: activation beside the load of the Copilot extension that
 * this VS Code has built in, resident memory, and what is left running. Each window has a new extension host.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Activation, activations, measuredExtension, median, runningNow } from "../harness/activation.ts";
import { serverFolder } from "../harness/editorInstall.ts";
import { type EditorWindow, openWindow } from "../harness/window.ts";

const windows = Number(process.env["BENCH_WINDOWS"] ?? 5);
const copilot = join(serverFolder, "extensions", "copilot", "dist", "extension.js");

const [ours, theirs, left] = await activationCosts();
tell("activation, processor time", ours, ({ processor }) => processor, 30);
tell("activation, by the clock", ours, ({ clock }) => clock, 30);
if (theirs !== undefined) {
  tell("load of Copilot, processor time", [theirs], ({ processor }) => processor);
  tell("load of Copilot, by the clock", [theirs], ({ clock }) => clock);
  const ratio = (of: (one: Activation) => number) => (of(theirs) / median(ours.map(of))).toFixed(0);
  console.log(
    `activation is 1/${ratio(({ processor }) => processor)} of it in processor time, 1/${ratio(({ clock }) => clock)} by the clock; promised 1/20`,
  );
}
console.log(`timers, watchers and processes left running: ${left.length === 0 ? "none" : left.join(", ")}`);

const [without, withUs] = await memories();
const added = median(withUs) - median(without);
console.log(
  `resident memory of an idle extension host: ${megabytes(without)} without us, ${megabytes(withUs)} with us`,
);
console.log(`that is ${added.toFixed(1)} MB more; promised 15`);

async function activationCosts(): Promise<[readonly Activation[], Activation | undefined, readonly string[]]> {
  const window = await openWindow({ extensions: measuredExtension() });
  try {
    // One differs from the next by twice as much, and a reload is quick.
    const costs = await activations(window, 3 * windows);
    await settled();
    const running = await runningNow(window);
    return [costs, existsSync(copilot) ? await loadCost(window, copilot) : undefined, running];
  } finally {
    await window.close();
  }
}

/** Only what its bundle costs to load: offline and signed out, its activation does not come to an end. */
function loadCost({ bridge }: EditorWindow, file: string): Promise<Activation> {
  return bridge.run((_vscode, path, require) => {
    const [begun, cpu] = [performance.now(), process.threadCpuUsage()];
    require(path);
    const { user, system } = process.threadCpuUsage(cpu);
    return { clock: performance.now() - begun, processor: (user + system) / 1000 };
  }, file);
}

/** Megabytes of each window, without our extension and with it, taken in turns. */
async function memories(): Promise<[readonly number[], readonly number[]]> {
  const [without, withUs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < windows; turn++) {
    without.push(await memory({ extensions: {} }));
    withUs.push(await memory({}));
  }
  return [without, withUs];
}

async function memory(options: Parameters<typeof openWindow>[0]): Promise<number> {
  const window = await openWindow(options);
  try {
    await settled();
    return await window.bridge.run((_vscode, _, require) => {
      require("node:v8").setFlagsFromString("--expose-gc");
      const collect = require("node:vm").runInNewContext("gc");
      collect();
      collect();
      return process.memoryUsage.rss() / 1024 / 1024;
    }, undefined);
  } finally {
    await window.close();
  }
}

/** After that, nothing of the editor's own start is under way any more. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5000));
}

function tell<T>(what: string, all: readonly T[], of: (one: T) => number, promised?: number): void {
  const values = all.map(of);
  const of1 = values.length === 1 ? "" : ` (median of ${values.length}; least ${Math.min(...values).toFixed(1)})`;
  console.log(
    `${what.padEnd(36)} ${median(values).toFixed(1).padStart(7)} ms${of1}${promised === undefined ? "" : `; promised ${promised}`}`,
  );
}

/** With the range: what is added may be less than one host differs from the next. */
function megabytes(values: readonly number[]): string {
  const range = `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`;
  return `${median(values).toFixed(1)} MB (${range})`;
}
