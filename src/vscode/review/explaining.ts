import * as vscode from "vscode";
import { stopsOf } from "../../changes/reviewStops.ts";
import { type DecidingParts, requireHunk } from "./deciding.ts";
import { showStop } from "./navigation.ts";
import { selectedHunk, selectedWhole } from "./selection.ts";

/**
 * Opens the thread that says why a change is proposed, and puts the cursor to the change. Asked again, goes into the thread:
 * the way there by keyboard, and the one to open it when it was folded.
 */
export async function explainChange(args: readonly unknown[], parts: DecidingParts): Promise<void> {
  const { changes, store } = parts;
  const whole = selectedWhole(args, parts);
  const selected = whole === undefined ? requireHunk(selectedHunk(args, parts)) : { path: whole, hunkId: undefined };
  const path = changes.renameOf(selected.path)?.to.path ?? selected.path;
  const file = changes.file(path);
  const stops = file === undefined ? [] : stopsOf({ file, hunks: file.hunks, conflicts: [] });
  const [first] = stops;
  const stop = stops.find(({ hunkId }) => hunkId === selected.hunkId) ?? first;
  const { hunkId } = requireHunk(stop);
  const isShown = store.explained().some((each) => each.path === path && each.hunkId === hunkId);
  if (!isShown) store.setExplained([...store.explained(), { path, hunkId }]);
  if (stop !== undefined) await showStop(stop, parts, parts.next);
  if (isShown) await vscode.commands.executeCommand("workbench.action.focusCommentOnCurrentLine");
}
