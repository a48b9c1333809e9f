import * as vscode from "vscode";
import { type CoverageSide, elementAt } from "../../session/coverageMarks.ts";
import type { Runtime } from "../../session/runtime.ts";
import type { DesignSpec } from "../../spec/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { documentPath, documentUri } from "../designDocuments.ts";
import { createWorkspacePaths } from "../review/workspacePaths.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { registerCoverageGutter } from "./coverageGutter.ts";
import { registerCoverageHovers } from "./coverageHovers.ts";
import { registerCoverageLenses } from "./coverageLenses.ts";

export interface CoverageMarksParts {
  readonly store: ReviewStore;
  readonly folder: vscode.Uri | undefined;
  readonly loadRuntime: () => Promise<Runtime>;
  /** The design that the coverage was computed for; undefined before the first run of this window. */
  readonly design: () => DesignSpec | undefined;
  /** Of the extension's pictures. */
  readonly media: vscode.Uri;
}

/** Coverage where people read: in the design documents and in the code, with ways between both. */
export function registerCoverage(parts: CoverageMarksParts) {
  const { store, folder, loadRuntime, design, media } = parts;
  const paths = createWorkspacePaths(folder);
  const pathOf = ({ uri }: vscode.TextDocument, side: CoverageSide): string | undefined =>
    side === "code"
      ? paths.toPath(uri)
      : folder && uri.scheme === folder.scheme
        ? documentPath(uri, folder)
        : undefined;
  const inDesign = (document: vscode.TextDocument): string | undefined => pathOf(document, "design");
  const uriOf = (path: string): vscode.Uri | undefined =>
    store.changes.file(path) ? paths.toProposed(path) : folder && documentUri(path, folder);
  const describe = async (id: string): Promise<string | undefined> => {
    const spec = design();
    return spec && (await loadRuntime()).describeElement(spec, id);
  };
  const goToDesign = async (): Promise<void> => {
    const editor = vscode.window.activeTextEditor;
    const path = editor && pathOf(editor.document, "code");
    const line = (editor?.selection.active.line ?? 0) + 1;
    const element = path === undefined ? undefined : elementAt(store.review()?.coverage.elements ?? [], path, line);
    if (!element?.design) {
      throw new UserFacingError(
        "NO_DESIGN_HERE",
        "No element of the design is implemented at the cursor. Put it into an endpoint, a table's class or an error class, and check against the design first.",
      );
    }
    await vscode.commands.executeCommand("backendImplementer.openLocation", element.design.path, element.design.line);
  };
  const marks = vscode.Disposable.from(
    registerCoverageLenses(store, inDesign),
    registerCoverageGutter(store, inDesign, media),
    registerCoverageHovers({ store, pathOf, uriOf, describe }),
  );
  return { handlers: { "backendImplementer.goToDesign": goToDesign }, dispose: () => marks.dispose() };
}
