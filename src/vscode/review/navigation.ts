import * as vscode from "vscode";
import { nextStop, proposedLine, type ReviewStop, stopsOf } from "../../changes/reviewStops.ts";
import { UserFacingError } from "../../support/errors.ts";
import { reviewOrder } from "../trees/proposalNodes.ts";
import type { FollowingOpen } from "./diffEditors.ts";
import type { ReviewParts } from "./reviewParts.ts";
import { cursor } from "./selection.ts";

type Place = Pick<ReviewStop, "path" | "line">;

/**
 * Opens a change so many after the cursor, or before it, in the order of the view Proposals and of its filter, and
 * on from the other end.
 */
export function createNavigation(parts: ReviewParts): (steps: number, next: FollowingOpen) => Promise<void> {
  let last: ReviewStop | undefined;
  return async (steps, next) => {
    const order = reviewOrder(parts.store);
    let place = placeNow(parts, last);
    for (let left = Math.abs(steps); left > 0; left--) {
      last = nextStop(order, place, steps > 0 ? 1 : -1);
      place = last;
    }
    if (last === undefined) throw nothingToShow(parts);
    await showStop(last, parts, next);
  };
}

/** A diff that was just opened has its cursor a moment later: then it is where it was opened. */
function placeNow({ changes, editors, paths }: ReviewParts, last: Place | undefined): Place | undefined {
  const front = editors.activePath();
  const at = cursor(paths);
  if (front !== undefined && at?.path !== front) return last?.path === front ? last : { path: front, line: -1 };
  const file = at && changes.file(at.path);
  return at && (at.isProposed || file === undefined ? at : { path: at.path, line: proposedLine(file, at.line) });
}

function nothingToShow({ changes }: ReviewParts): UserFacingError {
  return changes.files().length === 0
    ? new UserFacingError(
        "NO_PROPOSALS",
        vscode.l10n.t("Nothing is proposed. Ask @backend to implement a design first."),
      )
    : new UserFacingError(
        "ALL_FILTERED",
        vscode.l10n.t("The filter of the view Proposals lets nothing through; clear it."),
      );
}

/** Puts the cursor on a change; in the diff that is in front, or in one that is opened. */
export async function showStop(stop: ReviewStop, parts: ReviewParts, next: FollowingOpen): Promise<void> {
  const { editors, store } = parts;
  if (editors.activePath() === stop.path && (await moveCursor(stop, parts))) return tell(stop, store);
  await next.open(stop.path, stop.line + 1, { preview: true });
  tell(stop, store);
}

/** False where the proposed side has not the cursor. */
export async function moveCursor({ path, line }: ReviewStop, { changes, paths }: ReviewParts): Promise<boolean> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== paths.toProposed(path).toString()) return false;
  await untilShows(editor.document, changes.proposedText(path));
  const position = new vscode.Position(Math.min(line, editor.document.lineCount - 1), 0);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return true;
}

/** The editor reloads a changed document a moment later. */
async function untilShows(document: vscode.TextDocument, text: string | undefined): Promise<void> {
  for (let waited = 0; waited < 1000 && document.getText() !== text; waited += 25) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Where the review is, in the status bar for a moment. */
function tell({ path, hunkId }: ReviewStop, store: ReviewParts["store"]): void {
  const order = reviewOrder(store);
  const place = order.findIndex(({ file }) => file.path === path);
  const shown = order[place];
  if (shown === undefined) return;
  const stops = stopsOf(shown);
  const index = stops.findIndex((stop) => stop.hunkId === hunkId);
  const text = vscode.l10n.t(
    "Change {0} of {1} in {2}, file {3} of {4}",
    index + 1,
    stops.length,
    path,
    place + 1,
    order.length,
  );
  vscode.window.setStatusBarMessage(text, 5000);
}
