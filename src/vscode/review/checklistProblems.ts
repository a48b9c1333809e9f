import * as vscode from "vscode";
import { createOverlay } from "../../changes/overlay.ts";
import type { ChecklistId, Finding } from "../../review/model.ts";
import type { Analyzer } from "../../session/ports.ts";
import { readSources } from "../../session/proposedState.ts";
import { styleSettings } from "../../session/styleSettings.ts";
import type { OpenWorkspace } from "../editorWorkspace.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { createWorkspacePaths, type WorkspacePaths } from "./workspacePaths.ts";

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
  const actions = vscode.languages.registerCodeActionsProvider(
    { scheme: "file", language: "python" },
    {
      provideCodeActions: async (document, _, { diagnostics }) => {
        const ours = diagnostics.filter(isOurs);
        const lines = new Set(ours.filter(lacksReturnType).map(({ range }) => range.start.line));
        const annotations = [...lines].map((line) => annotation(document, line, paths, parts));
        return [
          ...(await Promise.all(annotations)).flatMap((action) => action ?? []),
          ...ours.flatMap((diagnostic) => actionsFor(diagnostic, document)),
        ];
      },
      resolveCodeAction: async (action) => {
        if (action instanceof TidyAction) action.edit = await tidied(action.document, paths, parts);
        return action;
      },
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

class TidyAction extends vscode.CodeAction {
  readonly document: vscode.TextDocument;

  constructor(document: vscode.TextDocument, diagnostic: vscode.Diagnostic) {
    super(vscode.l10n.t("Sort the imports and format the file"), vscode.CodeActionKind.QuickFix);
    this.document = document;
    this.diagnostics = [diagnostic];
    this.isPreferred = true;
  }
}

function actionsFor(diagnostic: vscode.Diagnostic, document: vscode.TextDocument): vscode.CodeAction[] {
  const id = typeof diagnostic.code === "object" ? String(diagnostic.code.value) : "";
  return id === "format" ? [new TidyAction(document, diagnostic)] : [ignoreAction(id, diagnostic, document)];
}

/** A suppression without a reason is a finding itself; the cursor goes to where the reason is written. */
function ignoreAction(id: string, diagnostic: vscode.Diagnostic, document: vscode.TextDocument): vscode.CodeAction {
  const title = vscode.l10n.t("Ignore {0} here, with a reason", id);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  const end = document.lineAt(Math.min(diagnostic.range.start.line, document.lineCount - 1)).range.end;
  const reason = vscode.l10n.t("why this is right here");
  const comment = new vscode.SnippetString(`  # backend: ignore[${id}] `).appendPlaceholder(reason);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, [vscode.SnippetTextEdit.insert(end, comment)]);
  return action;
}

function lacksReturnType({ code, message }: vscode.Diagnostic): boolean {
  return typeof code === "object" && code.value === "annotations" && /\(ANN2\d+\)/.test(message);
}

/** The type that the code itself decides; undefined where it would be a guess. */
async function annotation(
  document: vscode.TextDocument,
  line: number,
  paths: WorkspacePaths,
  { folder, analyzer, openWorkspace, store }: ChecklistProblemsParts,
): Promise<vscode.CodeAction | undefined> {
  const path = paths.toPath(document.uri);
  if (folder === undefined || path === undefined) return undefined;
  const before = document.getText();
  const settings = await styleSettings(path, createOverlay(openWorkspace(folder), store.changes));
  const files = [{ path, text: before }, ...settings];
  const text = await analyzer.annotate({ path, files, line: line + 1 }, new AbortController().signal);
  if (text === undefined) return undefined;
  let from = 0;
  while (before[from] === text[from]) from += 1;
  const added = text.slice(from, from + text.length - before.length);
  const title = vscode.l10n.t("Add the return type {0}", added.trim());
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  action.edit.insert(document.uri, document.positionAt(from), added);
  return action;
}

async function tidied(
  document: vscode.TextDocument,
  paths: WorkspacePaths,
  { folder, analyzer, openWorkspace, store }: ChecklistProblemsParts,
): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const path = paths.toPath(document.uri);
  if (folder === undefined || path === undefined) return edit;
  const files = await readSources(createOverlay(openWorkspace(folder), store.changes));
  const text = await analyzer.tidy({ path, files }, new AbortController().signal);
  if (text !== undefined) edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  return edit;
}
