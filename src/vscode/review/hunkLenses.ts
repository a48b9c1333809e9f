import * as vscode from "vscode";
import { lineCounts, type ProposedRange, proposedRanges } from "../../changes/hunks.ts";
import type { ProposedFile, ProposedRename } from "../../changes/model.ts";
import { renameEdits } from "../../changes/renames.ts";
import { proposedLine } from "../../changes/reviewStops.ts";
import type { ReviewStore } from "../trees/reviewStore.ts";
import { wholeFile } from "./selection.ts";
import { proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

/** The links above the code: decide about the file in its first line, about a change above it. */
export function registerHunkLenses(store: ReviewStore, paths: WorkspacePaths): vscode.Disposable {
  const { changes } = store;
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const path = paths.toPath(document.uri);
      const file = path === undefined ? undefined : changes.file(path);
      return file === undefined ? [] : lensesOf(file, changes.renameOf(file.path), document);
    },
  };
  return vscode.Disposable.from(
    changed,
    store.onDidUpdate(() => changed.fire()),
    vscode.languages.registerCodeLensProvider({ scheme: proposedScheme }, provider),
  );
}

function lensesOf(
  file: ProposedFile,
  rename: ProposedRename | undefined,
  document: vscode.TextDocument,
): vscode.CodeLens[] {
  const lensAt = (line: number, title: string, command = "", ...rest: readonly string[]): vscode.CodeLens => {
    const position = new vscode.Position(Math.min(line, document.lineCount - 1), 0);
    const range = new vscode.Range(position, position);
    return new vscode.CodeLens(range, { title, command, arguments: [document.uri, ...rest] });
  };
  const ranges = proposedRanges(file);
  const rejectFile = lensAt(0, vscode.l10n.t("$(close-all) Reject file"), "backendImplementer.rejectFile");
  const because = lensAt(
    0,
    vscode.l10n.t("$(comment) Reject file because…"),
    "backendImplementer.rejectWithReason",
    wholeFile,
  );
  const conflicts = file.conflicts.flatMap(({ id, start }) => {
    const line = proposedLine(file, start);
    return [
      lensAt(
        line,
        vscode.l10n.t("$(warning) You changed these lines too: keep yours"),
        "backendImplementer.keepMine",
        id,
      ),
      lensAt(line, vscode.l10n.t("take the proposal"), "backendImplementer.takeProposed", id),
      lensAt(line, vscode.l10n.t("take both and edit"), "backendImplementer.takeBoth", id),
      lensAt(line, vscode.l10n.t("compare"), "backendImplementer.compareConflict", id),
    ];
  });
  if (ranges.length === 0) return [rejectFile, because, ...conflicts];
  const acceptFile = lensAt(0, vscode.l10n.t("$(check-all) Accept file"), "backendImplementer.acceptFile");
  const takeBack = (line: number, id: string): vscode.CodeLens =>
    lensAt(line, vscode.l10n.t("$(edit) Take back my edit"), "backendImplementer.takeBackEdit", id);
  const isEdited = file.hunks.some(({ below }) => below !== undefined);
  const whole = file.kind !== "modify" && isEdited ? [takeBack(0, wholeFile)] : [];
  const fileLenses = [acceptFile, rejectFile, because, ...whole, ...conflicts];
  if (rename !== undefined) return [...fileLenses, lensAt(0, renameText(rename))];
  // A file that comes or goes as a whole has one change: the file.
  if (file.kind !== "modify") return [...fileLenses, ...ranges.map((range) => lensAt(0, wholeText(file, range)))];
  return [
    ...fileLenses,
    ...ranges.flatMap((range, index) => [
      lensAt(range.start, vscode.l10n.t("$(check) Accept"), "backendImplementer.acceptHunk", range.hunk.id),
      lensAt(range.start, vscode.l10n.t("$(discard) Reject"), "backendImplementer.rejectHunk", range.hunk.id),
      lensAt(
        range.start,
        vscode.l10n.t("$(comment) Reject because…"),
        "backendImplementer.rejectWithReason",
        range.hunk.id,
      ),
      ...(range.hunk.below === undefined ? [] : [takeBack(range.start, range.hunk.id)]),
      lensAt(range.start, `${vscode.l10n.t("{0} of {1}", index + 1, ranges.length)} ${difference(file, range)}`),
    ]),
  ];
}

function wholeText(file: ProposedFile, range: ProposedRange): string {
  const whole = file.kind === "create" ? vscode.l10n.t("new file") : vscode.l10n.t("deleted file");
  return `${whole} ${difference(file, range)}`;
}

function renameText(rename: ProposedRename): string {
  const { added, removed } = lineCounts(renameEdits(rename), rename.from.base);
  return `${vscode.l10n.t("Renamed from {0}", rename.from.path)} (+${added} −${removed})`;
}

function difference(file: ProposedFile, { hunk }: ProposedRange): string {
  const { added, removed } = lineCounts([hunk], file.base);
  return `(+${added} −${removed})`;
}
