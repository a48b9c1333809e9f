import type { CoverageElement, CoverageStatus } from "../review/model.ts";
import { type CoverageWords, englishCoverageWords } from "./coverageWords.ts";

/** What of the coverage is shown. An empty list of a sort lets everything of that sort through. */
export interface CoverageFilter {
  readonly statuses: readonly CoverageStatus[];
  readonly kinds: readonly CoverageElement["kind"][];
  /** Paths of design documents. */
  readonly documents: readonly string[];
  /** Only what the design has changed since it was implemented. */
  readonly hasDrifted: boolean;
}

export const noFilter: CoverageFilter = { statuses: [], kinds: [], documents: [], hasDrifted: false };

export function isFiltering({ statuses, kinds, documents, hasDrifted }: CoverageFilter): boolean {
  return hasDrifted || statuses.length + kinds.length + documents.length > 0;
}

export function filterCoverage(
  elements: readonly CoverageElement[],
  { statuses, kinds, documents, hasDrifted }: CoverageFilter,
): readonly CoverageElement[] {
  return elements.filter(
    ({ status, kind, design, drift }) =>
      (!hasDrifted || drift !== undefined) &&
      (statuses.length === 0 || statuses.includes(status)) &&
      (kinds.length === 0 || kinds.includes(kind)) &&
      (documents.length === 0 || (design !== undefined && documents.includes(design.path))),
  );
}

/** One thing to choose, and what it adds to a filter. */
export interface FilterChoice {
  readonly sort: "State" | "Kind" | "Document";
  readonly label: string;
  readonly count: number;
  readonly filter: Partial<CoverageFilter>;
}

/** What these elements can be filtered by, with how many each lets through. */
export function filterChoices(
  elements: readonly CoverageElement[],
  titleOf: (kind: CoverageElement["kind"]) => string,
  words: CoverageWords = englishCoverageWords,
): readonly FilterChoice[] {
  const drifted = elements.filter(({ drift }) => drift !== undefined).length;
  return [
    ...counted(elements.map(({ status }) => status)).map(([status, count]) => {
      return { sort: "State", label: words.status[status], count, filter: { statuses: [status] } } as const;
    }),
    ...(drifted === 0
      ? []
      : [{ sort: "State", label: words.designChanged, count: drifted, filter: { hasDrifted: true } } as const]),
    ...counted(elements.map(({ kind }) => kind)).map(([kind, count]) => {
      return { sort: "Kind", label: titleOf(kind), count, filter: { kinds: [kind] } } as const;
    }),
    ...counted(elements.flatMap(({ design }) => design?.path ?? [])).map(([path, count]) => {
      return { sort: "Document", label: path, count, filter: { documents: [path] } } as const;
    }),
  ];
}

export function combined(choices: readonly FilterChoice[]): CoverageFilter {
  return {
    statuses: choices.flatMap(({ filter }) => filter.statuses ?? []),
    kinds: choices.flatMap(({ filter }) => filter.kinds ?? []),
    documents: choices.flatMap(({ filter }) => filter.documents ?? []),
    hasDrifted: choices.some(({ filter }) => filter.hasDrifted),
  };
}

function counted<Value>(values: readonly Value[]): readonly (readonly [Value, number])[] {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
