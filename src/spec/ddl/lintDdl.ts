import type { Fix, Problem } from "../reading.ts";
import { type Assistance, assistance, lackedName } from "./assistance.ts";
import type { DdlFailure, DdlOutcome } from "./execute.ts";
import { bundledExtensions, extensionOwning, hasKnownNames, isKnownExtension, meantExtension } from "./extensions.ts";
import { remedyFor } from "./remedies.ts";
import type { DdlStatement } from "./statement.ts";

/** What became of a script: failures by index, and statements that did not end. */
export interface ExecutedScript {
  readonly outcomes: readonly DdlOutcome[];
  readonly endless: readonly number[];
}

/**
 * Failures of an executed script as problems of the design, each at its line.
 *
 * Only causes are named: what fails because something before it failed, because an extension is not at hand, or
 * because two versions of a table are in the documents, is not the statement's own fault.
 */
export function lintDdl(script: readonly DdlStatement[], { outcomes, endless }: ExecutedScript): Problem[] {
  const context = contextOf(script, outcomes);
  const failures = outcomes.flatMap(({ index, failure, assisted }) => {
    const statement = script[index];
    return statement && !statement.derived ? [{ statement, failure, assisted }] : [];
  });
  return [
    ...endless.flatMap((index) => (script[index] ? [endlessProblem(script[index])] : [])),
    ...extensionProblems(failures, context),
    ...lackedProblems(failures, context),
    ...refusals(
      failures.filter((failed) => isOwnFault(failed, context)),
      script,
    ),
  ];
}

interface Failed {
  readonly statement: DdlStatement;
  readonly failure: DdlFailure;
  readonly assisted: boolean;
}

interface LintContext {
  /** Names that some statement creates; where one is lacking, that statement failed and says why. */
  readonly promised: ReadonlySet<string>;
  /** Columns that a failed change would have added. */
  readonly promisedColumns: ReadonlySet<string>;
  /** Tables of which the documents have several versions. */
  readonly disputed: readonly string[];
  /** Extensions that the design creates and the embedded PostgreSQL lacks, or has only a stand-in for. */
  readonly absent: readonly DdlStatement[];
  readonly setsSearchPath: boolean;
}

function contextOf(script: readonly DdlStatement[], outcomes: readonly DdlOutcome[]): LintContext {
  const failed = outcomes.filter(({ assisted }) => !assisted).flatMap(({ index }) => script[index] ?? []);
  const versions = new Map<string, Set<string>>();
  for (const { creates, sql, derived } of script) {
    if (creates?.kind !== "relation" || derived) continue;
    versions.set(creates.name, (versions.get(creates.name) ?? new Set()).add(sql.replace(/\s+/g, " ")));
  }
  return {
    promised: new Set(script.flatMap(({ creates }) => (creates ? [creates.name.toLowerCase()] : []))),
    promisedColumns: new Set(
      failed.flatMap(({ sql }) =>
        [...sql.matchAll(/\bADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)/gi)].map((match) => match[1] ?? ""),
      ),
    ),
    disputed: [...versions].filter(([, texts]) => texts.size > 1).map(([name]) => name),
    absent: script.filter(({ creates }) => creates?.kind === "extension" && !bundled.has(creates.name)),
    setsSearchPath: script.some(({ sql, searchPath }) => searchPath !== undefined || /\bsearch_path\b/i.test(sql)),
  };
}

const bundled: ReadonlySet<string> = new Set([...bundledExtensions, "pgcrypto", "plpgsql"]);

/** Extensions that the design creates and that are not at hand, where something was not tried because of it. */
function extensionProblems(failed: readonly Failed[], { absent }: LintContext): Problem[] {
  const first = new Map(absent.map((statement) => [statement.creates?.name ?? "", statement] as const));
  return [...first].flatMap(([name, statement]): Problem[] => {
    const { path, line } = statement.source;
    const meant = isKnownExtension(name) ? undefined : meantExtension(name);
    if (meant !== undefined) {
      const message = `PostgreSQL has no extension ${name}; ${meant} is meant, so write CREATE EXTENSION "${meant}".`;
      const fix = replaceIn(statement, name, /^\w+$/.test(meant) ? meant : `"${meant}"`, `Change ${name} to ${meant}`);
      return [{ path, line, severity: "error", code: "SPEC-SQL-EXTENSION", message, ...(fix && { fix }) }];
    }
    const count = failed.filter(({ failure }) => needs(failure, name)).length;
    if (count === 0) return [];
    const untried = `${count} ${count === 1 ? "statement that needs" : "statements that need"} it`;
    const message = `The embedded PostgreSQL has no ${name}, so ${untried} could not be tried out; try them on a server that has it.`;
    return [{ path, line, severity: "info", code: "SPEC-SQL-UNTRIED", message }];
  });
}

function needs(failure: DdlFailure, extension: string): boolean {
  const lacked = lackedName(failure);
  if (lacked === undefined) return false;
  const owner = extensionOwning(lacked);
  // What belongs to an extension that is not in our table cannot be told, so it is not held against the design.
  return owner === undefined ? !hasKnownNames(extension) : owner === extension;
}

function needsAbsent(failure: DdlFailure, { absent }: LintContext): boolean {
  return absent.some(({ creates }) => creates !== undefined && needs(failure, creates.name));
}

