import type { Disposable } from "./events.ts";

export interface Debounced extends Disposable {
  /** Starts the work when nobody has asked for it for the given time. */
  (): void;
}

/** Work that follows typing: once after a pause, not with every key. */
export function debounced(milliseconds: number, work: () => void): Debounced {
  let timer: NodeJS.Timeout | undefined;
  const ask = (): void => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
  return Object.assign(ask, { dispose: () => clearTimeout(timer) });
}

/** Between two updates, so that a thousand changes in a second do not become a thousand of them. */
const shortestPause = 50;

/** Work that shows what has changed: at once when nothing was shown lately, else soon, for all that changed until then. */
export function inBatches(work: () => void, now: () => number = performance.now.bind(performance)): () => void {
  let doneAt = Number.NEGATIVE_INFINITY;
  let isComing = false;
  return () => {
    if (isComing) return;
    isComing = true;
    const begin = (): void => {
      isComing = false;
      work();
      doneAt = now();
    };
    setTimeout(begin, Math.max(0, doneAt + shortestPause - now()));
  };
}
