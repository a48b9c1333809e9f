import type { Analysis } from "../analysis.ts";
import { dynamicTextOf } from "../facts/dynamicText.ts";
import type { CallFact, ClassFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import type { Receivers } from "../facts/receivers.ts";
import { moduleScope } from "../facts/scopes.ts";
import { databasePackages, sessionUse, usesDatabasePackage } from "../facts/sessions.ts";
import { evaluate } from "../facts/staticValue.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  descendants,
  fieldOf,
  keywordArgument,
  positionalArguments,
  shortText,
  unwrap,
} from "../facts/syntax.ts";
import type { DynamicText, TextPlace } from "../facts/textSearch.ts";
import { ancestorsOf, isEnum, isPydanticModel } from "../facts/types.ts";
import { functionAround, innermostFunction } from "../facts/ways.ts";
import type { Finding } from "../model.ts";
import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { notApplicable, passUnless } from "./check.ts";

/**
 * Values reach SQL as bound parameters. A finding is text put together at run time (f-string, `%`,
 * `.format`, `+`, `join`) that reaches `text()`, `execute()` and their like, directly, through local
 * variables, through functions that return it or functions that it is handed to, and what ruff's S608 reports.
 *
 * Text made of constants is fine (`facts/fixedValue.ts`), and so is static DDL in migrations: there, loops over constants and
 * functions are followed. Text that travels inside an object or a collection is not seen.
 */
export const parameterized: Check = {
  id: "parameterized",
  title: "Parameterized queries",
  run: (analysis) => {
    const { project } = analysis;
    const { code } = project;
    const sinksOf = (file: PythonFile) => project.conclusions.aboutFile(sinksIn, project, file);
    const passing = passingFunctions(analysis, code.flatMap(sinksOf));
    const findings = code.flatMap((file) => project.conclusions.aboutFile(findingsIn, { analysis, passing }, file));
    const hasQueries = code.some((file) => usesDatabasePackage(file) || sinksOf(file).length > 0);
    return hasQueries || findings.length > 0 ? passUnless(firstOfLine(findings)) : notApplicable;
  },
};

const sinks =
  /^(text|execute|executemany|exec_driver_sql|literal_column|scalar|scalars|fetch|fetchrow|fetchval|fetch_one|fetch_all|fetch_val|DDL)$/;

/** By name and by what it is called on: `fetch()` and `execute()` are words of many trades. */
function isSink(project: Project, call: CallFact): boolean {
  const { method, receiver } = call;
  if (!sinks.test(method) || argumentsOf(call.node).length === 0) return false;
  const file = project.fileOf(call);
  if (receiver === "op" || receiver === "alembic.op") return true;
  if (!usesDatabasePackage(file)) return sessionUse(project, call) !== undefined;
  if (/^(exec|fetch|scalar)/.test(method)) return true;
  return isOfDatabasePackage(file, receiver?.split(".")[0] ?? method);
}

/** `text` is a word of templates, too: it counts when it comes from SQLAlchemy, or from everything a module has. */
function isOfDatabasePackage({ imports }: PythonFile, name: string): boolean {
  return imports.some(({ bound, module }) => bound === "*" || (bound === name && databasePackages.test(module)));
}

function sinksIn(project: Project, { calls }: PythonFile): readonly CallFact[] {
  return calls.filter((call) => isSink(project, call));
}

/** What a finding rests on that only the whole project tells. */
interface Passing {
  readonly analysis: Analysis;
  readonly passing: PassingFunctions;
}

function findingsIn({ analysis, passing }: Passing, file: PythonFile): readonly Finding[] {
  return [
    ...sinkFindings(analysis, file),
    ...file.calls.flatMap((call) => handedFindings(analysis, call, passing)),
    ...lintFindings(analysis, file),
  ];
}

/** Which parameters of a function end up in a query, directly or in what the function calls. */
type PassingFunctions = (fact: FunctionFact) => ReadonlySet<string> | undefined;

