import type { DdlStatement } from "./ddl/statement.ts";
import type { DesignAssumption } from "./join/assumptions.ts";
import type { DesignSpec, DocumentKind } from "./model.ts";

/** A fault in a document. `message` reads "what, why, what to do"; `code` is `SPEC-…`. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly message: string;
  /** Present where exactly one correction is certain. */
  readonly fix?: Fix;
}

/** One edit of the document the problem is in. */
export interface Fix {
  /** As a command: "Rename to status". */
  readonly title: string;
  readonly line: number;
  /** Last line in which what is replaced may stand; the same line when absent. */
  readonly endLine?: number;
  /** What is replaced, a word: where it first stands; a new line before `line` when absent. */
  readonly replaces?: string;
  readonly text: string;
}

/** A passage that looks like design but that no reader understood. Never dropped silently. */
export interface NotUnderstood {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface SpecReading {
  /** With what was inferred; see `assumptions`. */
  readonly spec: DesignSpec;
  readonly assumptions: readonly DesignAssumption[];
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly Problem[];
  readonly notUnderstood: readonly NotUnderstood[];
  /** The design's definitions in SQL, to be executed where its faults do no harm (`lintDdl`). */
  readonly ddl: readonly DdlStatement[];
}

export interface ReadDocument {
  readonly path: string;
  readonly kinds: readonly DocumentKind[];
}
