import type { SourceSpan } from "../spec/model.ts";

/** What the offline engine made of a specification. Same specification, same bytes. */
export interface Compilation {
  /** In the order of the seven steps, and by path within a step. */
  readonly files: readonly GeneratedFile[];
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
  /** Set where the project has a record of an earlier implementation; `files` then holds no accepted migration. */
  readonly last?: LastGeneration;
  /** What only a person may decide, because data would be lost; each names what to do. */
  readonly decisions?: readonly Decision[];
}

/** What the engine wrote the last time, by path; what a file holds now is the user's matter. */
export type LastGeneration = Readonly<Record<string, LastGenerated>>;

export interface LastGenerated {
  /** Of the bytes that were written then. */
  readonly hash: string;
  /** What the design of then comes to now; undefined when it cannot be compiled any more. */
  readonly text?: string;
}

export interface Decision {
  readonly text: string;
  /** A file that carries the decision out and should only be accepted with open eyes. */
  readonly path?: string;
}

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  readonly step: StepNumber;
  /** The text is what stands with lines added to it; undefined for a file of the engine's own. */
  readonly addsLines?: true;
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
