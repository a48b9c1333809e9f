import * as vscode from "vscode";
import type { ModelClient } from "../../agent/model.ts";
import type { NeedsDetail } from "../../compiler/compilation.ts";
import type { ProjectCheck } from "../../session/checkProject.ts";
import { exampleQuestions, namedQuestions } from "../../session/exampleQuestions.ts";
import { type RunKind, runKinds } from "../../session/prompt.ts";
import type { Known } from "../../session/questions/answerQuestion.ts";
import { UserFacingError } from "../../support/errors.ts";
import { inertMarkdown } from "../../support/inertMarkdown.ts";
import { toAbortSignal } from "../cancellation.ts";
import { chooseModel } from "../chosenModel.ts";
import { documentUri } from "../designDocuments.ts";
import { withPlaceLinks } from "../placeLinks.ts";
import { checkDesign, type RunHost } from "../run.ts";
import type { RunRequest } from "./chatRequest.ts";

/** What a prompt that is no command is answered with, and to whom. */
export interface FreeAnswer {
  readonly asked: RunRequest;
  readonly request: vscode.ChatRequest;
  readonly stream: vscode.ChatResponseStream;
  readonly folder: vscode.Uri;
  readonly token: vscode.CancellationToken;
  /** Goes on with the last run, the prompt as its instructions. */
  readonly goOn: () => Promise<vscode.ChatResult>;
}

const noSkills = "\n\n### Skills Used\n\nNone";

/**
 * Answers a prompt that is none of the commands: what is another agent's work is refused; questions about the design and
 * the coverage are answered from them; anything else goes to the chosen model, or else what can be asked is said.
 */
export async function answerFreely(answer: FreeAnswer, host: RunHost): Promise<vscode.ChatResult> {
  const { asked, stream, folder } = answer;
  const runtime = await host.loadRuntime();
  const refusal = runtime.refuse(asked.instructions);
  if (refusal !== undefined) {
    stream.markdown(`${refusal}${noSkills}`);
    return { metadata: { kind: "refusal", refused: true } };
  }
  const question = runtime.readQuestion(asked.instructions);
  if (!question) return answerByModel(answer, host);
  const known = await knownFor(answer, host);
  if (!runtime.isAnswerable(question, known)) {
    const model = await chosenModel(answer, host);
    if (model) return askAbout(model, known, answer, host);
  }
  const open = question.about === "why" ? await leftOpen(known, answer, host) : [];
  stream.markdown(
    withPlaceLinks(inertMarkdown(runtime.answerQuestion(question, { ...known, open })), folder) + noSkills,
  );
  const { missing, mismatched } = known.review.coverage.totals;
  return { metadata: { kind: "question", gaps: missing + mismatched } };
}

/** Reads design and code, and names the documents that the answer rests on. */
async function knownFor({ asked, stream, folder, token }: FreeAnswer, host: RunHost): Promise<ProjectCheck> {
  stream.progress(vscode.l10n.t("Reading the design and the code"));
  const known = await checkDesign(asked, host, toAbortSignal(token));
  for (const { path, kinds } of known.reading.documents) {
    const uri = kinds.length > 0 ? documentUri(path, folder) : undefined;
    if (uri) stream.reference(uri);
  }
  return known;
}

/** What the engine would leave open of this design, with its reasons. */
async function leftOpen(
  { documents }: ProjectCheck,
  { folder, token }: FreeAnswer,
  host: RunHost,
): Promise<readonly NeedsDetail[]> {
  const ports = { workspace: host.openWorkspace(folder), analyzer: host.analyzer };
  const { compilation } = await (await host.loadRuntime()).plan(documents, ports, toAbortSignal(token));
  return compilation.needsDetail;
}

async function answerByModel(answer: FreeAnswer, host: RunHost): Promise<vscode.ChatResult> {
  const { asked, stream } = answer;
  if (asked.instructions !== "" && host.runs.steer(asked.instructions)) {
    stream.markdown(`${vscode.l10n.t("The run that is going on is told at its next turn.")}${noSkills}`);
    return { metadata: { kind: "steering" } };
  }
  const model = await chosenModel(answer, host);
  if (!model) {
    stream.markdown(`${whatCanBeAsked}${noSkills}`);
    return { metadata: { kind: "help" } };
  }
  // A run that the model has made is what a follow-up is about; its history has more than any summary.
  if (host.runs.state()?.messages.length) return answer.goOn();
  return askAbout(model, await knownFor(answer, host), answer, host);
}

async function askAbout(
  model: ModelClient,
  known: Known,
  { asked, stream, token }: FreeAnswer,
  host: RunHost,
): Promise<vscode.ChatResult> {
  const { askModel } = await host.loadRuntime();
  for await (const delta of askModel(asked.instructions, known, model, toAbortSignal(token))) stream.markdown(delta);
  stream.markdown(noSkills);
  return { metadata: { kind: "question" } };
}

/** Without a model that is set up, what can be asked without one is the better answer. */
async function chosenModel(
  { asked, request, token, folder }: FreeAnswer,
  host: RunHost,
): ReturnType<typeof chooseModel> {
  if (asked.instructions === "" || !vscode.workspace.isTrusted) return undefined;
  const runtime = await host.loadRuntime();
  const agent = await runtime.loadAgent(host.context.extensionPath, folder.fsPath);
  try {
    const { context, keys } = host;
    const signal = toAbortSignal(token);
    return await chooseModel(runtime, agent.definition.model, { context, keys, picked: request.model, signal });
  } catch (thrown) {
    if (thrown instanceof UserFacingError) return undefined;
    throw thrown;
  }
}

const descriptions: Readonly<Record<RunKind, string>> = {
  implement: vscode.l10n.t("propose the backend that the documents describe"),
  plan: vscode.l10n.t("show the design as it is understood, what is assumed and open, the files and the cost"),
  check: vscode.l10n.t("compute the quality checklist and the coverage of the design"),
  fix: vscode.l10n.t("propose changes for what the check finds"),
  continue: vscode.l10n.t("go on with the last run"),
};

const whatCanBeAsked = `${vscode.l10n.t("I implement backends from design documents. Open or attach them and ask for one of these:")}

${runKinds.map((kind) => `- \`/${kind}\` — ${descriptions[kind]}`).join("\n")}

${vscode.l10n.t("Or ask about the design and what of it is implemented; no model is needed for that:")}

${exampleQuestions.map((question) => `- ${question}`).join("\n")}

${vscode.l10n.t("Or with the names of your design, such as:")}

${namedQuestions.map((question) => `- ${question}`).join("\n")}`;
