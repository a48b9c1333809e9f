import * as vscode from "vscode";
import { steps } from "../../compiler/compilation.ts";
import type { RunResult, SessionEvent } from "../../session/events.ts";
import type { documentNames } from "../../spec/documentNames.ts";
import type { SpecReading } from "../../spec/reading.ts";
import { inertMarkdown } from "../../support/inertMarkdown.ts";
import { asSentence } from "../../support/words.ts";
import { amountOf } from "../amounts.ts";
import { documentUri } from "../designDocuments.ts";
import { withPlaceLinks } from "../placeLinks.ts";
import type { Remedy } from "../remedies.ts";
import { createWorkspacePaths } from "../review/workspacePaths.ts";
import { stepTitle } from "../stepTitles.ts";

/**
 * Shows one event of a run in the chat.
 *
 * VS Code folds everything before the last run of Markdown once the answer is complete, so the
 * report comes last and in one piece, and file tree and buttons after it (research/platform.md §4).
 */
export function renderEvent(stream: vscode.ChatResponseStream, event: SessionEvent, folder: vscode.Uri): void {
  switch (event.type) {
    case "specRead":
      renderReading(stream, event.reading, folder);
      break;
    case "stepStarted":
      stream.progress(vscode.l10n.t("Step {0} of {1}: {2}", event.step, steps.length, stepTitle(event.step)));
      break;
    case "stepFinished":
      stream.markdown(`${event.step}. **${stepTitle(event.step)}** — ${amountOf.files(event.files.length)}\n`);
      break;
    case "agent":
      renderAgentEvent(stream, event.event, folder);
      break;
    case "state":
      break;
    case "reviewed":
      stream.progress(vscode.l10n.t("Checklist and coverage of the proposed state"));
      break;
    case "finished":
      stream.markdown(`\n\n${withPlaceLinks(event.result.report, folder)}`);
      break;
  }
}

function renderReading(stream: vscode.ChatResponseStream, reading: SpecReading, folder: vscode.Uri): void {
  const read = reading.documents.filter((document) => document.kinds.length > 0);
  stream.markdown(`${vscode.l10n.t("Read {0}:", amountOf.designDocuments(read.length))}\n\n`);
  for (const { path, kinds } of read) {
    const uri = documentUri(path, folder);
    stream.markdown("- ");
    if (uri) stream.anchor(uri, path);
    else stream.markdown(path);
    stream.markdown(` — ${kinds.map((kind) => documentWords[kind]).join(", ")}\n`);
  }
  stream.markdown("\n");
}

const documentWords: typeof documentNames = {
  domain: vscode.l10n.t("domain model"),
  api: vscode.l10n.t("API contract"),
  database: vscode.l10n.t("database design"),
  errors: vscode.l10n.t("error handling design"),
};

type AgentSessionEvent = Extract<SessionEvent, { type: "agent" }>["event"];

function renderAgentEvent(stream: vscode.ChatResponseStream, event: AgentSessionEvent, folder: vscode.Uri): void {
  switch (event.type) {
    case "text":
      stream.markdown(event.delta);
      break;
    case "reasoning":
      stream.progress(event.delta);
      break;
    case "retrying":
      stream.progress(event.delayMs === 0 ? event.reason : `${asSentence(event.reason)} ${tryingAgain(event.delayMs)}`);
      break;
    case "steered":
      stream.markdown(`\n\n> ${inertMarkdown(event.text).replaceAll("\n", "\n> ")}\n\n`);
      break;
    case "writing":
      if (event.at === 0) renderWriting(stream, event.path, folder);
      break;
    case "toolStarted":
      if (event.call.name === "Bash") stream.progress(vscode.l10n.t("Waiting for a command to be approved and run"));
      break;
    default:
      break;
  }
}

/** A click shows the file while it grows. */
function renderWriting(stream: vscode.ChatResponseStream, path: string, folder: vscode.Uri): void {
  stream.markdown(`${vscode.l10n.t("Writing:")} `);
  stream.anchor(createWorkspacePaths(folder).toProposed(path), path);
  stream.markdown("\n\n");
}

function tryingAgain(delayMs: number): string {
  return vscode.l10n.t("Trying again in {0} s.", Math.ceil(delayMs / 1000));
}

/** More files than this push the report out of sight; the Proposals view has them all. */
const mostFilesInTree = 40;

/** A row of more buttons is a row of none. */
const mostButtons = 3;

/** What follows the report: the files that wait for a decision, when they are few, and the next actions, remedies first. */
export function renderProposals(
  stream: vscode.ChatResponseStream,
  paths: readonly string[],
  { folder, remedies }: { readonly folder: vscode.Uri; readonly remedies: readonly Remedy[] },
): void {
  if (paths.length > 0 && paths.length <= mostFilesInTree) stream.filetree(toTree(paths), folder);
  for (const button of [...remedies, ...(paths.length > 0 ? decide : [])].slice(0, mostButtons)) {
    stream.button({ ...button });
  }
}

const decide: readonly Remedy[] = [
  { command: "backendImplementer.openAllProposals", title: vscode.l10n.t("Review All Proposals") },
  { command: "backendImplementer.acceptAll", title: vscode.l10n.t("Accept All Proposals") },
];

/** Kept with the turn in the chat's history; JSON only. */
export function resultMetadata(result: RunResult): { readonly stopped: string; readonly milliseconds: number } {
  return { stopped: result.stopped, milliseconds: result.milliseconds };
}

interface MutableTree {
  name: string;
  children?: MutableTree[];
}

function toTree(paths: readonly string[]): vscode.ChatResponseFileTree[] {
  const root: MutableTree[] = [];
  for (const path of paths) {
    let level = root;
    const segments = path.split("/");
    for (const [index, name] of segments.entries()) {
      const node = level.find((candidate) => candidate.name === name) ?? insert(level, name);
      if (index < segments.length - 1) {
        node.children ??= [];
        level = node.children;
      }
    }
  }
  return root;
}

function insert(level: MutableTree[], name: string): MutableTree {
  const node: MutableTree = { name };
  level.push(node);
  return node;
}
