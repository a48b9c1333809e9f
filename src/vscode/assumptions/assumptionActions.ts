import * as vscode from "vscode";
import type { DesignAssumption } from "../../spec/join/assumptions.ts";
import { documentUri } from "../designDocuments.ts";
import type { DesignAssumptions } from "./designAssumptions.ts";

/**
 * Marks in the documents what was assumed there, as hints, which neither fill the list of problems
 * nor count as faults; the light bulb confirms or corrects them.
 */
export function registerAssumptionActions(store: DesignAssumptions, folder: vscode.Uri | undefined): vscode.Disposable {
  const hints = vscode.languages.createDiagnosticCollection("backendImplementer.assumptions");
  if (!folder) return hints;
  const refresh = (): void => {
    const byDocument = new Map<string, vscode.Diagnostic[]>();
    for (const assumption of store.all().filter(({ state }) => state === "open")) {
      const uri = documentUri(assumption.source.path, folder)?.toString();
      if (uri) byDocument.set(uri, [...(byDocument.get(uri) ?? []), hintOf(assumption)]);
    }
    hints.clear();
    for (const [uri, diagnostics] of byDocument) hints.set(vscode.Uri.parse(uri), diagnostics);
  };
  const actions = vscode.languages.registerCodeActionsProvider(
    { scheme: folder.scheme },
    { provideCodeActions: (document, range) => actionsIn(document.uri, range, { hints, store }) },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
  return vscode.Disposable.from(hints, actions, store.onDidChange(refresh));
}

function hintOf({ id, text, value, source }: DesignAssumption): vscode.Diagnostic {
  const line = Math.max(0, source.line - 1);
  const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const hint = new vscode.Diagnostic(range, `${text} ${value}`, vscode.DiagnosticSeverity.Hint);
  hint.source = "Backend Implementer";
  hint.code = id;
  return hint;
}

interface HintSearch {
  readonly hints: vscode.DiagnosticCollection;
  readonly store: DesignAssumptions;
}

function actionsIn(uri: vscode.Uri, range: vscode.Range, { hints, store }: HintSearch): vscode.CodeAction[] {
  const here = (hints.get(uri) ?? []).filter((hint) => hint.range.intersection(range) !== undefined);
  const open = new Map(store.all().map((assumption) => [assumption.id, assumption]));
  return here.flatMap((hint) => {
    const assumption = open.get(String(hint.code));
    if (!assumption) return [];
    const confirm = vscode.l10n.t("Confirm: {0}", shortened(assumption));
    const correct = vscode.l10n.t("Correct: {0}", shortened(assumption));
    return [
      actionOf(confirm, "backendImplementer.confirmAssumption", { assumption, hint }),
      actionOf(correct, "backendImplementer.correctAssumption", { assumption, hint }),
    ];
  });
}

function actionOf(
  title: string,
  command: string,
  { assumption, hint }: { readonly assumption: DesignAssumption; readonly hint: vscode.Diagnostic },
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command, title, arguments: [assumption.id] };
  action.diagnostics = [hint];
  return action;
}

function shortened({ kind, value }: DesignAssumption): string {
  const text = `${kind} ${value}`;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
