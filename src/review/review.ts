import { analyze } from "./analysis.ts";
import { runChecklist } from "./checks/checklist.ts";
import { coverageOf } from "./coverage/coverage.ts";
import { loadSqlGrammar } from "./facts/rawSql.ts";
import type { FileReader } from "./fileReader.ts";
import { withFingerprints } from "./fingerprint.ts";
import type { Review, ReviewInput, TidyInput } from "./model.ts";
import { createProject, readFiles } from "./project.ts";
import { createHistory, type ProjectHistory } from "./projectHistory.ts";
import { styleRules } from "./styleRules.ts";

/**
 * Judges a backend by its text alone: the twelve items of the checklist, and which elements of the
 * design it implements. Nothing is run and no Python is needed; the same input gives the same review.
 *
 * Starts WebAssembly that keeps its memory until the process ends, so it belongs in a process of its own.
 *
 * With the `history` of the reviews before, of the same project, only what an edit touches is concluded anew.
 */
export async function reviewBackend(
  input: ReviewInput,
  reader: FileReader,
  history: ProjectHistory = createHistory(),
): Promise<Review> {
  await loadSqlGrammar();
  const files = await readFiles(input, reader);
  // Nothing is awaited from here on: two reviews that mix would conclude from each other's project.
  const analysis = analyze(createProject(files, history));
  return { checklist: withFingerprints(runChecklist(analysis), input.files), coverage: coverageOf(analysis) };
}

/** One file with its imports sorted and formatted as `format` wants it; undefined when it does not parse. */
export async function tidyFile({ path, files }: TidyInput, reader: FileReader): Promise<string | undefined> {
  const text = files.find((file) => file.path === path)?.text;
  return text === undefined ? undefined : reader.tidy(text, styleRules(files, path));
}
