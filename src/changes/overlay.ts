import type { ChangeSet } from "./model.ts";

/** The part of the workspace that an overlay needs; `list` is sorted. */
export interface ReadableFiles {
  readText(path: string): Promise<string | undefined>;
  list(): Promise<readonly string[]>;
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
  };
}
