import { foreignInterface, foreignSql, foreignStore, unreadNotation } from "./dialect.ts";
import { type DocumentForm, documentForm } from "./documentForm.ts";
import { createExcerpt, type Excerpt, normalizeText } from "./excerpt.ts";
import { createFragment, type Fragment, ranks } from "./fragment.ts";
import { readMarkdown } from "./markdown/readMarkdown.ts";
import type { DesignDocument, DocumentKind } from "./model.ts";
import { readDbml } from "./notations/dbml.ts";
import { readPrisma } from "./notations/prisma.ts";
import { readOpenApi } from "./openapi/readOpenApi.ts";
import { parseYaml, type YamlLibrary, type YamlSource } from "./openapi/yamlSource.ts";
import type { Problem } from "./reading.ts";
import { Recall } from "./recall.ts";
import { createNameRegistry } from "./sql/names.ts";
import { readSql } from "./sql/readSql.ts";

/** A document whose form is known; of YAML and JSON the data, because other documents may refer to it. */
export interface OpenedDocument {
  readonly excerpt: Excerpt;
  readonly form: DocumentForm;
  readonly source: YamlSource | undefined;
  readonly recall: Recall;
}

/** `before` is the last version of the document, whose parts are not read again where they are as they were. */
export function openDocument({ path, text }: DesignDocument, before?: OpenedDocument): OpenedDocument {
  const excerpt = createExcerpt(path, normalizeText(text));
  const form = documentForm(excerpt);
  const recall = new Recall(before?.recall);
  return { excerpt, form, source: form === "yaml" ? parseYaml(excerpt, recall) : undefined, recall };
}

/**
 * What one document says; the library is asked for the documents that it refers to, and for nothing else.
 *
 * Nesting that no writer would type still ends a parser's stack; then that document alone is lost, and said to be.
 */
export function readDocument(document: OpenedDocument, library: YamlLibrary): readonly Fragment[] {
  const { excerpt, form, source, recall } = document;
  try {
    if (source) return readYaml(source, library);
    return form === "markdown" ? readMarkdown(excerpt, library, recall) : [readDatabase(document, form)];
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const into = createFragment(excerpt.path, ranks.formal);
    const message = "This document is nested too deeply, so it could not be read; take the nesting out.";
    into.problems.push({ path: excerpt.path, line: 1, severity: "error", code: "SPEC-DEPTH", message });
    return [into];
  }
}

/** A document in another design language is named instead of read, one that yields nothing is said to. */
export function explainForeign(excerpt: Excerpt, fragments: readonly Fragment[]): Problem[] {
  const { path, text } = excerpt;
  const contract = foreignInterface(path, text);
  const isEmpty = kindsOf(fragments).length === 0;
  const unread = isEmpty && !contract && fragments.every((fragment) => fragment.problems.length === 0);
  if (!unread) return contract ? [contract] : [];
  const nothing: Problem = {
    path,
    line: 1,
    severity: "info",
    code: "SPEC-NOTHING",
    message:
      "Nothing in this document was recognised as design, so it is not used; write it in one of the forms of the template, or leave it out.",
  };
  return [foreignStore(path, text) ?? unreadNotation(path, text) ?? nothing];
}

function readYaml(source: YamlSource, library: YamlLibrary): Fragment[] {
  const into = createFragment(source.path, ranks.formal);
  into.problems.push(...source.problems);
  readOpenApi({ source, library, into, broken: new Set() });
  return [into];
}

function readDatabase({ excerpt, recall }: OpenedDocument, form: Exclude<DocumentForm, "markdown">): Fragment {
  const into = createFragment(excerpt.path, ranks.formal);
  const origin = { path: excerpt.path, names: createNameRegistry() };
  if (form === "dbml") readDbml(origin, excerpt, into);
  else if (form === "prisma") readPrisma(origin, [excerpt], into);
  else readScript(excerpt, into, recall);
  return into;
}

function readScript(excerpt: Excerpt, into: Fragment, recall: Recall): void {
  const foreign = foreignSql(excerpt.path, excerpt.text);
  into.problems.push(...clientCommands(excerpt));
  if (foreign) into.problems.push(foreign);
  else readSql({ excerpt, names: createNameRegistry(), into, keepsData: true, recall });
}

/** Commands of psql by which a script reads other files or runs programs; its other commands say nothing of a design. */
function clientCommands({ path, text }: Excerpt): Problem[] {
  return text.split("\n").flatMap((line, index): Problem[] => {
    const command = /^\\(?:ir?\b|include\w*|!|copy\b|o\b)/.exec(line)?.[0];
    if (command === undefined) return [];
    const message = `The psql command ${command} is not carried out; give the file it names as a document of its own if it is design.`;
    return [{ path, line: index + 1, severity: "info", code: "SPEC-PSQL", message }];
  });
}

/** What the fragments of a document turned out to hold, in the order of the four Phase 2 steps. */
export function kindsOf(own: readonly Fragment[]): DocumentKind[] {
  const has = (count: (fragment: Fragment) => number): boolean => own.some((fragment) => count(fragment) > 0);
  const found: Record<DocumentKind, boolean> = {
    domain: has(
      ({ entities, valueObjects, rules, stateMachines, events }) =>
        entities.length + valueObjects.length + rules.length + stateMachines.length + events.length,
    ),
    api: has(({ endpoints, schemas, securitySchemes }) => endpoints.length + schemas.length + securitySchemes.length),
    database: has(
      ({ tables, tableChanges, indexes, policies }) =>
        tables.length + tableChanges.length + indexes.length + policies.length,
    ),
    errors: has(({ errorCodes, envelopes, retries }) => errorCodes.length + envelopes.length + retries.length),
  };
  return (["domain", "api", "database", "errors"] as const).filter((kind) => found[kind]);
}
