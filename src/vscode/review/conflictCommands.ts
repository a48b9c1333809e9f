import * as vscode from "vscode";
import { threeWay } from "../../changes/conflicts.ts";
import type { Resolution } from "../../changes/model.ts";
import { stopOf } from "../../changes/reviewStops.ts";
import { UserFacingError } from "../../support/errors.ts";
import { fileName } from "../../support/fileName.ts";
import { decideHunk } from "./deciding.ts";
import type { FollowingOpen } from "./diffEditors.ts";
import { showStop } from "./navigation.ts";
import type { ReviewParts } from "./reviewParts.ts";
import { type SelectedHunk, selectedConflict } from "./selection.ts";
import type { Turns } from "./turns.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

/** The three ends of a conflict, and the look at all of its sides. Undo takes each back. */
export function createConflictHandlers(parts: ReviewParts, turns: Turns) {
  const required = (args: readonly unknown[]): SelectedHunk => {
    const selected = selectedConflict(args, parts);
    if (selected !== undefined) return selected;
    const message = vscode.l10n.t("No conflict is here. Put the cursor into one and try again.");
    throw new UserFacingError("NO_CONFLICT_HERE", message);
  };
  const { changes } = parts;
  const keep = async (selected: SelectedHunk, next: FollowingOpen): Promise<void> => {
    const resolve = async (): Promise<number> => {
      changes.resolve(selected.path, selected.hunkId, "mine");
      return 1;
    };
    await decideHunk(resolve, selected, { ...parts, next });
  };
  /** What is taken waits for an accept, on the side of the diff that can be edited. */
  const take = async ({ path, hunkId }: SelectedHunk, resolution: Resolution, next: FollowingOpen): Promise<void> => {
    changes.resolve(path, hunkId, resolution);
    const file = changes.file(path);
    const stop = file && stopOf(file, hunkId);
    if (stop) await showStop(stop, parts, next);
  };
  return {
    "backendImplementer.keepMine": (...args: readonly unknown[]) => turns.run((next) => keep(required(args), next)),
    "backendImplementer.takeProposed": (...args: readonly unknown[]) =>
      turns.run((next) => take(required(args), "proposed", next)),
    "backendImplementer.takeBoth": (...args: readonly unknown[]) =>
      turns.run((next) => {
        const selected = required(args);
        return take(selected, { lines: bothSides(selected, parts) }, next);
      }),
    "backendImplementer.compareConflict": (...args: readonly unknown[]) => compare(required(args).path, parts),
  };
}

/** The user's lines and the proposed ones, one below the other, to be made into one by hand. */
function bothSides({ path, hunkId }: SelectedHunk, { changes }: ReviewParts): readonly string[] {
  const conflict = changes.file(path)?.conflicts.find(({ id }) => id === hunkId);
  return conflict === undefined ? [] : [...conflict.mine, ...conflict.added];
}

const sideScheme = "backend-side";
type SideName = "base" | "mine" | "proposed";

/** What both sides have made of the text that they started from, in one tab. */
async function compare(path: string, { paths }: ReviewParts): Promise<void> {
  const uriOf = (side: SideName): vscode.Uri => sideUri(path, side, paths);
  // Two names would be shown as a renaming, so what is before bears the name of what is after.
  const before = (side: SideName): vscode.Uri => uriOf(side).with({ query: uriOf("base").query });
  const title = vscode.l10n.t("{0}: your edit, and the proposal", fileName(path));
  await vscode.commands.executeCommand("vscode.changes", title, [
    [uriOf("mine"), before("mine"), uriOf("mine")],
    [uriOf("proposed"), before("proposed"), uriOf("proposed")],
  ]);
}

/** Under the inert name of the proposal, so that no language server follows what is in it. */
function sideUri(path: string, side: SideName, paths: WorkspacePaths): vscode.Uri {
  const [folder = "", name = ""] = splitName(paths.toProposed(path).path);
  const labels = {
    base: vscode.l10n.t("before both"),
    mine: vscode.l10n.t("your edit"),
    proposed: vscode.l10n.t("the proposal"),
  };
  return vscode.Uri.from({ scheme: sideScheme, path: `${folder}/${labels[side]}/${name}`, query: `${side}:${path}` });
}

function splitName(path: string): readonly string[] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at), path.slice(at + 1)];
}

/** Serves the whole texts of the three sides, read-only. */
export function registerConflictSides({ changes }: ReviewParts): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(sideScheme, {
    provideTextDocumentContent: ({ query }) => {
      const [side = "", path = ""] = query.split(/:(.*)/s);
      const file = changes.file(path);
      const texts = file && threeWay(file);
      if (texts === undefined || !(side === "base" || side === "mine" || side === "proposed")) return "";
      return texts[side] ?? "";
    },
  });
}
