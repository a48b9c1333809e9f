import type { Disposable } from "./events.ts";
import { inSlices } from "./slices.ts";

export interface GradualShowParts<Value> {
  /** What is shown already is not shown again. */
  readonly isSame: (left: Value, right: Value) => boolean;
  /** Undefined for what is to be shown no more. */
  readonly show: (changes: readonly (readonly [key: string, value: Value | undefined])[]) => void;
}

export interface GradualShow<Value> extends Disposable {
  /**
   * Has exactly this shown, the first of it at once and the rest little by little. Takes over from a call that is still
   * under way: what that one has not come to is never shown.
   */
  want(values: ReadonlyMap<string, Value>): Promise<void>;
}

/** Keeps thousands of things on show by their keys, and tells of an edit what it has changed. */
export function createGradualShow<Value>({ isSame, show }: GradualShowParts<Value>): GradualShow<Value> {
  const shown = new Map<string, Value>();
  let wanted = new AbortController();
  const tell = (changes: readonly (readonly [string, Value | undefined])[]): void => {
    show(changes);
    for (const [key, value] of changes) {
      if (value === undefined) shown.delete(key);
      else shown.set(key, value);
    }
  };
  return {
    want: (values) => {
      wanted.abort();
      wanted = new AbortController();
      const stale = [...shown.keys()].filter((key) => !values.has(key));
      const changed = [...values].filter(([key, value]) => {
        const before = shown.get(key);
        return before === undefined || !isSame(before, value);
      });
      const changes = [...stale.map((key) => [key, undefined] as const), ...changed];
      const starts = Array.from({ length: Math.ceil(changes.length / together) }, (_, at) => at * together);
      return inSlices(starts, (at) => tell(changes.slice(at, at + together)), wanted.signal);
    },
    dispose: () => wanted.abort(),
  };
}

/** One message to the window for so many files. */
const together = 40;
