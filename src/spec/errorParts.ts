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
  | "constant";
