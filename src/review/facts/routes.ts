import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { moduleScope } from "./scopes.ts";
import { evaluateString, evaluateStrings } from "./staticValue.ts";
import { ancestor, calledMethod, dottedName, fieldOf, isCode, keywordArgument, positionalArguments } from "./syntax.ts";

/** One operation of the application, resolved without running it. */
export interface Route {
  readonly method: string;
  /** With every prefix in front that is certain; parameters as written. */
  readonly path: string;
  readonly handler: FunctionFact;
  /** The decorator's call. */
  readonly declaration: PythonNode;
  readonly line: number;
  /** Undefined when the handler answers with a response object of its own. */
  readonly status: number | undefined;
  readonly operationId: string | undefined;
  /** Left out of the published contract. */
  readonly hidden: boolean;
  /** Reached from an application; always true in code that builds no application. */
  readonly included: boolean;
  /** Dependencies that routers and the decorator add, as text. */
  readonly dependencies: string;
}

/** Every operation that `APIRouter`, `include_router` and `FastAPI` of the project add up to. */
export function readRoutes(project: Project): readonly Route[] {
  const routers = collectRouters(project);
  const included = new Set([...routers.values()].flatMap((router) => router.includes.map((include) => include.target)));
  const hasApplication = [...routers.values()].some((router) => router.isApplication);
  const routes: Route[] = [];
  for (const [key, router] of routers) {
    if (included.has(key)) continue;
    const start: Passage = {
      prefix: "",
      hidden: false,
      included: router.isApplication || !hasApplication,
      dependencies: "",
    };
    follow({ routers, routes }, key, start, []);
  }
  return routes;
}

/** Health checks and metrics: for those who run the service, no part of its contract or its business. */
export function isOperational(path: string): boolean {
  return (
    path === "/" || path.split("/").some((part) => /^(health|healthz|ready|readyz|live|livez|metrics|ping)$/.test(part))
  );
}

interface Router {
  prefix: string;
  isApplication: boolean;
  hidden: boolean;
  dependencies: string;
  readonly operations: Operation[];
  readonly includes: Include[];
}

type Operation = Omit<Route, "included">;

interface Include {
  readonly target: string;
  readonly prefix: string;
  readonly hidden: boolean;
  readonly dependencies: string;
}

interface Passage {
  readonly prefix: string;
  readonly hidden: boolean;
  readonly included: boolean;
  readonly dependencies: string;
}

interface Table {
  readonly routers: ReadonlyMap<string, Router>;
  readonly routes: Route[];
}

function follow(table: Table, key: string, passage: Passage, trail: readonly string[]): void {
  const router = table.routers.get(key);
  if (!router || trail.includes(key)) return;
  const prefix = passage.prefix + router.prefix;
  const hidden = passage.hidden || router.hidden;
  const dependencies = `${passage.dependencies} ${router.dependencies}`;
  for (const operation of router.operations) {
    table.routes.push({
      ...operation,
      path: prefix + operation.path,
      hidden: hidden || operation.hidden,
      included: passage.included,
      dependencies: `${dependencies} ${operation.dependencies}`,
    });
  }
  for (const include of router.includes) {
    const next: Passage = {
      prefix: prefix + include.prefix,
      hidden: hidden || include.hidden,
      included: passage.included,
      dependencies: `${dependencies} ${include.dependencies}`,
    };
    follow(table, include.target, next, [...trail, key]);
  }
}

function collectRouters(project: Project): Map<string, Router> {
  const routers = new Map<string, Router>();
  for (const file of project.code) {
    for (const call of file.calls) addRouter(project, file, call, routers);
  }
  for (const file of project.code) {
    for (const handler of file.functions) addOperations(project, file, handler, routers);
    for (const call of file.calls) {
      if (call.method === "include_router") addInclude(project, file, call, routers);
      if (call.method === "mount") addMount(project, file, call, routers);
    }
  }
  return routers;
}

function addRouter(project: Project, file: PythonFile, call: CallFact, routers: Map<string, Router>): void {
  const assignment = call.node.parent;
  const left = assignment?.type === "assignment" ? fieldOf(assignment, "left")?.text : undefined;
  if (left === undefined || !/^(\w*APIRouter|FastAPI)$/.test(call.method)) return;
  routers.set(`${file.path}:${left}`, {
    prefix: evaluateString(keywordArgument(call.node, "prefix"), moduleScope(project, file)) ?? "",
    isApplication: call.method === "FastAPI",
    hidden: isHidden(call.node),
    dependencies: keywordArgument(call.node, "dependencies")?.text ?? "",
    operations: [],
    includes: [],
  });
}

const verbs = /^(get|post|put|patch|delete|head|options|api_route)$/;

function addOperations(
  project: Project,
  file: PythonFile,
  handler: FunctionFact,
  routers: ReadonlyMap<string, Router>,
): void {
  for (const declaration of handler.decorators) {
    const verb = calledMethod(declaration) ?? "";
    const callee = declaration.type === "call" ? fieldOf(declaration, "function") : undefined;
    const object = callee?.type === "attribute" ? dottedName(fieldOf(callee, "object")) : undefined;
    if (object === undefined || !verbs.test(verb)) continue;
    const router = routers.get(keyOf(project, routers, file, object) ?? "");
    router?.operations.push(...operationsOf(project, file, handler, declaration));
  }
}

