import * as vscode from "vscode";
import { registerCoverage } from "./coverage/registerCoverage.ts";
import { registerRuleActions } from "./coverage/ruleLinks.ts";
import { registerLiveReview } from "./liveReview.ts";
import { registerChecklistProblems } from "./review/checklistProblems.ts";
import type { RunHost } from "./run.ts";

/** Shows the review where people read and write, and keeps what is shown true. */
export function showReview(host: RunHost): vscode.Disposable {
  const parts = { ...host, home: host.context.extensionUri };
  return vscode.Disposable.from(
    registerCoverage(parts),
    registerRuleActions(parts),
    registerChecklistProblems(parts),
    registerLiveReview(parts),
  );
}
