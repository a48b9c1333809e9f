/** What whoever collected a document has to say of it as a whole; with an `error` its text is empty and not read. */
export interface DocumentNotice {
  readonly severity: "error" | "info";
  /** `SPEC-…`. */
  readonly code: string;
  /** Reads "what, why, what to do". */
  readonly message: string;
}
