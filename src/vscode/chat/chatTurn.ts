import * as vscode from "vscode";
import type { Review } from "../../review/model.ts";
import type { Log } from "../../session/ports.ts";
import type { RunKind } from "../../session/prompt.ts";
import { isAbort, UserFacingError } from "../../support/errors.ts";
import { unexpectedText } from "../../support/unexpected.ts";
import { toAbortSignal } from "../cancellation.ts";
import { withPlaceLinks } from "../placeLinks.ts";
import { requireProjectFolder } from "../projectFolder.ts";
import { remediesFor, remediesOf } from "../remedies.ts";
import { carryOut, type RunHost, type UseHost } from "../run.ts";
import { renderEvent, renderProposals, resultMetadata } from "./chatRenderer.ts";
import { readChatRequest } from "./chatRequest.ts";
import { answerFreely } from "./freeAnswer.ts";

interface Handling {
  readonly use: UseHost;
  readonly log: Log;
  readonly token: vscode.CancellationToken;
}

/** Answers one request to `@backend`; what the user can mend is said in the answer, with buttons. */
export async function answerTurn(
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  { use, log, token }: Handling,
): Promise<vscode.ChatResult> {
  const asked = readChatRequest(request);
  const { kind } = asked;
  try {
    return await use(async (host) => {
      const folder = requireProjectFolder(host.folder);
      const go = (going: RunKind) => runInChat(going, { request, stream, folder, token }, host);
      if (kind !== undefined) return go(kind);
      return answerFreely({ asked, request, stream, folder, token, goOn: () => go("continue") }, host);
    });
  } catch (thrown) {
    return failed(thrown, stream, log);
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

function failed(thrown: unknown, stream: vscode.ChatResponseStream, log: Log): vscode.ChatResult {
  if (isAbort(thrown)) return { metadata: { stopped: "cancelled" } };
  if (thrown instanceof UserFacingError) {
    stream.markdown(`${thrown.message}\n\n### Skills Used\n\nNone`);
    for (const remedy of remediesFor(thrown.code)) stream.button({ ...remedy });
    return { metadata: { error: thrown.code } };
  }
  log.error("A chat request failed.", thrown);
  return {
    errorDetails: { message: vscode.l10n.t("{0} The log has the details; please report it.", unexpectedText(thrown)) },
  };
}
