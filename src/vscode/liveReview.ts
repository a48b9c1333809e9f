import * as vscode from "vscode";
import type { Log } from "../session/ports.ts";
import { debounced } from "../support/debounced.ts";
import { isAbort } from "../support/errors.ts";
import type { DesignAssumptions } from "./assumptions/designAssumptions.ts";
import { documentPath } from "./designDocuments.ts";
import type { RepeatedReview } from "./repeatedReview.ts";
import { createWorkspacePaths, proposedScheme } from "./review/workspacePaths.ts";

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
 * reviewed again. What somebody types into a proposal belongs to it when it is saved. Before the first run there is nothing to keep true, and nothing is done.
 */
export function registerLiveReview({ folder, repeatedReview, assumptions, log }: LiveReviewParts): vscode.Disposable {
  if (folder === undefined) return vscode.Disposable.from();
  const proposals = createWorkspacePaths(folder);
  const review = debounced(pauseMs, repeatedReview.repeat);
  const reviewTyped = debounced(pauseMs, repeatedReview.repeatTyped);
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
  const type = (uri: vscode.Uri): void => {
    const path = documentPath(uri, folder);
    const isCode = !path.startsWith("/") && reviewed.test(path) && !assumptions.hasRead(path);
    if (uri.scheme === folder.scheme && isCode && repeatedReview.design() !== undefined) {
      repeatedReview.typing(path);
      reviewTyped();
    } else follow([uri]);
  };
  const followProposal = (uri: vscode.Uri): void => {
    const path = proposals.toPath(uri);
    if (path !== undefined && reviewed.test(path) && repeatedReview.design() !== undefined) review();
  };
  const { workspace } = vscode;
  return vscode.Disposable.from(
    review,
    reviewTyped,
    reread,
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      // A document that others have changed on the disk is seldom the only one.
      if (document.isDirty) type(document.uri);
      else follow([document.uri]);
    }),
    workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.scheme === proposedScheme) followProposal(uri);
      else follow([uri]);
    }),
    workspace.onDidCreateFiles(({ files }) => follow(files)),
    workspace.onDidDeleteFiles(({ files }) => follow(files)),
    workspace.onDidRenameFiles(({ files }) => follow(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri]))),
  );
}

const reviewed =
  /\.pyi?$|(?:^|\/)\.env[\w.-]*$|(?:^|\/)(?:pyproject\.toml|\.isort\.cfg|setup\.cfg|tox\.ini)$|^\.backend\/(?:design|baseline)\.json$/;
