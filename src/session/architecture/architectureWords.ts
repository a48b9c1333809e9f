import { counted } from "../../support/words.ts";
import { statusWords } from "../coverageWords.ts";
import type { ElementState } from "./diagram.ts";

/** What the page says, in English or in the language of the editor. */
export interface ArchitectureWords {
  /** The page's, as BCP 47 has it. */
  readonly language: string;
  readonly title: string;
  readonly states: Readonly<Record<ElementState, string>>;
  readonly tables: string;
  readonly noTables: string;
  /** How many tables and relations are drawn, and the keys that work there. */
  readonly tablesHelp: (tables: number, relations: number) => string;
  readonly zoom: Readonly<Record<"out" | "reset" | "in", string>>;
  readonly tablesAndRelations: string;
  /** One table as a screen reader says it. */
  readonly table: (name: string, facts: string) => string;
  readonly columns: (amount: number) => string;
  readonly pointingHere: (amount: number) => string;
  readonly more: (amount: number) => string;
  readonly endpoints: string;
  readonly noEndpoints: string;
  readonly implementedOf: (done: number, all: number) => string;
  readonly lastRun: string;
  readonly noRun: string;
  readonly underWay: (duration: string) => string;
  /** What, when it began, how long it took, tokens in and out, and its place in time. */
  readonly columnTitles: readonly [string, string, string, string, string, string];
  readonly failed: string;
}

export const englishArchitectureWords: ArchitectureWords = {
  language: "en",
  title: "Backend Architecture",
  states: { ...statusWords, designed: "not compared with the code yet" },
  tables: "Tables",
  noTables: "The design has no tables.",
  tablesHelp: (tables, relations) =>
    `${counted(tables, "table")}, ${counted(relations, "relation")}. Enter or a click opens the design, Alt with it the code; arrow keys go from table to table.`,
  zoom: { out: "Zoom Out", reset: "Actual Size", in: "Zoom In" },
  tablesAndRelations: "Tables and relations",
  table: (name, facts) => `${name}: table, ${facts}`,
  columns: (amount) => counted(amount, "column"),
  pointingHere: (amount) => `${amount} pointing here`,
  more: (amount) => `… ${amount} more`,
  endpoints: "Endpoints",
  noEndpoints: "The design has no endpoints.",
  implementedOf: (done, all) => `${done} of ${all} implemented`,
  lastRun: "Last Run",
  noRun:
    "Nothing has been implemented in this window yet. The run shows here what it did, how long it took and what it cost.",
  underWay: (duration) => `Under way for ${duration}.`,
  columnTitles: ["What", "Began", "Took", "Tokens in", "Tokens out", "When"],
  failed: "failed",
};
