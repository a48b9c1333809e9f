import * as vscode from "vscode";
import type { CoverageSide } from "../../session/coverageMarks.ts";
import type { Runtime } from "../../session/runtime.ts";
import { documentPath, documentUri } from "../designDocuments.ts";
import type { RepeatedReview } from "../repeatedReview.ts";
import { createWorkspacePaths } from "../review/workspacePaths.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { registerCoverageGutter } from "./coverageGutter.ts";
import { registerCoverageHovers } from "./coverageHovers.ts";
import { registerCoverageLenses } from "./coverageLenses.ts";

export interface CoverageMarksParts {
  readonly store: ReviewStore;
  readonly folder: vscode.Uri | undefined;
  readonly loadRuntime: () => Promise<Runtime>;
  readonly repeatedReview: RepeatedReview;
  /** Of the extension, where its pictures lie. */
  readonly home: vscode.Uri;
}

/** Coverage where people read: in the design documents and in the code, with ways between both. */
export function registerCoverage(parts: CoverageMarksParts): vscode.Disposable {
  const { store, folder, loadRuntime, repeatedReview, home } = parts;
  const media = vscode.Uri.joinPath(home, "media");
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
    const spec = repeatedReview.design();
    return spec && (await loadRuntime()).describeElement(spec, id);
  };
  return vscode.Disposable.from(
    registerCoverageLenses(store, pathOf),
    registerCoverageGutter(store, inDesign, media),
    registerCoverageHovers({ store, pathOf, uriOf, describe }),
  );
}
