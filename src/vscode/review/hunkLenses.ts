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
  const provider: vscode.CodeLensProvider<ProposalLens> = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const path = paths.toPath(document.uri);
      const file = path === undefined ? undefined : changes.file(path);
      if (file === undefined) return [];
      const lenses = [...lensesOf(file, changes.renameOf(file.path), document)];
      return lenses.length > mostAtOnce ? lenses : lenses.map(told);
    },
    resolveCodeLens: told,
  };
  return vscode.Disposable.from(
    changed,
    store.onDidUpdate(() => changed.fire()),
    vscode.languages.registerCodeLensProvider({ scheme: proposedScheme }, provider),
  );
}

/** Of more links than these only those in sight are given their words: all have to go to the editor after each decision. */
const mostAtOnce = 200;

/** A link of which the place is known, and the words when they are asked for. */
class ProposalLens extends vscode.CodeLens {
  readonly tell: () => vscode.Command;

  constructor(range: vscode.Range, tell: () => vscode.Command) {
    super(range);
    this.tell = tell;
  }
}

function told(lens: ProposalLens): ProposalLens {
  lens.command = lens.tell();
  return lens;
}

type LensAt = (line: number, title: () => string, command: string, ...rest: readonly string[]) => ProposalLens;

function lensesOf(
  file: ProposedFile,
  rename: ProposedRename | undefined,
  document: vscode.TextDocument,
): readonly ProposalLens[] {
  const lastLine = document.lineCount - 1;
  const lensAt: LensAt = (line, title, command, ...rest) => {
    const position = new vscode.Position(Math.min(line, lastLine), 0);
    const tell = () => ({ title: title(), command, arguments: [document.uri, ...rest] });
    return new ProposalLens(new vscode.Range(position, position), tell);
  };
  const explain = (line: number, text: () => string, id: string): ProposalLens =>
    lensAt(line, () => vscode.l10n.t("{0} · Why?", text()), "backendImplementer.explainChange", id);
  const ranges = proposedRanges(file);
  const head = [...fileLenses(file, lensAt), ...conflictLenses(file, lensAt)];
  if (ranges.length === 0) return head;
  if (rename !== undefined) return [...head, explain(0, () => renameText(rename), wholeFile)];
  // A file that comes or goes as a whole has one change: the file.
  if (file.kind !== "modify")
    return [...head, ...ranges.map((each) => explain(0, () => wholeText(file, each), each.hunk.id))];
  const hunkLenses = ranges.flatMap((range, index) => {
    const place = (): string => vscode.l10n.t("{0} of {1}", index + 1, ranges.length);
    const text = (): string => `${place()} ${difference(file, range)}`;
    return [...decisionLenses(range, lensAt), explain(range.start, text, range.hunk.id)];
  });
  return [...head, ...hunkLenses];
}

function fileLenses(file: ProposedFile, lensAt: LensAt): readonly ProposalLens[] {
  const reject = lensAt(0, () => vscode.l10n.t("$(close-all) Reject file"), "backendImplementer.rejectFile");
  const because = (): string => vscode.l10n.t("$(comment) Reject file because…");
  const rejecting = [reject, lensAt(0, because, "backendImplementer.rejectWithReason", wholeFile)];
  if (file.hunks.length === 0) return rejecting;
  const accept = lensAt(0, () => vscode.l10n.t("$(check-all) Accept file"), "backendImplementer.acceptFile");
  const isEdited = file.kind !== "modify" && file.hunks.some(({ below }) => below !== undefined);
  return [accept, ...rejecting, ...(isEdited ? [takeBack(0, wholeFile, lensAt)] : [])];
}

function conflictLenses(file: ProposedFile, lensAt: LensAt): readonly ProposalLens[] {
  return file.conflicts.flatMap(({ id, start }) => {
    const line = proposedLine(file, start);
    const mine = (): string => vscode.l10n.t("$(warning) You changed these lines too: keep yours");
    return [
      lensAt(line, mine, "backendImplementer.keepMine", id),
      lensAt(line, () => vscode.l10n.t("take the proposal"), "backendImplementer.takeProposed", id),
      lensAt(line, () => vscode.l10n.t("take both and edit"), "backendImplementer.takeBoth", id),
      lensAt(line, () => vscode.l10n.t("compare"), "backendImplementer.compareConflict", id),
    ];
  });
}

function decisionLenses({ hunk: { id, below }, start }: ProposedRange, lensAt: LensAt): readonly ProposalLens[] {
  return [
    lensAt(start, () => vscode.l10n.t("$(check) Accept"), "backendImplementer.acceptHunk", id),
    lensAt(start, () => vscode.l10n.t("$(discard) Reject"), "backendImplementer.rejectHunk", id),
    lensAt(start, () => vscode.l10n.t("$(comment) Reject because…"), "backendImplementer.rejectWithReason", id),
    ...(below === undefined ? [] : [takeBack(start, id, lensAt)]),
  ];
}

function takeBack(line: number, id: string, lensAt: LensAt): ProposalLens {
  return lensAt(line, () => vscode.l10n.t("$(edit) Take back my edit"), "backendImplementer.takeBackEdit", id);
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
