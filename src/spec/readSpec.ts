import { loadModule } from "libpg-query";
import { ddlScript } from "./ddl/script.ts";
import { foreignInterface, foreignSql, foreignStore, unreadNotation } from "./dialect.ts";
import { type DocumentForm, documentForm } from "./documentForm.ts";
import { noticeOf } from "./documentNotice.ts";
import { createExcerpt, type Excerpt, normalizeText } from "./excerpt.ts";
import { createFragment, type Fragment, ranks } from "./fragment.ts";
import { hiddenCharacterProblems, mixedScriptProblems } from "./hiddenCharacters.ts";
import { readDecisions } from "./join/decisions.ts";
import { isDecisionsDocument } from "./join/decisionsFile.ts";
import { joinSpec } from "./join/joinSpec.ts";
import { lintSpec } from "./lintSpec.ts";
import { readMarkdown } from "./markdown/readMarkdown.ts";
import { mergeFragments } from "./merge/mergeFragments.ts";
import type { DesignDocument, DocumentKind } from "./model.ts";
import { readDbml } from "./notations/dbml.ts";
import { readPrisma } from "./notations/prisma.ts";
import { readOpenApi } from "./openapi/readOpenApi.ts";
import { parseYaml, type YamlLibrary, type YamlSource } from "./openapi/yamlSource.ts";
import type { Problem, ReadDocument, SpecReading } from "./reading.ts";
import { createNameRegistry } from "./sql/names.ts";
import { readSql } from "./sql/readSql.ts";

/**
 * Reads the Phase 2 documents into one design specification.
 *
 * Never rejects and never gives up: what cannot be read is left out of the spec and named in
 * `problems` or `notUnderstood` with its line, so that half a design still gives half a backend.
 * Asynchronous only because PostgreSQL's grammar is WebAssembly that loads on first use.
 */
export async function readSpec(documents: readonly DesignDocument[]): Promise<SpecReading> {
  await loadModule();
  const decisions = documents.find(isDecisionsDocument);
  const given = distinct(documents.filter((document) => document !== decisions));
  const notices = [...given, ...(decisions ? [decisions] : [])].flatMap((document) => noticeOf(document) ?? []);
  const isMisread = new Set(notices.filter(({ severity }) => severity === "error").map(({ path }) => path));
  const readable = given.filter((document) => !isMisread.has(document.path));
  const excerpts = readable.map((document) => createExcerpt(document.path, normalizeText(document.text)));
  const forms = excerpts.map((excerpt) => {
    const form = documentForm(excerpt);
    return { excerpt, form, source: form === "yaml" ? parseYaml(excerpt) : undefined };
  });
  const sources = new Map(forms.flatMap(({ excerpt, source }) => (source ? [[excerpt.path, source] as const] : [])));
  const library: YamlLibrary = { sources, referenced: new Set() };
  const fragments = forms.flatMap((item) => readDocument(item, library));
  const foreign = excerpts
    .filter((excerpt) => !library.referenced.has(excerpt.path))
    .flatMap((excerpt) =>
      explainForeign(
        excerpt,
        fragments.filter((fragment) => fragment.path === excerpt.path),
      ),
    );
  const paths = excerpts.map((excerpt) => excerpt.path);
  const merged = mergeFragments(fragments, paths);
  const { spec, assumptions, problems } = joinSpec(merged.spec, decisions && readDecisions(decisions));
  const read = paths.map((path): ReadDocument => ({ path, kinds: kindsOf(fragments, path) }));
  const kinds = new Set(read.flatMap((document) => document.kinds));
  const lint = paths[0] === undefined ? [] : lintSpec(merged.spec, kinds, paths[0]);
  return {
    spec,
    documents: read,
    assumptions,
    problems: inReadingOrder(
      [
        ...notices,
        ...readable.flatMap(hiddenCharacterProblems),
        ...fragments.flatMap((fragment) => fragment.problems),
        ...foreign,
        ...merged.problems,
        ...problems,
        ...lint,
        ...mixedScriptProblems(spec),
      ],
      given.map(({ path }) => path),
    ),
    notUnderstood: fragments.flatMap((fragment) => fragment.notUnderstood),
    ddl: ddlScript(fragments, spec),
  };
}