/** Roles and extensions that statements use and none creates, once for each. */
function lackedProblems(failed: readonly Failed[], context: LintContext): Problem[] {
  const helped = failed.flatMap((item) => {
    const help = assistance(item.failure);
    const isOwn = help && !context.promised.has(help.name.toLowerCase()) && !needsAbsent(item.failure, context);
    return isOwn ? [{ item, help }] : [];
  });
  return groupedBy(helped, ({ help }) => `${help.kind} ${help.name}`).flatMap((group) => {
    const [first] = group;
    return first ? [lackedProblem(first.help, first.item, group.length - 1)] : [];
  });
}

function lackedProblem({ kind, name, sql }: Assistance, { statement, failure }: Failed, others: number): Problem {
  const { path } = statement.source;
  const line = lineOf(statement, failure);
  const used = kind === "role" ? `The role ${name}` : `${lackedName(failure) ?? name} of the extension ${name}`;
  return {
    path,
    line,
    severity: kind === "role" ? "warning" : "error",
    code: kind === "role" ? "SPEC-SQL-ROLE" : "SPEC-SQL-EXTENSION",
    message: `${used} is used here${andMore(others)} and no statement creates it; add ${sql}.`,
    fix: { title: `Add ${sql}`, line: statement.source.line, text: `${sql};` },
  };
}

function andMore(others: number): string {
  return others === 0 ? "" : ` (and in ${others} more ${others === 1 ? "statement" : "statements"})`;
}

/** SQLSTATEs that say nothing of the design: it exists already, data, resources, faults of the database itself. */
const notOurs =
  /^(?:42P07|42710|42P06|42723|42701|42P13|23...|25...|40...|53...|54...|55...|57...|58...|XX...|F0...|)$/;

/** A view or function that replaces one of another shape, after a DROP that is not executed; an extension. */
const notOursEither =
  /^cannot (?:drop columns from view|change (?:name|data type) of view column|change return type)|^extension "|could not open extension/;

function isOwnFault({ statement, failure, assisted }: Failed, context: LintContext): boolean {
  if (assisted || assistance(failure)) return false;
  if (notOurs.test(failure.code) || notOursEither.test(failure.message)) return false;
  return !needsAbsent(failure, context) && !isConsequence(failure, statement, context);
}

/** PostgreSQL looks for these among the columns of tables, which may be those of another version. */
const columnCodes = /^(?:42703|42830|42804|42883)$/;

function isConsequence({ code, message }: DdlFailure, { sql }: DdlStatement, context: LintContext): boolean {
  if (columnCodes.test(code) && context.disputed.some((table) => mentions(sql, table))) return true;
  if (code === "42703") {
    return context.promisedColumns.has(/column (?:[\w"]+\.)?"?(\w+)"? /.exec(message)?.[1] ?? "");
  }
  if (!/does not exist|could not find/.test(message)) return false;
  const names = namesIn(message);
  if (names.some((name) => context.promised.has(name))) return true;
  const bare = names.map((name) => name.slice(name.lastIndexOf(".") + 1));
  return (
    context.setsSearchPath && [...context.promised].some((name) => bare.includes(name.slice(name.lastIndexOf(".") + 1)))
  );
}

/** What a message quotes and the function it names, in the form of {@link DdlStatement.creates}. */
function namesIn(message: string): string[] {
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  const bare = /^(?:function|type) ([\w.]+)/.exec(message)?.[1];
  return [...quoted, ...(bare === undefined ? [] : [bare])].map((name) =>
    name
      .toLowerCase()
      .replace(/^public\./, "")
      .replace(/\[\]$/, ""),
  );
}

function mentions(sql: string, table: string): boolean {
  const bare = table.slice(table.lastIndexOf(".") + 1).replace(/[^\w]/g, "\\$&");
  return new RegExp(`(?<!\\w)${bare}(?!\\w)`, "i").test(sql);
}

/** One problem for everything that lacks the same thing; one for every other fault. */
function refusals(failed: readonly Failed[], script: readonly DdlStatement[]): Problem[] {
  const groups = groupedBy(failed, ({ failure, statement }) =>
    /^(?:42P01|3F000|42704)$/.test(failure.code) ? failure.message : statement,
  );
  return groups.flatMap((group) => {
    const [first] = group;
    return first ? [refusal(first, group.length - 1, script)] : [];
  });
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

function refusal({ statement, failure }: Failed, others: number, script: readonly DdlStatement[]): Problem {
  const { remedy, fix, earlier } = remedyFor(failure, statement, script);
  return {
    path: statement.source.path,
    line: lineOf(statement, failure),
    severity: earlier ? "warning" : "error",
    code: earlier ? "SPEC-SQL-EARLIER" : "SPEC-SQL-REFUSED",
    message: `PostgreSQL refuses this statement${andMore(others)}: ${failure.message}; ${remedy}.`,
    ...(fix && { fix }),
  };
}

function endlessProblem({ source: { path, line } }: DdlStatement): Problem {
  const message =
    "This statement did not end when it was tried out, so it was stopped; a migration must not wait or loop, so correct it.";
  return { path, line, severity: "error", code: "SPEC-SQL-ENDLESS", message };
}

/** The line of the document on which PostgreSQL found the fault; a derived statement has but one place. */
export function lineOf({ sql, source }: DdlStatement, { position }: DdlFailure): number {
  const before = [...sql].slice(0, Math.max(0, position - 1)).join("");
  return Math.min(source.line + before.split("\n").length - 1, source.endLine);
}

/** Replaces a name in the statement; undefined when it does not stand there as one word. */
export function replaceIn(statement: DdlStatement, name: string, text: string, title: string): Fix | undefined {
  const lines = statement.sql.split("\n");
  const at = lines.findIndex((line) => mentions(line, name));
  return at === -1 ? undefined : { title, line: statement.source.line + at, replaces: name, text };
}
