import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import { redact } from "../support/redact.ts";

export interface LogChannel extends Log, vscode.Disposable {
  show(): void;
}

/** The {@link Log} of the editor: one output channel, with the stack of what was not expected, and without secrets. */
export function createLog(): LogChannel {
  const channel = vscode.window.createOutputChannel("Backend Implementer", { log: true });
  return {
    info: (message) => channel.info(redact(message)),
    warn: (message) => channel.warn(redact(message)),
    error: (message, thrown) => {
      const stack = thrown instanceof Error ? `\n${thrown.stack ?? thrown.message}` : "";
      channel.error(redact(message + stack));
    },
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
