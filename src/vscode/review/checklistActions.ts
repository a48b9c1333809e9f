import * as vscode from "vscode";
import { createOverlay } from "../../changes/overlay.ts";
import type { ChecklistId, TidyInput } from "../../review/model.ts";
import { repairs } from "../../session/certainFixes.ts";
import { readSources } from "../../session/proposedState.ts";
import { styleSettings } from "../../session/styleSettings.ts";
import type { ChecklistProblemsParts } from "./checklistProblems.ts";
import { createWorkspacePaths } from "./workspacePaths.ts";

export type ChecklistActionsParts = Pick<ChecklistProblemsParts, "store" | "folder" | "analyzer" | "openWorkspace">;

/** What the light bulb offers at findings of the checklist. */
export interface ChecklistActions {
  provide(document: vscode.TextDocument, findings: readonly vscode.Diagnostic[]): Promise<vscode.CodeAction[]>;
  resolve(action: vscode.CodeAction): Promise<vscode.CodeAction>;
}

/** Puts right what needs no judgement, and notes what is meant to be so. */
export function createChecklistActions(parts: ChecklistActionsParts): ChecklistActions {
  return {
    provide: async (document, findings) => {
      const certain = await repairActions(distinct(findings.filter(repairOf)), document, parts);
      return [
        ...certain,
        ...findings.map((finding) =>
          idOf(finding) === "format" ? new TidyAction(document, finding) : ignoreAction(finding, document),
        ),
      ];
    },
    resolve: async (action) => {
      if (action instanceof TidyAction) action.edit = await tidied(action.document, parts);
      return action;
    },
  };
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

function idOf({ code }: vscode.Diagnostic): ChecklistId | undefined {
  return typeof code === "object" ? (code.value as ChecklistId) : undefined;
}

function repairOf(finding: vscode.Diagnostic): ReturnType<typeof repairs> {
  const id = idOf(finding);
  return id && repairs(id, finding.message);
}

/** Several findings of one line are put right as one. */
function distinct(findings: readonly vscode.Diagnostic[]): readonly vscode.Diagnostic[] {
  return [
    ...new Map(findings.map((finding) => [`${repairOf(finding)} ${finding.range.start.line}`, finding])).values(),
  ];
}

/** A suppression without a reason is a finding itself; the cursor goes to where the reason is written. */
function ignoreAction(diagnostic: vscode.Diagnostic, document: vscode.TextDocument): vscode.CodeAction {
  const id = idOf(diagnostic) ?? "";
  const title = vscode.l10n.t("Ignore {0} here, with a reason", id);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  const { range, text } = document.lineAt(Math.min(diagnostic.range.start.line, document.lineCount - 1));
  const reason = vscode.l10n.t("why this is right here");
  const comment = (before: string): vscode.SnippetString =>
    new vscode.SnippetString().appendText(`${before}# backend: ignore[${id}] `).appendPlaceholder(reason);
  const insertion = goesOn(text)
    ? vscode.SnippetTextEdit.insert(range.start, comment(/^\s*/.exec(text)?.[0] ?? "").appendText("\n"))
    : vscode.SnippetTextEdit.insert(range.end, comment("  "));
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, [insertion]);
  return action;
}

/** Behind a line that ends within a string, or in a backslash, a comment would be none; it goes above. */
function goesOn(line: string): boolean {
  return (line.match(/"""|'''/g)?.length ?? 0) % 2 === 1 || line.endsWith("\\");
}

/** What the code itself decides; nothing for a finding where it would be a guess. */
async function repairActions(
  findings: readonly vscode.Diagnostic[],
  document: vscode.TextDocument,
  { folder, analyzer, openWorkspace, store }: ChecklistActionsParts,
): Promise<readonly vscode.CodeAction[]> {
  const path = createWorkspacePaths(folder).toPath(document.uri);
  if (findings.length === 0 || folder === undefined || path === undefined) return [];
  const settings = await styleSettings(path, createOverlay(openWorkspace(folder), store.changes));
  const files = [{ path, text: document.getText() }, ...settings];
  const actions = findings.map((finding) => repairAction(finding, document, { path, files, analyzer }));
  return (await Promise.all(actions)).flatMap((action) => action ?? []);
}

async function repairAction(
  diagnostic: vscode.Diagnostic,
  document: vscode.TextDocument,
  { path, files, analyzer }: TidyInput & Pick<ChecklistActionsParts, "analyzer">,
): Promise<vscode.CodeAction | undefined> {
  const repair = repairOf(diagnostic);
  const line = diagnostic.range.start.line + 1;
  const before = document.getText();
  const text = repair && (await analyzer[repair]({ path, files, line }, new AbortController().signal));
  if (text === undefined) return undefined;
  const { from, to, by } = difference(before, text);
  const title =
    repair === "annotate"
      ? vscode.l10n.t("Add the return type {0}", by.trim())
      : vscode.l10n.t("Write this in one transaction");
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, new vscode.Range(document.positionAt(from), document.positionAt(to)), by);
  return action;
}

interface Difference {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** Between what both texts begin and end with. */
function difference(before: string, after: string): Difference {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let behind = 0;
  while (behind < most - from && before.at(-1 - behind) === after.at(-1 - behind)) behind += 1;
  return { from, to: before.length - behind, by: after.slice(from, after.length - behind) };
}

async function tidied(
  document: vscode.TextDocument,
  { folder, analyzer, openWorkspace, store }: ChecklistActionsParts,
): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const path = createWorkspacePaths(folder).toPath(document.uri);
  if (folder === undefined || path === undefined) return edit;
  const files = await readSources(createOverlay(openWorkspace(folder), store.changes));
  const text = await analyzer.tidy({ path, files }, new AbortController().signal);
  if (text !== undefined) edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  return edit;
}
