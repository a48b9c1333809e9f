/** Carries tasks out one after the other, in the order they were given; one that fails does not hold up those after it. */
export function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next;
    return next;
  };
}

/** Something to be shown. */
export interface Wish {
  /** Nothing else has been asked for since. */
  isLast(): boolean;
  /** Waits for what is being carried out, and does nothing where something else has been asked for by then. */
  carryOut(task: () => Promise<void>): Promise<void>;
}

/** Wishes of which one is carried out at a time, so that what was asked for last is what is seen. */
export interface Wishes {
  /** Overtakes all that came before. */
  make(): Wish;
  /** What follows from what is seen now; several do not overtake each other. */
  follow(): Wish;
}

export function createWishes(): Wishes {
  const inTurn = createQueue();
  let made = 0;
  const follow = (): Wish => {
    const number = made;
    const isLast = (): boolean => number === made;
    return { isLast, carryOut: (task) => inTurn(async () => (isLast() ? task() : undefined)) };
  };
  const make = (): Wish => {
    made += 1;
    return follow();
  };
  return { make, follow };
}
