import * as vscode from "vscode";
import { steps } from "../compiler/compilation.ts";
import type { SessionEvent } from "../session/events.ts";
import type { RunKind } from "../session/prompt.ts";
import { toAbortSignal } from "./cancellation.ts";
import type { ReportDocument } from "./reportDocument.ts";
import { carryOut, type RunHost } from "./run.ts";
import { stepTitle } from "./stepTitles.ts";

/** Runs a request where there is no chat: a progress notification and a report document; it ends in the same proposals. */
export async function runWithProgress(kind: RunKind, host: RunHost, report: ReportDocument): Promise<void> {
  const answers: string[] = [];
  const progressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: "Backend Implementer",
    cancellable: true,
  };
  const typing = followTyping();
  try {
    const result = await vscode.window.withProgress(progressOptions, (progress, token) =>
      carryOut(kind, { kind, instructions: "", pasted: "", attached: [] }, host, {
        signal: toAbortSignal(token),
        show: (event) => progress.report(progressOf(event)),
        answer: (markdown) => answers.push(markdown),
      }),
    );
    report.keep(result?.report ?? answers.join("\n\n"));
    const show = async (): Promise<void> => {
      await report.show();
      const isProposed = result && host.changes.files().length > 0;
      if (isProposed) await vscode.commands.executeCommand("backendImplementer.proposals.focus");
    };
    if (typing.isRecent()) offer(show);
    else await show();
  } finally {
    typing.dispose();
  }
}

/** The next keys of somebody who is typing are not for what a run has to show. */
function offer(show: () => Promise<void>): void {
  const yes = vscode.l10n.t("Show Report");
  void vscode.window.showInformationMessage(vscode.l10n.t("The run has ended."), yes).then(async (answer) => {
    if (answer === yes) await show();
  });
}

const pauseInTyping = 5000;

/** Whether the document in front was edited a moment ago. */
function followTyping(): vscode.Disposable & { isRecent(): boolean } {
  let last = Number.NEGATIVE_INFINITY;
  const listening = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const isInFront = document === vscode.window.activeTextEditor?.document;
    if (isInFront && contentChanges.length > 0) last = performance.now();
  });
  return { isRecent: () => performance.now() - last < pauseInTyping, dispose: () => listening.dispose() };
}

function progressOf(event: SessionEvent): { message?: string; increment?: number } {
  switch (event.type) {
    case "stepStarted":
      return {
        message: vscode.l10n.t("Step {0} of {1}: {2}", event.step, steps.length, stepTitle(event.step)),
      };
    case "stepFinished":
      return { increment: 100 / steps.length };
    case "agent":
      return event.event.type === "retrying" ? { message: event.event.reason } : {};
    case "reviewed":
      return { message: vscode.l10n.t("Checklist and coverage") };
    default:
      return {};
  }
}
