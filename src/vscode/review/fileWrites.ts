import * as vscode from "vscode";
import { diffLines, splitLines } from "../../changes/diff.ts";
import type { Intent } from "../../changes/intent.ts";
import type { FileWrite, WriteOutcome } from "../../changes/model.ts";
import { partlyWritten } from "../../changes/partlyWritten.ts";
import { heldDeletions } from "../../changes/renames.ts";
import type { DiskWriter } from "../../session/ports.ts";
import { UserFacingError } from "../../support/errors.ts";
import { firstOf } from "../amounts.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

export interface WriteOptions {
  readonly paths: WorkspacePaths;
  readonly disk: DiskWriter;
  /** Called between the writing and the saving, which may format the text. */
  readonly written: () => void;
  /** Called for each file that an editor has saved, with its text then. */
  readonly saved: (path: string, text: string) => void;
}

/**
 * Carries out writes. What is open in an editor is edited there, to be undone there, and saved; a
 * document with unsaved edits of the user stays unsaved: saving it would save those too. What is not
 * open goes to the disk directly, because the editor's own writing follows links and is not atomic
 * (research/security.md §0.2, §0.3). Throws a {@link UserFacingError} that names what was not written; the
 * others are.
 */
export async function writeFiles(writes: readonly FileWrite[], options: WriteOptions): Promise<void> {
  for (const { path } of writes) await options.disk.refuseLinks(path);
  const { written, failed } = await options.disk.journaled(writes, (intent) => carryOut(writes, intent, options));
  if (failed.length > 0) throw partlyWritten(written.length, failed);
}

/** Where both the disk and an editor may have a part of them. */
export async function carryOut(
  writes: readonly FileWrite[],
  intent: Intent | undefined,
  options: WriteOptions,
): Promise<WriteOutcome> {
  const { paths, disk, written } = options;
  const edit = new vscode.WorkspaceEdit();
  const deletions: FileWrite[] = [];
  const toSave: vscode.TextDocument[] = [];
  const closed: FileWrite[] = [];
  for (const write of writes) {
    const uri = paths.toFile(write.path);
    const document = openDocument(uri);
    if (write.after === undefined) deletions.push(write);
    else if (write.before === undefined || document === undefined) closed.push(write);
    else {
      edit.set(uri, textEdits(document, write.after));
      if (!document.isDirty) toSave.push(document);
    }
  }
  const onDisk = await disk.write(closed, intent);
  const held = heldDeletions(writes, onDisk.failed);
  const isHeld = (write: FileWrite): boolean => held.some(({ path }) => path === write.path);
  for (const write of deletions)
    if (!isHeld(write)) edit.deleteFile(paths.toFile(write.path), { ignoreIfNotExists: true });
  const inEditors = await applyEdit(
    edit,
    writes.filter((write) => !closed.includes(write) && !isHeld(write)),
  );
  written();
  await saveEach(toSave, options);
  const failed = [...onDisk.failed, ...held, ...inEditors.failed];
  return { written: [...onDisk.written, ...inEditors.written], failed };
}

async function saveEach(documents: readonly vscode.TextDocument[], { paths, saved }: WriteOptions): Promise<void> {
  const outcomes = await Promise.all(documents.map((document) => document.save()));
  for (const document of documents) {
    const path = document.isDirty ? undefined : paths.toPath(document.uri);
    if (path !== undefined) saved(path, document.getText());
  }
  const unsaved = documents.filter((_, index) => outcomes[index] === false);
  if (unsaved.length === 0) return;
  const names = firstOf(unsaved.map(({ uri }) => paths.toPath(uri) ?? uri.path));
  const message = vscode.l10n.t(
    "Accepted, but not every file could be saved ({0}). Save the open editors yourself.",
    names,
  );
  throw new UserFacingError("SAVE_FAILED", message);
}

/** The editor applies all of it or nothing. */
async function applyEdit(edit: vscode.WorkspaceEdit, writes: readonly FileWrite[]): Promise<WriteOutcome> {
  const paths = writes.map(({ path }) => path);
  // The size of an edit does not count files that it deletes.
  if (writes.length === 0 || (await vscode.workspace.applyEdit(edit))) return { written: paths, failed: [] };
  const why = (path: string): string =>
    vscode.l10n.t(
      "WRITE_FAILED: The editor did not write {0}. It may be read-only or was created meanwhile; look at it and accept again.",
      path,
    );
  return { written: [], failed: paths.map((path) => ({ path, why: why(path) })) };
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => !document.isClosed && document.uri.toString() === uri.toString(),
  );
}

function textEdits(document: vscode.TextDocument, after: string): vscode.TextEdit[] {
  const before = splitLines(document.getText());
  const offsets = lineOffsets(before);
  const end = document.getText().length;
  const edits = diffLines(before, splitLines(after)).map(({ start, removed, added }) => {
    const next = start + removed.length;
    if (next < before.length) {
      return replace(
        document,
        [offsets[start] ?? end, offsets[next] ?? end],
        added.map((line) => `${line}\n`).join(""),
      );
    }
    // At the end of the text it is the line feed in front that comes or goes with the lines.
    if (start === 0) return replace(document, [0, end], added.join("\n"));
    const feedInFront = (offsets[start] ?? end + 1) - 1;
    return replace(document, [feedInFront, end], added.map((line) => `\n${line}`).join(""));
  });
  const endOfLine = after.includes("\r\n") ? vscode.EndOfLine.CRLF : vscode.EndOfLine.LF;
  const keepsEnds = document.eol === endOfLine || !after.includes("\n");
  return keepsEnds ? edits : [...edits, vscode.TextEdit.setEndOfLine(endOfLine)];
}

function replace(document: vscode.TextDocument, [from, to]: readonly [number, number], text: string): vscode.TextEdit {
  return vscode.TextEdit.replace(new vscode.Range(document.positionAt(from), document.positionAt(to)), text);
}

function lineOffsets(lines: readonly string[]): readonly number[] {
  let offset = 0;
  return lines.map((line) => {
    const start = offset;
    offset += line.length + 1;
    return start;
  });
}
