import type { RunState } from "../session/runState.ts";
import { createSteering, type Steering } from "../session/steering.ts";
import { createEmitter, type Disposable } from "../support/events.ts";

/** What is known of the runs of a window: the one that goes on, and how far the last one with a model has come. */
export interface RunDesk {
  state(): RunState | undefined;
  keep(state: RunState | undefined): void;
  /** Undefined while another run goes on: both would propose over each other. */
  begin(): GoingRun | undefined;
  /** Tells the run that goes on; false when none does, or none with a model, which alone can be told something. */
  steer(text: string): boolean;
  /** Says how the last request ended; undefined when it did what was asked. Of no effect while a run goes on. */
  settle(setback: Setback | undefined): void;
  /** What the views say while they have nothing else to show. */
  phase(): "running" | Setback | undefined;
  /** The state changed, a run began or ended, or a request was settled. */
  onDidChange(listener: () => void): Disposable;
  isGoing(): boolean;
}

/** `stopped`: before its end, and can be continued. */
export type Setback = "noDocuments" | "stopped" | "failed";

export interface GoingRun {
  /** From now on the run can be told something. */
  listen(): Steering;
  end(): void;
}

export function createRunDesk(): RunDesk {
  const changed = createEmitter<void>();
  let kept: RunState | undefined;
  let going: { steering?: Steering } | undefined;
  let setback: Setback | undefined;
  return {
    state: () => kept,
    keep: (state) => {
      kept = state;
      changed.fire();
    },
    begin: () => {
      if (going) return undefined;
      const run: { steering?: Steering } = {};
      going = run;
      setback = undefined;
      changed.fire();
      return {
        listen: () => {
          const steering = createSteering();
          run.steering = steering;
          return steering;
        },
        end: () => {
          going = undefined;
          changed.fire();
        },
      };
    },
    steer: (text) => {
      going?.steering?.say(text);
      return going?.steering !== undefined;
    },
    settle: (how) => {
      if (going || setback === how) return;
      setback = how;
      changed.fire();
    },
    phase: () => (going ? "running" : setback),
    onDidChange: changed.listen,
    isGoing: () => going !== undefined,
  };
}
