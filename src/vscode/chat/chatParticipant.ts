import * as vscode from "vscode";
import { type RunKind, runKinds } from "../../session/prompt.ts";
import { isAbort, UserFacingError } from "../../support/errors.ts";
import { unexpectedText } from "../../support/unexpected.ts";
import { toAbortSignal } from "../cancellation.ts";
import { withPlaceLinks } from "../placeLinks.ts";
import { requireProjectFolder } from "../projectFolder.ts";
import { remediesOf, remedyOf } from "../remedies.ts";
import { carryOut, type RunHost } from "../run.ts";
import { renderEvent, renderProposals, resultMetadata } from "./chatRenderer.ts";
import { readChatRequest } from "./chatRequest.ts";

const participantId = "backend-implementer.backend";

/** `@backend`. Where there is no chat (a fork, or switched off) nothing is registered. */
export function registerChatParticipant(host: RunHost): vscode.Disposable {
  if (vscode.chat?.createChatParticipant === undefined) return new vscode.Disposable(() => undefined);
  const participant = vscode.chat.createChatParticipant(participantId, (request, _context, stream, token) =>
    handle(request, stream, { host, token }),
  );
  participant.iconPath = new vscode.ThemeIcon("server-process");
  participant.followupProvider = { provideFollowups: (result) => followups(result) };
  return participant;
}

interface Handling {
  readonly host: RunHost;
  readonly token: vscode.CancellationToken;
}

async function handle(
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  { host, token }: Handling,
): Promise<vscode.ChatResult> {
  const asked = readChatRequest(request);
  const { kind } = asked;
  try {
    const folder = requireProjectFolder(host.folder);
    if (kind === undefined) return await answerFreely(asked.instructions, stream, host);
    if (vscode.workspace.workspaceFolders?.length !== 1) stream.markdown(whichFolder(folder));
    const result = await carryOut(kind, asked, host, {
      signal: toAbortSignal(token),
      pickedModel: request.model,
      show: (event) => renderEvent(stream, event, folder),
      answer: (markdown) => stream.markdown(withPlaceLinks(markdown, folder)),
    });
    if (!result) return { metadata: { kind } };
    const paths = host.changes.files().map((file) => file.path);
    renderProposals(stream, paths, folder);
    for (const remedy of remediesOf(result)) stream.button({ ...remedy });
    return { metadata: { kind, ...resultMetadata(result) } };
  } catch (thrown) {
    return failed(thrown, stream, host);
  }
}

/** Of several folders one is implemented in; paths of the answer are below it. */
function whichFolder(folder: vscode.Uri): vscode.MarkdownString {
  const name = vscode.workspace.getWorkspaceFolder(folder)?.name ?? folder.path;
  return new vscode.MarkdownString().appendText(`In the folder ${name} of this workspace.\n\n`);
}

function failed(thrown: unknown, stream: vscode.ChatResponseStream, host: RunHost): vscode.ChatResult {
  if (isAbort(thrown)) return { metadata: { stopped: "cancelled" } };
  if (thrown instanceof UserFacingError) {
    stream.markdown(`${thrown.message}\n\n### Skills Used\n\nNone`);
    const remedy = remedyOf(thrown.code);
    if (remedy) stream.button({ ...remedy });
    return { metadata: { error: thrown.code } };
  }
  host.log.error("A chat request failed.", thrown);
  return { errorDetails: { message: `${unexpectedText(thrown)} The log has the details; please report it.` } };
}

/** Text that is none of the commands: refused when it is another agent's work, else what can be asked. */
async function answerFreely(
  prompt: string,
  stream: vscode.ChatResponseStream,
  host: RunHost,
): Promise<vscode.ChatResult> {
  const refusal = (await host.loadRuntime()).refuse(prompt);
  const help = runKinds.map((kind) => `- \`/${kind}\` — ${descriptions[kind]}`).join("\n");
  stream.markdown(
    `${refusal ?? `I implement backends from design documents. Open or attach them and ask for one of these:\n\n${help}`}\n\n### Skills Used\n\nNone`,
  );
  return { metadata: { refused: refusal !== undefined } };
}

const descriptions: Readonly<Record<RunKind, string>> = {
  implement: "propose the backend that the documents describe",
  plan: "show the design as it is understood, what is assumed and open, the files and the cost",
  check: "compute the quality checklist and the coverage of the design",
  fix: "propose changes for what the check finds",
  continue: "go on with the last run",
};

/** `command` is set on each: VS Code would repeat the previous one otherwise (platform.md §1). */
function followups(result: vscode.ChatResult): vscode.ChatFollowup[] {
  const kind = result.metadata?.["kind"];
  if (kind === "implement") return [{ prompt: "", label: "Check against the design", command: "check" }];
  if (kind === "plan") return [{ prompt: "", label: "Implement this plan", command: "implement" }];
  if (kind === "check") return [{ prompt: "", label: "Fix what fails", command: "fix" }];
  return [];
}
