import * as vscode from "vscode";
import type { ChangeSet, ProposalKind } from "../../changes/model.ts";
import type { WorkspacePaths } from "./workspacePaths.ts";

/** Marks proposed files in tabs, trees, the explorer and the chat. */
export function registerDecorations(changes: ChangeSet, paths: WorkspacePaths): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri[]>();
  const provider: vscode.FileDecorationProvider = {
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: (uri) => {
      const path = paths.toPath(uri);
      const file = path === undefined ? undefined : changes.file(path);
      if (file === undefined) return undefined;
      return file.conflicts.length > 0 ? conflict : looks[file.kind];
    },
  };
  return vscode.Disposable.from(
    changed,
    changes.onDidChange((all) => changed.fire(all.flatMap((path) => [paths.toFile(path), paths.toProposed(path)]))),
    vscode.window.registerFileDecorationProvider(provider),
  );
}

const looks: Readonly<Record<ProposalKind, vscode.FileDecoration>> = {
  create: {
    badge: "A",
    tooltip: vscode.l10n.t("Proposed: new file"),
    color: new vscode.ThemeColor("gitDecoration.addedResourceForeground"),
  },
  modify: {
    badge: "M",
    tooltip: vscode.l10n.t("Proposed: changes"),
    color: new vscode.ThemeColor("gitDecoration.modifiedResourceForeground"),
  },
  delete: {
    badge: "D",
    tooltip: vscode.l10n.t("Proposed: deletion"),
    color: new vscode.ThemeColor("gitDecoration.deletedResourceForeground"),
  },
};

const conflict: vscode.FileDecoration = {
  badge: "!",
  tooltip: vscode.l10n.t("Proposed changes conflict with your edits"),
  color: new vscode.ThemeColor("gitDecoration.conflictingResourceForeground"),
};
