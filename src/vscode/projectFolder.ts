import * as vscode from "vscode";
import { UserFacingError } from "../support/errors.ts";

/**
 * The folder that is implemented in: the first one of the workspace that is on a disk. The path of any other
 * means nothing there, and may be that of something else (research/security.md I07, I11).
 */
export function projectFolder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
}

/**
 * {@link projectFolder} for those who mean to read or write in it. `activated` is what it was when the window was
 * opened: proposals are about that folder. Throws a {@link UserFacingError} where there is none, or another one.
 */
export function requireProjectFolder(activated: vscode.Uri | undefined): vscode.Uri {
  const folder = projectFolder();
  if (folder === undefined) throw noFolder();
  if (folder.toString() === activated?.toString()) return folder;
  throw new UserFacingError(
    "FOLDERS_CHANGED",
    vscode.l10n.t(
      "The workspace has other folders than when this window was opened, so nothing is done in {0}. Reload the window.",
      folder.path,
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
