export type SchemaType = "string" | "integer" | "number" | "boolean" | "array" | "object" | "union" | "ref" | "any";

export interface FormParts {
  /** Media types that a part of a form may have, by the part's name (OpenAPI's `encoding`). */
  readonly partTypes?: Readonly<Record<string, readonly string[]>>;
}
