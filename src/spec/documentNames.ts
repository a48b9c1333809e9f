import type { DocumentKind } from "./model.ts";

/** What people call the document that a part of the design stands in. */
export const documentNames: Readonly<Record<DocumentKind, string>> = {
  domain: "domain model",
  api: "API contract",
  database: "database design",
  errors: "error handling design",
};

/** What one document holds, in words. */
export function documentText(kinds: readonly DocumentKind[]): string {
  return kinds.length > 0 ? kinds.map((kind) => documentNames[kind]).join(", ") : "no design found";
}
