import type { Coverage, CoverageElement, CoverageStatus } from "../review/model.ts";
import { type CoverageWords, englishCoverageWords } from "./coverageWords.ts";

/** What of the coverage is shown. An empty list of a sort lets everything of that sort through. */
export interface CoverageFilter {
  readonly statuses: readonly CoverageStatus[];
  readonly kinds: readonly CoverageElement["kind"][];
  /** Paths of design documents. */
  readonly documents: readonly string[];
  /** Only what the design has changed since it was implemented. */
  readonly hasDrifted: boolean;
  /** Business rules that nobody has linked to a function. */
  readonly isUnlinked: boolean;
}

export const noFilter: CoverageFilter = {
  statuses: [],
  kinds: [],
  documents: [],
  hasDrifted: false,
  isUnlinked: false,
};

export function isFiltering({ statuses, kinds, documents, hasDrifted, isUnlinked }: CoverageFilter): boolean {
  return hasDrifted || isUnlinked || statuses.length + kinds.length + documents.length > 0;
}

export type FilteredCoverage = Pick<Coverage, "elements" | "unlinkedRules">;

/** That a rule is not linked is a state beside the others: what is in one of those chosen is shown. */
export function filterCoverage(
  { elements, unlinkedRules = [] }: FilteredCoverage,
  filter: CoverageFilter,
): Required<FilteredCoverage> {
  const { statuses, kinds, documents, hasDrifted, isUnlinked } = filter;
  const isAnyState = statuses.length === 0 && !isUnlinked;
  const fits = (kind: CoverageElement["kind"], path: string | undefined): boolean =>
    (kinds.length === 0 || kinds.includes(kind)) &&
    (documents.length === 0 || (path !== undefined && documents.includes(path)));
  return {
    elements: elements.filter(
      ({ status, kind, design, drift }) =>
        (!hasDrifted || drift !== undefined) && (isAnyState || statuses.includes(status)) && fits(kind, design?.path),
    ),
    unlinkedRules: unlinkedRules.filter(
      ({ design }) => (isUnlinked || (isAnyState && !hasDrifted)) && fits("rule", design.path),
    ),
  };
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
  { elements, unlinkedRules = [] }: FilteredCoverage,
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
    ...(unlinkedRules.length === 0
      ? []
      : [{ sort: "State", label: words.unlinked, count: unlinkedRules.length, filter: { isUnlinked: true } } as const]),
    ...counted([...elements.map(({ kind }) => kind), ...unlinkedRules.map(() => "rule" as const)]).map(
      ([kind, count]) => {
        return { sort: "Kind", label: titleOf(kind), count, filter: { kinds: [kind] } } as const;
      },
    ),
    ...counted([...elements, ...unlinkedRules].flatMap(({ design }) => design?.path ?? [])).map(([path, count]) => {
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
    isUnlinked: choices.some(({ filter }) => filter.isUnlinked),
  };
}

function counted<Value>(values: readonly Value[]): readonly (readonly [Value, number])[] {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
