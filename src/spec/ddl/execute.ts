import { assistance } from "./assistance.ts";
import type { DdlStatement } from "./statement.ts";

/** What PostgreSQL says of a statement that it refuses. */
export interface DdlFailure {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Where in the statement, in characters from 1; 0 when PostgreSQL does not say. */
  readonly position: number;
}

/** Failure of a statement; `assisted` when it was executed after all, once what it lacks was created for it. */
export interface DdlOutcome {
  readonly index: number;
  readonly failure: DdlFailure;
  readonly assisted: boolean;
}

/** Executes one piece of SQL; the failure when PostgreSQL refuses it. */
export type ExecuteSql = (sql: string) => Promise<DdlFailure | undefined>;

/**
 * Executes the statements until none of those left can be executed, because designs stand in reading order and not in the
 * order of their dependencies. A role or extension that nobody creates is created then, so that what needs it is
 * executed too. Returns the failures, by index; `onStart` is told what is tried.
 */
export async function executeScript(
  script: readonly Pick<DdlStatement, "sql" | "searchPath">[],
  execute: ExecuteSql,
  onStart: (index: number) => void,
): Promise<readonly DdlOutcome[]> {
  const assisted = new Map<number, DdlFailure>();
  const given = new Set<string>();
  let left: readonly DdlOutcome[] = script.map((_, index) => ({ index, failure: untried, assisted: false }));
  const path = { current: "none yet" };
  for (;;) {
    const failed: DdlOutcome[] = [];
    for (const { index } of left) {
      onStart(index);
      const failure = await attempt(script[index] ?? { sql: "" }, execute, path);
      if (failure) failed.push({ index, failure, assisted: false });
    }
    const stuck = failed.length === left.length;
    left = failed;
    if (left.length === 0) break;
    if (stuck && !(await assist(left, { execute, given, assisted }))) break;
  }
  const open = new Set(left.map(({ index }) => index));
  const helped = [...assisted].filter(([index]) => !open.has(index));
  return [...left, ...helped.map(([index, failure]) => ({ index, failure, assisted: true }))].sort(
    (a, b) => a.index - b.index,
  );
}

const untried: DdlFailure = { code: "", message: "", position: 0 };

/** Of hosted PostgreSQL, which keeps extensions in a schema of their own; elsewhere there is no such schema. */
const usualSearchPath = '"$user", public, extensions';

async function attempt(
  { sql, searchPath = "" }: Pick<DdlStatement, "sql" | "searchPath">,
  execute: ExecuteSql,
  path: { current: string },
): Promise<DdlFailure | undefined> {
  if (searchPath !== path.current) {
    await execute(`SET search_path TO ${searchPath === "" ? usualSearchPath : searchPath}`);
    path.current = searchPath;
  }
  // An index that is built concurrently is the same index in an empty table, but needs a second session.
  return execute(sql.replace(/^(CREATE\s+(?:UNIQUE\s+)?INDEX\s+)CONCURRENTLY\s/i, "$1"));
}

interface Assisting {
  readonly execute: ExecuteSql;
  /** Assistance that was given, so that it is not given for ever. */
  readonly given: Set<string>;
  readonly assisted: Map<number, DdlFailure>;
}

async function assist(left: readonly DdlOutcome[], { execute, given, assisted }: Assisting): Promise<boolean> {
  let helps = false;
  for (const { index, failure } of left) {
    const help = assistance(failure)?.sql;
    if (help === undefined) continue;
    if (!given.has(help)) {
      given.add(help);
      helps = !(await execute(help)) || helps;
    }
    if (!assisted.has(index)) assisted.set(index, failure);
  }
  return helps;
}
