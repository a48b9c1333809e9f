import * as vscode from "vscode";
import type { Review } from "../../review/model.ts";
import { exampleQuestions } from "../../session/exampleQuestions.ts";
import type { RunKind } from "../../session/prompt.ts";
import { isAbort, UserFacingError } from "../../support/errors.ts";
import { unexpectedText } from "../../support/unexpected.ts";
import { toAbortSignal } from "../cancellation.ts";
import { withPlaceLinks } from "../placeLinks.ts";
import { requireProjectFolder } from "../projectFolder.ts";
import { remediesFor, remediesOf } from "../remedies.ts";
import { carryOut, type RunHost } from "../run.ts";
import { renderEvent, renderProposals, resultMetadata } from "./chatRenderer.ts";
import { readChatRequest } from "./chatRequest.ts";
import type { answerFreely } from "./freeAnswer.ts";

const participantId = "backend-implementer.backend";

/** What answers a prompt that is no command; loaded with the first one. */
export type LoadAnswer = () => Promise<typeof answerFreely>;

/** `@backend`. Where there is no chat (a fork, or switched off) nothing is registered. */
export function registerChatParticipant(host: RunHost, loadAnswer: LoadAnswer): vscode.Disposable {
  if (vscode.chat?.createChatParticipant === undefined) return new vscode.Disposable(() => undefined);
  const participant = vscode.chat.createChatParticipant(participantId, (request, _context, stream, token) =>
    handle(request, stream, { host, token, loadAnswer }),
  );
  participant.iconPath = new vscode.ThemeIcon("server-process");
  participant.followupProvider = { provideFollowups: (result) => followups(result) };
  return participant;
}

interface Handling {
  readonly host: RunHost;
  readonly token: vscode.CancellationToken;
  readonly loadAnswer: LoadAnswer;
}

async function handle(
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  { host, token, loadAnswer }: Handling,
): Promise<vscode.ChatResult> {
  const asked = readChatRequest(request);
  const { kind } = asked;
  try {
    const folder = requireProjectFolder(host.folder);
    const go = (going: RunKind) => runInChat(going, { request, stream, folder, token }, host);
    if (kind !== undefined) return await go(kind);
    return await (await loadAnswer())({ asked, request, stream, folder, token, goOn: () => go("continue") }, host);
  } catch (thrown) {
    return failed(thrown, stream, host);
  }
}

interface ChatTurn {
  readonly request: vscode.ChatRequest;
  readonly stream: vscode.ChatResponseStream;
  readonly folder: vscode.Uri;
  readonly token: vscode.CancellationToken;
}

async function runInChat(kind: RunKind, turn: ChatTurn, host: RunHost): Promise<vscode.ChatResult> {
  const { request, stream, folder, token } = turn;
  if (vscode.workspace.workspaceFolders?.length !== 1) stream.markdown(whichFolder(folder));
  const result = await carryOut(kind, readChatRequest(request), host, {
    signal: toAbortSignal(token),
    pickedModel: request.model,
    show: (event) => renderEvent(stream, event, folder),
    answer: (markdown) => stream.markdown(withPlaceLinks(markdown, folder)),
  });
  if (!result) return { metadata: { kind, ...(kind === "check" && { gaps: gapsOf(host.store.review()) }) } };
  const paths = host.changes.files().map((file) => file.path);
  renderProposals(stream, paths, { folder, remedies: remediesOf(result) });
  return { metadata: { kind, ...resultMetadata(result) } };
}

/** How much there is to mend: elements of the design and items of the checklist. */
function gapsOf(review: Review | undefined): number {
  if (!review) return 0;
  const { missing, mismatched } = review.coverage.totals;
  return missing + mismatched + review.checklist.filter(({ status }) => status === "fail").length;
}

/** Of several folders one is implemented in; paths of the answer are below it. */
function whichFolder(folder: vscode.Uri): vscode.MarkdownString {
  const name = vscode.workspace.getWorkspaceFolder(folder)?.name ?? folder.path;
  const text = vscode.l10n.t("In the folder {0} of this workspace.", name);
  return new vscode.MarkdownString().appendText(`${text}\n\n`);
}

function failed(thrown: unknown, stream: vscode.ChatResponseStream, host: RunHost): vscode.ChatResult {
  if (isAbort(thrown)) return { metadata: { stopped: "cancelled" } };
  if (thrown instanceof UserFacingError) {
    stream.markdown(`${thrown.message}\n\n### Skills Used\n\nNone`);
    for (const remedy of remediesFor(thrown.code)) stream.button({ ...remedy });
    return { metadata: { error: thrown.code } };
  }
  host.log.error("A chat request failed.", thrown);
  return {
    errorDetails: { message: vscode.l10n.t("{0} The log has the details; please report it.", unexpectedText(thrown)) },
  };
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
        : exampleQuestions.slice(1, 3).map(question);
    case "question":
      return metadata["gaps"] > 0 ? [implement, check] : [check];
    case "help":
      return exampleQuestions.map(question);
    default:
      return [];
  }
}

function question(prompt: string): vscode.ChatFollowup {
  return { prompt, label: prompt, command: "" };
}
