import { stopsOf } from "../../changes/reviewStops.ts";
import { type DecidingParts, requireHunk } from "./deciding.ts";
import { showStop } from "./navigation.ts";
import { selectedHunk, selectedWhole } from "./selection.ts";

/** Opens the thread that says why a change is proposed, and puts the cursor to it; asked again, takes it away. */
export async function explainChange(args: readonly unknown[], parts: DecidingParts): Promise<void> {
  const { changes, store } = parts;
  const whole = selectedWhole(args, parts);
  const selected = whole === undefined ? requireHunk(selectedHunk(args, parts)) : { path: whole, hunkId: undefined };
  const path = changes.renameOf(selected.path)?.to.path ?? selected.path;
  const file = changes.file(path);
  const stops = file === undefined ? [] : stopsOf({ file, hunks: file.hunks, conflicts: [] });
  const [first] = stops;
  const stop = stops.find(({ hunkId }) => hunkId === selected.hunkId) ?? first;
  if (stop === undefined) {
    requireHunk(undefined);
    return;
  }
  const others = store.explained().filter((each) => each.path !== path || each.hunkId !== stop.hunkId);
  const isShown = others.length < store.explained().length;
  store.setExplained(isShown ? others : [...others, { path, hunkId: stop.hunkId }]);
  if (!isShown) await showStop(stop, parts, parts.next);
}
