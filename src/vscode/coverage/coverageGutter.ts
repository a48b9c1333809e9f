import * as vscode from "vscode";
import type { CoverageStatus } from "../../review/model.ts";
import { coverageMarks } from "../../session/coverageMarks.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { statusLooks } from "./statusLooks.ts";

const marked: readonly CoverageStatus[] = ["implemented", "missing", "mismatched"];

/** Marks in the margin of design documents, for every element down to the column. */
export function registerCoverageGutter(
  store: ReviewStore,
  pathOf: (document: vscode.TextDocument) => string | undefined,
  media: vscode.Uri,
): vscode.Disposable {
  const types = marked.map((status) => [status, decorationOf(status, media)] as const);
  const show = (editor: vscode.TextEditor): void => {
    const path = pathOf(editor.document);
    const elements = store.review()?.coverage.elements ?? [];
    const marks = path === undefined ? [] : coverageMarks(elements, path);
    for (const [status, type] of types) {
      const lines = marks.filter((mark) => mark.status === status && mark.line <= editor.document.lineCount);
      editor.setDecorations(
        type,
        lines.map(({ line }) => new vscode.Range(line - 1, 0, line - 1, 0)),
      );
    }
  };
  const showAll = (): void => {
    for (const editor of vscode.window.visibleTextEditors) if (editor.document.uri.scheme === "file") show(editor);
  };
  showAll();
  return vscode.Disposable.from(
    ...types.map(([, type]) => type),
    store.onDidReview("coverage", showAll),
    vscode.window.onDidChangeVisibleTextEditors(showAll),
  );
}

function decorationOf(status: CoverageStatus, media: vscode.Uri): vscode.TextEditorDecorationType {
  const isOpen = status !== "implemented";
  return vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.joinPath(media, `${status}.svg`),
    gutterIconSize: "70%",
    ...(isOpen && {
      overviewRulerColor: new vscode.ThemeColor(statusLooks[status].color),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
    }),
  });
}
