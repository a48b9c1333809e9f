import type { AnsweredCall } from "./calls.ts";

/** What is wrong with the course of a run, found from one turn of calls. */
export interface GuardFinding {
  /** For the model, by the identifier of the call it belongs to. */
  readonly notes: ReadonlyMap<string, string>;
  /** Why the run must not go on like this; undefined while it may. */
  readonly ending?: string;
}

export interface LoopGuard {
  /** Takes the calls of one turn with their results. */
  observe(calls: readonly AnsweredCall[]): GuardFinding;
}

/** How many calls back a repetition counts; alternations and edits that are undone again fit in. */
const remembered = 20;
const identicalBeforeNote = 3;
const identicalBeforeStop = 5;
/** Turns in a row in which every call failed (research/peers.md §3.3). */
const mostFailedTurns = 6;
/** Turns in a row with arguments that were not JSON. */
const mostMalformedTurns = 3;

/** Watches for a model that goes round in circles: the same call with the same result, or only failures. */
export function createLoopGuard(): LoopGuard {
  const recent: string[] = [];
  let failedTurns = 0;
  let malformedTurns = 0;
  return {
    observe: (calls) => {
      if (calls.length === 0) return { notes: new Map() };
      failedTurns = calls.every(({ isError }) => isError) ? failedTurns + 1 : 0;
      malformedTurns = calls.some(({ call }) => call.inputError !== undefined) ? malformedTurns + 1 : 0;
      const counts = calls.map((answered) => {
        const key = JSON.stringify([answered.call.name, answered.call.input, answered.output]);
        recent.push(key);
        if (recent.length > remembered) recent.shift();
        return { answered, count: recent.filter((other) => other === key).length };
      });
      const ending = repetition(counts) ?? mistakes(calls, failedTurns, malformedTurns);
      return { notes: notesOf(counts), ...(ending === undefined ? {} : { ending }) };
    },
  };
}

interface Counted {
  readonly answered: AnsweredCall;
  readonly count: number;
}

function notesOf(counts: readonly Counted[]): ReadonlyMap<string, string> {
  const repeated = counts.filter(({ count }) => count >= identicalBeforeNote);
  return new Map(
    repeated.map(({ answered: { call }, count }) => [
      call.id,
      `(This very call has now had this very result ${count} times. Doing it again changes nothing: go another way, or say what keeps you.)`,
    ]),
  );
}

function repetition(counts: readonly Counted[]): string | undefined {
  const found = counts.find(({ count }) => count >= identicalBeforeStop);
  return (
    found && `LOOP: the model has called ${found.answered.call.name} ${found.count} times alike with the same result.`
  );
}

function mistakes(calls: readonly AnsweredCall[], failed: number, malformed: number): string | undefined {
  if (malformed >= mostMalformedTurns) {
    return `MALFORMED: the model has sent arguments that are not JSON in ${malformed} turns running.`;
  }
  if (failed < mostFailedTurns) return undefined;
  const last = calls.at(-1)?.output.split("\n")[0];
  return `MISTAKES: every call of the model has failed for ${failed} turns running; the last: ${last}`;
}
