import * as vscode from "vscode";
import type { ArchitectureWords } from "../../session/architecture/architectureWords.ts";
import { coverageWords } from "../coverage/coverageWords.ts";

/** What the picture of the design says, in the editor's language. */
export const architectureWords: ArchitectureWords = {
  language: vscode.env.language,
  title: vscode.l10n.t("Backend Architecture"),
  states: { ...coverageWords.status, designed: vscode.l10n.t("not compared with the code yet") },
  tables: vscode.l10n.t("Tables"),
  noTables: vscode.l10n.t("The design has no tables."),
  tablesHelp: (tables, relations) => {
    const keys = vscode.l10n.t(
      "Enter or a click opens the design, Alt with it the code; arrow keys go from table to table.",
    );
    return `${vscode.l10n.t("Tables: {0}, relations: {1}.", tables, relations)} ${keys}`;
  },
  zoom: {
    out: vscode.l10n.t("Zoom Out"),
    reset: vscode.l10n.t("Actual Size"),
    in: vscode.l10n.t("Zoom In"),
  },
  tablesAndRelations: vscode.l10n.t("Tables and relations"),
  table: (name, facts) => vscode.l10n.t("{0}: table, {1}", name, facts),
  columns: (amount) => (amount === 1 ? vscode.l10n.t("1 column") : vscode.l10n.t("{0} columns", amount)),
  pointingHere: (amount) => vscode.l10n.t("{0} pointing here", amount),
  more: (amount) => vscode.l10n.t("… {0} more", amount),
  endpoints: vscode.l10n.t("Endpoints"),
  noEndpoints: vscode.l10n.t("The design has no endpoints."),
  implementedOf: (done, all) => vscode.l10n.t("{0} of {1} implemented", done, all),
  lastRun: vscode.l10n.t("Last Run"),
  noRun: vscode.l10n.t(
    "Nothing has been implemented in this window yet. The run shows here what it did, how long it took and what it cost.",
  ),
  underWay: (duration) => vscode.l10n.t("Under way for {0}.", duration),
  columnTitles: [
    vscode.l10n.t("What"),
    vscode.l10n.t("Began"),
    vscode.l10n.t("Took"),
    vscode.l10n.t("Tokens in"),
    vscode.l10n.t("Tokens out"),
    vscode.l10n.t("When"),
  ],
  failed: vscode.l10n.t("failed"),
};
