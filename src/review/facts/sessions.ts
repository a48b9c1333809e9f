import type { Project } from "../project.ts";
import type { CallFact, PythonFile } from "./pythonFile.ts";
import { lastName } from "./syntax.ts";
import { expandType } from "./types.ts";

/** What a call on a database session or connection does; `control` is commit, flush and the like. */
export type SessionUse = "read" | "write" | "control";

const reads = new Set([
  ...["execute", "scalar", "scalars", "exec", "query", "get", "get_one", "stream", "stream_scalars", "refresh"],
  ...["fetch", "fetchrow", "fetchval", "fetch_one", "fetch_all", "fetch_val", "executemany", "exec_driver_sql"],
]);
const writes = new Set(["add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"]);
const controls = new Set(["commit", "rollback", "flush", "begin", "begin_nested"]);
/** Also methods of HTTP sessions, dictionaries and caches. */
const ambiguous = new Set(["get", "delete", "add", "merge", "query", "stream", "fetch", "refresh"]);

const sessionNames = /^_?(async_|db_|read_|write_)?(session|db|conn|connection|database)$/;
const sessionTypes = /\b(\w*(Async|Db|DB)?Session|AsyncConnection|Connection|Pool|async_scoped_session)(Dep)?\b/;
const databasePackages = /^(sqlalchemy|sqlmodel|asyncpg|psycopg|databases|aiosqlite)\b/;

/** Undefined when the call is not on a session. */
export function sessionUse(project: Project, call: CallFact): SessionUse | undefined {
  const { receiver, method } = call;
  if (receiver === undefined || !isSession(project, call, receiver)) return undefined;
  if (writes.has(method)) return "write";
  if (controls.has(method)) return "control";
  if (!reads.has(method)) return undefined;
  return /^(execute|exec|scalars?)$/.test(method) && changesRows(call) ? "write" : "read";
}

export function isSessionType(annotation: string): boolean {
  return sessionTypes.test(annotation);
}

/** Whether any import of the file is a database package. */
export function usesDatabasePackage(file: PythonFile): boolean {
  return file.imports.some((fact) => databasePackages.test(fact.module));
}

function isSession(project: Project, call: CallFact, receiver: string): boolean {
  const file = project.fileOf(call);
  const parameter = call.within?.parameters.find((candidate) => candidate.name === receiver);
  if (parameter && isSessionType(expandType(project, file, parameter.annotation))) return true;
  if (!sessionNames.test(lastName(receiver))) return false;
  if (parameter && parameter.annotation !== "" && !/\bAny\b/.test(parameter.annotation)) return false;
  return !ambiguous.has(call.method) || usesDatabasePackage(file);
}

function changesRows(call: CallFact): boolean {
  return /\b(insert|update|delete)\s*\(|\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b/.test(call.node.text);
}
