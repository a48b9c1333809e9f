import type { ChangeSet } from "../changes/model.ts";
import type { Review } from "../review/model.ts";
import type { Analyzer, Workspace } from "./ports.ts";
import { readSources } from "./proposedState.ts";

export interface CertainFixesParts {
  readonly review: Review;
  /** The state with every proposal. */
  readonly overlay: Workspace;
  readonly disk: Workspace;
  readonly changes: ChangeSet;
  readonly analyzer: Analyzer;
  readonly signal: AbortSignal;
}

/**
 * Proposes what needs no judgement: the order of imports and the formatting of the files that the checklist names
 * for them. Returns their paths.
 */
export async function proposeCertainFixes(parts: CertainFixesParts): Promise<readonly string[]> {
  const { review, overlay, disk, changes, analyzer, signal } = parts;
  const findings = review.checklist.find(({ id }) => id === "format")?.findings ?? [];
  const paths = [...new Set(findings.map(({ path }) => path))];
  if (paths.length === 0) return [];
  const files = await readSources(overlay);
  const fixed: string[] = [];
  for (const path of paths) {
    const before = files.find((file) => file.path === path)?.text;
    const after = await analyzer.tidy({ path, files }, signal);
    if (after === undefined || after === before) continue;
    changes.propose(path, await disk.readText(path), after, "engine");
    fixed.push(path);
  }
  return fixed;
}
