import type { CoverageElement, CoverageStatus } from "../review/model.ts";
import type { SourceSpan } from "../spec/model.ts";
import { fileName } from "../support/fileName.ts";
import { groupBy } from "../support/groupBy.ts";
import { oncePer } from "../support/oncePer.ts";
import { type CoverageWords, englishCoverageWords } from "./coverageWords.ts";

/** Where the design and the code are compared: in the document, or where it is implemented. */
export type CoverageSide = "design" | "code";

/** What begins in one line of a design document. */
export interface CoverageMark {
  /** Counts from 1. */
  readonly line: number;
  /** The worst of its elements; one whose parts are not all implemented differs. */
  readonly status: CoverageStatus;
  readonly elements: readonly CoverageElement[];
  /** What stands above the line: only for what is worth a line of its own. */
  readonly title: string | undefined;
}

/** The marks of one design document by line, in their order. */
export function coverageMarks(
  elements: readonly CoverageElement[],
  path: string,
  words: CoverageWords = englishCoverageWords,
): readonly CoverageMark[] {
  const { byDesign, byOwner, told } = indexOf(elements);
  const byLine = groupBy(byDesign.get(path) ?? [], ({ design }) => design?.line ?? 0);
  return [...byLine]
    .sort(([left], [right]) => left - right)
    .map(([line, here]) => {
      const parts = here.flatMap((element) => partsOf(element, byOwner));
      const [head] = here.filter((element) => isWorthALine(element) && !told.has(element)).sort(worstFirst);
      return {
        line,
        status: worstOf(
          here.some(isMissing) || [...here, ...parts].every(hasNotMoved) ? here : [...here, { status: "mismatched" }],
        ),
        elements: here,
        title: head && titleOf(head, partsOf(head, byOwner), words),
      };
    });
}

/** The element of the code that a line belongs to, the innermost where several contain it. */
export function elementAt(
  elements: readonly CoverageElement[],
  path: string,
  line: number,
): CoverageElement | undefined {
  const length = ({ code }: CoverageElement): number => (code ? code.endLine - code.line : 0);
  return (indexOf(elements).byCode.get(path) ?? [])
    .filter(({ code, design }) => code && code.line <= line && line <= code.endLine && design)
    .sort((left, right) => length(left) - length(right))[0];
}

/** What stands above a line of code that implements something of the design. */
export interface CodeMark {
  readonly line: number;
  readonly title: string;
  readonly design: SourceSpan;
}

/** The marks of one file of code, of what is worth a line there: `implements POST /orders · api.yaml:31`. */
export function codeMarks(
  elements: readonly CoverageElement[],
  path: string,
  words: CoverageWords = englishCoverageWords,
): readonly CodeMark[] {
  return (indexOf(elements).byCode.get(path) ?? []).flatMap(({ kind, name, status, drift, design, code }) => {
    if (!code || !design || !(headlines.has(kind) || namedInCode.has(kind))) return [];
    const what = status === "implemented" ? words.implementing(name) : words.differingFrom(name);
    const place = `${fileName(design.path)}:${design.line}`;
    const title = [what, place, ...(drift ? [words.designChangedSince(drift.difference)] : [])].join(" · ");
    return [{ line: code.line, title, design }];
  });
}

const namedInCode: ReadonlySet<CoverageElement["kind"]> = new Set(["rule", "errorCode"]);

const order: readonly CoverageStatus[] = ["missing", "mismatched", "extra", "implemented"];

function isMissing({ status }: CoverageElement): boolean {
  return status === "missing";
}

/** What the code has beyond the design is not the design's. */
function isFine({ status }: CoverageElement): boolean {
  return status === "implemented" || status === "extra";
}

/** As it was implemented and as it is designed now. */
function hasNotMoved(element: CoverageElement): boolean {
  return isFine(element) && element.drift === undefined;
}

function worstOf(elements: readonly Pick<CoverageElement, "status">[]): CoverageStatus {
  return order.find((status) => elements.some((element) => element.status === status)) ?? "implemented";
}

