import * as vscode from "vscode";
import type { DiskWriter } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { currentText } from "./currentText.ts";
import { refuseUntrusted } from "./trust.ts";

export interface ProjectFileParts {
  readonly folder: vscode.Uri;
  readonly disk: DiskWriter;
}

/**
 * Writes a file of ours below the folder, or deletes it: through the editor where it is open, so that its undo has it,
 * else through no link. Refused in Restricted Mode.
 */
export async function writeProjectFile(
  path: string,
  text: string | undefined,
  { folder, disk }: ProjectFileParts,
): Promise<void> {
  refuseUntrusted();
  await disk.refuseLinks(path);
  const uri = vscode.Uri.joinPath(folder, path);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (!open || text === undefined) {
    const { failed } = await disk.write([{ path, before: await currentText(uri), after: text }]);
    if (failed[0] !== undefined) throw new UserFacingError("NOT_WRITTEN", failed[0].why);
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(0, 0, open.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  await open.save();
}
