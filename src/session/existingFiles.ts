import { type ExistingProject, keptByHand } from "../compiler/existingProject.ts";
import type { Workspace } from "./ports.ts";

/** The files that the engine completes instead of replacing, as they are on disk without proposals. */
export async function readExistingProject(disk: Workspace): Promise<ExistingProject> {
  const texts = await Promise.all(keptByHand.map(async (path) => [path, await disk.readText(path)] as const));
  return Object.fromEntries(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}
