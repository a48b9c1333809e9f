import type { Drift } from "../spec/compare/designDrift.ts";
import type { DesignElement, DesignSpec, SourceSpan } from "../spec/model.ts";

/** The ids and their order are part of the product's contract (DESIGN.md, "Quality checklist"). */
export const checklistIds = [
  "annotations",
  "repository",
  "service",
  "parameterized",
  "validation",
  "errors",
  "secrets",
  "nPlusOne",
  "transactions",
  "immutable",
  "size",
  "format",
] as const;

export type ChecklistId = (typeof checklistIds)[number];

/** `review` means evidence a person must judge; only `nPlusOne` and `transactions` may use it. */
export type Verdict = "pass" | "fail" | "review" | "notApplicable";

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
  /** Of the code that it is about; every finding of a {@link Review} has one, see `withFingerprints`. */
  readonly fingerprint?: string;
  /** The baseline has it. */
  readonly isKnown?: boolean;
  /** The evidence is real, and whether it is a fault only a person can say; its message says why. */
  readonly needsJudgement?: boolean;
}

/** A finding that the code says to ignore, with the reason that it gives. */
export interface SuppressedFinding extends Finding {
  readonly reason: string;
  /** Nothing is found there any more; its message says what to do. */
  readonly isUnused?: true;
}

export interface ChecklistItem {
  readonly id: ChecklistId;
  readonly title: string;
  readonly status: Verdict;
  readonly findings: readonly Finding[];
  /** Absent where nothing is suppressed. */
  readonly suppressed?: readonly SuppressedFinding[];
}

export type CoverageStatus = "implemented" | "missing" | "mismatched" | "extra";

/** One element of the design, or of the code when it is `extra`, and where it stands on both sides. */
export interface CoverageElement {
  readonly id: string;
  readonly kind: DesignElement["kind"];
  readonly name: string;
  readonly status: CoverageStatus;
  readonly design?: SourceSpan;
  readonly code?: SourceSpan;
  /** What differs, when `mismatched`; when `missing`, what is known beside it. */
  readonly difference?: string;
  /** When `missing`: where the code makes such elements in a way that is not seen, so that it may stand there after all. */
  readonly unseenAt?: SourceSpan;
  /** How the design of it has changed since it was implemented; absent where it has not, or where that is not known. */
  readonly drift?: Drift;
  /** A person has chosen the function that keeps the rule, or that makes what is not seen; nothing of it is compared. */
  readonly isLinked?: boolean;
  /** It is a gap that the baseline has. */
  readonly isKnown?: boolean;
}

export interface CoverageTotals extends Readonly<Record<CoverageStatus, number>> {
  /** Of the missing those with a place that is not seen. Absent where there are none. */
  readonly unseen?: number;
}

export interface Coverage {
  readonly totals: CoverageTotals;
  readonly elements: readonly CoverageElement[];
  /** Business rules that nobody has linked to code, in no state and no total. Absent where there are none. */
  readonly unlinkedRules?: readonly UnlinkedRule[];
}

/** Reading a rule's sentence does not prove that code keeps it, so such a rule is neither missing nor done. */
export interface UnlinkedRule {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly design: SourceSpan;
}

export interface Review {
  readonly checklist: readonly ChecklistItem[];
  readonly coverage: Coverage;
  /** Whether a baseline marks what was there before; `unreadable` is a file that is none. Absent: there is no baseline. */
  readonly baseline?: "applied" | "unreadable";
}

/** The files of the proposed state, workspace-relative; Python, `pyproject.toml` and the like. */
export interface ReviewInput {
  readonly spec: DesignSpec;
  readonly files: readonly SourceText[];
  /** Text of the record of what was implemented, where the project has one. */
  readonly record?: string;
  /** Text of the project's baseline, where it has one. */
  readonly baseline?: string;
}

/** A file of a project that is to look as the checklist wants it. */
export interface TidyInput extends Pick<ReviewInput, "files"> {
  readonly path: string;
}

/** A place of such a file: the `def` of a function, the line of a finding. */
export interface PlaceInput extends TidyInput {
  readonly line: number;
}

export interface SourceText {
  readonly path: string;
  readonly text: string;
}
