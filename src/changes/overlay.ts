import type { ChangeSet } from "./model.ts";

/** The part of the workspace that an overlay needs; `list` is sorted. */
export interface ReadableFiles {
  readText(path: string): Promise<string | undefined>;
  list(): Promise<readonly string[]>;
  candidates?(expression: RegExp, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}

/** The workspace as if everything proposed had been accepted. */
export function createOverlay(workspace: ReadableFiles, changes: ChangeSet): ReadableFiles {
  return {
    readText: async (path) =>
      changes.file(path) === undefined ? workspace.readText(path) : changes.proposedText(path),
    list: async () => {
      const paths = new Set(await workspace.list());
      for (const { path } of changes.files()) {
        if (changes.proposedText(path) === undefined) paths.delete(path);
        else paths.add(path);
      }
      return [...paths].sort();
    },
    candidates: async (expression, signal) => {
      const found = await workspace.candidates?.(expression, signal);
      return found && new Set([...found, ...changes.files().map(({ path }) => path)]);
    },
  };
}
