import * as vscode from "vscode";
import type { Approvals, CommandQuestion } from "../session/ports.ts";
import { escapeInvisible } from "../support/visibleText.ts";

const once = "Run";
const inThisRun = "Run, Also Again in This Run";

/**
 * Asks in a modal dialog that shows the exact command, line by line, with every character visible that
 * a terminal would act on or hide: what is shown is what is run. The model's words are not part of it.
 *
 * Not in the confirmation of the chat (`lm.invokeTool`): it remembers an answer for the tool, not for the command, and
 * a session that allows everything, which a setting can begin, answers it without anybody having seen the command.
 * Nothing in the stable API tells such an answer from a person's (research/security.md C34, C35).
 */
export function createApprovals(): Approvals {
  return {
    approveCommand: async (question) => {
      const options = { modal: true, detail: detailOf(question) };
      const answer = await vscode.window.showWarningMessage("Run this command?", options, once, inThisRun);
      if (answer === once) return "once";
      return answer === inThisRun ? "run" : "no";
    },
  };
}

function detailOf({ command, isolation, effects }: CommandQuestion): string {
  const { summary, remedy } = isolation;
  const known = [summary, ...effects, ...(remedy === undefined ? [] : [remedy])];
  return `${escapeInvisible(command, true)}\n\n${known.join("\n")}\n\nFiles it changes come back as proposals.`;
}
