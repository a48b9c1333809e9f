import * as vscode from "vscode";
import type { ChecklistId, Finding } from "../../review/model.ts";
import type { Analyzer } from "../../session/ports.ts";
import type { OpenWorkspace } from "../editorWorkspace.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { createChecklistActions } from "./checklistActions.ts";
import { createWorkspacePaths } from "./workspacePaths.ts";

export interface ChecklistProblemsParts {
  readonly store: ReviewStore;
  readonly folder: vscode.Uri | undefined;
  readonly analyzer: Analyzer;
  readonly openWorkspace: OpenWorkspace;
  /** Of the extension, where the documentation of the checks lies. */
  readonly home: vscode.Uri;
}

/**
 * What the checklist finds, in Problems and where it stands: in the file, or in the proposed text while its changes
 * wait for a decision. The light bulb puts right what needs no judgement and notes what is meant to be so.
 */
export function registerChecklistProblems(parts: ChecklistProblemsParts): vscode.Disposable {
  const { store, folder, home } = parts;
  const paths = createWorkspacePaths(folder);
  const collection = vscode.languages.createDiagnosticCollection("backendImplementer.checklist");
  const documentation = vscode.Uri.joinPath(home, "docs", "checklist.md");
  const publish = (): void => {
    const byUri = new Map<string, vscode.Diagnostic[]>();
    for (const item of store.shown()?.checklist ?? []) {
      for (const finding of item.findings) {
        const isProposed = store.changes.file(finding.path) !== undefined;
        const uri = isProposed ? paths.toProposed(finding.path) : paths.toFile(finding.path);
        const diagnostics = byUri.get(uri.toString()) ?? [];
        byUri.set(uri.toString(), [...diagnostics, diagnosticOf(finding, item.id, documentation)]);
      }
    }
    collection.clear();
    for (const [uri, diagnostics] of byUri) collection.set(vscode.Uri.parse(uri), diagnostics);
  };
  const lightBulb = createChecklistActions(parts);
  const actions = vscode.languages.registerCodeActionsProvider(
    { scheme: "file", language: "python" },
    {
      provideCodeActions: (document, _, { diagnostics }) => lightBulb.provide(document, diagnostics.filter(isOurs)),
      resolveCodeAction: lightBulb.resolve,
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
  if (folder === undefined) return vscode.Disposable.from(collection, actions);
  publish();
  return vscode.Disposable.from(collection, actions, store.onDidChange(publish));
}

const source = "Backend Implementer checklist";

function diagnosticOf(finding: Finding, id: ChecklistId, documentation: vscode.Uri): vscode.Diagnostic {
  const { line, message, needsJudgement } = finding;
  const { Warning, Information } = vscode.DiagnosticSeverity;
  const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, message, needsJudgement ? Information : Warning);
  diagnostic.source = source;
  diagnostic.code = { value: id, target: documentation.with({ fragment: id.toLowerCase() }) };
  return diagnostic;
}

function isOurs(diagnostic: vscode.Diagnostic): boolean {
  return diagnostic.source === source;
}
