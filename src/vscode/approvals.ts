import * as vscode from "vscode";
import type { Approvals } from "../session/ports.ts";

/**
 * Asks in a modal dialog that shows the exact command, line by line, with control and bidirectional
 * characters made visible: what is shown is what is run.
 */
export function createApprovals(): Approvals {
  return {
    approveCommand: async (command) => {
      const answer = await vscode.window.showWarningMessage(
        "Run this command on a copy of the workspace?",
        {
          modal: true,
          detail: `${visible(command)}\n\nIt runs with your user rights. Files it changes come back as proposals.`,
        },
        "Run on a Copy",
      );
      return answer === "Run on a Copy";
    },
  };
}

function visible(command: string): string {
  return command.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be shown
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
