import type { Usage } from "../agent/messages.ts";
import { steps } from "../compiler/compilation.ts";
import { createEmitter, type Disposable } from "../support/events.ts";
import { counted } from "../support/words.ts";
import type { RunResult, SessionEvent } from "./events.ts";

/** One thing that a run did. Milliseconds since its start. */
export interface TimelineEntry {
  readonly kind: "documents" | "step" | "turn" | "tool" | "review";
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** Of a turn of a model that tells. */
  readonly usage?: Usage;
  readonly failed?: true;
}

/** What a run did, in the order in which it ended. */
export interface RunTimeline {
  readonly entries: readonly TimelineEntry[];
  readonly milliseconds: number;
  /** Undefined while the run is under way. */
  readonly result?: Pick<RunResult, "model" | "stopped" | "usage" | "cost">;
}

export interface TimelineRecorder {
  /** Forgets the run before. */
  begin(): void;
  add(event: SessionEvent): void;
  /** Undefined before the first run. */
  timeline(): RunTimeline | undefined;
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** Keeps what the last run did, by its events. `now` is in milliseconds, from any origin. */
export function recordTimeline(now: () => number): TimelineRecorder {
  let run: Recording | undefined;
  const changed = createEmitter<void>();
  return {
    begin: () => {
      run = { origin: now(), entries: [], tools: new Map(), turn: 0, turns: 0, last: 0 };
    },
    add: (event) => {
      if (!run) return;
      note(event, run, now() - run.origin);
      if (event.type !== "agent" || event.event.type === "usage") changed.fire();
    },
    timeline: () =>
      run && {
        entries: [...run.entries],
        milliseconds: Math.round(run.last),
        ...(run.result && { result: run.result }),
      },
    onDidChange: changed.listen,
  };
}

interface Recording {
  readonly origin: number;
  readonly entries: TimelineEntry[];
  /** When each call of a tool began, by its id. */
  readonly tools: Map<string, number>;
  /** When the turn of the model that is under way began. */
  turn: number;
  turns: number;
  step?: number;
  last: number;
  result?: RunTimeline["result"];
}

function note(event: SessionEvent, run: Recording, at: number): void {
  const add = (entry: Omit<TimelineEntry, "end" | "start">, start: number): void => {
    run.entries.push({ ...entry, start: Math.round(start), end: Math.round(at) });
  };
  switch (event.type) {
    case "specRead":
      add({ kind: "documents", label: `${counted(event.reading.documents.length, "document")} read` }, run.last);
      run.turn = at;
      break;
    case "stepStarted":
      run.step = at;
      break;
    case "stepFinished":
      add({ kind: "step", label: stepLabel(event) }, run.step ?? run.last);
      break;
    case "reviewed":
      add({ kind: "review", label: "Checklist and coverage" }, run.last);
      run.turn = at;
      break;
    case "agent":
      noteAgent(event.event, run, { at, add });
      break;
    case "state":
      break;
    case "finished": {
      const { model, stopped, usage, cost } = event.result;
      run.result = { model, stopped, ...(usage && { usage }), ...(cost !== undefined && { cost }) };
      break;
    }
  }
  run.last = at;
}

function stepLabel({ step, files }: Extract<SessionEvent, { type: "stepFinished" }>): string {
  return `Step ${step}, ${steps[step - 1]}: ${counted(files.length, "file")}`;
}

type AgentEvent = Extract<SessionEvent, { type: "agent" }>["event"];

interface Noting {
  readonly at: number;
  readonly add: (entry: Omit<TimelineEntry, "end" | "start">, start: number) => void;
}

function noteAgent(event: AgentEvent, run: Recording, { at, add }: Noting): void {
  switch (event.type) {
    case "usage":
      run.turns += 1;
      add({ kind: "turn", label: `Turn ${run.turns} of the model`, usage: event.usage }, run.turn);
      run.turn = at;
      break;
    case "toolStarted":
      run.tools.set(event.call.id, at);
      break;
    case "toolEnded": {
      const failed = event.isError ? ({ failed: true } as const) : {};
      add({ kind: "tool", label: event.call.name, ...failed }, run.tools.get(event.call.id) ?? run.last);
      run.tools.delete(event.call.id);
      run.turn = at;
      break;
    }
    default:
      break;
  }
}
