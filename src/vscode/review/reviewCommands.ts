import * as vscode from "vscode";
import { proposedRanges } from "../../changes/hunks.ts";
import type { ChangeSet, Selection } from "../../changes/model.ts";
import { reasonForOwnYes } from "../../changes/ownYes.ts";
import { UserFacingError } from "../../support/errors.ts";
import { riskyKeys } from "../../support/riskyKeys.ts";
import { currentText } from "../currentText.ts";
import { acceptedAlone, type Decisions } from "./decisions.ts";
import type { DiffEditors } from "./diffEditors.ts";
import { codeOf, itemParts, type Place, type SelectedHunk, selectedHunk, selectedPath } from "./selection.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

type Handler = (...args: readonly unknown[]) => Promise<void>;

/** The commands of the review, by id. Menus, keys, lenses and trees call them with what `selection.ts` reads. */
export type ReviewHandlers = Readonly<Record<ReviewCommandId, Handler>>;

export type ReviewCommandId =
  | "backendImplementer.acceptHunk"
  | "backendImplementer.rejectHunk"
  | "backendImplementer.acceptFile"
  | "backendImplementer.rejectFile"
  | "backendImplementer.acceptItem"
  | "backendImplementer.rejectItem"
  | "backendImplementer.groupByItem"
  | "backendImplementer.groupByStep"
  | "backendImplementer.acceptAll"
  | "backendImplementer.rejectAll"
  | "backendImplementer.undoDecision"
  | "backendImplementer.openProposal"
  | "backendImplementer.openAllProposals"
  | "backendImplementer.openLocation"
  | "backendImplementer.openCode";

export interface ReviewParts {
  readonly changes: ChangeSet;
  readonly paths: WorkspacePaths;
  readonly decisions: Decisions;
  readonly editors: DiffEditors;
  readonly showByItem: (on: boolean) => void;
}

export function createReviewHandlers(parts: ReviewParts): ReviewHandlers {
  const { decisions, editors } = parts;
  const { reject } = decisions;
  const accept = (selection: Selection) => confirmed(selection, parts, decisions.accept);
  return {
    "backendImplementer.acceptHunk": (...args) => decideHunk(accept, selectedHunk(args, parts), parts),
    "backendImplementer.rejectHunk": (...args) => decideHunk(reject, selectedHunk(args, parts), parts),
    "backendImplementer.acceptFile": (...args) => decideFile(accept, requirePath(args, parts), parts),
    "backendImplementer.rejectFile": (...args) => decideFile(reject, requirePath(args, parts), parts),
    "backendImplementer.acceptItem": (node) => decideAll(accept, "Accepted", parts, requireItem(node)),
    "backendImplementer.rejectItem": (node) => decideAll(reject, "Rejected", parts, requireItem(node)),
    "backendImplementer.groupByItem": async () => parts.showByItem(true),
    "backendImplementer.groupByStep": async () => parts.showByItem(false),
    "backendImplementer.acceptAll": () => decideAll(accept, "Accepted", parts),
    "backendImplementer.rejectAll": () => decideAll(reject, "Rejected", parts),
    "backendImplementer.undoDecision": () => undo(parts),
    "backendImplementer.openProposal": (...args) => editors.open(requirePath(args, parts)),
    "backendImplementer.openAllProposals": () => editors.openAll(),
    "backendImplementer.openLocation": (path, line) =>
      openLocation({ path: String(path), line: typeof line === "number" ? line : 1 }, parts),
    "backendImplementer.openCode": (node) => openLocation(codeOf(node), parts),
  };
}

type Decide = (selection: Selection) => Promise<number>;

/** A file that can change what programs do is accepted after a question of its own, never in passing. */
async function confirmed(selection: Selection, { changes }: ReviewParts, decide: Decide): Promise<number> {
  const { path } = selection;
  const file = path === undefined ? undefined : changes.file(path);
  const why = file && reasonForOwnYes(file);
  if (path === undefined || why === undefined) return decide(selection);
  const keys = riskyKeys(changes.proposedText(path) ?? "");
  const named = keys.length === 0 ? "" : `\n\nIt sets ${keys.join(", ")}.`;
  const detail = `Be sure that you want this change: ${why}.${named}`;
  const answer = await vscode.window.showWarningMessage(`Accept ${path}?`, { modal: true, detail }, "Accept");
  return answer === "Accept" ? decide(selection) : 0;
}

