import { formatBlock } from "./format.ts";
import { indent, longArgument } from "./python.ts";
import { escapeColons } from "./schemaText.ts";

/** One helper function of a migration: what it runs, and what the downgrade runs in reverse order. */
export interface MigrationStep {
  /** `create_orders`: the function is `_create_orders`. */
  readonly name: string;
  readonly section: MigrationSection;
  /** Python statements. */
  readonly up: readonly string[];
  readonly down: readonly string[];
}

export type MigrationSection = "types" | "tables" | "functions" | "data" | "row_security" | "privileges";

/** Longest function of a migration, with its first line; the checklist allows no more than 50. */
export const maxFunctionLines = 46;

/** `op.execute(…)` with the SQL as the design has it. */
export function executeSql(sql: string): string {
  const text = escapeColons(sql.trim());
  if (!text.includes("\n")) return `op.execute(${longArgument(text)})`;
  const lines = text.split("\n").map((line) => line.trimEnd());
  const block = lines.join("\n").replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
  return `op.execute("""\n${block}\n""")`;
}

/** A helper function, formatted, because only then its length is known. */
export function functionText(name: string, statements: readonly string[]): string {
  return formatBlock(`def _${name}() -> None:\n${statements.map(statementText).join("\n")}\n`).trimEnd();
}

export function fitsFunction(statements: readonly string[]): boolean {
  return lineCount(functionText("f", statements)) <= maxFunctionLines;
}

/** Puts statements together, in order, into groups that fit a function each. */
export function groupStatements(statements: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let lines = maxFunctionLines;
  for (const statement of statements) {
    const needed = lineCount(functionText("f", [statement])) - 1;
    if (lines + needed > maxFunctionLines - 1) {
      groups.push([statement]);
      lines = needed;
    } else {
      groups.at(-1)?.push(statement);
      lines += needed;
    }
  }
  return groups;
}

/** Indented, but for the lines of a triple-quoted string. */
export function statementText(statement: string): string {
  return statement.includes('"""') ? `    ${statement}` : indent(statement);
}

export function lineCount(text: string): number {
  return text.split("\n").length;
}
