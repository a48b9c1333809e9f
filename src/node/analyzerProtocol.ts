import type { ChecklistItem, Coverage, Review, SourceText } from "../review/model.ts";
import type { Analyzer } from "../session/ports.ts";

/** What the parent asks the forked process; plain JSON, one answer for each call, in any order. */
export interface AnalyzerCall {
  readonly id: number;
  readonly method: keyof Analyzer;
  readonly argument: unknown;
}

/** Messages to the process, in order. */
export type ToAnalyzer = SentFiles | SentCall;

/** Texts that the process does not have as they are now, ahead of the call that is about them. */
export interface SentFiles {
  readonly files: readonly SourceText[];
}

/** A call on its way: of the files of a project, and of what else comes with them, only what the process does not have. */
export interface SentCall extends AnalyzerCall {
  readonly project?: ProjectDelta;
}

export interface ProjectDelta {
  /** In order; absent when they are those of the last time. */
  readonly paths?: readonly string[];
  /** Parts of the argument that are the same as the last time. */
  readonly kept: readonly string[];
}

/** Messages from the process, in order: the answers, and what of a review goes ahead of it. */
export type FromAnalyzer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly review: ReviewFrame }
  | { readonly id: number; readonly error: AnalyzerFailure }
  | ListStretch;

/**
 * The next items of a list of the coming review: new ones, or so many of the same list of the review before. A list of
 * which nothing comes is the one before.
 */
export type ListStretch =
  | { readonly list: string; readonly items: readonly unknown[] }
  | { readonly list: string; readonly from: number; readonly count: number };

/** A review with names in place of its lists. */
export interface ReviewFrame extends Omit<Review, "checklist" | "coverage"> {
  readonly checklist: readonly FramedItem[];
  readonly coverage: FramedCoverage;
}

export interface FramedItem extends Omit<ChecklistItem, "findings" | "suppressed"> {
  readonly findings: string;
  readonly suppressed?: string;
}

export interface FramedCoverage extends Omit<Coverage, "elements" | "unlinkedRules"> {
  readonly elements: string;
  readonly unlinkedRules?: string;
}

export interface AnalyzerFailure {
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a failure that is meant for people; undefined for a bug. */
  readonly code: string | undefined;
}
