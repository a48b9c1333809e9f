import * as vscode from "vscode";
import { proposedRanges } from "../../changes/hunks.ts";
import type { ChangeSet, ProposedFile, SelectionPart } from "../../changes/model.ts";
import { proposedLine } from "../../changes/reviewStops.ts";
import type { UserWord } from "../../changes/userWords.ts";
import { proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

/** What a command is about, read from what menus, keys, lenses and trees hand it (research: platform.md §2). */
export interface SelectedHunk {
  readonly path: string;
  readonly hunkId: string;
}

/** `line` counts from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

interface Proposals {
  readonly changes: ChangeSet;
  readonly paths: WorkspacePaths;
}

/** A lens gives address and id, the tree its element; title buttons and keys mean the change at the cursor. */
export function selectedHunk(
  [target, id]: readonly unknown[],
  { changes, paths }: Proposals,
): SelectedHunk | undefined {
  const path = pathOf(target, paths);
  const hunkId = typeof id === "string" ? id : textProperty(target, "hunkId");
  if (path !== undefined && hunkId !== undefined) return { path, hunkId };
  return hunkAtCursor(changes, paths);
}

/** The path of a file that is meant as a whole: its row in the tree, or the link in its first line. */
export function selectedWhole([target, id]: readonly unknown[], { paths }: Proposals): string | undefined {
  const isFile = property(target, "type") === "file" || id === wholeFile;
  return isFile ? pathOf(target, paths) : undefined;
}

/** In place of the id of a change, for links about the whole file. */
export const wholeFile = "*";

/** As {@link selectedHunk}, among the conflicts of a file; where none is named, the first at or below the cursor. */
export function selectedConflict(
  [target, id]: readonly unknown[],
  { changes, paths }: Proposals,
): SelectedHunk | undefined {
  const path = pathOf(target, paths);
  const hunkId = typeof id === "string" ? id : textProperty(target, "hunkId");
  if (path !== undefined && hunkId !== undefined) return { path, hunkId };
  const at = cursor(paths);
  const file = at && changes.file(at.path);
  if (at === undefined || file === undefined) return undefined;
  const lineOf = (start: number): number => (at.isProposed ? proposedLine(file, start) : start);
  const conflicts = file.conflicts.map(({ id, start, mine }) => ({
    id,
    end: lineOf(start) + Math.max(1, mine.length),
  }));
  const chosen = conflicts.find(({ end }) => at.line < end) ?? conflicts.at(-1);
  return chosen && { path: at.path, hunkId: chosen.id };
}

export function selectedPath(target: unknown, paths: WorkspacePaths): string | undefined {
  return pathOf(target, paths) ?? cursor(paths)?.path;
}

/** The place of the code of an element of the coverage tree. */
export function codeOf(node: unknown): Place | undefined {
  const code = property(property(node, "element"), "code");
  const [path, line] = [textProperty(code, "path"), property(code, "line")];
  return path !== undefined && typeof line === "number" ? { path, line } : undefined;
}

/** Of a row of the tree of proposals that stands for some changes of one file or of several, and is decided as one. */
export function selectedParts(node: unknown): readonly SelectionPart[] | undefined {
  const parts = property(node, "parts");
  return Array.isArray(parts) ? parts : undefined;
}

/** What the user said, of a row that tells it or of the heading above. */
export function selectedWords(node: unknown): readonly UserWord[] {
  const words = property(node, "words");
  return Array.isArray(words) ? words : [];
}

function pathOf(target: unknown, paths: WorkspacePaths): string | undefined {
  if (typeof target === "string") return target;
  return target instanceof vscode.Uri ? paths.toPath(target) : textProperty(target, "path");
}

function hunkAtCursor(changes: ChangeSet, paths: WorkspacePaths): SelectedHunk | undefined {
  const at = cursor(paths);
  const file = at === undefined ? undefined : changes.file(at.path);
  if (at === undefined || file === undefined) return undefined;
  const ranges = at.isProposed ? proposedRanges(file) : baseRanges(file);
  // A change that only removes has no line of its own: the line above it counts.
  const here = ranges.find(
    ({ start, end }) => at.line >= Math.min(start, end - 1) && at.line < Math.max(end, start + 1),
  );
  const chosen = here ?? ranges.find(({ start }) => start >= at.line) ?? ranges.at(-1);
  return chosen && { path: at.path, hunkId: chosen.hunk.id };
}

function baseRanges(file: ProposedFile): ReturnType<typeof proposedRanges> {
  return file.hunks.map((hunk) => ({ hunk, start: hunk.start, end: hunk.start + hunk.removed.length }));
}

export interface Cursor {
  readonly path: string;
  /** From 0. */
  readonly line: number;
  /** False on the side of a diff that shows the real file. */
  readonly isProposed: boolean;
}

/** Where the cursor is, in a diff of a proposal or in a proposed document. */
export function cursor(paths: WorkspacePaths): Cursor | undefined {
  const editor = vscode.window.activeTextEditor;
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const modified = tab instanceof vscode.TabInputTextDiff ? tab.modified : undefined;
  const isReview = [modified?.scheme, editor?.document.uri.scheme].includes(proposedScheme);
  const path = editor && paths.toPath(editor.document.uri);
  if (editor === undefined || path === undefined || !isReview) return undefined;
  // Another diff has come in front, and its cursor is not told yet.
  if (modified?.scheme === proposedScheme && paths.toPath(modified) !== path) return undefined;
  return { path, line: editor.selection.active.line, isProposed: editor.document.uri.scheme === proposedScheme };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function textProperty(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === "string" ? found : undefined;
}
