/** `constraint` is the name the database reports: of a constraint, a unique index, or a trigger's guard. */
export interface ViolationCode {
  readonly constraint: string;
  readonly code: string;
  /** `delete`: somebody still refers to the row. A foreign key may have an entry for each side. */
  readonly violatedBy: "write" | "delete";
}

export type EnvelopeRole =
  | "code"
  | "message"
  | "status"
  | "details"
  | "correlationId"
  | "timestamp"
  | "path"
  | "retryable"
  | "type"
  /** The phrase that HTTP has for the status: "Not Found". */
  | "reason"
  | "constant";

/** When a failed call is tried again. What the design leaves open is undefined. */
export interface RetryTerms {
  /** Tries in all, the first one included. */
  readonly attempts?: number;
  readonly backoff?: "exponential" | "linear" | "fixed";
  /** Milliseconds before the second try. */
  readonly baseDelay?: number;
  /** Milliseconds beyond which no delay grows. */
  readonly maxDelay?: number;
  readonly jitter?: boolean;
  /** Seconds that the answer's `Retry-After` says; true where the design has the header and not its value. */
  readonly retryAfter?: number | true;
}