function passingFunctions({ project, receivers, callers }: Analysis, sinkCalls: readonly CallFact[]): PassingFunctions {
  const { conclusions } = project;
  const passing = new Map<FunctionFact, Set<string>>();
  const changed: FunctionFact[] = [];
  const pass = ({ within }: CallFact, node: PythonNode | undefined): void => {
    const name = node && unwrap(node).type === "identifier" ? unwrap(node).text : "";
    if (!within?.parameters.some((parameter) => parameter.name === name)) return;
    const known = passing.get(within) ?? new Set<string>();
    if (known.has(name)) return;
    passing.set(within, known.add(name));
    changed.push(within);
  };
  for (const call of sinkCalls) pass(call, argumentsOf(call.node)[0]);
  for (const fact of changed) {
    for (const call of callers.callersOf(fact)) {
      for (const { value } of handedTo(receivers, call, (target) => passing.get(target))) pass(call, value);
    }
  }
  conclusions.settle("passing", new Map([...passing].map(([fact, names]) => [fact, [...names].sort()])));
  return (fact) => {
    conclusions.note("passing", fact);
    return passing.get(fact);
  };
}

/** The arguments of a call that the function passes on to a query. */
function handedTo(receivers: Receivers, call: CallFact, passing: PassingFunctions): { readonly value: PythonNode }[] {
  return receivers.targetsOf(call).flatMap((target) => {
    const names = passing(target);
    if (!names) return [];
    const parameters = target.parameters.filter(({ name }) => name !== "self" && name !== "cls");
    return parameters.flatMap(({ name }, index) => {
      const value = names.has(name)
        ? (keywordArgument(call.node, name) ?? positionalArguments(call.node)[index])
        : undefined;
      return value ? [{ value }] : [];
    });
  });
}

function handedFindings(analysis: Analysis, call: CallFact, passing: PassingFunctions): Finding[] {
  return handedTo(analysis.receivers, call, passing).flatMap(({ value }) => {
    const found = dynamicTextOf(value, placeOf(analysis, call));
    return found && analysis.project.fileOf(call).layer !== "migration" ? [textFinding(found)] : [];
  });
}

function placeOf(
  { project, receivers, callers }: Analysis,
  { path, within }: Pick<CallFact, "path" | "within">,
): TextPlace {
  return {
    path,
    within,
    scopeOf: (at) => moduleScope(project, project.fileOf({ path: at })),
    targetsOf: (call) => receivers.targetsOf(call),
    callersOf: (fact) => callers.callersOf(fact),
    isMigration: (at) => project.fileOf({ path: at }).layer === "migration",
    outerOf: (fact) => functionAround(project.fileOf(fact), fact),
    isEnumeration: (at, name) => {
      const definition = resolvePath(project, project.fileOf({ path: at }), name);
      return definition?.kind === "class" && [definition.class, ...ancestorsOf(project, definition.class)].some(isEnum);
    },
    fieldTypeOf: (at, name, field) => {
      const definition = resolvePath(project, project.fileOf({ path: at }), name);
      return definition?.kind === "class" ? fieldOfClass(project, definition.class, field) : undefined;
    },
    requestFieldOf: (at, name, field) => {
      const definition = resolvePath(project, project.fileOf({ path: at }), name);
      if (definition?.kind !== "class" || !isPydanticModel(project, definition.class.name)) return undefined;
      return fieldOfClass(project, definition.class, field)?.annotation;
    },
    assignmentOf: (at, name) => {
      const definition = project.resolve(project.fileOf({ path: at }), name);
      return definition?.kind === "assignment" ? { path: definition.file.path, value: definition.value } : undefined;
    },
  };
}

function fieldOfClass(project: Project, owner: ClassFact, field: string) {
  return [owner, ...ancestorsOf(project, owner)].flatMap(({ path, fields }) => {
    const found = fields.find((candidate) => candidate.name === field);
    return found ? [{ path, annotation: found.annotation }] : [];
  })[0];
}

function sinkFindings(analysis: Analysis, file: PythonFile): Finding[] {
  const { project } = analysis;
  const calls = project.conclusions.aboutFile(sinksIn, project, file);
  return calls.flatMap((call) => {
    const [argument] = argumentsOf(call.node);
    const value = argument?.type === "keyword_argument" ? fieldOf(argument, "value") : argument;
    const found = value && dynamicTextOf(value, placeOf(analysis, call));
    if (!found || (file.layer === "migration" && isStaticInMigration(analysis, call.node))) return [];
    return [textFinding(found)];
  });
}

