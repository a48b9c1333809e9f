import type { Compilation } from "../compiler/compilation.ts";
import type { ExistingProject } from "../compiler/existingProject.ts";
import type { Review, ReviewInput } from "../review/model.ts";
import type { DdlOutcome } from "../spec/ddl/execute.ts";
import type { DdlStatement } from "../spec/ddl/statement.ts";
import type { DesignDocument, DesignSpec } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";

/** The folder being implemented in. Paths are relative to it and use forward slashes. */
export interface Workspace {
  /** The text now, unsaved edits of an open editor included; undefined when there is no such file, or too large a one. */
  readText(path: string): Promise<string | undefined>;
  /** Every file that version control would not ignore, sorted. */
  list(): Promise<readonly string[]>;
  /**
   * What stands at a path, for those who mean to write there. Throws a refusal when a link leads out of
   * the folder. Undefined where there are no links: then `readText` tells all.
   */
  place?(path: string): Promise<FilePlace>;
}

export interface FilePlace {
  /** `blocked`: a file stands where the path needs a folder. `special`: a pipe, socket or device. */
  readonly kind: "missing" | "file" | "folder" | "special" | "blocked";
  /** Where it really is, or would be; another path than the one asked for when a link leads there. */
  readonly realPath: string;
}

export interface CommandResult {
  readonly exitCode: number | undefined;
  /** Standard output and error as they came, cut in the middle when very long. */
  readonly output: string;
  readonly timedOut: boolean;
  /** Text files the command created, changed or deleted in its copy; they become proposals. */
  readonly changes: readonly { readonly path: string; readonly text: string | undefined }[];
}

/** Runs a command on a shadow copy that holds the proposals; the user's files are never its working folder. */
export interface Shell {
  run(command: string, options: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<CommandResult>;
}

/** Asks the person for an explicit yes to exactly this command. */
export interface Approvals {
  approveCommand(command: string): Promise<boolean>;
}

export interface CompileInput {
  readonly spec: DesignSpec;
  readonly existing: ExistingProject;
}

/**
 * The heavy, pure parts: parsing, compiling, analysing. In the editor they run in a forked process,
 * started on first use and ended when idle, because the analyzers never give memory back
 * (research/libraries.md §0). Rejects with an `AbortError` when the signal fires.
 */
export interface Analyzer {
  readSpec(documents: readonly DesignDocument[], signal: AbortSignal): Promise<SpecReading>;
  /** `existing` holds the files that the team keeps by hand and the engine only completes. */
  compile(input: CompileInput, signal: AbortSignal): Promise<Compilation>;
  review(input: ReviewInput, signal: AbortSignal): Promise<Review>;
}

/** Executes a design's own SQL where it can do no harm, whatever it says. */
export interface ScratchDatabase {
  /** Never rejects but with an `AbortError`, when the signal fires. */
  execute(script: readonly DdlStatement[], signal: AbortSignal): Promise<ExecutedDesign>;
}

export type ExecutedDesign =
  | {
      readonly outcomes: readonly DdlOutcome[];
      /** Indexes of statements that did not end; the others were executed without them. */
      readonly endless: readonly number[];
    }
  /** Why nothing can be said, as the end of a sentence. */
  | { readonly incomplete: string };

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, thrown?: unknown): void;
}
