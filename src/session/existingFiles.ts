import { recordPath } from "../compiler/delta/recordPath.ts";
import { type ExistingProject, keptByHand } from "../compiler/existingProject.ts";
import type { Workspace } from "./ports.ts";
import { readSources } from "./proposedState.ts";

/**
 * What the engine has to know of a project, as it is on disk without proposals: its code, the files
 * that are completed instead of replaced, and the record of an earlier implementation.
 */
export async function readExistingProject(disk: Workspace): Promise<ExistingProject> {
  const texts = await Promise.all(
    [...keptByHand, "requirements.txt", recordPath].map(async (path) => [path, await disk.readText(path)] as const),
  );
  const sources = (await readSources(disk)).map(({ path, text }) => [path, text] as const);
  return Object.fromEntries([
    ...sources,
    ...texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
  ]);
}
