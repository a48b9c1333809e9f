import type { CoverageStatus, SourceText } from "../../../src/review/model.ts";
import type { Random } from "../../support/seededRandom.ts";
import { alterApi } from "./alteredApi.ts";
import { alterErrors } from "./alteredErrors.ts";
import { alterTables } from "./alteredTables.ts";
import type { ErrorFact, ProjectFacts } from "./facts.ts";

/** What coverage has to say of one element, which is known by the line of the design or, when extra, by its id. */
export interface Expectation {
  readonly kind: string;
  readonly at: string;
  /** What an extra element without a name of its own is called. */
  readonly or?: string;
  readonly status: CoverageStatus;
  /** What was done to the element, or why the sides of the code disagree. */
  readonly why: string;
  /** Every one of these stands at the place in the code. */
  readonly shows: readonly string[];
  readonly file?: string | null;
}

export interface AlteredDesign {
  readonly documents: readonly SourceText[];
  readonly expectations: readonly Expectation[];
}

export interface Truth {
  readonly facts: ProjectFacts;
  /** The database after all migrations, where they could be run. */
  readonly migrations: ProjectFacts | undefined;
  readonly errors: readonly ErrorFact[];
}

/** The design that would describe the project, with some of its elements changed, left out or made up. */
export function alterDesign(truth: Truth, random: Random): AlteredDesign {
  const parts = [alterApi(truth, random), alterTables(truth, random), alterErrors(truth, random)];
  return {
    documents: parts.flatMap(({ documents }) => documents),
    expectations: parts.flatMap(({ expectations }) => expectations),
  };
}
