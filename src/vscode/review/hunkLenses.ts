import * as vscode from "vscode";
import { lineCounts, type ProposedRange, proposedRanges } from "../../changes/hunks.ts";
import type { ChangeSet, Hunk, ProposedFile } from "../../changes/model.ts";
import { proposedScheme, type WorkspacePaths } from "./workspacePaths.ts";

/** The links above the code: decide about the file in its first line, about a change above it. */
export function registerHunkLenses(changes: ChangeSet, paths: WorkspacePaths): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const path = paths.toPath(document.uri);
      const file = path === undefined ? undefined : changes.file(path);
      return file === undefined ? [] : lensesOf(file, document);
    },
  };
  return vscode.Disposable.from(
    changed,
    changes.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider({ scheme: proposedScheme }, provider),
  );
}

function lensesOf(file: ProposedFile, document: vscode.TextDocument): vscode.CodeLens[] {
  const lensAt = (line: number, title: string, command = "", ...rest: readonly string[]): vscode.CodeLens => {
    const position = new vscode.Position(Math.min(line, document.lineCount - 1), 0);
    const range = new vscode.Range(position, position);
    return new vscode.CodeLens(range, { title, command, arguments: [document.uri, ...rest] });
  };
  const ranges = proposedRanges(file);
  const rejectFile = lensAt(0, "$(close-all) Reject file", "backendImplementer.rejectFile");
  const conflicts = file.conflicts.map((hunk) => lensAt(0, `$(warning) ${conflictText(hunk)}`));
  if (ranges.length === 0) return [rejectFile, ...conflicts];
  const acceptFile = lensAt(0, "$(check-all) Accept file", "backendImplementer.acceptFile");
  const fileLenses = [acceptFile, rejectFile, ...conflicts];
  // A file that comes or goes as a whole has one change: the file.
  if (file.kind !== "modify") return [...fileLenses, ...ranges.map((range) => lensAt(0, wholeFile(file, range)))];
  return [
    ...fileLenses,
    ...ranges.flatMap((range, index) => [
      lensAt(range.start, "$(check) Accept", "backendImplementer.acceptHunk", range.hunk.id),
      lensAt(range.start, "$(discard) Reject", "backendImplementer.rejectHunk", range.hunk.id),
      lensAt(range.start, `${index + 1} of ${ranges.length} ${difference(file, range)}`),
    ]),
  ];
}

function wholeFile(file: ProposedFile, range: ProposedRange): string {
  return `${file.kind === "create" ? "new file" : "deleted file"} ${difference(file, range)}`;
}

function conflictText(hunk: Hunk): string {
  return `you have changed line ${hunk.start + 1}, so its proposed change does not fit any more`;
}

function difference(file: ProposedFile, { hunk }: ProposedRange): string {
  const { added, removed } = lineCounts([hunk], file.base);
  return `(+${added} −${removed})`;
}
