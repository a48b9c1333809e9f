import * as vscode from "vscode";
import { elementAt } from "../../session/coverageMarks.ts";
import { UserFacingError } from "../../support/errors.ts";
import { createWorkspacePaths } from "../review/workspacePaths.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";

/** Opens the design of what is implemented at the cursor. */
export async function goToDesign(store: ReviewStore, folder: vscode.Uri | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const path = editor && createWorkspacePaths(folder).toPath(editor.document.uri);
  const line = (editor?.selection.active.line ?? 0) + 1;
  const element = path === undefined ? undefined : elementAt(store.review()?.coverage.elements ?? [], path, line);
  if (!element?.design) {
    throw new UserFacingError(
      "NO_DESIGN_HERE",
      vscode.l10n.t(
        "No element of the design is implemented at the cursor. Put it into an endpoint, a table's class or an error class, and check against the design first.",
      ),
    );
  }
  await vscode.commands.executeCommand("backendImplementer.openLocation", element.design.path, element.design.line);
}
