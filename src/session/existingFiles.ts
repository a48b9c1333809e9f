import { recordPath } from "../compiler/delta/designRecord.ts";
import { isRevision } from "../compiler/delta/revisions.ts";
import { type ExistingProject, keptByHand } from "../compiler/existingProject.ts";
import type { Workspace } from "./ports.ts";

/**
 * What the engine has to know of a project, as it is on disk without proposals: the files that it
 * completes instead of replacing, the record of an earlier implementation, and the migrations that stand.
 */
export async function readExistingProject(disk: Workspace): Promise<ExistingProject> {
  const revisions = (await disk.list()).filter((path) => isRevision({ path }));
  const texts = await Promise.all(
    [...keptByHand, recordPath, ...revisions].map(async (path) => [path, await disk.readText(path)] as const),
  );
  return Object.fromEntries(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}
