import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";

export interface LogChannel extends Log, vscode.Disposable {
  show(): void;
}

/** The {@link Log} of the editor: one output channel, with the stack of what was not expected. */
export function createLog(): LogChannel {
  const channel = vscode.window.createOutputChannel("Backend Implementer", { log: true });
  return {
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message, thrown) => channel.error(message, ...(thrown instanceof Error ? [thrown] : [])),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
