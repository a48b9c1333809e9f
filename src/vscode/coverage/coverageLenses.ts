import * as vscode from "vscode";
import { type CoverageMark, coverageMarks } from "../../session/coverageMarks.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { statusLooks } from "./statusLooks.ts";

/** Above each endpoint, table and entity of a design document: whether and where it is implemented. */
export function registerCoverageLenses(
  store: ReviewStore,
  pathOf: (document: vscode.TextDocument) => string | undefined,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const path = pathOf(document);
      const elements = store.review()?.coverage.elements ?? [];
      return path === undefined ? [] : coverageMarks(elements, path).flatMap((mark) => lensOf(mark, document));
    },
  };
  return vscode.Disposable.from(
    changed,
    store.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider({ scheme: "file" }, provider),
  );
}

function lensOf({ title, line, status, elements }: CoverageMark, document: vscode.TextDocument): vscode.CodeLens[] {
  if (title === undefined || line > document.lineCount) return [];
  const code = elements.find((element) => element.code !== undefined)?.code;
  const range = new vscode.Range(line - 1, 0, line - 1, 0);
  const drifted = elements.find(({ drift }) => drift !== undefined);
  const accept = { title: "Accept the Change", command: "backendImplementer.acceptDrift", arguments: [drifted?.id] };
  return [
    new vscode.CodeLens(range, {
      title: `$(${statusLooks[status].icon}) ${title}`,
      command: code ? "backendImplementer.openLocation" : "",
      arguments: code ? [code.path, code.line] : [],
    }),
    ...(drifted ? [new vscode.CodeLens(range, accept)] : []),
  ];
}
