import type { ChangeSet } from "../../changes/model.ts";
import { noProposalFilter, type ProposalFilter } from "../../changes/proposalFilter.ts";
import { livingNotes, noNotes, type ReviewNotes } from "../../changes/reviewNotes.ts";
import type { Review } from "../../review/model.ts";
import { sinceBaseline } from "../../review/sinceBaseline.ts";
import type { Isolation } from "../../session/ports.ts";
import { livingTurns, noRationale, type RunRationale, replacedBy } from "../../session/runRationale.ts";
import { inBatches } from "../../support/debounced.ts";
import { createEmitter, type Disposable } from "../../support/events.ts";
import { oncePer } from "../../support/oncePer.ts";

/** What the trees show: the proposals, and the last review of the state with all of them. */
export interface ReviewStore {
  readonly changes: ChangeSet;
  /** Of the whole project. */
  review(): Review | undefined;
  /** What trees and Problems show of it: what came since the baseline, where there is one and nobody asks for all. */
  shown(): Review | undefined;
  isWholeProject(): boolean;
  showWholeProject(on: boolean): void;
  setReview(review: Review | undefined): void;
  /** The Markdown of the last run that had no chat to answer in. */
  report(): string | undefined;
  setReport(markdown: string): void;
  /** Tells which of the seven steps proposed these files, as a run's `stepFinished` says. */
  recordStep(step: WorkflowStep, paths: readonly string[]): void;
  /** Whether the proposals are shown by what of the design they implement, and not by step or folder. */
  isByItem(): boolean;
  showByItem(on: boolean): void;
  /** Which proposals are shown; until the window closes. */
  filter(): ProposalFilter;
  setFilter(filter: ProposalFilter): void;
  /** What the user marked and commented; kept over reloads. */
  notes(): ReviewNotes;
  setNotes(notes: ReviewNotes): void;
  /** Why the proposals are as they are; kept over reloads. */
  rationale(): RunRationale;
  setRationale(rationale: RunRationale): void;
  /** The changes that the user wants explained beside them; until the window closes. */
  explained(): readonly ExplainedChange[];
  setExplained(changes: readonly ExplainedChange[]): void;
  stepOf(path: string): WorkflowStep | undefined;
  steps(): readonly StepOfFile[];
  /** What an earlier window showed. */
  restore(shown: Shown): void;
  /** How the commands of a run are kept apart; undefined before the first one. */
  isolation(): Isolation | undefined;
  setIsolation(isolation: Isolation): void;
  /** What is {@link shown} of this part of the review is another one. */
  onDidReview(part: ReviewPart, listener: () => void): Disposable;
  /** The review, the steps or the isolation changed; proposals have {@link ChangeSet.onDidChange}. */
  onDidChange(listener: () => void): Disposable;
  /** Anything that is shown changed, proposals too; told once for all that changes in a moment. */
  onDidUpdate(listener: () => void): Disposable;
}

export type ReviewPart = "checklist" | "coverage";

export interface Shown {
  readonly review?: Review;
  readonly report?: string;
  readonly steps: readonly StepOfFile[];
  readonly notes?: ReviewNotes;
  readonly rationale?: RunRationale;
}

export interface ExplainedChange {
  readonly path: string;
  readonly hunkId: string;
}

export interface WorkflowStep {
  readonly number: number;
  readonly title: string;
}

export interface StepOfFile {
  readonly path: string;
  readonly step: WorkflowStep;
}

/** What the store holds beside the steps. */
interface Held {
  review: Review | undefined;
  report: string | undefined;
  isolation: Isolation | undefined;
  filter: ProposalFilter;
  notes: ReviewNotes;
  rationale: RunRationale;
  explained: readonly ExplainedChange[];
  byItem: boolean;
  wholeProject: boolean;
}

const nothing: Readonly<Held> = {
  review: undefined,
  report: undefined,
  isolation: undefined,
  filter: noProposalFilter,
  notes: noNotes,
  rationale: noRationale,
  explained: [],
  byItem: false,
  wholeProject: false,
};

export function createReviewStore(changes: ChangeSet): ReviewStore {
  const updated = createEmitter<void>();
  const update = inBatches(updated.fire);
  const { held, hold, reviewed, changed } = createHeld();
  changes.onDidChange(update);
  changed.listen(update);
  const steps = new Map<string, WorkflowStep>();
  const since = oncePer(sinceBaseline);
  return {
    changes,
    review: () => held.review,
    shown: () => (held.review === undefined || held.wholeProject ? held.review : since(held.review)),
    isWholeProject: () => held.wholeProject,
    showWholeProject: (wholeProject) => hold({ wholeProject }),
    setReview: (review) => hold({ review }),
    report: () => held.report,
    setReport: (report) => hold({ report }),
    recordStep: (step, paths) => {
      for (const path of paths) steps.set(path, step);
      changed.fire();
    },
    isByItem: () => held.byItem,
    showByItem: (byItem) => hold({ byItem }),
    filter: () => held.filter,
    setFilter: (filter) => hold({ filter }),
    notes: () => held.notes,
    setNotes: (notes) => hold({ notes }),
    rationale: () => held.rationale,
    setRationale: (rationale) => hold({ rationale }),
    explained: () => held.explained,
    setExplained: (explained) => hold({ explained }),
    stepOf: (path) => steps.get(path),
    steps: () => [...steps].map(([path, step]) => ({ path, step })),
    restore: ({ review, report, notes, rationale = noRationale, steps: shown }) => {
      for (const { path, step } of shown) if (!steps.has(path)) steps.set(path, step);
      const turns = livingTurns(rationale.turns, changes.snapshot());
      hold({
        rationale: { ...rationale, turns },
        review: held.review ?? review,
        report: held.report ?? report,
        ...(notes !== undefined && { notes: livingNotes(notes, changes.snapshot(), replacedBy(turns)) }),
      });
    },
    isolation: () => held.isolation,
    setIsolation: (isolation) => hold({ isolation }),
    onDidReview: (part, listener) => reviewed[part].listen(listener),
    onDidChange: changed.listen,
    onDidUpdate: updated.listen,
  };
}

function createHeld() {
  const changed = createEmitter<void>();
  const reviewed = { checklist: createEmitter<void>(), coverage: createEmitter<void>() };
  const held: Held = { ...nothing };
  const hold = (change: Partial<Held>): void => {
    const before = { ...held };
    Object.assign(held, change);
    for (const part of ["checklist", "coverage"] as const) if (!isSamePart(part, before, held)) reviewed[part].fire();
    changed.fire();
  };
  return { held, hold, reviewed, changed };
}

/** After most edits a part of the review is the very object that it was. */
function isSamePart(part: ReviewPart, left: Held, right: Held): boolean {
  return (
    left.review?.[part] === right.review?.[part] &&
    left.review?.baseline === right.review?.baseline &&
    left.wholeProject === right.wholeProject
  );
}
