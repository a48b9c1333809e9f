import type { SourceSpan } from "../spec/model.ts";

/** What the offline engine made of a specification. Same specification, same bytes. */
export interface Compilation {
  /** In the order of the seven steps, and by path within a step. */
  readonly files: readonly GeneratedFile[];
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  readonly step: StepNumber;
}

/** The seven steps of the workflow, in order (DESIGN.md, "The agent definition"). */
export const steps = [
  "Models and DTOs",
  "Migrations",
  "Repositories",
  "Services",
  "Endpoints",
  "Auth and middleware",
  "Central error handling",
] as const;

export type StepNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Something the design leaves open and how it was filled; the user can correct the document. */
export interface Assumption {
  /** Of an assumption that can be confirmed or corrected in `.backend/design.yaml`. */
  readonly id?: string;
  readonly text: string;
  /** The design element it is about. */
  readonly element?: string;
  readonly source?: SourceSpan;
}

/** An element the engine did not implement, and what the design would have to say. Never counted as done. */
export interface NeedsDetail {
  readonly element: string;
  readonly reason: string;
  readonly source: SourceSpan;
}