/** A document may be attached and open at once; it counts once. */
function distinct(documents: readonly DesignDocument[]): DesignDocument[] {
  const keys = new Set<string>();
  return documents.filter(({ path, text }) => {
    const key = `${path}\n${text}`;
    return !keys.has(key) && keys.add(key);
  });
}

/** A document in another design language is named instead of read, one that yields nothing is said to. */
function explainForeign(excerpt: Excerpt, fragments: readonly Fragment[]): Problem[] {
  const { path, text } = excerpt;
  const contract = foreignInterface(path, text);
  const isEmpty = kindsOf(fragments, path).length === 0;
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

interface FormedDocument {
  readonly excerpt: Excerpt;
  readonly form: DocumentForm;
  readonly source: YamlSource | undefined;
}

/** Nesting that no writer would type still ends a parser's stack; then that document alone is lost, and said to be. */
function readDocument({ excerpt, form, source }: FormedDocument, library: YamlLibrary): Fragment[] {
  try {
    if (source) return readYaml(source, library);
    return form === "markdown" ? readMarkdown(excerpt, library) : [readDatabase(excerpt, form)];
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const into = createFragment(excerpt.path, ranks.formal);
    const message = "This document is nested too deeply, so it could not be read; take the nesting out.";
    into.problems.push({ path: excerpt.path, line: 1, severity: "error", code: "SPEC-DEPTH", message });
    return [into];
  }
}

function readYaml(source: YamlSource, library: YamlLibrary): Fragment[] {
  const into = createFragment(source.path, ranks.formal);
  into.problems.push(...source.problems);
  readOpenApi({ source, library, into, broken: new Set() });
  return [into];
}

function readDatabase(excerpt: Excerpt, form: Exclude<DocumentForm, "markdown">): Fragment {
  const into = createFragment(excerpt.path, ranks.formal);
  const origin = { path: excerpt.path, names: createNameRegistry() };
  if (form === "dbml") readDbml(origin, excerpt, into);
  else if (form === "prisma") readPrisma(origin, [excerpt], into);
  else readScript(excerpt, into);
  return into;
}

function readScript(excerpt: Excerpt, into: Fragment): void {
  const foreign = foreignSql(excerpt.path, excerpt.text);
  into.problems.push(...clientCommands(excerpt));
  if (foreign) into.problems.push(foreign);
  else readSql({ excerpt, names: createNameRegistry(), into, keepsData: true });
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

/** What a document turned out to hold, in the order of the four Phase 2 steps. */
function kindsOf(fragments: readonly Fragment[], path: string): DocumentKind[] {
  const own = fragments.filter((fragment) => fragment.path === path);
  const has = (count: (fragment: Fragment) => number): boolean => own.some((fragment) => count(fragment) > 0);
  const found: Record<DocumentKind, boolean> = {
    domain: has(
      ({ entities, valueObjects, rules, stateMachines }) =>
        entities.length + valueObjects.length + rules.length + stateMachines.length,
    ),
    api: has(({ endpoints, schemas, securitySchemes }) => endpoints.length + schemas.length + securitySchemes.length),
    database: has(
      ({ tables, tableChanges, indexes, policies }) =>
        tables.length + tableChanges.length + indexes.length + policies.length,
    ),
    errors: has(({ errorCodes, envelopes }) => errorCodes.length + envelopes.length),
  };
  return (["domain", "api", "database", "errors"] as const).filter((kind) => found[kind]);
}

function inReadingOrder(problems: readonly Problem[], paths: readonly string[]): Problem[] {
  return [...problems].sort(
    (left, right) => paths.indexOf(left.path) - paths.indexOf(right.path) || left.line - right.line,
  );
}
