import * as vscode from "vscode";
import type { RunState } from "../session/runState.ts";
import { type TranscriptForm, transcriptOf } from "../session/transcript.ts";
import { UserFacingError } from "../support/errors.ts";
import type { CommandHandler, LazyCommandId } from "./commands.ts";
import type { RunHost } from "./run.ts";
import type { RunDesk } from "./runDesk.ts";

const transcriptUri = vscode.Uri.from({ scheme: "backend-transcript", path: "/Transcript.md" });

/** The commands of the conversation with a run; loaded by the first of them. */
export function createConversationHandlers({
  disposables,
  folder,
  runs,
  restored,
}: RunHost): Readonly<Pick<Record<LazyCommandId, CommandHandler>, ConversationCommand>> {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider = { onDidChange: changed.event, provideTextDocumentContent: () => shownTranscript(runs) };
  disposables.push(
    changed,
    runs.onDidChange(() => changed.fire(transcriptUri)),
    vscode.workspace.registerTextDocumentContentProvider(transcriptUri.scheme, provider),
  );
  return {
    "backendImplementer.steer": () => steer(runs),
    "backendImplementer.showTranscript": async () => {
      await restored;
      requireState(runs);
      changed.fire(transcriptUri);
      await vscode.commands.executeCommand("markdown.showPreview", transcriptUri);
    },
    "backendImplementer.exportTranscript": async () => {
      await restored;
      await exportTranscript(requireState(runs), folder);
    },
  };
}

type ConversationCommand = Extract<
  LazyCommandId,
  "backendImplementer.steer" | "backendImplementer.showTranscript" | "backendImplementer.exportTranscript"
>;

async function steer(runs: RunDesk): Promise<void> {
  // What is said before there is anybody to hear it would be lost.
  if (!runs.steer("")) {
    throw noRun(
      vscode.l10n.t("No run with a model is going on, so there is nothing to steer. Start one with @backend."),
    );
  }
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Steer the Run"),
    prompt: vscode.l10n.t("The model is told at its next turn."),
    ignoreFocusOut: true,
  });
  if (!text?.trim()) return;
  if (!runs.steer(text)) {
    throw noRun(vscode.l10n.t("The run has ended meanwhile. Say it in the chat: @backend goes on with the run."));
  }
  vscode.window.setStatusBarMessage(vscode.l10n.t("$(comment) The run is told at its next turn."), shownFor);
}

const shownFor = 10_000;

function noRun(message: string): UserFacingError {
  return new UserFacingError("NO_RUN", message);
}

function requireState(runs: RunDesk): RunState {
  const state = runs.state();
  if (state && state.messages.length > 0) return state;
  throw new UserFacingError(
    "NO_TRANSCRIPT",
    vscode.l10n.t(
      "No run with a model has been made here, so there is no transcript. The offline engine says nothing that could be kept.",
    ),
  );
}

function shownTranscript(runs: RunDesk): string {
  const state = runs.state();
  return state ? transcriptOf(state, "markdown") : "";
}

const forms: Readonly<Record<string, TranscriptForm>> = { json: "json", md: "markdown" };

async function exportTranscript(state: RunState, folder: vscode.Uri | undefined): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, "transcript.md") }),
    title: vscode.l10n.t("Export Transcript"),
    filters: { Markdown: ["md"], JSON: ["json"] },
    saveLabel: vscode.l10n.t("Export"),
  });
  if (!target) return;
  const ending = target.path.split(".").at(-1)?.toLowerCase() ?? "";
  const text = transcriptOf(state, forms[ending] ?? "markdown");
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
