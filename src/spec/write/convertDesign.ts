import { elementsOf } from "../elements.ts";
import type { DesignDocument, DesignSpec, DocumentKind } from "../model.ts";
import { readDeclared } from "../readSpec.ts";
import { writeFence, writeSection } from "./markdownText.ts";
import { type WrittenDocument, writeDesign } from "./writeDesign.ts";

export interface DesignConversion {
  /** Empty when no design was found in the text. */
  readonly documents: readonly WrittenDocument[];
  readonly elements: number;
  /** Ids of elements that the documents do not say exactly as the text did; none, as far as we know. */
  readonly changed: readonly string[];
  /** Lines that stand in the documents as they were, because the elements do not say all of them. */
  readonly carriedLines: number;
}

/**
 * Turns design text of any mixture (a chat answer, notes) into the four documents. Nothing is lost:
 * every element is written in the form that reads best, and every line with a word that no element
 * says stands below under a heading of its own, in a fence that no reader reads.
 */
export async function convertDesign(text: string): Promise<DesignConversion> {
  const source: DesignDocument = { path: "pasted text", text };
  const declared = await readDeclared([source]);
  const written = writeDesign(declared.spec);
  if (written.length === 0) return { documents: [], elements: 0, changed: [], carriedLines: 0 };
  const carried = linesToCarry(text, written);
  const documents = withCarried(written, carried, declared.spec);
  const again = await readDeclared(documents.map(({ name, text: own }) => ({ path: name, text: own })));
  return {
    documents,
    elements: elementsOf(declared.spec).length,
    changed: changedElements(declared.spec, again.spec),
    carriedLines: carried.length,
  };
}

interface Line {
  readonly number: number;
  readonly text: string;
}

const word = /[\p{L}\p{N}_]+/gu;

function linesToCarry(text: string, documents: readonly WrittenDocument[]): Line[] {
  const said = new Set(documents.flatMap((document) => wordsOf(document.text)));
  const lines = text.split(/\r\n?|\n/).map((line, index): Line => ({ number: index + 1, text: line }));
  return lines.filter((line) => wordsOf(line.text).some((found) => !said.has(found)));
}

function wordsOf(text: string): string[] {
  return (text.match(word) ?? []).map((found) => found.toLowerCase());
}

/** Each line goes to the document that its neighbours in the text went to. */
function withCarried(
  documents: readonly WrittenDocument[],
  lines: readonly Line[],
  spec: DesignSpec,
): readonly WrittenDocument[] {
  const places = placesOf(spec);
  const kindAt = (line: number): DocumentKind | undefined =>
    (places.findLast((place) => place.line <= line) ?? places[0])?.kind;
  const target = (line: Line): WrittenDocument | undefined =>
    documents.find(({ kind }) => kind === kindAt(line.number)) ?? documents[0];
  return documents.map((document) => {
    const own = lines.filter((line) => target(line) === document);
    return own.length === 0 ? document : { ...document, text: `${document.text}\n${carriedSection(own)}\n` };
  });
}

function carriedSection(lines: readonly Line[]): string {
  return writeSection("## Carried over as pasted", [
    "<!-- These lines say something that no element above says. Work them in, or delete them; they are not read. -->",
    writeFence("pasted", lines.map((line) => line.text).join("\n")),
  ]);
}

function placesOf(spec: DesignSpec): readonly { readonly line: number; readonly kind: DocumentKind }[] {
  const { api, database, domain, errors } = spec;
  const of = (kind: DocumentKind, items: readonly { readonly source: { readonly line: number } }[]) =>
    items.map(({ source }) => ({ line: source.line, kind }));
  return [
    ...of("api", api.endpoints),
    ...of("database", [...database.tables, ...database.indexes, ...database.policies]),
    ...of("domain", [
      ...domain.entities,
      ...domain.valueObjects,
      ...domain.rules,
      ...domain.stateMachines,
      ...domain.events,
    ]),
    ...of(
      "errors",
      [...errors.codes, ...(errors.retries ?? [])].filter(({ confidence }) => confidence === "declared"),
    ),
  ].sort((left, right) => left.line - right.line);
}

/** Compared by everything but where it stands. */
export function changedElements(before: DesignSpec, after: DesignSpec): string[] {
  const said = new Map(elementsOf(after).map((element) => [element.id, meaningOf(element)]));
  return elementsOf(before)
    .filter((element) => said.get(element.id) !== meaningOf(element))
    .map(({ id }) => id);
}

/** Where it stands, whether a constraint's usual name was spelled out, and the statement's own words do not matter. */
const formal: ReadonlySet<string> = new Set(["source", "confidence", "named", "sql"]);

function meaningOf(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (formal.has(key)) return undefined;
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
