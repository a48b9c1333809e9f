import * as vscode from "vscode";
import type { Selection } from "../../changes/model.ts";
import { stopAfterDecision, stopsOf } from "../../changes/reviewStops.ts";
import { ownYesOf } from "../../changes/selecting.ts";
import { UserFacingError } from "../../support/errors.ts";
import { riskyKeys } from "../../support/riskyKeys.ts";
import { amountOf } from "../amounts.ts";
import { careReason } from "../careReasons.ts";
import { reviewOrder } from "../trees/proposalNodes.ts";
import { acceptedAlone } from "./decisions.ts";
import type { FollowingOpen } from "./diffEditors.ts";
import { moveCursor, showStop } from "./navigation.ts";
import type { ReviewParts } from "./reviewParts.ts";
import type { SelectedHunk } from "./selection.ts";

export type DecisionKind = "accept" | "reject";

/** What a decision works with when its turn has come. */
export interface DecidingParts extends ReviewParts {
  readonly next: FollowingOpen;
}

/** How many files were decided; 0 when the user thought better of it. */
export type Decide = (selection: Selection) => Promise<number>;

/** A file that can change what programs do is accepted after a question of its own, never in passing. */
export async function confirmed(selection: Selection, { changes }: ReviewParts, decide: Decide): Promise<number> {
  const { path } = selection;
  const file = path === undefined ? undefined : changes.file(path);
  const why = file && ownYesOf(file, changes.renameOf(file.path));
  if (path === undefined || why === undefined) return decide(selection);
  const keys = riskyKeys(changes.proposedText(path) ?? "");
  const named = keys.length === 0 ? [] : [vscode.l10n.t("It sets {0}.", keys.join(", "))];
  const detail = [vscode.l10n.t("Be sure that you want this change: {0}.", careReason(why)), ...named].join("\n\n");
  const yes = vscode.l10n.t("Accept");
  const question = vscode.l10n.t("Accept {0}?", path);
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, yes);
  return answer === yes ? decide(selection) : 0;
}

export function requireHunk(selected: SelectedHunk | undefined): SelectedHunk {
  if (selected !== undefined) return selected;
  const message = vscode.l10n.t("No proposed change is here. Put the cursor into one and try again.");
  throw new UserFacingError("NO_CHANGE_HERE", message);
}

export async function decideHunk(decide: Decide, { path, hunkId }: SelectedHunk, parts: DecidingParts): Promise<void> {
  // Of a rename each change is one of the whole.
  if (parts.changes.renameOf(path) !== undefined) return decideFile(decide, path, parts);
  await andThenNext({ path, hunkId }, parts, () => decide({ path, hunkId }));
}

export async function decideFile(decide: Decide, path: string, parts: DecidingParts): Promise<void> {
  await andThenNext({ path }, parts, () => decide({ path }));
}

/** Decides several files at once, and offers to take it back. */
export async function decideTogether(
  decide: Decide,
  kind: DecisionKind,
  { editors, changes }: ReviewParts,
  selection: Selection = {},
): Promise<void> {
  const count = await decide(selection).finally(() => editors.closeDecided());
  const left = kind === "accept" ? acceptedAlone(changes, selection) : [];
  const rest = left.length === 0 ? [] : [vscode.l10n.t("Look at {0} and accept each by itself.", left.join(", "))];
  const message = [decided[kind](amountOf.files(count)), ...rest].join(" ");
  void vscode.window.showInformationMessage(message, vscode.l10n.t("Undo")).then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand("backendImplementer.undoDecision");
  });
}

const decided = {
  accept: (files: string): string => vscode.l10n.t("Accepted the proposed changes of {0}.", files),
  reject: (files: string): string => vscode.l10n.t("Rejected the proposed changes of {0}.", files),
};

/** Decides, closes what is done, and goes on to the next change when the user is still looking at this one. */
async function andThenNext(
  { path, hunkId }: { readonly path: string; readonly hunkId?: string },
  parts: DecidingParts,
  decide: () => Promise<number>,
): Promise<void> {
  const { editors, store, next: following } = parts;
  const wasInFront = editors.activePath() === path;
  const before = reviewOrder(store);
  const shown = before.find(({ file }) => file.path === path);
  const line = (shown && stopsOf(shown).find((stop) => stop.hunkId === hunkId)?.line) ?? 0;
  const count = await decide();
  const at = { path, line };
  const earlier = before.map(({ file }) => file.path);
  const next = count === 0 ? undefined : stopAfterDecision(at, earlier, reviewOrder(store));
  // Writing may take a while: who has gone elsewhere stays there. The tab of a deleted file goes with it.
  const isStill = following.isLast() && (editors.activePath() === path || shown?.file.kind === "delete");
  if (next !== undefined && wasInFront && isStill) await showStop(next, parts, following);
  // In the review of all the cursor stays in the file.
  else if (next?.path === path) await moveCursor(next, parts);
  await editors.closeDecided();
}

/** Takes the last decision back, and shows what is open again to who is reviewing. */
export async function undo({ decisions, editors, changes, next }: DecidingParts): Promise<void> {
  const isReviewing = editors.isInFront();
  const { paths, blocked } = await decisions.undo();
  const [first] = paths.filter((path) => changes.file(path) !== undefined);
  if (paths.length === 1 && first !== undefined) await next.open(first, undefined, { preserveFocus: !isReviewing });
  if (blocked.length === 0) return;
  throw new UserFacingError(
    "UNDO_BLOCKED",
    vscode.l10n.t(
      "{0} stays as it is, because you have changed the accepted lines since. Undo your own edits first, or revert the file by hand.",
      blocked.join(", "),
    ),
  );
}
