import * as vscode from "vscode";
import { UserFacingError } from "../support/errors.ts";

/**
 * The folders of the workspace that a backend can be made in: those on a disk. The path of any other means nothing
 * there, and may be that of something else (research/security.md I07, I11).
 */
export function projectFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
}

/**
 * The chosen folder, for those who mean to read or write in it. Throws a {@link UserFacingError} where there is none, or
 * where it has left the workspace in the middle of a run.
 */
export function requireProjectFolder(chosen: vscode.Uri | undefined): vscode.Uri {
  const folders = projectFolders();
  if (folders.length === 0) throw noFolder();
  if (chosen === undefined) throw folderNotChosen();
  if (folders.some(({ uri }) => uri.toString() === chosen.toString())) return chosen;
  throw new UserFacingError(
    "FOLDER_GONE",
    vscode.l10n.t(
      "{0} is no folder of this workspace any more, so nothing is done in it. Add it again: what waits for your review there is kept.",
      chosen.path,
    ),
  );
}

export function folderNotChosen(): UserFacingError {
  return new UserFacingError(
    "FOLDER_NOT_CHOSEN",
    vscode.l10n.t(
      'This workspace has several folders, and none was chosen, so nothing was done. Choose the one that the backend is made in with "Backend Implementer: Choose Workspace Folder…".',
    ),
  );
}

export function folderInUse(address: string): UserFacingError {
  return new UserFacingError(
    "FOLDER_IN_USE",
    vscode.l10n.t(
      "@backend is at work in {0}, so the folder is not changed. Wait until it has ended, or stop it, and choose again.",
      vscode.Uri.parse(address).path,
    ),
  );
}

function noFolder(): UserFacingError {
  const message =
    (vscode.workspace.workspaceFolders ?? []).length > 0
      ? vscode.l10n.t(
          "None of the workspace's folders is on a disk, so there is nowhere to write. Open a copy that is on one.",
        )
      : vscode.l10n.t("No folder is open, so there is nowhere to write. Open the project's folder first.");
  return new UserFacingError("NO_FOLDER", message);
}
