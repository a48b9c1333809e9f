import type { Analyzer } from "../session/ports.ts";

/** What the parent asks the forked process; plain JSON, one answer for each call, in any order. */
export interface AnalyzerCall {
  readonly id: number;
  readonly method: keyof Analyzer;
  readonly argument: unknown;
}

export type AnalyzerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: AnalyzerFailure };

export interface AnalyzerFailure {
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a failure that is meant for people; undefined for a bug. */
  readonly code: string | undefined;
}
