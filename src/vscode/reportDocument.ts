import * as vscode from "vscode";
import { inertMarkdown } from "../support/inertMarkdown.ts";
import type { ReviewStore } from "./trees/reviewStore.ts";

const reportUri = vscode.Uri.from({ scheme: "backend-report", path: "/Backend Implementer Report.md" });

export interface ReportDocument extends vscode.Disposable {
  /** Puts the Markdown in place of the report before, without showing it. */
  keep(markdown: string): void;
  /** Shows what is kept as a preview beside the editors. */
  show(): Promise<void>;
}

/** Where a run that has no chat to answer in leaves its report. */
export function createReportDocument(store: ReviewStore): ReportDocument {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(reportUri.scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => inertMarkdown(store.report() ?? ""),
  });
  return {
    keep: (markdown) => {
      store.setReport(markdown);
      changed.fire(reportUri);
    },
    show: async () => {
      await vscode.commands.executeCommand("markdown.showPreview", reportUri);
    },
    dispose: () => {
      registration.dispose();
      changed.dispose();
    },
  };
}
