/** A line that both texts have, counted from 0. */
export interface Anchor {
  readonly before: number;
  readonly after: number;
}

/**
 * The lines that stand exactly once in both texts, as many of them as are in the same order (patience diff).
 * Between them lie short texts, so that a long file takes no long search.
 */
export function anchorsOf(before: readonly string[], after: readonly string[]): readonly Anchor[] {
  const places = onlyPlaces(after);
  const common: Anchor[] = [];
  for (const [line, place] of onlyPlaces(before)) {
    const other = places.get(line) ?? -1;
    if (place >= 0 && other >= 0) common.push({ before: place, after: other });
  }
  return longestRising(common);
}

/** A line that stands more than once has the place -1. */
function onlyPlaces(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [index, line] of lines.entries()) places.set(line, places.has(line) ? -1 : index);
  return places;
}

/** Of anchors in the order of `before`, the most that are in the order of `after`, too. */
function longestRising(anchors: readonly Anchor[]): readonly Anchor[] {
  /** The index of the anchor that ends the best run of each length. */
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, anchor] of anchors.entries()) {
    const length = firstNotBelow(ends, anchors, anchor.after);
    previous.push(length === 0 ? -1 : (ends[length - 1] ?? -1));
    ends[length] = index;
  }
  const run: Anchor[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const anchor = anchors[index];
    if (anchor !== undefined) run.push(anchor);
  }
  return run.reverse();
}

function firstNotBelow(ends: readonly number[], anchors: readonly Anchor[], after: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((anchors[ends[middle] ?? 0]?.after ?? 0) < after) low = middle + 1;
    else high = middle;
  }
  return low;
}
