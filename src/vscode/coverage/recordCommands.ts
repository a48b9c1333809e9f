import * as vscode from "vscode";
import { recordPath } from "../../compiler/delta/recordPath.ts";
import { baselinePath } from "../../review/baselinePath.ts";
import { withoutDrift } from "../../review/drift.ts";
import type { CoverageElement, Review } from "../../review/model.ts";
import { UserFacingError } from "../../support/errors.ts";
import { currentText } from "../currentText.ts";
import { type RunHost, requireFolder } from "../run.ts";
import { writeProjectFile } from "../writeProjectFile.ts";

type Handler = (...args: readonly unknown[]) => unknown;

/** Commands about what is recorded beside the code: the baseline, and the design that was implemented. */
export type RecordCommandId =
  | "backendImplementer.recordBaseline"
  | "backendImplementer.forgetBaseline"
  | "backendImplementer.showWholeProject"
  | "backendImplementer.showSinceBaseline"
  | "backendImplementer.acceptDrift"
  | "backendImplementer.acceptAllDrift";

export type RecordHost = Pick<RunHost, "folder" | "store" | "disk" | "repeatedReview" | "loadRuntime">;

/** Accepting is handed a node of the coverage tree, or the id of an element. */
export function createRecordHandlers(host: RecordHost): Readonly<Record<RecordCommandId, Handler>> {
  const { store } = host;
  return {
    "backendImplementer.recordBaseline": () => recordBaseline(host),
    "backendImplementer.forgetBaseline": () => forgetBaseline(host),
    "backendImplementer.showWholeProject": () => store.showWholeProject(true),
    "backendImplementer.showSinceBaseline": () => store.showWholeProject(false),
    "backendImplementer.acceptDrift": (given) =>
      acceptDrift(
        drifted(host).filter(({ id }) => id === idOf(given)),
        host,
      ),
    "backendImplementer.acceptAllDrift": () => acceptDrift(drifted(host), host),
  };
}

async function recordBaseline(host: RecordHost): Promise<void> {
  const folder = requireFolder(host);
  const { store, disk, loadRuntime } = host;
  const review = reviewed(host);
  const { writeBaseline, withBaselineFile } = await loadRuntime();
  const text = writeBaseline(review);
  await writeProjectFile(baselinePath, text, { folder, disk });
  store.showWholeProject(false);
  store.setReview(withBaselineFile(review, text));
}

async function forgetBaseline(host: RecordHost): Promise<void> {
  const folder = requireFolder(host);
  const { store, disk, loadRuntime } = host;
  if ((await currentText(vscode.Uri.joinPath(folder, baselinePath))) === undefined) {
    throw new UserFacingError(
      "NO_BASELINE",
      vscode.l10n.t("There is no {0}, so there is nothing to forget. Record a baseline first.", baselinePath),
    );
  }
  await writeProjectFile(baselinePath, undefined, { folder, disk });
  store.setReview((await loadRuntime()).withoutBaseline(reviewed(host)));
}

function reviewed({ store }: RecordHost): Review {
  const review = store.review();
  if (review) return review;
  throw new UserFacingError(
    "NOTHING_REVIEWED",
    vscode.l10n.t('Nothing is reviewed yet. Run "Backend Implementer: Check Against the Design" first.'),
  );
}

function drifted({ store }: RecordHost): readonly CoverageElement[] {
  return store.review()?.coverage.elements.filter(({ drift }) => drift !== undefined) ?? [];
}

function idOf(given: unknown): unknown {
  if (typeof given !== "object" || given === null || !("element" in given)) return given;
  const { element } = given;
  return typeof element === "object" && element !== null && "id" in element ? element.id : undefined;
}

async function acceptDrift(elements: readonly CoverageElement[], host: RecordHost): Promise<void> {
  if (elements.length === 0) {
    const message = vscode.l10n.t(
      "The design of nothing that is chosen is known to have changed since it was implemented. Check against the design to see what has.",
    );
    throw new UserFacingError("NO_DRIFT", message);
  }
  const folder = requireFolder(host);
  const { store, disk, loadRuntime, repeatedReview } = host;
  const hashes = Object.fromEntries(elements.map(({ id, drift }) => [id, drift?.hash ?? ""]));
  const before = await currentText(vscode.Uri.joinPath(folder, recordPath));
  const text = (await loadRuntime()).acceptDrift(before, hashes);
  await writeProjectFile(recordPath, text, { folder, disk });
  store.setReview(withoutDrift(reviewed(host), new Set(Object.keys(hashes))));
  repeatedReview.repeat();
}
