import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extensionId, root, temporaryFolder } from "./paths.ts";
import type { EditorWindow } from "./window.ts";

/** What one activation has cost the extension host, loading the code included, in milliseconds. */
export interface Activation {
  /**
   * Time on the processor, of the one thread that all extensions share. Unlike the clock it hardly depends on what
   * else the machine does, and while a window opens a browser and a server work beside it.
   */
  readonly processor: number;
  readonly clock: number;
}

interface Measured {
  readonly cost: Activation;
  readonly running: () => readonly string[];
}

/**
 * A copy of the built extension whose entry is measured, for the option `extensions` of a window.
 *
 * The code is copied: VS Code knows by the real path of a file whose it is.
 */
export function measuredExtension(): Readonly<Record<string, string>> {
  const folder = temporaryFolder("measured");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, main: "./dist/measured.cjs" }));
  for (const name of ["agents", "media"]) symlinkSync(join(root, name), join(folder, name));
  const translations = readdirSync(root).filter((name) => /^package\.nls.*\.json$|^l10n$/.test(name));
  for (const name of translations) cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, "dist"));
  for (const name of readdirSync(join(root, "dist")).filter((each) => each.endsWith(".cjs")))
    copyFileSync(join(root, "dist", name), join(folder, "dist", name));
  copyFileSync(join(import.meta.dirname, "measured", "measured.cjs"), join(folder, "dist", "measured.cjs"));
  return { [`${extensionId}-0.1.0`]: folder };
}

/** Opens the window anew as often as asked, and gives what each activation has cost. */
export async function activations(window: EditorWindow, windows: number): Promise<readonly Activation[]> {
  const costs: Activation[] = [];
  while (costs.length < windows) {
    if (costs.length > 0) await window.reload();
    costs.push(await activation(window));
  }
  return costs;
}

async function activation({ bridge }: EditorWindow): Promise<Activation> {
  return bridge.run(async (vscode, id) => {
    // By itself it is activated a moment after the window is ready.
    const { cost }: Measured = (await vscode.extensions.getExtension(id)?.activate()) ?? {};
    return cost;
  }, extensionId);
}

/** What a measured extension has running now: each timer, watcher and process with the place that began it. */
export function runningNow({ bridge }: EditorWindow): Promise<readonly string[]> {
  return bridge.run((vscode, id) => {
    const measured: Measured | undefined = vscode.extensions.getExtension(id)?.exports;
    return measured?.running() ?? ["not activated"];
  }, extensionId);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
