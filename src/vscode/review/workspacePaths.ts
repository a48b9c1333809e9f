import * as vscode from "vscode";
import { UserFacingError } from "../../support/errors.ts";
import { folderNameIn } from "../folders/folderName.ts";

/** Documents with the proposed text of a file, under the file's own path. */
export const proposedScheme = "backend-proposed";
/** Documents with what a proposal is about, where the file itself cannot be compared with it: empty ones for new files. */
export const baseScheme = "backend-base";

/** Translates between the paths of a change set and the addresses of documents. */
export interface WorkspacePaths {
  toFile(path: string): vscode.Uri;
  toProposed(path: string): vscode.Uri;
  toBase(path: string): vscode.Uri;
  /** Whether the proposed text stands under another name than the file's, so that no language server reads it. */
  isInert(path: string): boolean;
  /** Undefined for a document outside the folder, or of a scheme that is none of these three. */
  toPath(uri: vscode.Uri): string | undefined;
  /** The folder's name where the workspace has others as well, which may have files of the same paths. */
  folderName(): string | undefined;
}

export function createWorkspacePaths(folder: vscode.Uri | undefined): WorkspacePaths {
  const toFile = (path: string): vscode.Uri => {
    if (folder === undefined) {
      throw new UserFacingError(
        "NO_FOLDER",
        vscode.l10n.t("No folder is open, so there is nowhere to write. Open the project's folder first."),
      );
    }
    return vscode.Uri.joinPath(folder, path);
  };
  const inScheme = (scheme: string, path: string): vscode.Uri => vscode.Uri.from({ scheme, path: toFile(path).path });
  const toProposed = (path: string): vscode.Uri => inScheme(proposedScheme, inertName(path));
  return {
    toFile,
    toProposed,
    toBase: (path) => inScheme(baseScheme, inertName(path)),
    isInert: (path) => inertName(path) !== path,
    folderName: () => {
      const all = vscode.workspace.workspaceFolders ?? [];
      const named = all.map(({ name, uri }) => ({ name, address: uri.toString(), path: uri.path }));
      return folder && folderNameIn(named, folder.toString());
    },
    toPath: (uri) => {
      if (folder === undefined) return undefined;
      const isOurs = [proposedScheme, baseScheme].includes(uri.scheme);
      const prefix = `${folder.path.replace(/\/$/, "")}/`;
      if ((!isOurs && uri.scheme !== folder.scheme) || !uri.path.startsWith(prefix)) return undefined;
      const path = uri.path.slice(prefix.length);
      return isOurs && path.endsWith(inertEnding) ? path.slice(0, -inertEnding.length) : path;
    },
  };
}

/**
 * Language servers fetch the schemas that a JSON, YAML, XML or TOML document names as soon as it is open,
 * and with that tell the address's owner of it, before anything is accepted (research/security.md §0.8).
 * Under another name the proposal is plain text to them; the manifest has a language for that ending.
 */
function inertName(path: string): string {
  return reading.test(path) ? path : `${path}${inertEnding}`;
}

const inertEnding = ".proposed";

/** What is worth its colours in the review, and is known to be read only. */
const reading =
  /\.(?:pyi?|sql|md|txt|rst|ini|cfg|sh|mako|csv|dbml|prisma|mmd)$|(?:^|\/)(?:Dockerfile|Makefile|\.gitignore|\.dockerignore|\.env\.example)$/i;
