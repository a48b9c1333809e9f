import * as vscode from "vscode";
import type { ChecklistId, ChecklistItem, Finding } from "../../review/model.ts";
import type { Analyzer, Log } from "../../session/ports.ts";
import { createGradualShow } from "../../support/gradualShow.ts";
import { groupBy } from "../../support/groupBy.ts";
import type { OpenWorkspace } from "../editorWorkspace.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { createChecklistActions } from "./checklistActions.ts";
import { createWorkspacePaths, proposedScheme } from "./workspacePaths.ts";

export interface ChecklistProblemsParts {
  readonly store: ReviewStore;
  readonly folder: vscode.Uri | undefined;
  readonly analyzer: Analyzer;
  readonly openWorkspace: OpenWorkspace;
  readonly log: Log;
  /** Of the extension, where the documentation of the checks lies. */
  readonly home: vscode.Uri;
}

/**
 * What the checklist finds, in Problems and where it stands: in the file, or in the proposed text while its changes
 * wait for a decision. The light bulb puts right what needs no judgement and notes what is meant to be so.
 */
export function registerChecklistProblems(parts: ChecklistProblemsParts): vscode.Disposable {
  const { store, folder, home, log } = parts;
  const paths = createWorkspacePaths(folder);
  const collection = vscode.languages.createDiagnosticCollection("backendImplementer.checklist");
  const documentation = vscode.Uri.joinPath(home, "docs", "checklist.md");
  const problems = createGradualShow<readonly PlacedFinding[]>({
    isSame: isSameList,
    show: (changes) =>
      collection.set(
        changes.map(([key, findings]): Entry => {
          const [where, path] = placeOf(key);
          return [paths[where](path), findings?.map((found) => diagnosticOf(found, documentation))];
        }),
      ),
  });
  const publish = (): void => {
    const keyAt = (path: string): string =>
      keyOf(store.changes.file(path) === undefined ? "toFile" : "toProposed", path);
    problems
      .want(findingsByKey(store.shown()?.checklist ?? [], keyAt))
      .catch((thrown: unknown) => log.error("What the checklist finds cannot be shown.", thrown));
  };
  const lightBulb = createChecklistActions(parts);
  const actions = vscode.languages.registerCodeActionsProvider(
    ["file", proposedScheme].map((scheme) => ({ scheme, language: "python" })),
    {
      provideCodeActions: (document, _, { diagnostics }) => lightBulb.provide(document, diagnostics.filter(isOurs)),
      resolveCodeAction: lightBulb.resolve,
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
  if (folder === undefined) return vscode.Disposable.from(collection, actions);
  publish();
  return vscode.Disposable.from(problems, collection, actions, store.onDidChange(publish));
}

type Entry = [vscode.Uri, vscode.Diagnostic[] | undefined];

interface PlacedFinding {
  readonly id: ChecklistId;
  readonly finding: Finding;
}

/** Where the problems of a file are shown, as one text. */
type Where = "toFile" | "toProposed";

function keyOf(where: Where, path: string): string {
  return `${where}:${path}`;
}

function placeOf(key: string): readonly [Where, string] {
  const colon = key.indexOf(":");
  return [key.slice(0, colon) as Where, key.slice(colon + 1)];
}

function findingsByKey(
  checklist: readonly ChecklistItem[],
  keyAt: (path: string) => string,
): ReadonlyMap<string, readonly PlacedFinding[]> {
  const found = checklist.flatMap(({ id, findings }) => findings.map((finding) => ({ id, finding })));
  const byPath = groupBy(found, ({ finding }) => finding.path);
  return new Map([...byPath].map(([path, here]) => [keyAt(path), here]));
}

/** A finding that an edit has not touched is the same object in the review after it. */
function isSameList(left: readonly PlacedFinding[], right: readonly PlacedFinding[]): boolean {
  const isSame = ({ id, finding }: PlacedFinding, at: number): boolean =>
    right[at]?.finding === finding && right[at].id === id;
  return left.length === right.length && left.every(isSame);
}

const source = "Backend Implementer checklist";

function diagnosticOf({ id, finding }: PlacedFinding, documentation: vscode.Uri): vscode.Diagnostic {
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
