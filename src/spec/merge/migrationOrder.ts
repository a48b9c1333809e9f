import type { SourceSpan } from "../model.ts";

/** The order in which the documents' statements are meant to run. */
export interface MigrationOrder {
  /** Whether what stands at `first` is there when the statement at `second` runs. */
  readonly isBefore: (first: SourceSpan, second: SourceSpan) => boolean;
  readonly sorted: <T extends { readonly source: SourceSpan }>(items: readonly T[]) => readonly T[];
}

/** Numbered scripts of a folder run by number, in whatever order they are given; the others stay where they are. */
export function migrationOrder(paths: readonly string[]): MigrationOrder {
  const queues = new Map<string, string[]>();
  for (const path of new Set(paths)) {
    const folder = folderOf(path);
    if (folder !== undefined) queues.set(folder, [...(queues.get(folder) ?? []), path]);
  }
  for (const queue of queues.values()) {
    queue.sort((left, right) => left.localeCompare(right, "en", { numeric: true }));
  }
  const ordered = [...new Set(paths)].map((path) => queues.get(folderOf(path) ?? "\n")?.shift() ?? path);
  const positions = new Map(ordered.map((path, index) => [path, index]));
  const positionOf = ({ path }: SourceSpan): number => positions.get(path) ?? ordered.length;
  return {
    isBefore: (first, second) =>
      first.path === second.path ? first.line <= second.line : positionOf(first) < positionOf(second),
    sorted: (items) => items.toSorted((left, right) => positionOf(left.source) - positionOf(right.source)),
  };
}

function folderOf(path: string): string | undefined {
  return /(?:^|\/)V?\d[^/]*\.sql$/i.test(path) ? path.slice(0, path.lastIndexOf("/") + 1) : undefined;
}
