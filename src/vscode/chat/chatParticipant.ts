import * as vscode from "vscode";
import { exampleQuestions } from "../../session/exampleQuestions.ts";
import type { Log } from "../../session/ports.ts";
import { capitalize } from "../../support/words.ts";
import type { UseHost } from "../run.ts";
import type { answerTurn } from "./chatTurn.ts";

const participantId = "backend-implementer.backend";

/** What answers; loaded with the first request. */
export type LoadTurn = () => Promise<typeof answerTurn>;

/** `@backend`. Where there is no chat (a fork, or switched off) nothing is registered. */
export function registerChatParticipant(use: UseHost, log: Log, loadTurn: LoadTurn): vscode.Disposable {
  if (vscode.chat?.createChatParticipant === undefined) return new vscode.Disposable(() => undefined);
  const participant = vscode.chat.createChatParticipant(participantId, async (request, _context, stream, token) =>
    (await loadTurn())(request, stream, { use, log, token }),
  );
  participant.iconPath = new vscode.ThemeIcon("server-process");
  participant.followupProvider = { provideFollowups: (result) => followups(result) };
  return participant;
}

/** `command` is set on each: VS Code would repeat the previous one otherwise (platform.md §1). */
function followups({ metadata }: vscode.ChatResult): vscode.ChatFollowup[] {
  const implement = { prompt: "", label: vscode.l10n.t("Implement what is missing"), command: "implement" };
  const check = { prompt: "", label: vscode.l10n.t("Check against the design"), command: "check" };
  switch (metadata?.["kind"]) {
    case "implement":
      return [check, question("what is missing?")];
    case "plan":
      return [{ ...implement, label: vscode.l10n.t("Implement this plan") }];
    case "check":
      return metadata["gaps"] > 0
        ? [{ prompt: "", label: vscode.l10n.t("Fix what fails"), command: "fix" }, question("what is missing?")]
        : exampleQuestions.slice(1).map(question);
    case "question":
      return metadata["gaps"] > 0 ? [implement, check] : [check];
    case "help":
      return exampleQuestions.map(question);
    default:
      return [];
  }
}

function question(prompt: string): vscode.ChatFollowup {
  return { prompt, label: capitalize(prompt), command: "" };
}
