import * as vscode from "vscode";
import type { Selection } from "../../changes/model.ts";
import { forgetWord, markSeen, partOfFile, seenTest } from "../../changes/reviewNotes.ts";
import { UserFacingError } from "../../support/errors.ts";
import { amountOf } from "../amounts.ts";
import { currentText } from "../currentText.ts";
import { designItems } from "../trees/proposalNodes.ts";
import { createConflictHandlers } from "./conflictCommands.ts";
import {
  confirmed,
  type DecidingParts,
  type DecisionKind,
  decideFile,
  decideHunk,
  decideTogether,
  requireHunk,
  undo,
} from "./deciding.ts";
import { explainChange } from "./explaining.ts";
import { createFilterHandlers } from "./filterCommands.ts";
import { createCommentHandlers } from "./hunkComments.ts";
import { createNavigation } from "./navigation.ts";
import { rejectWithReason } from "./rejecting.ts";
import type { ReviewParts } from "./reviewParts.ts";
import {
  codeOf,
  type Place,
  selectedHunk,
  selectedParts,
  selectedPath,
  selectedWhole,
  selectedWords,
} from "./selection.ts";
import { createTurns } from "./turns.ts";

type Handler = (...args: readonly unknown[]) => Promise<void>;

/** The commands of the review, by id. Menus, keys, lenses and trees call them with what `selection.ts` reads. */
export type ReviewHandlers = Readonly<Record<ReviewCommandId, Handler>>;

type ReviewCommandId =
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
  | "backendImplementer.takeBackEdit"
  | "backendImplementer.undoDecision"
  | "backendImplementer.openProposal"
  | "backendImplementer.openAllProposals"
  | "backendImplementer.openLocation"
  | "backendImplementer.openCode"
  | "backendImplementer.nextChange"
  | "backendImplementer.previousChange"
  | "backendImplementer.markReviewed"
  | "backendImplementer.rejectWithReason"
  | "backendImplementer.explainChange"
  | "backendImplementer.forgetWord"
  | keyof ReturnType<typeof createConflictHandlers>
  | keyof ReturnType<typeof createFilterHandlers>
  | keyof ReturnType<typeof createCommentHandlers>;

export function createReviewHandlers(parts: ReviewParts): ReviewHandlers {
  const { decisions, editors, store } = parts;
  const turns = createTurns(editors, createNavigation(parts));
  const inTurn =
    (handler: (parts: DecidingParts, ...args: readonly unknown[]) => Promise<void>): Handler =>
    (...args) =>
      turns.run((next) => handler({ ...parts, next }, ...args));
  const reject = (selection: Selection) => decisions.reject(selection);
  const accept = (selection: Selection) => confirmed(selection, parts, decisions.accept);
  return {
    "backendImplementer.acceptHunk": inTurn((now, ...args) =>
      decideHunk(accept, requireHunk(selectedHunk(args, now)), now),
    ),
    "backendImplementer.rejectHunk": inTurn((now, ...args) =>
      decideHunk(reject, requireHunk(selectedHunk(args, now)), now),
    ),
    "backendImplementer.acceptFile": inTurn((now, ...args) => decideWhole(accept, "accept", args, now)),
    "backendImplementer.rejectFile": inTurn((now, ...args) => decideWhole(reject, "reject", args, now)),
    "backendImplementer.acceptItem": async (node) => {
      const item = await chosenItem(node, vscode.l10n.t("Accept Design Item"), parts);
      if (item) await turns.run(() => decideTogether(accept, "accept", parts, item));
    },
    "backendImplementer.rejectItem": async (node) => {
      const item = await chosenItem(node, vscode.l10n.t("Reject Design Item"), parts);
      if (item) await turns.run(() => decideTogether(reject, "reject", parts, item));
    },
    "backendImplementer.groupByItem": async () => store.showByItem(true),
    "backendImplementer.groupByStep": async () => store.showByItem(false),
    "backendImplementer.acceptAll": inTurn(() => decideTogether(accept, "accept", parts)),
    "backendImplementer.rejectAll": inTurn(() => decideTogether(reject, "reject", parts)),
    "backendImplementer.takeBackEdit": inTurn((now, ...args) => takeBackEdit(args, now)),
    "backendImplementer.undoDecision": inTurn(undo),
    "backendImplementer.openProposal": (...args) => editors.open(requirePath(args, parts)),
    "backendImplementer.openAllProposals": () => editors.openAll(),
    "backendImplementer.openLocation": (path, line) =>
      openLocation({ path: String(path), line: typeof line === "number" ? line : 1 }, parts),
    "backendImplementer.openCode": (node) => openLocation(codeOf(node), parts),
    "backendImplementer.nextChange": () => turns.walk(1),
    "backendImplementer.previousChange": () => turns.walk(-1),
    ...createConflictHandlers(parts, turns),
    ...createFilterHandlers(parts),
    ...createCommentHandlers(parts, turns),
    "backendImplementer.rejectWithReason": (...args) => rejectWithReason(args, parts, turns),
    "backendImplementer.explainChange": inTurn((now, ...args) => explainChange(args, now)),
    "backendImplementer.forgetWord": async (node) => {
      store.setNotes(selectedWords(node).reduce(forgetWord, store.notes()));
    },
    "backendImplementer.markReviewed": async (...args) => toggleReviewed(requirePath(args, parts), parts),
  };
}

