import type { DesignSpec, DocumentKind } from "../model.ts";
import { writeApi } from "./writeApi.ts";
import { writeDatabase } from "./writeDatabase.ts";
import { writeDomain } from "./writeDomain.ts";
import { writeErrors } from "./writeErrors.ts";

export interface WrittenDocument {
  readonly kind: DocumentKind;
  /** As the templates call it: `api-contract.md`. */
  readonly name: string;
  readonly text: string;
}

/**
 * The specification as the four documents, in the forms that read best; a kind of which there is
 * nothing has none. Reading them again gives the same elements. Give it what the documents declare
 * (`readDeclared`), else what was only concluded is written down as declared.
 */
export function writeDesign({ domain, api, database, errors }: DesignSpec): readonly WrittenDocument[] {
  const count = (...parts: readonly (readonly unknown[])[]): number => parts.flat().length;
  const { entities, valueObjects, rules, stateMachines, events } = domain;
  const { tables, enums, indexes, policies, statements } = database;
  const has: Record<DocumentKind, boolean> = {
    domain: count(entities, valueObjects, rules, stateMachines, events) > 0,
    api: count(api.endpoints, api.schemas) > 0,
    database: count(tables, enums, indexes, policies, statements) > 0,
    errors: count(errors.codes, errors.retries ?? []) > 0 || errors.envelope !== undefined,
  };
  const written: readonly WrittenDocument[] = [
    { kind: "domain", name: documentNames.domain, text: has.domain ? writeDomain(domain) : "" },
    { kind: "api", name: documentNames.api, text: has.api ? writeApi(api) : "" },
    { kind: "database", name: documentNames.database, text: has.database ? writeDatabase(database) : "" },
    { kind: "errors", name: documentNames.errors, text: has.errors ? writeErrors(errors) : "" },
  ];
  return written.filter(({ kind }) => has[kind]);
}

export const documentNames: Readonly<Record<DocumentKind, string>> = {
  domain: "domain-model.md",
  api: "api-contract.md",
  database: "database-design.md",
  errors: "error-handling.md",
};
