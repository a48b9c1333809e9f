import type { Review, SourceText } from "../review/model.ts";
import type { Analyzer } from "../session/ports.ts";

/** What the parent asks the forked process; plain JSON, one answer for each call, in any order. */
export interface AnalyzerCall {
  readonly id: number;
  readonly method: keyof Analyzer;
  readonly argument: unknown;
}

/** A call on its way: of the files of a project, and of what else comes with them, only what the process does not have. */
export interface SentCall extends AnalyzerCall {
  readonly project?: ProjectDelta;
}

export interface ProjectDelta {
  /** In order; absent when they are those of the last time. */
  readonly paths?: readonly string[];
  readonly changed: readonly SourceText[];
  /** Parts of the argument that are the same as the last time. */
  readonly kept: readonly string[];
}

export type AnalyzerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly review: ReviewDelta }
  | { readonly id: number; readonly error: AnalyzerFailure };

/** A review without the parts that are those of the last one, which are null. */
export interface ReviewDelta extends Omit<Review, "checklist" | "coverage"> {
  readonly checklist: readonly (Review["checklist"][number] | null)[];
  readonly coverage: Review["coverage"] | null;
}

export interface AnalyzerFailure {
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a failure that is meant for people; undefined for a bug. */
  readonly code: string | undefined;
}
