import type { EditorWindow } from "./window.ts";

/**
 * How long VS Code says that our activation took in this window, loading the code included, in milliseconds.
 *
 * Read from the editor's own list of running extensions.
 */
export async function activationTime({ workbench }: EditorWindow, extensionName: string): Promise<number> {
  await workbench.command("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: extensionName });
  const text = await row.locator(".activation-time").textContent();
  const milliseconds = /(\d+)\s*ms/.exec(text ?? "")?.[1];
  if (milliseconds === undefined) throw new Error(`VS Code shows no activation time, but: ${text}`);
  return Number(milliseconds);
}

/** Opens the window anew as often as asked, and gives the time of each activation. */
export async function activationTimes(window: EditorWindow, name: string, windows: number): Promise<readonly number[]> {
  const times: number[] = [];
  while (times.length < windows) {
    if (times.length > 0) await window.reload();
    times.push(await activationTime(window, name));
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
