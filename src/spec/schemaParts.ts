import type { Confidence, Schema } from "./model.ts";

export type SchemaType = "string" | "integer" | "number" | "boolean" | "array" | "object" | "union" | "ref" | "any";

export interface FormParts {
  /** Media types that a part of a form may have, by the part's name (OpenAPI's `encoding`). */
  readonly partTypes?: Readonly<Record<string, readonly string[]>>;
}

export interface AnswerHeaders {
  readonly headers?: readonly string[];
  /** By the name in `headers`; a header that is plain text has none. */
  readonly headerSchemas?: Readonly<Record<string, Schema>>;
}

export interface ParameterBasis {
  /** Undefined: declared. `inferred`: a document says what can be asked for, and not how. */
  readonly confidence?: Confidence;
}
