import * as vscode from "vscode";
import { inertMarkdown } from "../support/inertMarkdown.ts";
import { withPlaces } from "./placeLinks.ts";
import type { ReviewStore } from "./trees/reviewStore.ts";

const reportUri = vscode.Uri.from({ scheme: "backend-report", path: "/Backend Implementer Report.md" });

export interface ReportDocument extends vscode.Disposable {
  /** Puts the Markdown in place of the report before, without showing it. */
  keep(markdown: string): void;
  /** Shows what is kept as a preview beside the editors. */
  show(): Promise<void>;
}

/** Where a run that has no chat to answer in leaves its report. */
export function createReportDocument(store: ReviewStore, folder: vscode.Uri | undefined): ReportDocument {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(reportUri.scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => withPreviewLinks(inertMarkdown(store.report() ?? ""), folder),
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

/** A preview follows links that begin at the first folder of the workspace, and no others that lead to files. */
function withPreviewLinks(markdown: string, folder: vscode.Uri | undefined): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  return folder !== undefined && first?.uri.toString() === folder.toString()
    ? withPlaces(markdown, (path, line) => (path.startsWith("/") ? undefined : `/${encodeURI(path)}#L${line}`))
    : markdown;
}
