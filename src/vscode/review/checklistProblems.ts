import * as vscode from "vscode";
import type { ChecklistId, ChecklistItem, Finding } from "../../review/model.ts";
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
  const shown = new Map<string, string>();
  const publish = (): void => {
    const uriOf = (path: string): vscode.Uri =>
      store.changes.file(path) === undefined ? paths.toFile(path) : paths.toProposed(path);
    const found = findingsByUri(store.shown()?.checklist ?? [], uriOf);
    const stale = [...shown.keys()].filter((uri) => !found.has(uri));
    const changed = [...found].filter(([uri, findings]) => shown.get(uri) !== JSON.stringify(findings));
    for (const uri of stale) shown.delete(uri);
    for (const [uri, findings] of changed) shown.set(uri, JSON.stringify(findings));
    collection.set([
      ...stale.map((uri): Entry => [vscode.Uri.parse(uri), undefined]),
      ...changed.map(
        ([uri, findings]): Entry => [
          vscode.Uri.parse(uri),
          findings.map(({ id, ...finding }) => diagnosticOf(finding, id, documentation)),
        ],
      ),
    ]);
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

type Entry = [vscode.Uri, vscode.Diagnostic[] | undefined];

type PlacedFinding = Pick<Finding, "line" | "message" | "needsJudgement"> & { readonly id: ChecklistId };

/** A review of a large project follows every edit, and most of its files are as they were: those are not told again. */
function findingsByUri(
  checklist: readonly ChecklistItem[],
  uriOf: (path: string) => vscode.Uri,
): ReadonlyMap<string, readonly PlacedFinding[]> {
  const uris = new Map<string, string>();
  const found = new Map<string, PlacedFinding[]>();
  for (const { id, findings } of checklist) {
    for (const { path, line, message, needsJudgement = false } of findings) {
      const uri = uris.get(path) ?? uriOf(path).toString();
      uris.set(path, uri);
      const here = found.get(uri);
      if (here) here.push({ id, line, message, needsJudgement });
      else found.set(uri, [{ id, line, message, needsJudgement }]);
    }
  }
  return found;
}

const source = "Backend Implementer checklist";

function diagnosticOf(
  finding: Omit<PlacedFinding, "id">,
  id: ChecklistId,
  documentation: vscode.Uri,
): vscode.Diagnostic {
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
