import * as vscode from "vscode";
import type { CoverageElement } from "../../review/model.ts";
import type { CoverageWords } from "../../session/coverageWords.ts";

/** What the core says of the coverage, in the editor's language. */
export const coverageWords: CoverageWords = {
  status: {
    implemented: vscode.l10n.t("implemented"),
    missing: vscode.l10n.t("missing"),
    mismatched: vscode.l10n.t("differs from the design"),
    extra: vscode.l10n.t("not in the design"),
  },
  unseen: vscode.l10n.t("missing, cannot be seen"),
  unseenAt: (place) => vscode.l10n.t("missing, cannot be seen ({0})", place),
  linked: vscode.l10n.t("linked"),
  unlinked: vscode.l10n.t("not linked to a function"),
  implementing: (name) => vscode.l10n.t("implements {0}", name),
  differingFrom: (name) => vscode.l10n.t("differs from {0}", name),
  differing: (how) => vscode.l10n.t("differs: {0}", how),
  partsAmiss: (amount) =>
    amount === 1
      ? vscode.l10n.t("1 part of it is not as designed")
      : vscode.l10n.t("{0} parts of it are not as designed", amount),
  designChanged: vscode.l10n.t("design changed"),
  designChangedSince: (difference) => vscode.l10n.t("design changed since it was implemented: {0}", difference),
  partsChanged: (amount) =>
    amount === 1
      ? vscode.l10n.t("design of 1 part of it changed since")
      : vscode.l10n.t("design of {0} parts of it changed since", amount),
};

/** The kinds of elements as headings, in the order in which they are shown. */
export const kindTitles: Readonly<Record<CoverageElement["kind"], string>> = {
  endpoint: vscode.l10n.t("Endpoints"),
  table: vscode.l10n.t("Tables"),
  column: vscode.l10n.t("Columns"),
  index: vscode.l10n.t("Indexes"),
  constraint: vscode.l10n.t("Constraints"),
  policy: vscode.l10n.t("Row policies"),
  entity: vscode.l10n.t("Entities"),
  field: vscode.l10n.t("Fields"),
  valueObject: vscode.l10n.t("Value objects"),
  event: vscode.l10n.t("Domain events"),
  rule: vscode.l10n.t("Business rules"),
  errorCode: vscode.l10n.t("Error codes"),
};

/** The state of an element in a word; what is missing and may stand out of sight says so. */
export function stateWord({ status, unseenAt }: CoverageElement): string {
  return unseenAt ? coverageWords.unseen : coverageWords.status[status];
}
