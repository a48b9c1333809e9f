import * as vscode from "vscode";
import type { Approvals, CommandQuestion } from "../session/ports.ts";
import { escapeInvisible } from "../support/visibleText.ts";

const once = vscode.l10n.t("Run");
const inThisRun = vscode.l10n.t("Run, Also Again in This Run");

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
      const asked = vscode.l10n.t("Run this command?");
      const answer = await vscode.window.showWarningMessage(asked, options, once, inThisRun);
      if (answer === once) return "once";
      return answer === inThisRun ? "run" : "no";
    },
  };
}

function detailOf({ command, isolation, effects }: CommandQuestion): string {
  const { summary, remedy } = isolation;
  const known = [summary, ...effects, ...(remedy === undefined ? [] : [remedy])];
  const outcome = vscode.l10n.t("Files it changes come back as proposals.");
  return [escapeInvisible(command, true), known.join("\n"), outcome].join("\n\n");
}
