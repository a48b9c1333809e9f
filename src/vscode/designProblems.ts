import * as vscode from "vscode";
import type { Log, ScratchDatabase } from "../session/ports.ts";
import type { Runtime } from "../session/runtime.ts";
import type { Fix, Problem, SpecReading } from "../spec/reading.ts";
import { isAbort } from "../support/errors.ts";
import type { Disposable } from "../support/events.ts";
import { documentUri } from "./designDocuments.ts";

export interface DesignProblems extends Disposable {
  /**
   * Shows what is wrong with the design where it stands, in place of what was shown before. What PostgreSQL has against
   * its SQL is added when it is known, seconds later.
   */
  show(reading: SpecReading, folder: vscode.Uri): void;
}

export interface DesignProblemsParts {
  readonly database: ScratchDatabase;
  readonly loadRuntime: () => Promise<Runtime>;
  readonly log: Log;
  /** Of the extension, where the documentation of the problems lies. */
  readonly home: vscode.Uri;
}

/** The diagnostics of the design documents, and the fixes that are certain as quick fixes. */
export function createDesignProblems({ database, loadRuntime, log, home }: DesignProblemsParts): DesignProblems {
  const collection = vscode.languages.createDiagnosticCollection("backendImplementer");
  const fixes = new WeakMap<vscode.Diagnostic, Problem>();
  const state: { running?: AbortController; executed?: { key: string; problems: readonly Problem[] } } = {};
  const documentation = vscode.Uri.joinPath(home, "docs", "design-problems.md");

  const publish = (problems: readonly Problem[], folder: vscode.Uri): void => {
    const byDocument = new Map<string, vscode.Diagnostic[]>();
    for (const problem of problems) {
      const diagnostic = toDiagnostic(problem, documentation);
      fixes.set(diagnostic, problem);
      byDocument.set(problem.path, [...(byDocument.get(problem.path) ?? []), diagnostic]);
    }
    collection.clear();
    for (const [path, diagnostics] of byDocument) {
      const uri = documentUri(path, folder);
      if (uri) collection.set(uri, diagnostics);
    }
  };

  const execute = async (reading: SpecReading, folder: vscode.Uri, key: string): Promise<void> => {
    const running = new AbortController();
    state.running = running;
    const { executeDesign } = await loadRuntime();
    const problems = await executeDesign(reading, database, running.signal);
    state.executed = { key, problems };
    publish([...reading.problems, ...problems], folder);
  };

  const actions = vscode.languages.registerCodeActionsProvider(
    { scheme: "file" },
    { provideCodeActions: (document, _, { diagnostics }) => diagnostics.flatMap((item) => quickFix(document, item)) },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );

  const quickFix = (document: vscode.TextDocument, shown: vscode.Diagnostic): vscode.CodeAction[] => {
    const own = collection.get(document.uri)?.find((item) => isSame(item, shown));
    const problem = own && fixes.get(own);
    const action = problem && actionOf(problem, document);
    if (!action) return [];
    action.diagnostics = [shown];
    return [action];
  };

  return {
    show: (reading, folder) => {
      state.running?.abort();
      const key = JSON.stringify(reading.ddl);
      if (state.executed?.key === key) {
        publish([...reading.problems, ...state.executed.problems], folder);
        return;
      }
      publish(reading.problems, folder);
      if (!vscode.workspace.isTrusted) return;
      execute(reading, folder, key).catch((thrown: unknown) => {
        if (!isAbort(thrown)) log.error("The SQL of the design could not be tried out.", thrown);
      });
    },
    dispose: () => {
      state.running?.abort();
      actions.dispose();
      collection.dispose();
    },
  };
}

/** The editor hands out copies. */
function isSame(left: vscode.Diagnostic, right: vscode.Diagnostic): boolean {
  return left.message === right.message && left.range.isEqual(right.range);
}

/** Undefined when there is no certain fix, or the document has changed under it. */
function actionOf({ fix }: Problem, document: vscode.TextDocument): vscode.CodeAction | undefined {
  const range = fix && rangeOf(fix, document);
  if (!range) return undefined;
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, range, fix.replaces === undefined ? `${fix.text}\n` : fix.text);
  return action;
}

function rangeOf({ line, endLine = line, replaces }: Fix, document: vscode.TextDocument): vscode.Range | undefined {
  if (endLine > document.lineCount) return undefined;
  if (replaces === undefined) return new vscode.Range(line - 1, 0, line - 1, 0);
  const word = new RegExp(`(?<!\\w)${replaces.replace(/[^\w\s]/g, "\\$&")}(?!\\w)`);
  for (let index = line - 1; index < endLine; index++) {
    const at = word.exec(document.lineAt(index).text)?.index;
    if (at !== undefined) return new vscode.Range(index, at, index, at + replaces.length);
  }
  return undefined;
}

const severities: Readonly<Record<Problem["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function toDiagnostic(problem: Problem, documentation: vscode.Uri): vscode.Diagnostic {
  const line = Math.max(0, problem.line - 1);
  const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
  diagnostic.source = "Backend Implementer";
  diagnostic.code = { value: problem.code, target: documentation.with({ fragment: problem.code.toLowerCase() }) };
  return diagnostic;
}
