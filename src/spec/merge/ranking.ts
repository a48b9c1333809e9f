import type { Fragment } from "../fragment.ts";
import type { SourceSpan } from "../model.ts";
import type { Problem } from "../reading.ts";

/** An element together with the fragment it was read from. */
export interface Ranked<T> {
  readonly value: T;
  readonly fragment: Fragment;
}

/** All elements of one sort, the most authoritative first; within a rank in document order. */
export function ranked<T>(fragments: readonly Fragment[], select: (fragment: Fragment) => readonly T[]): Ranked<T>[] {
  return [...fragments]
    .sort(
      (left, right) => Number(left.superseded ?? false) - Number(right.superseded ?? false) || right.rank - left.rank,
    )
    .flatMap((fragment) => select(fragment).map((value) => ({ value, fragment })));
}

export interface Grouped<T> {
  readonly first: Ranked<T>;
  readonly others: readonly Ranked<T>[];
}

/** Elements with one key together; `first` is the version that counts. */
export function grouped<T>(items: readonly Ranked<T>[], keyOf: (value: T) => string): Grouped<T>[] {
  const groups = new Map<string, { first: Ranked<T>; others: Ranked<T>[] }>();
  for (const item of items) {
    const key = keyOf(item.value);
    const group = groups.get(key);
    if (group) group.others.push(item);
    else groups.set(key, { first: item, others: [] });
  }
  return [...groups.values()];
}

/** Puts elements back into the order in which a reader of the documents meets them. */
export function inDocumentOrder<T extends { readonly source: SourceSpan }>(
  items: readonly T[],
  paths: readonly string[],
): T[] {
  const position = new Map(paths.map((path, index) => [path, index]));
  const indexOf = (item: T): number => position.get(item.source.path) ?? paths.length;
  return [...items].sort((left, right) => indexOf(left) - indexOf(right) || left.source.line - right.source.line);
}

export function duplicateProblem(what: string, ignored: SourceSpan, kept: SourceSpan): Problem {
  return {
    path: ignored.path,
    line: ignored.line,
    severity: "warning",
    code: "SPEC-DUPLICATE",
    message: `${what} is defined twice, ${kept.path}:${kept.line} is the version that counts; remove one of the two.`,
  };
}

/** A second version is worth a warning in another document, or in the same form; a diagram only illustrates. */
export function isRealDuplicate<T>(first: Ranked<T>, other: Ranked<T>): boolean {
  if (other.fragment.rank === 0) return false;
  return other.fragment.path !== first.fragment.path || other.fragment.rank === first.fragment.rank;
}
