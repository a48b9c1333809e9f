import { loadModule } from "libpg-query";
import { ddlScript } from "./ddl/script.ts";
import { noticeOf } from "./documentNotice.ts";
import type { Fragment } from "./fragment.ts";
import { hiddenCharacterProblems, mixedScriptProblems } from "./hiddenCharacters.ts";
import { readDecisions } from "./join/decisions.ts";
import { isDecisionsDocument } from "./join/decisionsFile.ts";
import { joinSpec } from "./join/joinSpec.ts";
import { lintJoined } from "./lintJoined.ts";
import { lintSpec } from "./lintSpec.ts";
import { mergeFragments } from "./merge/mergeFragments.ts";
import type { DesignDocument, DesignSpec } from "./model.ts";
import type { YamlSource } from "./openapi/yamlSource.ts";
import { explainForeign, kindsOf, type OpenedDocument, openDocument, readDocument } from "./readDocument.ts";
import type { Problem, ReadDocument, SpecReading } from "./reading.ts";
import { markSuperseded } from "./shards.ts";

/**
 * Reads the Phase 2 documents into one design specification.
 *
 * Never rejects and never gives up: what cannot be read is left out of the spec and named in
 * `problems` or `notUnderstood` with its line, so that half a design still gives half a backend.
 * Asynchronous only because PostgreSQL's grammar is WebAssembly that loads on first use.
 */
export type SpecReader = (documents: readonly DesignDocument[]) => Promise<SpecReading>;

/** Reads once; see {@link SpecReader}. */
export const readSpec: SpecReader = (documents) => createSpecReader()(documents);

/** Characters of documents outside the set just read that are kept; more is read anew. */
const keptCharacters = 8_000_000;

/**
 * A reader that keeps what it has read: a document is read again only when its text has changed, or that of one
 * it refers to. Putting the documents together is always done anew.
 */
export function createSpecReader(): SpecReader {
  let kept: readonly KeptDocument[] = [];
  return async (documents) => {
    await loadModule();
    const { read, set } = readEach(documents, kept);
    kept = mostRecent(read, kept);
    return putTogether(read, set);
  };
}

/**
 * What the documents themselves say, before they are joined and anything is concluded from them: for
 * those who write a design down again.
 */
export async function readDeclared(documents: readonly DesignDocument[]): Promise<{ readonly spec: DesignSpec }> {
  await loadModule();
  const { read } = readEach(documents, []);
  const paths = read.map(({ document }) => document.path);
  const { fragments } = markSuperseded(
    read.flatMap(({ reading }) => reading.fragments),
    paths,
  );
  return { spec: mergeFragments(fragments, paths).spec };
}

/** Every document by itself, those that are kept as they were read before. */
function readEach(
  documents: readonly DesignDocument[],
  kept: readonly KeptDocument[],
): { readonly read: readonly CurrentDocument[]; readonly set: DocumentSet } {
  const decisions = documents.find(isDecisionsDocument);
  const given = distinct(documents.filter((document) => document !== decisions));
  const notices = [...given, ...(decisions ? [decisions] : [])].flatMap((document) => noticeOf(document) ?? []);
  const isMisread = new Set(notices.filter(({ severity }) => severity === "error").map(({ path }) => path));
  const opened = given
    .filter((document) => !isMisread.has(document.path))
    .map((document) => openedAfter(document, kept));
  const sources = new Map(
    opened.flatMap((item) => (item.opened.source ? [[item.document.path, item.opened.source] as const] : [])),
  );
  const read = opened.map((item) => (isCurrent(item, sources) ? item : readWith(item, sources)));
  return { read, set: { notices, decisions, paths: given.map(({ path }) => path) } };
}

interface KeptDocument {
  readonly document: DesignDocument;
  readonly opened: OpenedDocument;
  readonly reading?: DocumentReading;
}

