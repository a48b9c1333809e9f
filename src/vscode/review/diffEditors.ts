import * as vscode from "vscode";
import { proposedRanges } from "../../changes/hunks.ts";
import type { ChangeSet, ProposedFile } from "../../changes/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

/** The native diff editors in which proposals are reviewed. */
export interface DiffEditors {
  /** `line` counts from 1 in the proposed text; the first change when left out. */
  open(path: string, line?: number): Promise<void>;
  /** All proposals in one tab, which takes the place of an earlier one. */
  openAll(): Promise<void>;
  /** Closes the tabs of files that nothing is proposed for any more; opens `openAll` anew when it shows one. */
  closeDecided(): Promise<void>;
  /** The path whose own diff is in front, when that is what the user looks at. */
  activePath(): string | undefined;
}

const allTitle = "Proposed backend changes";

export function createDiffEditors(changes: ChangeSet, paths: WorkspacePaths): DiffEditors {
  const openAll = async (): Promise<void> => {
    const files = changes.files();
    if (files.length === 0) {
      throw new UserFacingError("NO_PROPOSALS", "Nothing is proposed. Ask @backend to implement a design first.");
    }
    const earlier = allTabs().filter(isReviewTab);
    const resources = files.map((file) => sidesOf(file, paths));
    await vscode.commands.executeCommand("vscode.changes", `${allTitle} (${filesText(files.length)})`, resources);
    await vscode.window.tabGroups.close(earlier.filter((tab) => allTabs().includes(tab)));
  };
  return {
    open: (path, line) => openOne(changes, paths, { path, line }),
    openAll,
    closeDecided: async () => {
      const isDecided = (uri: vscode.Uri): boolean => {
        const path = paths.toPath(uri);
        return uri.scheme === proposedScheme && path !== undefined && changes.file(path) === undefined;
      };
      const decided = allTabs().filter((tab) => proposedSides(tab).some(isDecided));
      const review = decided.find((tab) => isReviewTab(tab) && tab.isActive);
      if (review !== undefined && changes.files().length > 0) await openAll();
      await vscode.window.tabGroups.close(
        decided.filter((tab) => allTabs().includes(tab)),
        true,
      );
    },
    activePath: () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      const input = tab?.input;
      const uri = input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
      return uri?.scheme === proposedScheme ? paths.toPath(uri) : undefined;
    },
  };
}

/** Whether a tab shows several proposals. The type of such tabs' input is not in the API, its value is. */
export function isReviewTab(tab: vscode.Tab | undefined): boolean {
  if (tab === undefined || tab.input instanceof vscode.TabInputTextDiff || tab.input instanceof vscode.TabInputText) {
    return false;
  }
  return proposedSides(tab).length > 0 || tab.label.startsWith(allTitle);
}

function allTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

/** The documents of ours that a tab shows. */
function proposedSides(tab: vscode.Tab): readonly vscode.Uri[] {
  const { input } = tab;
  const uris =
    input instanceof vscode.TabInputTextDiff
      ? [input.modified]
      : input instanceof vscode.TabInputText
        ? [input.uri]
        : textDiffsOf(input).map((diff) => diff.modified);
  return uris.filter((uri) => uri?.scheme === proposedScheme) as vscode.Uri[];
}

function textDiffsOf(input: unknown): readonly { readonly modified?: vscode.Uri }[] {
  if (typeof input !== "object" || input === null || !("textDiffs" in input)) return [];
  return Array.isArray(input.textDiffs) ? input.textDiffs : [];
}

type DiffSides = [label: vscode.Uri, original: vscode.Uri | undefined, modified: vscode.Uri | undefined];

function sidesOf(file: ProposedFile, paths: WorkspacePaths): DiffSides {
  const uri = paths.toFile(file.path);
  const modified = file.kind === "delete" ? undefined : paths.toProposed(file.path);
  return [uri, file.base === undefined ? undefined : uri, modified];
}

async function openOne(
  changes: ChangeSet,
  paths: WorkspacePaths,
  { path, line }: { readonly path: string; readonly line: number | undefined },
): Promise<void> {
  const file = changes.file(path);
  if (file === undefined) {
    throw new UserFacingError("NOT_PROPOSED", `Nothing is proposed for ${path} any more; it was decided meanwhile.`);
  }
  const original = file.base === undefined ? paths.toEmpty(path) : paths.toFile(path);
  const first = line === undefined ? (proposedRanges(file)[0]?.start ?? 0) : line - 1;
  const title = `${path.slice(path.lastIndexOf("/") + 1)} (proposed)`;
  const options: vscode.TextDocumentShowOptions = { preview: false, selection: new vscode.Range(first, 0, first, 0) };
  await vscode.commands.executeCommand("vscode.diff", original, paths.toProposed(path), title, options);
}

function filesText(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}
