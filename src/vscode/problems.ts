import * as vscode from "vscode";
import type { Problem, SpecReading } from "../spec/reading.ts";
import { documentUri } from "./designDocuments.ts";

const severities: Readonly<Record<Problem["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Shows what is wrong with the design where it stands, in place of what was shown before. */
export function showProblems(collection: vscode.DiagnosticCollection, reading: SpecReading, folder: vscode.Uri): void {
  const byDocument = new Map<string, vscode.Diagnostic[]>();
  for (const problem of reading.problems) {
    const diagnostics = byDocument.get(problem.path) ?? [];
    diagnostics.push(toDiagnostic(problem));
    byDocument.set(problem.path, diagnostics);
  }
  collection.clear();
  for (const [path, diagnostics] of byDocument) {
    const uri = documentUri(path, folder);
    if (uri) collection.set(uri, diagnostics);
  }
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const line = Math.max(0, problem.line - 1);
  const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
  diagnostic.source = "Backend Implementer";
  diagnostic.code = problem.code;
  return diagnostic;
}
