import * as vscode from "vscode";
import { designAmong } from "../../session/designLayouts.ts";
import type { Runtime } from "../../session/runtime.ts";
import { UserFacingError } from "../../support/errors.ts";
import { documentPath } from "../designDocuments.ts";
import { projectFolders } from "../projectFolder.ts";
import { readSettings } from "../settings.ts";

/** Asks which of the folders, given by their addresses, the backend is made in; undefined when the user picks none. */
export async function askFolder(among: readonly string[], now: string | undefined): Promise<string | undefined> {
  const items = projectFolders().flatMap(({ name, uri }) => {
    const address = uri.toString();
    if (!among.includes(address)) return [];
    const detail = address === now ? { detail: vscode.l10n.t("Chosen now") } : {};
    return [{ label: name, description: uri.fsPath, ...detail, address }];
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Choose Workspace Folder"),
    placeHolder: vscode.l10n.t("The folder that the backend is made in"),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked?.address;
}

/** As the command: among all that are on a disk. Throws a {@link UserFacingError} where there is nothing to choose. */
export async function askAnyFolder(now: string | undefined): Promise<string | undefined> {
  const all = projectFolders().map(({ uri }) => uri.toString());
  if (all.length > 1) return askFolder(all, now);
  throw new UserFacingError(
    "NO_CHOICE",
    vscode.l10n.t(
      "This workspace has at most one folder on a disk, so there is none to choose. Add one with File: Add Folder to Workspace….",
    ),
  );
}

/** Those of the folders in which the settings' patterns find something that is a design by its place. */
export async function foldersWithDesign(
  folders: readonly string[],
  runtime: Pick<Runtime, "parseSettings">,
): Promise<readonly string[]> {
  const { globs } = readSettings(runtime).documents;
  const hasDesign = async (address: string): Promise<boolean> => {
    const folder = vscode.Uri.parse(address);
    const found = await Promise.all(
      globs.map((glob) =>
        vscode.workspace.findFiles(new vscode.RelativePattern(folder, glob), "**/node_modules/**", 20),
      ),
    );
    return designAmong(found.flat().map((uri) => documentPath(uri, folder))).length > 0;
  };
  const designed = await Promise.all(folders.map(hasDesign));
  return folders.filter((_, index) => designed[index]);
}