/** A row of the tree that shows only some changes of a file is decided about as it is shown. */
async function decideWhole(
  decide: (selection: Selection) => Promise<number>,
  kind: DecisionKind,
  args: readonly unknown[],
  parts: DecidingParts,
): Promise<void> {
  const some = selectedParts(args[0]);
  if (some !== undefined) await decideTogether(decide, kind, parts, { parts: some });
  else await decideFile(decide, requirePath(args, parts), parts);
}

/** Of a row or link for the file, all edits in it; at the cursor, those of the change there. */
async function takeBackEdit(args: readonly unknown[], parts: ReviewParts): Promise<void> {
  const whole = selectedWhole(args, parts);
  const { path, hunkId } = whole === undefined ? (selectedHunk(args, parts) ?? {}) : { path: whole };
  const count = path === undefined ? 0 : await parts.decisions.takeBackEdits(path, hunkId);
  if (count > 0) return;
  const message = vscode.l10n.t("You have not edited what is proposed here, so there is no edit to take back.");
  throw new UserFacingError("NO_OWN_EDIT", message);
}

/** The item of the tree; from the palette, one that is picked. Undefined when none is. */
async function chosenItem(node: unknown, title: string, { store }: ReviewParts): Promise<Selection | undefined> {
  const parts = selectedParts(node);
  if (parts !== undefined) return { parts };
  const items = designItems(store).map((item) => {
    const count = item.parts.reduce((sum, { hunkIds }) => sum + hunkIds.length, 0);
    const description = vscode.l10n.t("{0} in {1}", count, amountOf.files(item.parts.length));
    return { label: item.label, description, parts: item.parts };
  });
  if (items.length === 0) {
    const message = vscode.l10n.t("Nothing that is proposed belongs to an item of the design.");
    throw new UserFacingError("NO_ITEMS", message);
  }
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: false });
  return picked && { parts: picked.parts };
}

/** Marks all that waits in a file, and takes the marks off when all is marked. */
function toggleReviewed(path: string, { changes, store }: ReviewParts): void {
  const file = changes.file(path);
  if (file === undefined) return;
  const part = partOfFile(file);
  const isSeen = seenTest(store.notes());
  const isMarked = part.hunkIds.every((id) => isSeen(path, id));
  store.setNotes(markSeen(store.notes(), [part], !isMarked));
}

async function openLocation(place: Place | undefined, { changes, editors, paths }: ReviewParts): Promise<void> {
  if (place === undefined) {
    throw new UserFacingError("NO_CODE", vscode.l10n.t("No code belongs to this element yet."));
  }
  const isProposed = (changes.file(place.path)?.hunks.length ?? 0) > 0;
  if (isProposed) return editors.open(place.path, place.line);
  const uri = paths.toFile(place.path);
  if ((await currentText(uri)) === undefined) {
    throw new UserFacingError(
      "NOT_A_FILE",
      vscode.l10n.t("{0} is no file of this folder; it was pasted, moved or deleted.", place.path),
    );
  }
  const line = Math.max(0, place.line - 1);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(line, 0, line, 0) });
}

function requirePath(args: readonly unknown[], { changes, paths }: ReviewParts): string {
  const path = selectedPath(args[0], paths);
  if (path === undefined || changes.file(path) === undefined) {
    const message = vscode.l10n.t("This is no proposed file. Open one from the view Proposals.");
    throw new UserFacingError("NO_FILE_HERE", message);
  }
  return path;
}
