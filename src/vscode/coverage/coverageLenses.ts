import * as vscode from "vscode";
import {
  type CodeMark,
  type CoverageMark,
  type CoverageSide,
  codeMarks,
  coverageMarks,
} from "../../session/coverageMarks.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { coverageWords } from "./coverageWords.ts";
import { statusLooks } from "./statusLooks.ts";

/**
 * Above each endpoint, table and entity of a design document: whether and where it is implemented. Above the code that
 * implements one: what of the design that is, and where it stands.
 */
export function registerCoverageLenses(
  store: ReviewStore,
  pathOf: (document: vscode.TextDocument, side: CoverageSide) => string | undefined,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const elements = store.review()?.coverage.elements ?? [];
      const [design, code] = [pathOf(document, "design"), pathOf(document, "code")];
      return [
        ...(design === undefined
          ? []
          : coverageMarks(elements, design, coverageWords).flatMap((mark) => lensOf(mark, document))),
        ...(code === undefined
          ? []
          : codeMarks(elements, code, coverageWords).flatMap((mark) => codeLensOf(mark, document))),
      ];
    },
  };
  return vscode.Disposable.from(
    changed,
    store.onDidReview("coverage", () => changed.fire()),
    vscode.languages.registerCodeLensProvider({ scheme: "file" }, provider),
  );
}

function codeLensOf({ line, title, design }: CodeMark, document: vscode.TextDocument): vscode.CodeLens[] {
  if (line > document.lineCount) return [];
  const command = { title, command: "backendImplementer.openLocation", arguments: [design.path, design.line] };
  return [new vscode.CodeLens(new vscode.Range(line - 1, 0, line - 1, 0), command)];
}

function lensOf({ title, line, status, elements }: CoverageMark, document: vscode.TextDocument): vscode.CodeLens[] {
  if (title === undefined || line > document.lineCount) return [];
  const code = elements.find((element) => element.code !== undefined)?.code;
  const range = new vscode.Range(line - 1, 0, line - 1, 0);
  const drifted = elements.find(({ drift }) => drift !== undefined);
  const accept = {
    title: vscode.l10n.t("Accept the Change"),
    command: "backendImplementer.acceptDrift",
    arguments: [drifted?.id],
  };
  return [
    new vscode.CodeLens(range, {
      title: `$(${statusLooks[status].icon}) ${title}`,
      command: code ? "backendImplementer.openLocation" : "",
      arguments: code ? [code.path, code.line] : [],
    }),
    ...(drifted ? [new vscode.CodeLens(range, accept)] : []),
  ];
}