function operationsOf(project: Project, file: PythonFile, handler: FunctionFact, declaration: PythonNode): Operation[] {
  const scope = moduleScope(project, file);
  const verb = calledMethod(declaration) ?? "";
  const path = positionalArguments(declaration)[0] ?? keywordArgument(declaration, "path");
  const methods = verb === "api_route" ? evaluateStrings(keywordArgument(declaration, "methods"), scope) : [verb];
  return methods.map((method) => ({
    method: method.toUpperCase(),
    path: evaluateString(path, scope) ?? "",
    handler,
    declaration,
    line: declaration.line,
    status: statusOf(declaration, handler),
    operationId: evaluateString(keywordArgument(declaration, "operation_id"), scope),
    hidden: isHidden(declaration),
    dependencies: keywordArgument(declaration, "dependencies")?.text ?? "",
  }));
}

function statusOf(declaration: PythonNode, handler: FunctionFact): number | undefined {
  const declared = keywordArgument(declaration, "status_code");
  if (declared) return statusNumber(declared);
  return /Response\b/.test(handler.returns) && !handler.returns.includes("[") ? undefined : 200;
}

/** `201`, `status.HTTP_201_CREATED` and `HTTPStatus.CREATED` where the number is visible. */
export function statusNumber(node: PythonNode): number | undefined {
  const digits = node.text.match(/(?:^|HTTP_)(\d{3})\b|HTTP_(\d{3})_/);
  const text = digits?.[1] ?? digits?.[2];
  return text === undefined ? namedStatuses[node.text.split(".").at(-1) ?? ""] : Number(text);
}

const namedStatuses: Readonly<Record<string, number>> = {
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NO_CONTENT: 204,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  GONE: 410,
  UNPROCESSABLE_ENTITY: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
};

function addInclude(project: Project, file: PythonFile, call: CallFact, routers: Map<string, Router>): void {
  const owner = routers.get(`${file.path}:${call.receiver}`);
  const argument = positionalArguments(call.node)[0] ?? keywordArgument(call.node, "router");
  if (!owner || !argument) return;
  for (const { from, name } of includedNames(project, file, argument)) {
    const target = keyOf(project, routers, from, name);
    if (target === undefined) continue;
    owner.includes.push({
      target,
      prefix: evaluateString(keywordArgument(call.node, "prefix"), moduleScope(project, file)) ?? "",
      hidden: isHidden(call.node),
      dependencies: keywordArgument(call.node, "dependencies")?.text ?? "",
    });
  }
}

/** `app.mount("/admin", admin_app)`: the operations of an application under a prefix, with a contract of their own. */
function addMount(project: Project, file: PythonFile, call: CallFact, routers: Map<string, Router>): void {
  const owner = routers.get(`${file.path}:${call.receiver}`);
  const [path, application] = positionalArguments(call.node);
  const name = dottedName(application ?? keywordArgument(call.node, "app"));
  const target = name === undefined ? undefined : keyOf(project, routers, file, name);
  if (!owner || target === undefined || !routers.has(target)) return;
  const prefix = evaluateString(path ?? keywordArgument(call.node, "path"), moduleScope(project, file)) ?? "";
  owner.includes.push({ target, prefix, hidden: false, dependencies: "" });
}

interface NameInFile {
  readonly from: PythonFile;
  readonly name: string;
}

/** The router that is included, or every router of the tuple that a loop includes. */
function includedNames(project: Project, file: PythonFile, argument: PythonNode): NameInFile[] {
  const name = dottedName(argument);
  const loop = ancestor(argument, ["for_statement"], ["function_definition"]);
  if (name === undefined || !loop || fieldOf(loop, "left")?.text !== name) {
    return name === undefined ? [] : [{ from: file, name }];
  }
  const over = fieldOf(loop, "right");
  const definition = over?.type === "identifier" ? project.resolve(file, over.text) : undefined;
  const list = definition?.kind === "assignment" ? definition.value : over;
  const from = definition?.kind === "assignment" ? definition.file : file;
  return (list?.children ?? []).filter(isCode).flatMap((item) => {
    const itemName = dottedName(item);
    return itemName === undefined ? [] : [{ from, name: itemName }];
  });
}

/** `orders.router` or `orders_router` in one file → the key of the router it names. */
function keyOf(
  project: Project,
  routers: ReadonlyMap<string, Router>,
  file: PythonFile,
  name: string,
): string | undefined {
  const local = `${file.path}:${name}`;
  if (routers.has(local)) return local;
  let at = file;
  for (const part of name.split(".")) {
    const definition = project.resolve(at, part);
    if (definition?.kind === "assignment") return `${definition.file.path}:${definition.name}`;
    if (definition?.kind !== "module") return undefined;
    at = definition.file;
  }
  return undefined;
}

function isHidden(call: PythonNode): boolean {
  return keywordArgument(call, "include_in_schema")?.text === "False";
}
