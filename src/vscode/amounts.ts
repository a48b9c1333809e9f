import * as vscode from "vscode";

/**
 * Amounts with their nouns, to stand for a value in a sentence: "3 files". Each is two texts, because a language has
 * its own plural, or none (`l10n/README.md`).
 */
export const amountOf = {
  files: (count: number): string => (count === 1 ? vscode.l10n.t("1 file") : vscode.l10n.t("{0} files", count)),
  moreFiles: (count: number): string =>
    count === 1 ? vscode.l10n.t("1 more file") : vscode.l10n.t("{0} more files", count),
  changes: (count: number): string => (count === 1 ? vscode.l10n.t("1 change") : vscode.l10n.t("{0} changes", count)),
  conflicts: (count: number): string =>
    count === 1 ? vscode.l10n.t("1 conflict") : vscode.l10n.t("{0} conflicts", count),
  findings: (count: number): string =>
    count === 1 ? vscode.l10n.t("1 finding") : vscode.l10n.t("{0} findings", count),
  designDocuments: (count: number): string =>
    count === 1 ? vscode.l10n.t("1 design document") : vscode.l10n.t("{0} design documents", count),
} as const;

/** The first names, and how many files there are besides. */
export function firstOf(paths: readonly string[]): string {
  const shown = paths.slice(0, mostNames).join(", ");
  return paths.length > mostNames
    ? vscode.l10n.t("{0} and {1}", shown, amountOf.moreFiles(paths.length - mostNames))
    : shown;
}

const mostNames = 3;
