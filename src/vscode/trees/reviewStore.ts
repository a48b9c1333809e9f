import type { ChangeSet } from "../../changes/model.ts";
import { noProposalFilter, type ProposalFilter } from "../../changes/proposalFilter.ts";
import { livingNotes, noNotes, type ReviewNotes } from "../../changes/reviewNotes.ts";
import type { Review } from "../../review/model.ts";
import type { Isolation } from "../../session/ports.ts";
import { createEmitter, type Disposable } from "../../support/events.ts";

/** What the trees show: the proposals, and the last review of the state with all of them. */
export interface ReviewStore {
  readonly changes: ChangeSet;
  review(): Review | undefined;
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
  stepOf(path: string): WorkflowStep | undefined;
  steps(): readonly StepOfFile[];
  /** What an earlier window showed. */
  restore(shown: Shown): void;
  /** How the commands of a run are kept apart; undefined before the first one. */
  isolation(): Isolation | undefined;
  setIsolation(isolation: Isolation): void;
  /** The review, the steps or the isolation changed; proposals have {@link ChangeSet.onDidChange}. */
  onDidChange(listener: () => void): Disposable;
}

export interface Shown {
  readonly review?: Review;
  readonly report?: string;
  readonly steps: readonly StepOfFile[];
  readonly notes?: ReviewNotes;
}

export interface WorkflowStep {
  readonly number: number;
  readonly title: string;
}

export interface StepOfFile {
  readonly path: string;
  readonly step: WorkflowStep;
}

export function createReviewStore(changes: ChangeSet): ReviewStore {
  const changed = createEmitter<void>();
  const steps = new Map<string, WorkflowStep>();
  let current: Review | undefined;
  let byItem = false;
  let filter = noProposalFilter;
  let notes = noNotes;
  let report: string | undefined;
  let isolation: Isolation | undefined;
  return {
    changes,
    review: () => current,
    setReview: (review) => {
      current = review;
      changed.fire();
    },
    report: () => report,
    setReport: (markdown) => {
      report = markdown;
      changed.fire();
    },
    recordStep: (step, paths) => {
      for (const path of paths) steps.set(path, step);
      changed.fire();
    },
    isByItem: () => byItem,
    showByItem: (on) => {
      byItem = on;
      changed.fire();
    },
    filter: () => filter,
    setFilter: (wanted) => {
      filter = wanted;
      changed.fire();
    },
    notes: () => notes,
    setNotes: (noted) => {
      notes = noted;
      changed.fire();
    },
    stepOf: (path) => steps.get(path),
    steps: () => [...steps].map(([path, step]) => ({ path, step })),
    restore: (shown) => {
      current ??= shown.review;
      report ??= shown.report;
      if (shown.notes !== undefined) notes = livingNotes(shown.notes, changes.snapshot());
      for (const { path, step } of shown.steps) if (!steps.has(path)) steps.set(path, step);
      changed.fire();
    },
    isolation: () => isolation,
    setIsolation: (found) => {
      isolation = found;
      changed.fire();
    },
    onDidChange: changed.listen,
  };
}