async function decideHunk(decide: Decide, selected: SelectedHunk | undefined, parts: ReviewParts): Promise<void> {
  if (selected === undefined) {
    throw new UserFacingError("NO_CHANGE_HERE", "No proposed change is here. Put the cursor into one and try again.");
  }
  const { path, hunkId } = selected;
  const index = parts.changes.file(path)?.hunks.findIndex((hunk) => hunk.id === hunkId) ?? 0;
  await andThenNext(path, parts, () => decide({ path, hunkId }));
  await revealHunk(path, Math.max(0, index), parts);
}

async function decideFile(decide: Decide, path: string, parts: ReviewParts): Promise<void> {
  await andThenNext(path, parts, () => decide({ path }));
}

async function decideAll(
  decide: Decide,
  word: string,
  { editors, changes }: ReviewParts,
  selection: Selection = {},
): Promise<void> {
  const count = await decide(selection).finally(() => editors.closeDecided());
  const left = acceptedAlone(changes, selection);
  const rest = left.length === 0 ? "" : ` Look at ${left.join(", ")} and accept each by itself.`;
  const message = `${word} the proposed changes of ${count} ${count === 1 ? "file" : "files"}.${rest}`;
  void vscode.window.showInformationMessage(message, "Undo").then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand("backendImplementer.undoDecision");
  });
}

/** Decides, closes what is done, and goes on to the next file when the user was looking at this one. */
async function andThenNext(path: string, parts: ReviewParts, decide: () => Promise<number>): Promise<void> {
  const { changes, editors } = parts;
  const wasInFront = editors.activePath() === path;
  const index = changes.files().findIndex((file) => file.path === path);
  await decide();
  const files = changes.files();
  const next = files[index] ?? files[0];
  if (wasInFront && changes.file(path) === undefined && next !== undefined) await editors.open(next.path);
  await editors.closeDecided();
}

async function undo({ decisions, editors, changes }: ReviewParts): Promise<void> {
  const { paths, blocked } = await decisions.undo();
  const [first] = paths.filter((path) => changes.file(path) !== undefined);
  if (paths.length === 1 && first !== undefined) await editors.open(first);
  if (blocked.length === 0) return;
  throw new UserFacingError(
    "UNDO_BLOCKED",
    `${blocked.join(", ")} stays as it is, because you have changed the accepted lines since. Undo your own edits first, or revert the file by hand.`,
  );
}

/** Puts the cursor on the change that took the place of the decided one. */
async function revealHunk(path: string, index: number, { changes, paths }: ReviewParts): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const file = changes.file(path);
  if (editor === undefined || file === undefined) return;
  if (editor.document.uri.toString() !== paths.toProposed(path).toString()) return;
  const ranges = proposedRanges(file);
  const next = ranges[index] ?? ranges[0];
  if (next === undefined) return;
  await untilShows(editor.document, changes.proposedText(path));
  const position = new vscode.Position(next.start, 0);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The editor reloads a changed document a moment later. */
async function untilShows(document: vscode.TextDocument, text: string | undefined): Promise<void> {
  for (let waited = 0; waited < 1000 && document.getText() !== text; waited += 25) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function openLocation(place: Place | undefined, { changes, editors, paths }: ReviewParts): Promise<void> {
  if (place === undefined) throw new UserFacingError("NO_CODE", "No code belongs to this element yet.");
  const isProposed = (changes.file(place.path)?.hunks.length ?? 0) > 0;
  if (isProposed) return editors.open(place.path, place.line);
  const uri = paths.toFile(place.path);
  if ((await currentText(uri)) === undefined) {
    throw new UserFacingError(
      "NOT_A_FILE",
      `${place.path} is no file of this folder; it was pasted, moved or deleted.`,
    );
  }
  const line = Math.max(0, place.line - 1);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(line, 0, line, 0) });
}

function requireItem(node: unknown): Selection {
  const parts = itemParts(node);
  if (parts !== undefined) return { parts };
  throw new UserFacingError(
    "NO_ITEM_HERE",
    "This is no item of the design. Group the view Proposals by design item and choose one.",
  );
}

function requirePath(args: readonly unknown[], { changes, paths }: ReviewParts): string {
  const path = selectedPath(args[0], paths);
  if (path === undefined || changes.file(path) === undefined) {
    throw new UserFacingError("NO_FILE_HERE", "This is no proposed file. Open one from the view Proposals.");
  }
  return path;
}
