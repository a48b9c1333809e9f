import type { Analysis } from "../analysis.ts";
import { dynamicTextOf } from "../facts/dynamicText.ts";
import type { CallFact, PythonFile } from "../facts/pythonFile.ts";
import { moduleScope } from "../facts/scopes.ts";
import { usesDatabasePackage } from "../facts/sessions.ts";
import { evaluate } from "../facts/staticValue.ts";
import { argumentsOf, descendants, fieldOf, shortText } from "../facts/syntax.ts";
import type { Finding } from "../model.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Values reach SQL as bound parameters. A finding is text put together at run time (f-string, `%`,
 * `.format`, `+`, `join`) that reaches `text()`, `execute()` and their like, directly or through a
 * local variable, and what ruff's S608 reports.
 *
 * Text made of constants is fine, so static DDL in migrations is: there, loops over constants and
 * functions are followed. Text that comes ready-made from another function is not seen.
 */
export const parameterized: Check = {
  id: "parameterized",
  title: "Parameterized queries",
  run: (analysis) => {
    const { code } = analysis.project;
    const findings = code.flatMap((file) => [...sinkFindings(analysis, file), ...lintFindings(analysis, file)]);
    const hasQueries = code.some((file) => usesDatabasePackage(file) || file.calls.some(isSink));
    return hasQueries || findings.length > 0 ? passUnless(firstOfLine(findings)) : notApplicable;
  },
};

const sinks =
  /^(text|execute|executemany|exec_driver_sql|literal_column|scalar|scalars|fetch|fetchrow|fetchval|fetch_one|fetch_all|fetch_val|DDL)$/;

function isSink(call: CallFact): boolean {
  return sinks.test(call.method) && argumentsOf(call.node).length > 0;
}

function sinkFindings(analysis: Analysis, file: PythonFile): Finding[] {
  const scope = moduleScope(analysis.project, file);
  return file.calls.filter(isSink).flatMap((call) => {
    const [argument] = argumentsOf(call.node);
    const value = argument?.type === "keyword_argument" ? fieldOf(argument, "value") : argument;
    const found = value && dynamicTextOf(value, scope, call.within);
    if (!found || (file.layer === "migration" && isStaticInMigration(analysis, call.node))) return [];
    const message = `SQL is put together by ${found.how} (${shortText(found.node)}); use bound parameters (:name) or the expression language.`;
    return [{ path: file.path, line: found.node.line, message }];
  });
}

/** Every run of the statement, through the loops and functions that lead to it, has a certain text. */
function isStaticInMigration({ migrationCalls }: Analysis, node: PythonNode): boolean {
  const runs = migrationCalls.filter((call) => [call.node, ...argumentsOf(call.node)].includes(node));
  return runs.length > 0 && runs.every((call) => evaluate(argumentsOf(call.node)[0], call.scope) !== undefined);
}

/** S608 also takes prose for SQL ("select an option from {menu}"): it must begin as SQL is written in code. */
const sqlStart = /^[rRbBfFuU]*["']{1,3}\s*(\(|WITH\b|SELECT\b|INSERT INTO\b|UPDATE\b|DELETE FROM\b|MERGE\b)/;

function lintFindings(analysis: Analysis, file: PythonFile): Finding[] {
  const { project } = analysis;
  const lints = project.style.get(file.path)?.lints.filter((lint) => lint.code === "S608") ?? [];
  if (lints.length === 0) return [];
  const scope = moduleScope(project, file);
  return lints.flatMap(({ line, message }) => {
    const text = descendants(file.root).find((node) => node.line === line && sqlStart.test(node.text));
    const isConstant = text !== undefined && evaluate(outermostText(text), scope) !== undefined;
    if (!text || isConstant || file.layer === "migration") return [];
    return [
      { path: file.path, line, message: `${message} (S608); use bound parameters (:name) or the expression language.` },
    ];
  });
}

function outermostText(node: PythonNode): PythonNode {
  const parent = node.parent;
  const isPart = parent && (parent.type === "concatenated_string" || parent.type === "binary_operator");
  return isPart ? outermostText(parent) : node;
}

/** The same text is reported once, although it passes through `text()` and `execute()` and S608 sees it too. */
function firstOfLine(findings: readonly Finding[]): readonly Finding[] {
  const lines = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.path}:${finding.line}`;
    if (!lines.has(key)) lines.set(key, finding);
  }
  return [...lines.values()];
}
