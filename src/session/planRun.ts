import type { Compilation } from "../compiler/compilation.ts";
import type { DesignDocument } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import { readDesign } from "./design.ts";
import { readExistingProject } from "./existingFiles.ts";
import type { Analyzer, Workspace } from "./ports.ts";
import { planReport } from "./report.ts";

export interface Plan {
  readonly reading: SpecReading;
  readonly compilation: Compilation;
  /** The answer in Markdown. */
  readonly report: string;
}

/** `/plan`: what was understood, which files would be written, what is assumed and open. Proposes nothing. */
export async function planRun(
  documents: readonly DesignDocument[],
  workspace: Workspace,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<Plan> {
  const reading = await readDesign(documents, analyzer, signal);
  const existing = await readExistingProject(workspace);
  const compilation = await analyzer.compile({ spec: reading.spec, existing }, signal);
  return { reading, compilation, report: planReport(reading, compilation) };
}
