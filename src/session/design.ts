import type { Assumption } from "../compiler/compilation.ts";
import { isDecisionsDocument } from "../spec/join/decisionsFile.ts";
import type { DesignDocument, DesignSpec, SourceSpan } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import { UserFacingError } from "../support/errors.ts";
import type { Analyzer } from "./ports.ts";

/** Reads the documents, and refuses in words the user can act on when there is nothing to build from. */
export async function readDesign(
  documents: readonly DesignDocument[],
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<SpecReading> {
  const hasDesign = documents.some((document) => document.text.trim() !== "" && !isDecisionsDocument(document));
  if (!hasDesign) throw noDocuments();
  const reading = await analyzer.readSpec(documents, signal);
  if (isEmpty(reading.spec)) throw noDesign(reading);
  return reading;
}

/** What the reading assumes and nobody has confirmed or corrected yet. */
export function openAssumptions({ assumptions }: SpecReading): readonly Assumption[] {
  return assumptions
    .filter(({ state }) => state === "open")
    .map(({ id, text, element, source }) => ({ id, text, element, source }));
}

export function place(source: SourceSpan | undefined): string {
  return source ? ` (\`${source.path}:${source.line}\`)` : "";
}

function noDocuments(): UserFacingError {
  return new UserFacingError(
    "NO_DOCUMENTS",
    "No design document was found, so there is nothing to implement. Open the domain model, the API contract, the " +
      "database design and the error handling design (Markdown, OpenAPI, SQL), attach them with #file, or run " +
      '"Backend Implementer: Create Design Document Templates".',
  );
}

function isEmpty({ api, database, domain, errors }: DesignSpec): boolean {
  const parts = [api.endpoints, database.tables, domain.entities, domain.valueObjects, errors.codes];
  return parts.every((part) => part.length === 0);
}

/** Names what the documents are instead (MySQL, GraphQL), or what stops them from being read. */
function noDesign({ documents, problems }: SpecReading): UserFacingError {
  const reasons = problems.filter(({ severity }) => severity !== "info").slice(0, 5);
  const found = reasons.map(({ path, line, message }) => `\n- ${path}:${line}: ${message}`).join("");
  const remedy = "A design for PostgreSQL and a REST API is needed, in Markdown, OpenAPI or SQL.";
  const names = documents.map(({ path }) => path).join(", ");
  return new UserFacingError("NO_DESIGN", `Nothing to implement was found in ${names}. ${remedy}${found}`);
}
