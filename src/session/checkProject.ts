import { unknownDrift } from "../compiler/delta/recordDrift.ts";
import { recordPath } from "../compiler/delta/recordPath.ts";
import type { Review } from "../review/model.ts";
import { sinceBaseline } from "../review/sinceBaseline.ts";
import type { DesignDocument } from "../spec/model.ts";
import type { SpecReading } from "../spec/reading.ts";
import { readDesign } from "./design.ts";
import { join } from "./markdown.ts";
import type { Analyzer, Workspace } from "./ports.ts";
import { reviewSources, type UnreadSource } from "./proposedState.ts";
import { ignoredSection, reviewReport, unreadSection } from "./report.ts";

export interface ProjectCheck {
  /** What the state was held against. */
  readonly documents: readonly DesignDocument[];
  readonly reading: SpecReading;
  /** Of the whole project. */
  readonly review: Review;
  /** The answer in Markdown; where there is a baseline, of what came since. */
  readonly report: string;
  /** See {@link unknownDrift}. */
  readonly unknownDrift: string | undefined;
  readonly unread: readonly UnreadSource[];
}

/** `/check`: holds a state against the design. Over an overlay the proposals count, over a disk they do not. */
export async function checkProject(
  documents: readonly DesignDocument[],
  workspace: Workspace,
  analyzer: Analyzer,
  signal: AbortSignal,
): Promise<ProjectCheck> {
  const reading = await readDesign(documents, analyzer, signal);
  const { review, unread } = await reviewSources(reading.spec, workspace, analyzer, signal);
  const since = sinceBaseline(review);
  const report = reviewReport(since, since === review ? undefined : review);
  const unknown = unknownDrift(await workspace.readText(recordPath));
  return {
    documents,
    reading,
    review,
    report: join([report, ignoredSection(since.checklist), unreadSection(unread), unknown]),
    unknownDrift: unknown,
    unread,
  };
}
