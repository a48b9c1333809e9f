import type { DesignAssumption } from "./join/assumptions.ts";
import type { DesignSpec, DocumentKind } from "./model.ts";

/** A fault in a document. `message` reads "what, why, what to do"; `code` is `SPEC-…`. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly message: string;
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
}

export interface ReadDocument {
  readonly path: string;
  readonly kinds: readonly DocumentKind[];
}
