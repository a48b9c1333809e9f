import type { ChangeSet } from "../changes/model.ts";
import type { ChecklistId, Finding, Review, SourceText } from "../review/model.ts";
import { sinceBaseline } from "../review/sinceBaseline.ts";
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
 * Proposes what needs no judgement: the types that functions are known to return, one transaction where a commit splits an
 * operation and the code leaves no choice, and the order of imports and the formatting of the files that the checklist names.
 * What the baseline knows is left as it is. Returns the paths.
 */
export async function proposeCertainFixes(parts: CertainFixesParts): Promise<readonly string[]> {
  const { overlay, disk, changes } = parts;
  const { checklist } = sinceBaseline(parts.review);
  const found = checklist.flatMap(({ id, findings }) => findings.map((finding) => ({ ...finding, id })));
  const fixable = found.filter(({ id, message }) => repairs(id, message) !== undefined || id === "format");
  const paths = [...new Set(fixable.map(({ path }) => path))];
  if (paths.length === 0) return [];
  const files = await readSources(overlay);
  const fixed: string[] = [];
  for (const path of paths) {
    const before = files.find((file) => file.path === path)?.text;
    const here = fixable.filter((finding) => finding.path === path);
    const after = before === undefined ? undefined : await fixedText(before, here, { ...parts, files });
    if (after === undefined || after === before) continue;
    changes.propose(path, await disk.readText(path), after, "engine");
    fixed.push(path);
  }
  return fixed;
}

/** The part of the analyzer that puts a finding right at its line, where one can. */
export function repairs(id: ChecklistId, message: string): "annotate" | "joinCommits" | undefined {
  if (id === "annotations") return /\(ANN2\d+\)/.test(message) ? "annotate" : undefined;
  return id === "transactions" ? "joinCommits" : undefined;
}

type FixableFinding = Finding & { readonly id: ChecklistId };

interface FileParts extends Pick<CertainFixesParts, "analyzer" | "signal"> {
  readonly files: readonly SourceText[];
}

/** From the last line to the first, so that the lines of the others stay theirs; undefined where nothing is certain. */
async function fixedText(before: string, findings: readonly FixableFinding[], parts: FileParts) {
  const { analyzer, signal, files } = parts;
  const path = findings[0]?.path ?? "";
  const withText = (text: string) => files.map((file) => (file.path === path ? { path, text } : file));
  let text = before;
  for (const { id, line, message } of findings.toSorted((left, right) => right.line - left.line)) {
    const repair = repairs(id, message);
    if (repair) text = (await analyzer[repair]({ path, files: withText(text), line }, signal)) ?? text;
  }
  const isUntidy = text !== before || findings.some(({ id }) => id === "format");
  return isUntidy ? ((await analyzer.tidy({ path, files: withText(text) }, signal)) ?? text) : undefined;
}
