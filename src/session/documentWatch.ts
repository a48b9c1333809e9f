import type { DesignDocument } from "../spec/model.ts";
import type { Workspace } from "./ports.ts";

/**
 * Notes how the documents stand now. What it returns tells which of them have another text since, or
 * are gone: the run goes on with the texts that it was given, so its outcome is not theirs.
 */
export async function watchDocuments(
  documents: readonly DesignDocument[],
  workspace: Workspace,
): Promise<() => Promise<readonly string[]>> {
  // A document outside the folder is not the workspace's to read.
  const paths = documents.map(({ path }) => path).filter((path) => !path.startsWith("/"));
  const read = (): Promise<readonly (string | undefined)[]> =>
    Promise.all(paths.map((path) => workspace.readText(path).catch(() => undefined)));
  const before = await read();
  return async () => {
    const after = await read();
    return paths.filter((_, index) => after[index] !== before[index]);
  };
}
