import * as vscode from "vscode";
import { registerCoverage } from "./coverage/registerCoverage.ts";
import { registerLiveReview } from "./liveReview.ts";
import { registerChecklistProblems } from "./review/checklistProblems.ts";
import type { RunHost } from "./run.ts";

/** Shows the review where people read and write, and keeps what is shown true. */
export function showReview(host: RunHost): vscode.Disposable {
  const parts = { ...host, home: host.context.extensionUri };
  return vscode.Disposable.from(registerCoverage(parts), registerChecklistProblems(parts), registerLiveReview(parts));
}