interface DocumentReading {
  readonly fragments: readonly Fragment[];
  /** What it asked the library for; undefined where there was no such document. */
  readonly referred: ReadonlyMap<string, YamlSource | undefined>;
  readonly foreign: readonly Problem[];
  readonly hidden: readonly Problem[];
}

type CurrentDocument = KeptDocument & { readonly reading: DocumentReading };

/** As it is kept, else anew, with what is kept of the last version. */
function openedAfter(document: DesignDocument, kept: readonly KeptDocument[]): KeptDocument {
  const before = kept.filter((item) => item.document.path === document.path);
  const same = before.find((item) => item.document.text === document.text);
  return same ?? { document, opened: openDocument(document, before[0]?.opened) };
}

function isCurrent(item: KeptDocument, sources: ReadonlyMap<string, YamlSource>): item is CurrentDocument {
  return (
    item.reading !== undefined && [...item.reading.referred].every(([path, source]) => sources.get(path) === source)
  );
}

function readWith({ document, opened }: KeptDocument, sources: ReadonlyMap<string, YamlSource>): CurrentDocument {
  const referred = new Map<string, YamlSource | undefined>();
  const find = (path: string): YamlSource | undefined => {
    const source = sources.get(path);
    referred.set(path, source);
    return source;
  };
  const fragments = readDocument(opened, { find });
  const foreign = explainForeign(opened.excerpt, fragments);
  return { document, opened, reading: { fragments, referred, foreign, hidden: hiddenCharacterProblems(document) } };
}

/** The documents just read and, as far as there is room, others before them: another set is read in between. */
function mostRecent(read: readonly CurrentDocument[], before: readonly KeptDocument[]): readonly KeptDocument[] {
  const paths = new Set(read.map(({ document }) => document.path));
  let room = keptCharacters;
  const others = before.filter(({ document }) => {
    if (paths.has(document.path)) return false;
    room -= document.text.length;
    return room > 0;
  });
  return [...read, ...others];
}

interface DocumentSet {
  /** What is to be said of documents as such; some of them are not read. */
  readonly notices: readonly Problem[];
  readonly decisions: DesignDocument | undefined;
  /** Of all documents, in their order. */
  readonly paths: readonly string[];
}

function putTogether(documents: readonly CurrentDocument[], set: DocumentSet): SpecReading {
  const { notices, decisions } = set;
  const paths = documents.map(({ document }) => document.path);
  const { fragments, problems: wholes } = markSuperseded(
    documents.flatMap(({ reading }) => reading.fragments),
    paths,
  );
  const referenced = new Set(
    documents.flatMap(({ reading }) => [...reading.referred].flatMap(([path, source]) => (source ? [path] : []))),
  );
  const foreign = documents.flatMap(({ document, reading }) => (referenced.has(document.path) ? [] : reading.foreign));
  const merged = mergeFragments(fragments, paths);
  const { spec, assumptions, problems } = joinSpec(merged.spec, decisions && readDecisions(decisions));
  const read = documents.map(
    ({ document, reading }): ReadDocument => ({ path: document.path, kinds: kindsOf(reading.fragments) }),
  );
  const kinds = new Set(read.flatMap((document) => document.kinds));
  const lint = paths[0] === undefined ? [] : lintSpec(merged.spec, kinds, paths[0]);
  return {
    spec,
    documents: read,
    assumptions,
    problems: inReadingOrder(
      [
        ...notices,
        ...wholes,
        ...documents.flatMap(({ reading }) => reading.hidden),
        ...fragments.flatMap((fragment) => fragment.problems),
        ...foreign,
        ...merged.problems,
        ...problems,
        ...lint,
        ...lintJoined(spec),
        ...mixedScriptProblems(spec),
      ],
      set.paths,
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

function inReadingOrder(problems: readonly Problem[], paths: readonly string[]): Problem[] {
  const position = new Map(paths.map((path, index) => [path, index]));
  const indexOf = ({ path }: Problem): number => position.get(path) ?? -1;
  return [...problems].sort((left, right) => indexOf(left) - indexOf(right) || left.line - right.line);
}
