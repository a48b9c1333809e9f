import * as vscode from "vscode";
import { proposedRanges } from "../../changes/hunks.ts";
import type { ChangeSet, ProposedFile, ProposedRename } from "../../changes/model.ts";
import { renameEdits } from "../../changes/renames.ts";
import { UserFacingError } from "../../support/errors.ts";
import { fileName } from "../../support/fileName.ts";
import { createWishes, type Wish } from "../../support/queue.ts";
import { proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

/**
 * The native diff editors in which proposals are reviewed. One is opened at a time, and what was wished for last
 * is what stays in front.
 */
export interface DiffEditors {
  /** Resolves when the cursor is there. `line` counts from 1 in the proposed text; the first change when left out. */
  open: FollowingOpen["open"];
  /** For what a decision leads to: it is opened unless something else has been asked for since this call. */
  follow(): FollowingOpen;
  /** All proposals in one tab, which takes the place of an earlier one. */
  openAll(): Promise<void>;
  /** Closes the tabs of files that nothing is proposed for any more; opens `openAll` anew when it shows one. */
  closeDecided(): Promise<void>;
  /** Closes every tab that shows a proposal: another folder's come in their place. */
  closeAll(): Promise<void>;
  /** The path whose own diff is in front, when that is what the user looks at. */
  activePath(): string | undefined;
  /** Whether the user looks at proposals: of one file, or of all. */
  isInFront(): boolean;
  /** Resolves when the cursor is in the tab in front: the editor tells of the two one after the other. */
  settled(): Promise<void>;
}

export interface FollowingOpen {
  isLast(): boolean;
  open(path: string, line?: number, options?: OpenOptions): Promise<void>;
}

export interface OpenOptions {
  /** In the tab that the next such takes over: for looking on. */
  readonly preview?: boolean;
  readonly preserveFocus?: boolean;
}

const allTitle = vscode.l10n.t("Proposed backend changes");

export function createDiffEditors(changes: ChangeSet, paths: WorkspacePaths): DiffEditors {
  /** What `openAll` showed last: the API does not tell the new files of such a tab. */
  const shown = new Set<string>();
  const isDecided = (path: string | undefined): boolean => path !== undefined && changes.file(path) === undefined;

  const wishes = createWishes();
  const opening = ({ isLast, carryOut }: Wish): FollowingOpen => ({
    isLast,
    open: (path, line, options = {}) => carryOut(() => openOne(changes, paths, { path, line, options })),
  });
  const showAll = async (): Promise<void> => {
    const files = changes.files();
    if (files.length === 0) {
      const message = vscode.l10n.t("Nothing is proposed. Ask @backend to implement a design first.");
      throw new UserFacingError("NO_PROPOSALS", message);
    }
    const earlier = allTabs().filter(isReviewTab);
    shown.clear();
    const all = files.filter((file) => changes.renameOf(file.path)?.from !== file);
    for (const file of all) shown.add(file.path);
    const resources = all.map((file) => sidesOf(file, changes.renameOf(file.path), paths));
    await vscode.commands.executeCommand("vscode.changes", withFolder(allTitle, paths), resources);
    const isNew = (tab: vscode.Tab): boolean => isReviewTab(tab) && !earlier.includes(tab);
    await untilShown(() => allTabs().some(isNew), 2000);
    await closeTabs(earlier);
    // All may have been decided while it was opened, which its decision could not see.
    if (changes.files().length === 0) await closeTabs(allTabs().filter(isReviewTab));
  };
  const openAll = (): Promise<void> => wishes.make().carryOut(showAll);
  return {
    open: (...place) => opening(wishes.make()).open(...place),
    follow: () => opening(wishes.follow()),
    openAll,
    closeDecided: async () => {
      await closeTabs(allTabs().filter((tab) => !isReviewTab(tab) && isDecided(proposedPath(tab, paths))));
      const reviews = allTabs().filter(isReviewTab);
      if (changes.files().length === 0) await closeTabs(reviews);
      else if (isReviewTab(frontTab()) && [...shown].some(isDecided)) await wishes.follow().carryOut(showAll);
    },
    closeAll: () => closeTabs(allTabs().filter((tab) => isReviewTab(tab) || proposedPath(tab, paths) !== undefined)),
    activePath: () => proposedPath(frontTab(), paths),
    isInFront: () => isReviewTab(frontTab()) || proposedPath(frontTab(), paths) !== undefined,
    settled: () => untilShown(() => [undefined, cursorPath(paths)].includes(proposedPath(frontTab(), paths)), 500),
  };
}

/** Whether a tab shows several proposals. The type of such tabs' input is not in the API, its value is. */
export function isReviewTab(tab: vscode.Tab | undefined): boolean {
  const { input, label } = tab ?? {};
  if (typeof input !== "object" || input === null || !("textDiffs" in input)) return false;
  const diffs: readonly { readonly modified?: vscode.Uri }[] = Array.isArray(input.textDiffs) ? input.textDiffs : [];
  return diffs.some((diff) => diff.modified?.scheme === proposedScheme) || label?.startsWith(allTitle) === true;
}

function frontTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}

function allTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

/** A tab that has gone meanwhile cannot be closed: the editor would throw. */
async function closeTabs(tabs: readonly vscode.Tab[]): Promise<void> {
  const open = allTabs();
  await vscode.window.tabGroups.close(
    tabs.filter((tab) => open.includes(tab)),
    true,
  );
}

/** The file whose proposal is all that the tab shows. */
function proposedPath(tab: vscode.Tab | undefined, paths: WorkspacePaths): string | undefined {
  const input = tab?.input;
  const isDiff = input instanceof vscode.TabInputTextDiff;
  const uri = isDiff ? input.modified : input instanceof vscode.TabInputText ? input.uri : undefined;
  return uri?.scheme === proposedScheme ? paths.toPath(uri) : undefined;
}

type DiffSides = [label: vscode.Uri, original: vscode.Uri | undefined, modified: vscode.Uri];

/**
 * A deletion too has a proposed side, an empty one: the links to decide about it are there. VS Code takes two sides with
 * different names for a rename, so that what stands under another name is compared with a base under that name.
 */
function sidesOf({ path, base }: ProposedFile, rename: ProposedRename | undefined, paths: WorkspacePaths): DiffSides {
  const [uri, proposed] = [paths.toFile(path), paths.toProposed(path)];
  if (rename !== undefined) return [uri, paths.toFile(rename.from.path), proposed];
  if (base === undefined) return [uri, undefined, proposed];
  return [uri, paths.isInert(path) ? paths.toBase(path) : uri, proposed];
}

async function openOne(
  changes: ChangeSet,
  paths: WorkspacePaths,
  place: { readonly path: string; readonly line: number | undefined; readonly options: OpenOptions },
): Promise<void> {
  const { line, options } = place;
  const rename = changes.renameOf(place.path);
  const path = rename?.to.path ?? place.path;
  const file = changes.file(path);
  if (file === undefined) {
    const message = vscode.l10n.t("Nothing is proposed for {0} any more; it was decided meanwhile.", path);
    throw new UserFacingError("NOT_PROPOSED", message);
  }
  const before = rename?.from ?? file;
  const original = before.base === undefined ? paths.toBase(path) : paths.toFile(before.path);
  const top = rename === undefined ? proposedRanges(file)[0]?.start : renameEdits(rename)[0]?.start;
  const first = line === undefined ? (top ?? 0) : line - 1;
  const title = withFolder(vscode.l10n.t("{0} (proposed)", fileName(path)), paths);
  const show: vscode.TextDocumentShowOptions = {
    preview: false,
    ...options,
    selection: new vscode.Range(first, 0, first, 0),
  };
  await vscode.commands.executeCommand("vscode.diff", original, paths.toProposed(path), title, show);
  const isShown = (): boolean => {
    const { document, selection } = vscode.window.activeTextEditor ?? {};
    const isProposed = document?.uri.scheme === proposedScheme && proposedPath(frontTab(), paths) === path;
    return (
      isProposed && cursorPath(paths) === path && selection?.active.line === Math.min(first, document.lineCount - 1)
    );
  };
  await untilShown(isShown, 2000);
}

/** Two folders of a workspace may have files of the same name. */
function withFolder(title: string, paths: WorkspacePaths): string {
  return [title, paths.folderName()].filter(Boolean).join(" · ");
}

/** The file that the cursor is in, on either side of a diff. */
function cursorPath(paths: WorkspacePaths): string | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && paths.toPath(editor.document.uri);
}

/** What the editor has done it tells the extension a moment later; and never, where the user goes elsewhere meanwhile. */
function untilShown(isShown: () => boolean, limit: number): Promise<void> {
  if (isShown()) return Promise.resolve();
  return new Promise((resolve) => {
    const { window } = vscode;
    const done = (): void => {
      listening.dispose();
      clearTimeout(timer);
      resolve();
    };
    const look = (): void => {
      if (isShown()) done();
    };
    const listening = vscode.Disposable.from(
      window.onDidChangeActiveTextEditor(look),
      window.onDidChangeTextEditorSelection(look),
      window.tabGroups.onDidChangeTabs(look),
      window.tabGroups.onDidChangeTabGroups(look),
    );
    const timer = setTimeout(done, limit);
  });
}
