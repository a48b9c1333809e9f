import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import type { Disposable } from "../support/events.ts";

/** Something that a window may never have: asked now and after each change. */
export interface Awaited {
  readonly isThere: () => boolean;
  onDidChange(listener: () => void): Disposable;
}

/** Calls `show` once, as soon as it is there: from a run, or from an earlier window. */
export function whenThere(
  { isThere, onDidChange }: Awaited,
  show: () => Promise<vscode.Disposable>,
  log: Log,
): vscode.Disposable {
  const shown: vscode.Disposable[] = [];
  let isDisposed = false;
  const following = onDidChange(() => {
    if (!isThere()) return;
    following.dispose();
    show().then(
      (surfaces) => {
        if (isDisposed) surfaces.dispose();
        else shown.push(surfaces);
      },
      (thrown: unknown) => log.error("The review cannot be shown.", thrown),
    );
  });
  return {
    dispose: () => {
      isDisposed = true;
      vscode.Disposable.from(following, ...shown).dispose();
    },
  };
}
