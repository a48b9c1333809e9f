import type { ChangeSet } from "../../changes/model.ts";
import { currentTexts } from "../currentText.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

/** Tells the change set what is on disk, or in an open editor: it may be newer than what it was told. */
export async function rebaseOnDisk(changes: ChangeSet, paths: WorkspacePaths, all: readonly string[]): Promise<void> {
  const texts = await currentTexts(all.map(paths.toFile));
  for (const [index, path] of all.entries()) changes.rebase(path, texts[index]);
}
