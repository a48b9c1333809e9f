import { createQueue } from "../../support/queue.ts";
import type { DiffEditors, FollowingOpen } from "./diffEditors.ts";

/**
 * The order in which commands of the review are carried out. Each is about what is in front, and may bring something
 * else there: the next one waits for that. So keys that are pressed faster than diffs open are about one change each.
 */
export interface Turns {
  run(task: Task): Promise<void>;
  /** What is asked for again before it has begun is one walk: a key that is held down is told many times in a second. */
  walk(step: 1 | -1): Promise<void>;
}

/** `next` opens what comes of it, unless the user has asked for something else since the command was given. */
export type Task = (next: FollowingOpen) => Promise<void>;

interface Walk {
  readonly number: number;
  steps: number;
  done: Promise<void>;
}

/** `goOn` is given how many changes to go on, or back where that is negative. */
export function createTurns(
  { settled, follow }: Pick<DiffEditors, "settled" | "follow">,
  goOn: (steps: number, next: FollowingOpen) => Promise<void>,
): Turns {
  const inTurn = createQueue();
  let given = 0;
  let waiting: Walk | undefined;

  const run = (task: Task): Promise<void> => {
    given += 1;
    const next = follow();
    return inTurn(async () => {
      await settled();
      await task(next);
    });
  };
  const walk = (step: 1 | -1): Promise<void> => {
    // Only what is last in the row may grow: a decision between two steps is about where the first one led.
    if (waiting?.number === given) {
      waiting.steps += step;
      return waiting.done;
    }
    const begun: Walk = { number: given + 1, steps: step, done: Promise.resolve() };
    waiting = begun;
    begun.done = run(async (next) => {
      if (waiting === begun) waiting = undefined;
      if (begun.steps !== 0) await goOn(begun.steps, next);
    });
    return begun.done;
  };
  return { run, walk };
}
