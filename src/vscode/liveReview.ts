import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import { debounced } from "../support/debounced.ts";
import { isAbort } from "../support/errors.ts";
import type { DesignAssumptions } from "./assumptions/designAssumptions.ts";
import { documentPath } from "./designDocuments.ts";
import type { RepeatedReview } from "./repeatedReview.ts";
import { createWorkspacePaths, proposedScheme, type WorkspacePaths } from "./review/workspacePaths.ts";

export interface LiveReviewParts {
  readonly folder: vscode.Uri | undefined;
  readonly repeatedReview: RepeatedReview;
  readonly assumptions: DesignAssumptions;
  readonly log: Log;
}

/** A pause in typing; what is shown follows within the time of a review. */
const pauseMs = 250;

/**
 * Keeps what is shown true while people edit, saved or not: an edited design document is read again, edited code is
 * reviewed again, in files and in proposals alike. Before the first run there is nothing to keep true, and nothing is done.
 */
export function registerLiveReview({ folder, repeatedReview, assumptions, log }: LiveReviewParts): vscode.Disposable {
  if (folder === undefined) return vscode.Disposable.from();
  const review = debounced(pauseMs, repeatedReview.repeat);
  const edited = new Set<vscode.TextDocument>();
  const reviewEdited = debounced(pauseMs, () => {
    // A document that others have changed on the disk is seldom the only one.
    const isTyped = [...edited].every(({ isDirty }) => isDirty);
    edited.clear();
    if (isTyped) repeatedReview.repeatTyped();
    else repeatedReview.repeat();
  });
  const reread = debounced(pauseMs, () => {
    assumptions.reread().then(repeatedReview.repeat, (thrown: unknown) => {
      if (!isAbort(thrown)) log.error("The edited design could not be read again.", thrown);
    });
  });
  const follow = (uris: readonly vscode.Uri[]): void => {
    if (repeatedReview.design() === undefined) return;
    const paths = uris.filter(({ scheme }) => scheme === folder.scheme).map((uri) => documentPath(uri, folder));
    if (paths.some((path) => assumptions.hasRead(path))) reread();
    else if (paths.some((path) => !path.startsWith("/") && reviewed.test(path))) review();
  };
  /** Of the first edit of a saved document the editor tells before it says that it is unsaved. */
  const edit = (document: vscode.TextDocument, path: string): void => {
    if (!reviewed.test(path) || repeatedReview.design() === undefined) return;
    edited.add(document);
    repeatedReview.typing(path);
    reviewEdited();
  };
  const { workspace } = vscode;
  return vscode.Disposable.from(
    review,
    reviewEdited,
    reread,
    followProposals(createWorkspacePaths(folder), edit, review),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      const path = documentPath(document.uri, folder);
      const isCode = document.uri.scheme === folder.scheme && !path.startsWith("/") && !assumptions.hasRead(path);
      if (isCode) edit(document, path);
      else follow([document.uri]);
    }),
    workspace.onDidSaveTextDocument(({ uri }) => follow([uri])),
    workspace.onDidCreateFiles(({ files }) => follow(files)),
    workspace.onDidDeleteFiles(({ files }) => follow(files)),
    workspace.onDidRenameFiles(({ files }) => follow(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri]))),
  );
}

/** `settled`: what was typed is saved, taken back, or gone with its editor. */
function followProposals(
  paths: WorkspacePaths,
  edited: (document: vscode.TextDocument, path: string) => void,
  settled: () => void,
): vscode.Disposable {
  const unsaved = new Set<vscode.TextDocument>();
  const settle = (document: vscode.TextDocument): void => {
    if (unsaved.delete(document)) settled();
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!document.isDirty) return settle(document);
      const path = document.uri.scheme === proposedScheme ? paths.toPath(document.uri) : undefined;
      if (path === undefined) return;
      unsaved.add(document);
      edited(document, path);
    }),
    vscode.workspace.onDidSaveTextDocument(settle),
    vscode.workspace.onDidCloseTextDocument(settle),
  );
}

const reviewed =
  /\.pyi?$|(?:^|\/)\.env[\w.-]*$|(?:^|\/)(?:pyproject\.toml|\.isort\.cfg|setup\.cfg|tox\.ini)$|^\.backend\/(?:design|baseline)\.json$/;
