import type { Review, SourceText } from "../review/model.ts";
import { oncePer } from "../support/oncePer.ts";
import type { AnalyzerCall, FromAnalyzer, ListStretch, ToAnalyzer } from "./analyzerProtocol.ts";

/** The other side of `createAnalyzerParent`. Messages are to be decoded, and reviews encoded, in the order of the wire. */
export interface AnalyzerChild {
  /** Undefined for what comes ahead of a call. */
  decode(message: ToAnalyzer): AnalyzerCall | undefined;
  /** To be gone through to its end before the next review is. */
  encode(id: number, review: Review): Iterable<FromAnalyzer>;
}

export function createAnalyzerChild(): AnalyzerChild {
  return { decode: createDecoder(), encode: createEncoder() };
}

function createDecoder(): AnalyzerChild["decode"] {
  let files: ReadonlyMap<string, SourceText> = new Map();
  const changed = new Map<string, SourceText>();
  const others = new Map<string, unknown>();
  return (message) => {
    if ("files" in message) {
      for (const source of message.files) changed.set(source.path, source);
      return undefined;
    }
    const { project, ...call } = message;
    if (!project) return call;
    const paths = project.paths ?? [...files.keys()];
    files = new Map(paths.flatMap((path) => sourceOf(path, changed, files)));
    changed.clear();
    const argument = call.argument as Readonly<Record<string, unknown>>;
    for (const [key, value] of Object.entries(argument)) others.set(key, value);
    const kept = project.kept.map((key) => [key, others.get(key)] as const);
    return { ...call, argument: { ...argument, ...Object.fromEntries(kept), files: [...files.values()] } };
  };
}

function sourceOf(path: string, ...sources: readonly ReadonlyMap<string, SourceText>[]): [string, SourceText][] {
  const source = sources.map((known) => known.get(path)).find((known) => known !== undefined);
  return source ? [[path, source]] : [];
}

function createEncoder(): AnalyzerChild["encode"] {
  const sent = new Map<string, readonly string[]>();
  const list = function* (name: string, items: readonly object[]): Generator<ListStretch, string> {
    const texts = items.map(textOf);
    yield* stretches(name, items, texts, sent.get(name));
    sent.set(name, texts);
    return name;
  };
  return function* encode(id, review) {
    const checklist = [];
    for (const { findings, suppressed, ...head } of review.checklist) {
      checklist.push({
        ...head,
        findings: yield* list(`${head.id} findings`, findings),
        ...(suppressed && { suppressed: yield* list(`${head.id} suppressed`, suppressed) }),
      });
    }
    const { elements, unlinkedRules, totals } = review.coverage;
    const coverage = {
      totals,
      elements: yield* list("elements", elements),
      ...(unlinkedRules && { unlinkedRules: yield* list("unlinkedRules", unlinkedRules) }),
    };
    yield { id, review: { ...review, checklist, coverage } };
  };
}

/** A finding or an element that an edit does not touch is often the same object. */
const textOf = oncePer((item: object): string => JSON.stringify(item));

/** Items in a message: to read one takes a millisecond. */
const mostItems = 250;

/** Nothing where the list is the one before. */
function* stretches(
  list: string,
  items: readonly object[],
  texts: readonly string[],
  before: readonly string[] | undefined,
): Iterable<ListStretch> {
  if (before?.length === texts.length && texts.every((text, at) => text === before[at])) return;
  if (items.length === 0) yield { list, items };
  const places = new Map(before?.map((text, at) => [text, at]));
  for (let at = 0; at < items.length; ) {
    const from = places.get(texts[at] ?? "");
    const count =
      from === undefined
        ? lengthWhile(mostItems, (more) => at + more < items.length && !places.has(texts[at + more] ?? ""))
        : lengthWhile(items.length - at, (more) => texts[at + more] === before?.[from + more]);
    yield from === undefined ? { list, items: items.slice(at, at + count) } : { list, from, count };
    at += count;
  }
}

function lengthWhile(most: number, isIn: (more: number) => boolean): number {
  let length = 0;
  while (length < most && isIn(length)) length++;
  return length;
}
