import { join } from "node:path";
import { root } from "./paths.ts";

/** The order-management design that `npm start`, the demo and the browser tests work on copies of. */
export const sampleFolder = join(root, "test/fixtures/orders");

/** Its design documents, in the order in which one would read them. */
export const sampleDocuments: readonly string[] = [
  "docs/domain-model.md",
  "docs/openapi.yaml",
  "docs/database-design.md",
  "docs/error-handling.md",
];
