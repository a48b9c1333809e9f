import type { Intent, Recovery } from "../changes/intent.ts";
import type { FileWrite, WriteOutcome } from "../changes/model.ts";
import type { Compilation } from "../compiler/compilation.ts";
import type { ExistingProject } from "../compiler/existingProject.ts";
import type { PlaceInput, Review, ReviewInput, TidyInput } from "../review/model.ts";
import type { DdlOutcome } from "../spec/ddl/execute.ts";
import type { DdlStatement } from "../spec/ddl/statement.ts";
import type { DesignDocument, DesignSpec } from "../spec/model.ts";
import type { ReadDocument, SpecReading } from "../spec/reading.ts";
import type { DesignConversion } from "../spec/write/convertDesign.ts";

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
  /** Whether version control would leave a file of that name out. Undefined where nobody can say. */
  isIgnored?(path: string): Promise<boolean>;
  /** The files that may hold a matching line, found without reading each; undefined: any file may. */
  candidates?(expression: RegExp, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}

export interface FilePlace {
  /** `blocked`: a file stands where the path needs a folder. `special`: a pipe, socket or device. */
  readonly kind: "missing" | "file" | "folder" | "special" | "blocked";
  /** Where it really is, or would be; another path than the one asked for when a link leads there. */
  readonly realPath: string;
}

/** Writes below the folder, file by file as a whole, and through no link. */
export interface DiskWriter {
  /** Carries out `work`, which is to carry out these writes; what a crash cuts is carried on by {@link recover}. */
  journaled<T>(writes: readonly FileWrite[], work: (intent: Intent | undefined) => Promise<T>): Promise<T>;
  /** Carries them out one by one; of those that fail the others know nothing, unless the disk itself fails. */
  write(writes: readonly FileWrite[], intent?: Intent): Promise<WriteOutcome>;
  /** Throws the refusal when a link stands in the way to this path. */
  refuseLinks(path: string): Promise<void>;
  /**
   * Brings every file of a set of writes that a crash has cut to its new text, or all of them back when that
   * cannot be. Undefined when there is none. Throws what it cannot mend, to be tried again at the next start.
   */
  recover(ports?: RecoveryPorts): Promise<Recovery | undefined>;
}

/** How files are read and written that a crash has cut off, where an editor may have them open. */
export interface RecoveryPorts {
  read(path: string): Promise<string | undefined>;
  write(writes: readonly FileWrite[], intent: Intent): Promise<WriteOutcome>;
}

/** Keeps plain JSON values by key, over reloads and crashes. */
export interface StateStore {
  /** To be called once, before anything is saved. */
  load(): Promise<ReadonlyMap<string, unknown>>;
  /**
   * Everything that is to be kept; what is not among it is forgotten. A value that is the same object as at the
   * last time is not looked at again. Rejects when the disk does not take it; the next save writes it all.
   */
  save(entries: ReadonlyMap<string, unknown>): Promise<void>;
}

export interface StoreLock {
  /** Throws a {@link UserFacingError} that names the other window, when there is one. May be called again. */
  take(): Promise<void>;
  release(): Promise<void>;
}

export interface CommandResult {
  /** Undefined when a signal ended it; what a signal ended inside the sandbox is 128 and its number. */
  readonly exitCode: number | undefined;
  /** Standard output and error as they came, cut in the middle when very long. */
  readonly output: string;
  readonly timedOut: boolean;
  /** Text files the command created, changed or deleted in its copy; they become proposals. */
  readonly changes: readonly { readonly path: string; readonly text: string | undefined }[];
  /** What the command made that is never proposed, a sentence each. */
  readonly rejected: readonly string[];
  /** Names of the processes that it had left in the background; they were ended. */
  readonly leftRunning: readonly string[];
}

/**
 * How commands are kept apart from the machine (research/security.md §5). `sandbox`: no network, empty
 * home, the rest read-only. `writes`: a copy, and nothing outside it can be written. `copy`: a copy.
 */
export interface Isolation {
  readonly tier: "sandbox" | "writes" | "copy";
  /** What a command can reach, as a sentence for people. */
  readonly summary: string;
  /** Why it is no better, and what would help; undefined for the sandbox. */
  readonly remedy?: string;
}

export interface ShellOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Lets the command reach the database server's socket; only after a yes to exactly that. */
  readonly database?: boolean;
}

/** Runs commands on the proposed state; the user's files are never changed by one. */
export interface Shell {
  /** Found out before the first command and the same for as long as the shell lives. */
  isolation(): Promise<Isolation>;
  /** Throws a {@link UserFacingError} when the command cannot be run as isolated as was found out. */
  run(command: string, options: ShellOptions): Promise<CommandResult>;
}

/** What the person is asked. All of it is shown. */
export interface CommandQuestion {
  readonly command: string;
  readonly isolation: Isolation;
  /** What the command is known to do, a sentence each. */
  readonly effects: readonly string[];
}

/** `run`: exactly this command, with exactly these effects, need not be asked about again in this run. */
export type CommandAnswer = "once" | "run" | "no";

/** Asks the person for an explicit yes to exactly this command. */
export interface Approvals {
  approveCommand(question: CommandQuestion): Promise<CommandAnswer>;
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
  /** What each document tells of, without the reading itself, which may be megabytes. */
  readKinds(documents: readonly DesignDocument[], signal: AbortSignal): Promise<readonly ReadDocument[]>;
  /** Design text of any mixture as the documents that read best. */
  convertDesign(text: string, signal: AbortSignal): Promise<DesignConversion>;
  /** `existing` holds the files that the team keeps by hand and the engine only completes. */
  compile(input: CompileInput, signal: AbortSignal): Promise<Compilation>;
  review(input: ReviewInput, signal: AbortSignal): Promise<Review>;
  /** The file with its imports sorted and formatted; undefined when it does not parse or is not there. */
  tidy(input: TidyInput, signal: AbortSignal): Promise<string | undefined>;
  /** The file with the return type of one function; undefined where the code does not decide it. */
  annotate(input: PlaceInput, signal: AbortSignal): Promise<string | undefined>;
  /** The file with what a commit splits in one transaction; undefined where the code does not decide how. */
  joinCommits(input: PlaceInput, signal: AbortSignal): Promise<string | undefined>;
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