function worstFirst(left: CoverageElement, right: CoverageElement): number {
  return order.indexOf(left.status) - order.indexOf(right.status);
}

/** Columns and codes stand in tables, which a line above each of them would tear apart; the margin has their mark. */
function isWorthALine({ kind, status, drift, isLinked }: CoverageElement): boolean {
  return headlines.has(kind) || isLinked === true || status !== "implemented" || drift !== undefined;
}

const headlines: ReadonlySet<CoverageElement["kind"]> = new Set([
  "endpoint",
  "table",
  "entity",
  "valueObject",
  "event",
]);

/** What is asked of the same elements for one document after the other, and after every edit. */
interface CoverageIndex {
  readonly byDesign: ReadonlyMap<string, readonly CoverageElement[]>;
  readonly byCode: ReadonlyMap<string, readonly CoverageElement[]>;
  readonly byOwner: PartsByOwner;
  /** Parts of what is missing as a whole. */
  readonly told: ReadonlySet<CoverageElement>;
}

/** By the kind of the part and the name of what it is part of, as its id begins. */
type PartsByOwner = ReadonlyMap<string, readonly CoverageElement[]>;

const indexOf = oncePer((elements: readonly CoverageElement[]): CoverageIndex => {
  const byOwner = partsByOwner(elements);
  return {
    byDesign: groupBy(elements, ({ design }) => design?.path ?? ""),
    byCode: groupBy(elements, ({ code }) => code?.path ?? ""),
    byOwner,
    told: new Set(elements.filter(isMissing).flatMap((element) => partsOf(element, byOwner))),
  };
});

/** A name may have dots itself: what could be the owner's is as good as the owner's. */
function partsByOwner(elements: readonly CoverageElement[]): PartsByOwner {
  const parts = new Map<string, CoverageElement[]>();
  for (const element of elements) {
    const { id } = element;
    for (let dot = id.indexOf("."); dot >= 0; dot = id.indexOf(".", dot + 1)) {
      const owner = id.slice(0, dot);
      const known = parts.get(owner);
      if (known) known.push(element);
      else parts.set(owner, [element]);
    }
  }
  return parts;
}

/** Columns and constraints of a table, fields of an entity: their ids begin with the owner's name. */
function partsOf({ kind, id }: CoverageElement, byOwner: PartsByOwner): readonly CoverageElement[] {
  if (!headlines.has(kind) || kind === "endpoint") return [];
  const name = id.slice(id.indexOf(":") + 1);
  const kinds = kind === "table" ? ["column", "constraint", "policy"] : ["field"];
  return kinds.flatMap((of) => byOwner.get(`${of}:${name}`) ?? []);
}

function titleOf(element: CoverageElement, parts: readonly CoverageElement[], words: CoverageWords): string {
  const { status, difference, drift, code, unseenAt } = element;
  if (unseenAt) return words.unseenAt(`${shortPath(unseenAt.path)}:${unseenAt.line}`);
  const asSaid = element.isLinked ? words.linked : words.status[status];
  const open = parts.filter((part) => !isFine(part)).length;
  const moved = drift ? 0 : parts.filter((part) => part.drift !== undefined).length;
  const others = open === 0 ? [] : [words.partsAmiss(open)];
  const differences = [...(difference === undefined ? [] : [difference.replace(/\.$/, "")]), ...others];
  const isAsSaid = isMissing(element) || differences.length === 0;
  return [
    isAsSaid ? asSaid : words.differing(differences.join("; ")),
    ...(code ? [`${shortPath(code.path)}:${code.line}`] : []),
    ...(drift ? [words.designChangedSince(drift.difference)] : []),
    ...(moved > 0 ? [words.partsChanged(moved)] : []),
  ].join(" · ");
}

/** The last two segments tell files of one layout apart. */
function shortPath(path: string): string {
  return path.split("/").slice(-2).join("/");
}
