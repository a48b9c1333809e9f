import type { DdlOutcome } from "../spec/ddl/execute.ts";
import type { DdlStatement } from "../spec/ddl/statement.ts";

/** The one call that the forked database takes. */
export type ScratchDatabaseCall = readonly DdlStatement[];

/** What it answers: which statement it tries, so that one that never ends can be told, and at last the failures. */
export type ScratchDatabaseAnswer =
  | { readonly started: number }
  | { readonly outcomes: readonly DdlOutcome[] }
  | { readonly error: string };
