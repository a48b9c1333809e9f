import * as vscode from "vscode";
import type { ChangeSet } from "../changes/model.ts";
import { proposedScheme, type WorkspacePaths } from "./review/workspacePaths.ts";

/**
 * What a file holds now: the unsaved text of an editor, else the disk; undefined when there is no such
 * file.
 */
export async function currentText(uri: vscode.Uri): Promise<string | undefined> {
  const edited = editedText(uri);
  if (edited !== undefined) return edited;
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === "FileNotFound") return undefined;
    throw thrown;
  }
}

/** As {@link currentText} of each, in their order. */
export async function currentTexts(uris: readonly vscode.Uri[]): Promise<readonly (string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  while (texts.length < uris.length) {
    const some = uris.slice(texts.length, texts.length + readTogether);
    texts.push(...(await Promise.all(some.map(currentText))));
  }
  return texts;
}

/** Enough to keep the disk busy. */
const readTogether = 32;

/**
 * The text that only an editor has: unsaved, or of a document that is no file. The text of a saved
 * document does not count, because it lives on for minutes after its file is deleted.
 */
export function editedText(uri: vscode.Uri): string | undefined {
  return vscode.workspace.textDocuments
    .find((document) => (document.isDirty || uri.scheme !== "file") && document.uri.toString() === uri.toString())
    ?.getText();
}

/** What somebody has typed into proposed texts and not saved yet, by their paths. */
export function editedProposals(changes: ChangeSet, paths: WorkspacePaths): ReadonlyMap<string, string> {
  const edited = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === proposedScheme);
  const byPath = new Map(edited.map((document) => [paths.toPath(document.uri) ?? "", document.getText()]));
  return new Map([...byPath].filter(([path]) => changes.proposedText(path) !== undefined));
}
