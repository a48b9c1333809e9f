import { recordPath } from "../compiler/delta/designRecord.ts";
import { isRevision } from "../compiler/delta/revisions.ts";
import { type ExistingProject, keptByHand } from "../compiler/existingProject.ts";
import type { Workspace } from "./ports.ts";
import { readSources } from "./proposedState.ts";

/**
 * What the engine has to know of a project, as it is on disk without proposals: the files that it
 * completes instead of replacing, the record of an earlier implementation, and the migrations that
 * stand. Without a record the project may be somebody else's, so all of its code counts.
 */
export async function readExistingProject(disk: Workspace): Promise<ExistingProject> {
  const recorded = (await disk.readText(recordPath)) !== undefined;
  const revisions = recorded ? (await disk.list()).filter((path) => isRevision({ path })) : [];
  const texts = await Promise.all(
    [...keptByHand, recordPath, ...revisions].map(async (path) => [path, await disk.readText(path)] as const),
  );
  const sources = recorded ? [] : (await readSources(disk)).map(({ path, text }) => [path, text] as const);
  return Object.fromEntries([
    ...sources,
    ...texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
  ]);
}