function textFinding({ how, node, path }: DynamicText): Finding {
  const message = `SQL is put together by ${how} (${shortText(node)}); use bound parameters (:name) or the expression language.`;
  return { path, line: node.line, message };
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
  return lints.flatMap(({ line, message }) => {
    const text = descendants(file.root).find((node) => node.line === line && sqlStart.test(node.text));
    if (!text || file.layer === "migration") return [];
    const place = placeOf(analysis, { path: file.path, within: innermostFunction(file, text) });
    const whole = outermostText(text);
    if (isParsed(whole) || isSentElsewhere(whole) || dynamicTextOf(whole, place) === undefined) return [];
    return [
      { path: file.path, line, message: `${message} (S608); use bound parameters (:name) or the expression language.` },
    ];
  });
}

/** What a parser reads is taken apart and not sent: `parse(f"SELECT 1 FROM {node.name}")`, there or in the next use. */
function isParsed(text: PythonNode): boolean {
  const use = text.parent?.type === "parenthesized_expression" ? text.parent : text;
  if (use.parent?.type === "argument_list") return isParser(calledMethod(use.parent.parent));
  const name = use.parent?.type === "assignment" ? fieldOf(use.parent, "left")?.text : undefined;
  const body = ancestor(text, ["function_definition"]);
  if (name === undefined || body === undefined) return false;
  const uses = descendants(body).filter(
    (node) => node.type === "identifier" && node.text === name && node.start > use.end,
  );
  return (
    uses.length > 0 &&
    uses.every(({ parent }) => parent?.type === "argument_list" && isParser(calledMethod(parent.parent)))
  );
}

/** `{"q": soql}` asks another service; a statement stands before its parameters and not among them. */
function isSentElsewhere(text: PythonNode): boolean {
  if ((isEntry(text) && isPayload(text)) || isPrinted(text)) return true;
  const assignment = ancestor(text, ["assignment"], ["block"]);
  const body = ancestor(text, ["function_definition"]);
  const name = assignment && fieldOf(assignment, "left")?.text;
  if (!assignment || !body) return isEntry(text);
  const uses = descendants(body).filter(
    (node) => node.type === "identifier" && node.text === name && node.start > assignment.end,
  );
  return uses.length > 0 && uses.every(isEntry);
}

/** `file.write(f"UPDATE …")`: a script for somebody else to run. */
function isPrinted({ parent }: PythonNode): boolean {
  const call = parent?.type === "argument_list" ? parent.parent : undefined;
  return /^(write|writelines|print)$/.test(calledMethod(call) ?? "");
}

/** In a dictionary that is sent: `client.post(url, json={"query": gaql})`, also under its name. */
function isPayload(text: PythonNode): boolean {
  const dictionary = ancestor(text, ["dictionary"], ["block"]);
  const body = ancestor(text, ["function_definition"]);
  const name = dictionary?.parent?.type === "assignment" ? fieldOf(dictionary.parent, "left")?.text : undefined;
  const sent = /^(json|data|params|body|content)$/;
  const isSent = (node: PythonNode) =>
    node.parent?.type === "keyword_argument" && sent.test(fieldOf(node.parent, "name")?.text ?? "");
  if (dictionary && isSent(dictionary)) return true;
  return (
    name !== undefined &&
    descendants(body ?? text).some((node) => node.type === "identifier" && node.text === name && isSent(node))
  );
}

/** The value of a dictionary, also behind methods: `{"q": soql.strip()}`. */
function isEntry(node: PythonNode): boolean {
  const { parent } = node;
  const isPassedOn = parent?.type === "attribute" || (parent?.type === "call" && node.field === "function");
  return parent?.type === "pair" || (isPassedOn === true && isEntry(parent));
}

function isParser(method: string | undefined): boolean {
  return /(^|_)parse(_|$)/.test(method ?? "");
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
