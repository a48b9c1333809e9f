import type { ChangeSet } from "../../changes/model.ts";
import type { RunDesk } from "../runDesk.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import type { Decisions } from "./decisions.ts";
import type { DiffEditors } from "./diffEditors.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

/** What the commands and marks of the review work with; built once, at activation. */
export interface ReviewParts {
  readonly changes: ChangeSet;
  readonly store: ReviewStore;
  readonly paths: WorkspacePaths;
  readonly decisions: Decisions;
  readonly editors: DiffEditors;
  readonly runs: Pick<RunDesk, "state" | "onDidChange">;
}
