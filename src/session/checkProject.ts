import type { Review } from "../review/model.ts";
import type { DesignDocument } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import { readDesign } from "./design.ts";
import type { Analyzer, Workspace } from "./ports.ts";
import { reviewWorkspace } from "./proposedState.ts";
import { reviewReport } from "./report.ts";

export interface ProjectCheck {
  readonly reading: SpecReading;
  readonly review: Review;
  /** The answer in Markdown. */
  readonly report: string;
}

/** `/check`: holds a state against the design. Over an overlay the proposals count, over a disk they do not. */
export async function checkProject(
  documents: readonly DesignDocument[],
  workspace: Workspace,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<ProjectCheck> {
  const reading = await readDesign(documents, analyzer, signal);
  const review = await reviewWorkspace(reading.spec, workspace, analyzer, signal);
  return { reading, review, report: reviewReport(review) };
}
