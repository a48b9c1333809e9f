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
