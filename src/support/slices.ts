/** Milliseconds for which a thread that others need may be held at a time. */
const longestSlice = 8;

/**
 * Does the work on one item after the other, and lets whatever else waits for the thread go first every few milliseconds.
 * Ends in the middle when the signal is aborted, without an error: what has been done stays done.
 */
export async function inSlices<Item>(
  items: Iterable<Item>,
  work: (item: Item) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  let begun = performance.now();
  for (const item of items) {
    if (signal?.aborted) return;
    await work(item);
    if (performance.now() - begun < longestSlice) continue;
    await new Promise((resolve) => setImmediate(resolve));
    begun = performance.now();
  }
}
