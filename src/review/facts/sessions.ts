import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { ancestor, descendants, dottedName, fieldOf, lastName, positionalArguments } from "./syntax.ts";
import { descendsFrom, expandType, namesIn } from "./types.ts";

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
const sessionTypes = /^(\w*Session|AsyncConnection|Connection|Pool|async_scoped_session)(Dep)?$/;
/** Names that mean a database where nothing says where they come from. */
const plainTypes = /^((Async|Db|DB|Sql)?Session|(Async)?Connection|Pool|async_scoped_session)(Dep)?$/;
const httpTypes = /\b(requests|aiohttp|httpx|boto3|starlette|curl_cffi)\.[\w.]*Session\b/;
/** Modules whose sessions, connections and functions are those of a database. */
export const databasePackages = /^(sqlalchemy|sqlmodel|asyncpg|psycopg|databases|aiosqlite)\b/;
/** Expressions that open a session: `get_session_factory()()`, `SessionLocal()`, `engine.begin()`, `pool.acquire()`. */
const openings =
  /(session_?(factory|maker|local|scope)?|sessionmaker|sessions)\)*(\(\))+$|\bscoped_session\(|\b(engine|factory|session\w*|_?sessions?)(\(\))*\.(begin|connect|acquire)\(\)$|\bpool\.acquire\(\)$/i;

/** Undefined when the call is not on a session. */
export function sessionUse(project: Project, call: CallFact): SessionUse | undefined {
  if (call.receiver === undefined || !isDatabaseMethod(call.method)) return undefined;
  const known = project.conclusions.aboutFile(usesIn, project, project.fileOf(call));
  return known.has(call) ? known.get(call) : useOf(project, call, call.receiver);
}

/** The calls of a file that may be on a session. A call that a check makes up is not among them. */
function usesIn(project: Project, { calls }: PythonFile): ReadonlyMap<CallFact, SessionUse | undefined> {
  return new Map(
    calls.flatMap((call) => {
      const { receiver, method } = call;
      return receiver !== undefined && isDatabaseMethod(method) ? [[call, useOf(project, call, receiver)]] : [];
    }),
  );
}

function useOf(project: Project, call: CallFact, receiver: string): SessionUse | undefined {
  const { method } = call;
  if (isEntryRead(call) || (!isSession(project, call, receiver) && !runsSqlText(call))) return undefined;
  if (writes.has(method)) return "write";
  if (controls.has(method)) return "control";
  return /^(execute|exec|scalars?)$/.test(method) && changesRows(call) ? "write" : "read";
}

/** `connection.get("name")`: a session is asked for a class. */
function isEntryRead({ method, node }: CallFact): boolean {
  return method === "get" && /string$/.test(positionalArguments(node)[0]?.type ?? "");
}

function isDatabaseMethod(method: string): boolean {
  return reads.has(method) || writes.has(method) || controls.has(method);
}

/**
 * Whether an annotation, or what it is an alias of, names a session or a connection of a database. A class of the
 * project counts by what it inherits and a class of a package by where it comes from: logins and HTTP have sessions, too.
 */
export function isSessionType(project: Project, file: PythonFile, annotation: string): boolean {
  if (httpTypes.test(annotation)) return false;
  const names = namesIn(expandType(project, file, annotation));
  return names.some((name) => sessionTypes.test(name) && isDatabaseType(project, file, name));
}

function isDatabaseType(project: Project, file: PythonFile, name: string): boolean {
  const classes = project.classes.get(name) ?? [];
  if (classes.length > 0) {
    const wraps = plainTypes.test(name) && classes.some((fact) => usesDatabasePackage(project.fileOf(fact)));
    return wraps || descendsFrom(project, name, /^(\w*Session|(Async)?Connection)$/);
  }
  const origin = file.imports.find((fact) => fact.bound === name)?.module;
  if (origin !== undefined && databasePackages.test(origin)) return true;
  return plainTypes.test(name) && !/^(requests|aiohttp|httpx|boto3|starlette|multiprocessing)\b/.test(origin ?? "");
}

/** Whether any import of the file is a database package. */
export function usesDatabasePackage(file: PythonFile): boolean {
  return file.imports.some((fact) => databasePackages.test(fact.module));
}

function isSession(project: Project, call: CallFact, receiver: string): boolean {
  const file = project.fileOf(call);
  const parameter = call.within?.parameters.find((candidate) => candidate.name === receiver);
  if (parameter && isSessionType(project, file, parameter.annotation)) return true;
  if (isTypedAttribute(project, call.within, receiver) || isOpened(project, call, receiver)) return true;
  if (!sessionNames.test(lastName(receiver)) || isOfHttp(call, receiver) || isOneOfMany(call, receiver)) return false;
  if (parameter && parameter.annotation !== "" && !/\bAny\b/.test(parameter.annotation)) return false;
  return !ambiguous.has(call.method) || usesDatabasePackage(file);
}

/** `async with aiohttp.ClientSession() as session`, `self._session = requests.Session()` */
function isOfHttp({ within }: CallFact, receiver: string): boolean {
  const places = receiver.startsWith("self.") ? (within?.owner?.methods ?? []) : within ? [within] : [];
  return places.some((fact) => {
    const given = valuesOf(fact).get(receiver)?.text ?? "";
    if (fact.parameters.some(({ name, annotation }) => name === given && httpTypes.test(annotation))) return true;
    return /\b(aiohttp|httpx|requests)\.|\bClientSession\(/.test(given);
  });
}

/** `for conn in connections`: what a loop goes through are rows or entries, nobody opens a session for each. */
function isOneOfMany({ node }: CallFact, receiver: string): boolean {
  const loops = [
    "for_statement",
    "list_comprehension",
    "set_comprehension",
    "dictionary_comprehension",
    "generator_expression",
  ];
  for (let at = ancestor(node, loops, ["function_definition"]); at; at = ancestor(at, loops, ["function_definition"])) {
    const clauses = at.type === "for_statement" ? [at] : at.children.filter(({ type }) => type === "for_in_clause");
    if (clauses.some((clause) => fieldOf(clause, "left")?.text === receiver && !isAsyncLoop(clause))) return true;
  }
  return false;
}

/** `async for session in get_session()`: a generator that gives one. */
function isAsyncLoop({ text }: PythonNode): boolean {
  return text.startsWith("async");
}

/** `self._store` where the class, or its constructor, says that it is a session. */
function isTypedAttribute(project: Project, within: FunctionFact | undefined, receiver: string): boolean {
  const name = receiver.match(/^self\.(\w+)$/)?.[1];
  const owner = within?.owner;
  if (name === undefined || !owner) return false;
  const file = project.fileOf(owner);
  const field = owner.fields.find((candidate) => candidate.name === name);
  if (field && isSessionType(project, file, field.annotation)) return true;
  const initializer = owner.methods.find((method) => method.name === "__init__");
  const given = initializer && valuesOf(initializer).get(receiver);
  const parameter = initializer?.parameters.find((candidate) => candidate.name === given?.text);
  return parameter !== undefined && isSessionType(project, file, parameter.annotation);
}

/** A local name, or one of the module, that a session factory, an engine or a pool gave. */
function isOpened(project: Project, call: CallFact, receiver: string): boolean {
  if (receiver.includes(".")) return false;
  const local = call.within && valuesOf(call.within).get(receiver);
  if (local) return openings.test(local.text.replace(/^await\s+|\s/g, ""));
  const definition = project.resolve(project.fileOf(call), receiver);
  return definition?.kind === "assignment" && openings.test(definition.value.text.replace(/\s/g, ""));
}

const known = new WeakMap<FunctionFact, ReadonlyMap<string, PythonNode>>();

/** What the names and attributes of a function are first given, by assignment or `with … as`. */
export function valuesOf(fact: FunctionFact): ReadonlyMap<string, PythonNode> {
  const before = known.get(fact);
  if (before) return before;
  const values = new Map<string, PythonNode>();
  for (const node of descendants(fact.body)) {
    const [target, value] =
      node.type === "assignment"
        ? [fieldOf(node, "left"), fieldOf(node, "right")]
        : node.type === "as_pattern"
          ? [fieldOf(node, "alias")?.children[0], node.children[0]]
          : [];
    const name = dottedName(target);
    if (name !== undefined && value && !values.has(name)) values.set(name, value);
  }
  known.set(fact, values);
  return values;
}

const sqlText = /^[rRbBfFuU]*["']{1,3}\s*(WITH|SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|DROP|ALTER)\b/;

/** Whatever is handed SQL is a connection: `request.app.state.pool.fetch("SELECT …")`. */
function runsSqlText(call: CallFact): boolean {
  const [first] = positionalArguments(call.node);
  return (
    /^(execute|executemany|fetch\w*|scalars?)$/.test(call.method) && first !== undefined && sqlText.test(first.text)
  );
}

function changesRows(call: CallFact): boolean {
  return /\b(insert|update|delete)\s*\(|\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b/.test(call.node.text);
}
