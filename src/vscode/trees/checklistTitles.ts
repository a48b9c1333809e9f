import * as vscode from "vscode";
import type { ChecklistId } from "../../review/model.ts";

/** The titles of the checks in the editor's language. */
export const checklistTitles: Readonly<Record<ChecklistId, string>> = {
  annotations: vscode.l10n.t("All functions have type annotations"),
  repository: vscode.l10n.t("Repository pattern for data access"),
  service: vscode.l10n.t("Service layer for business logic"),
  parameterized: vscode.l10n.t("Parameterized queries"),
  validation: vscode.l10n.t("Pydantic validation at API boundaries"),
  errors: vscode.l10n.t("Centralized error handling matching the error design"),
  secrets: vscode.l10n.t("No hardcoded secrets"),
  nPlusOne: vscode.l10n.t("N+1 queries prevented"),
  transactions: vscode.l10n.t("Transactions for multi-step operations"),
  immutable: vscode.l10n.t("Immutable dataclasses for domain entities"),
  size: vscode.l10n.t("Files under 800 lines, functions under 50"),
  format: vscode.l10n.t("Formatted (black, isort, ruff)"),
};
