import { type StepNumber, steps } from "../compiler/compilation.ts";
import type { SessionEvent } from "./events.ts";

type StepEvent = Extract<SessionEvent, { type: "stepStarted" | "stepFinished" }>;

export interface StepTracker {
  /** Tells that a file of the step was proposed. */
  wrote(step: StepNumber, path: string): readonly StepEvent[];
  /** Ends the running step; after a finished run, steps that had nothing to do are told too. */
  end(finished: boolean): readonly StepEvent[];
}

/**
 * Derives the progress through the seven steps from what is written. A step that is passed over had
 * nothing to do and is told as empty, so that a run which goes forward tells each step exactly once;
 * a model that goes back opens the earlier step again.
 */
export function createStepTracker(): StepTracker {
  let current: StepNumber | undefined;
  let reached = 0;
  let files = new Set<string>();

  const close = (): StepEvent[] => {
    if (current === undefined) return [];
    const event: StepEvent = { type: "stepFinished", step: current, files: [...files] };
    current = undefined;
    files = new Set();
    return [event];
  };
  const passOver = (next: number): StepEvent[] => {
    const events: StepEvent[] = [];
    for (let step = reached + 1; step < next; step++) {
      events.push(started(step as StepNumber), { type: "stepFinished", step: step as StepNumber, files: [] });
    }
    reached = Math.max(reached, next - 1);
    return events;
  };
  return {
    wrote: (step, path) => {
      const events = step === current ? [] : [...close(), ...passOver(step), started(step)];
      current = step;
      reached = Math.max(reached, step);
      files.add(path);
      return events;
    },
    end: (finished) => [...close(), ...(finished && reached > 0 ? passOver(steps.length + 1) : [])],
  };
}

function started(step: StepNumber): StepEvent {
  return { type: "stepStarted", step, title: steps[step - 1] ?? "" };
}
