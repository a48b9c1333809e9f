import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { type Guard, guardsOf, isHidden, type Operation, operationsOf } from "./operations.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { functionScope } from "./scopes.ts";
import { certainEnd, evaluateString, type Scope } from "./staticValue.ts";
import {
  ancestor,
  calledMethod,
  calleeOf,
  dottedName,
  fieldOf,
  keywordArgument,
  positionalArguments,
  returnedBy,
} from "./syntax.ts";
import { ancestorsOf, descendsFrom } from "./types.ts";
import { type Bindings, roundsOf, scopeOfRound } from "./unrolledLoops.ts";

/** What is assigned an `APIRouter` or a `FastAPI`, with its own operations and what it includes or mounts. */
export interface Router {
  readonly prefix: string;
  readonly isApplication: boolean;
  readonly hidden: boolean;
  readonly guards: readonly Guard[];
  readonly operations: Operation[];
  readonly includes: Include[];
}

interface Include {
  /** Key of the router. */
  readonly target: string;
  readonly prefix: string;
  readonly hidden: boolean;
  readonly guards: readonly Guard[];
}

type Routers = ReadonlyMap<string, Router>;

/** Every router of the project. Keys are `path:name`, and `path:self.router` for an attribute. */
export function collectRouters(project: Project): Routers {
  const routers = new Map<string, Router>();
  const places = project.code.map((file) => ({ file, ...project.conclusions.aboutFile(routingIn, project, file) }));
  for (const { file, made } of places) for (const call of made) addRouter(project, file, call, routers);
  const given = createArguments(project);
  for (const { file, handlers, calls } of places) {
    const place = { project, routers, file, arguments: given };
    for (const handler of handlers) addDecorated(place, handler);
    for (const call of calls) addCall({ ...place, within: call.within, depth: 0 }, call);
  }
  return routers;
}

/** What of a file may have to do with routers. */
interface Routing {
  readonly made: readonly CallFact[];
  readonly handlers: readonly FunctionFact[];
  readonly calls: readonly CallFact[];
}

function routingIn(project: Project, { calls, functions }: PythonFile): Routing {
  const isDeclared = ({ decorators }: FunctionFact) => decorators.some((node) => verbs.test(calledMethod(node) ?? ""));
  const isOfRouter = ({ method, node }: CallFact) => {
    return fieldOf(node, "function")?.type === "call" || /^(add_api_route|include_router|mount)$/.test(method);
  };
  return {
    made: calls.filter(({ method }) => isRouterClass(project, method)),
    handlers: functions.filter(isDeclared),
    calls: calls.filter(isOfRouter),
  };
}

function isRouterClass(project: Project, name: string): boolean {
  return name === "FastAPI" || /APIRouter$/.test(name) || descendsFrom(project, name, /^APIRouter$/);
}

function addRouter(project: Project, file: PythonFile, call: CallFact, routers: Map<string, Router>): void {
  const left = assignedName(call.node);
  if (left === undefined) return;
  const scope = functionScope(project, file, call.within);
  routers.set(`${file.path}:${left}`, {
    prefix: evaluateString(keywordArgument(call.node, "prefix"), scope) ?? "",
    isApplication: call.method === "FastAPI",
    hidden: isHidden(call.node),
    guards: [...classGuards(project, file, call), ...guardsOf(file, call.node)],
    operations: [],
    includes: [],
  });
}

/** A router class of the project's own may give dependencies to whatever it makes. */
function classGuards(project: Project, file: PythonFile, { method }: CallFact): Guard[] {
  const definition = project.resolve(file, method);
  if (definition?.kind !== "class") return [];
  return [definition.class, ...ancestorsOf(project, definition.class)].flatMap(({ path, body }) =>
    body.text.includes("dependencies") ? [{ path, node: body }] : [],
  );
}

/** `router` of `router = APIRouter()` and of `router = with_routes(APIRouter())`. */
function assignedName(call: PythonNode): string | undefined {
  const holder = call.parent?.type === "argument_list" ? call.parent.parent?.parent : call.parent;
  return holder?.type === "assignment" ? fieldOf(holder, "left")?.text : undefined;
}

/** Where an expression that means a router stands. */
interface Place {
  readonly project: Project;
  readonly routers: Routers;
  readonly file: PythonFile;
  readonly within?: FunctionFact | undefined;
  readonly depth?: number;
  readonly arguments: Arguments;
  /** What the names of a loop stand for. */
  readonly bindings?: Bindings;
}

/** What callers give for parameters: asked once, or functions of common names that hand on to each other never end. */
interface Arguments {
  readonly known: Map<string, readonly string[]>;
  callsOf(name: string): readonly CallFact[];
}

function createArguments(project: Project): Arguments {
  const byName = new Map<string, CallFact[]>();
  return {
    known: new Map(),
    callsOf: (name) => {
      if (byName.size === 0) for (const call of project.code.flatMap(({ calls }) => calls)) addTo(byName, call);
      return byName.get(name) ?? [];
    },
  };
}

function addTo(byName: Map<string, CallFact[]>, call: CallFact): void {
  const calls = byName.get(call.method);
  if (calls) calls.push(call);
  else byName.set(call.method, [call]);
}

const verbs = /^(get|post|put|patch|delete|head|options|api_route)$/;

function addDecorated(place: Place, handler: FunctionFact): void {
  for (const declaration of handler.decorators) addOperations(place, declaration, handler);
}

/** `declaration` is the call `router.get("/orders", …)`, the decorator of its handler or called with it. */
function addOperations(place: Place, declaration: PythonNode, handler: FunctionFact): void {
  const callee = declaration.type === "call" ? fieldOf(declaration, "function") : undefined;
  const object = callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
  if (!object || !verbs.test(calledMethod(declaration) ?? "")) return;
  const at = { ...place, within: enclosing(place.file, declaration) };
  for (const round of rounds(at, declaration)) addOperationsAt(round, declaration, handler, object);
}

function addOperationsAt(place: Place, declaration: PythonNode, handler: FunctionFact, router: PythonNode): void {
  const { file, routers } = place;
  for (const key of keysOf(place, router)) {
    routers.get(key)?.operations.push(...operationsOf({ file, scope: scopeAt(place) }, handler, declaration));
  }
}

/** The place in every round of the loop around a node. */
function rounds(place: Place, node: PythonNode): readonly Place[] {
  const { project, file, within } = place;
  return roundsOf(project, file, within, node).map((bindings) => ({ ...place, bindings }));
}

function scopeAt({ project, file, within, bindings = new Map() }: Place): Scope {
  return scopeOfRound(project, file, within, bindings);
}

function addCall(outside: Place, call: CallFact): void {
  for (const place of rounds(outside, call.node)) addCallOnce(place, call);
}

function addCallOnce(place: Place, call: CallFact): void {
  const applied = fieldOf(call.node, "function");
  if (applied?.type === "call") addApplied(place, applied, positionalArguments(call.node)[0]);
  else if (call.method === "add_api_route") addAddedRoute(place, call);
  else if (call.method === "include_router") addInclude(place, call);
  else if (call.method === "mount") addMount(place, call);
}

/** `router.post("/orders")(create_order)`. */
function addApplied(place: Place, declaration: PythonNode, argument: PythonNode | undefined): void {
  const handler = verbs.test(calledMethod(declaration) ?? "") ? handlerOf(place, argument) : undefined;
  const router = ownerOf(declaration);
  if (handler && router) addOperationsAt(place, declaration, handler, router);
}

/** `router.add_api_route("/orders", create_order, methods=["POST"])`. */
function addAddedRoute(place: Place, { node }: CallFact): void {
  const handler = handlerOf(place, positionalArguments(node)[1] ?? keywordArgument(node, "endpoint"));
  const owner = ownerOf(node);
  if (handler && owner) addOperationsAt(place, node, handler, owner);
}

function handlerOf(place: Place, node: PythonNode | undefined): FunctionFact | undefined {
  const path = dottedName(node) ?? "";
  const bound = place.bindings?.get(path);
  if (bound) return handlerOf({ ...place, file: bound.file, bindings: new Map() }, bound.node);
  const { project, file, within } = place;
  const [first, method] = path.split(".");
  if (first === "self" || first === "cls") return within?.owner?.methods.find(({ name }) => name === method);
  const definition = path === "" ? undefined : resolvePath(project, file, path);
  return definition?.kind === "function" ? definition.function : undefined;
}

function ownerOf(call: PythonNode): PythonNode | undefined {
  const callee = fieldOf(call, "function");
  return callee?.type === "attribute" ? fieldOf(callee, "object") : undefined;
}

function addInclude(place: Place, { node }: CallFact): void {
  const { file } = place;
  const argument = positionalArguments(node)[0] ?? keywordArgument(node, "router");
  const owner = ownerOf(node);
  if (!argument || !owner) return;
  const rest = {
    prefix: certainEnd(keywordArgument(node, "prefix"), scopeAt(place)),
    hidden: isHidden(node),
    guards: guardsOf(file, node),
  };
  const targets = keysOf(place, argument);
  for (const key of keysOf(place, owner)) {
    place.routers
      .get(key)
      ?.includes.push(...targets.filter((target) => target !== key).map((target) => ({ target, ...rest })));
  }
}

/** `app.mount("/admin", admin_app)`: the operations of an application under a prefix, with a contract of their own. */
function addMount(place: Place, { node }: CallFact): void {
  const { routers } = place;
  const [path, application] = positionalArguments(node);
  const argument = application ?? keywordArgument(node, "app");
  const owner = ownerOf(node);
  if (!argument || !owner) return;
  const prefix = certainEnd(path ?? keywordArgument(node, "path"), scopeAt(place)).replace(/\/$/, "");
  const targets = keysOf(place, argument).filter((target) => routers.has(target));
  for (const key of keysOf(place, owner)) {
    const others = targets.filter((target) => target !== key);
    routers.get(key)?.includes.push(...others.map((target) => ({ target, prefix, hidden: false, guards: [] })));
  }
}

const deepest = 5;

/**
 * The routers that an expression may mean: a name, `orders.router`, `self.router`, a parameter (then what the callers
 * give), or a call of a function that returns one.
 */
function keysOf(place: Place, node: PythonNode): readonly string[] {
  if ((place.depth ?? 0) > deepest) return [];
  if (node.type === "call") return keysOfCall(place, node);
  const name = dottedName(node);
  return name === undefined ? [] : keysOfName(place, name);
}

function keysOfName(place: Place, name: string): readonly string[] {
  const { project, routers, file, within, depth = 0, bindings } = place;
  const [head = "", ...rest] = name.split(".");
  const bound = bindings?.get(head);
  if (bound) {
    const outside = { ...place, file: bound.file, bindings: new Map(), depth: depth + 1 };
    if (rest.length === 0) return keysOf(outside, bound.node);
    const owner = dottedName(bound.node);
    return owner === undefined ? [] : keysOfName(outside, [owner, ...rest].join("."));
  }
  if (within?.parameters.some((parameter) => parameter.name === name)) return keysGiven(place, within, name);
  const local = `${file.path}:${name}`;
  if (routers.has(local)) return [local];
  // `app.router` is the router that the application itself has.
  const owners = /.\.router$/.test(name) ? keysOfName(place, name.slice(0, -".router".length)) : [];
  if (owners.some((key) => routers.get(key)?.isApplication)) return owners;
  const definition = resolvePath(project, file, name);
  if (definition?.kind === "assignment") {
    const key = `${definition.file.path}:${definition.name}`;
    const inner = { ...place, file: definition.file, within: undefined, depth: depth + 1 };
    return routers.has(key) ? [key] : keysOf(inner, definition.value);
  }
  return keysOfAttribute(place, name);
}

/** `view.router` where `view = OrderView()`, whose `__init__` makes `self.router`. */
function keysOfAttribute({ project, routers, file }: Place, name: string): string[] {
  const [head = "", ...rest] = name.split(".");
  const object = rest.length === 0 ? undefined : project.resolve(file, head);
  const made = object?.kind === "assignment" ? calleeOf(object.value) : undefined;
  const owner = made === undefined || !object ? undefined : project.resolve(object.file, made);
  const key = owner?.kind === "class" ? `${owner.file.path}:self.${rest.join(".")}` : "";
  return routers.has(key) ? [key] : [];
}

/** What callers give for a parameter. */
function keysGiven(place: Place, owner: FunctionFact, name: string): readonly string[] {
  const { project, depth = 0, arguments: asked } = place;
  const parameter = `${owner.path}:${owner.line}:${name}`;
  const known = asked.known.get(parameter);
  if (known) return known;
  // A function that hands its parameter to itself adds nothing.
  asked.known.set(parameter, []);
  const at = owner.parameters.findIndex((candidate) => candidate.name === name) - (owner.owner ? 1 : 0);
  const keys = asked.callsOf(owner.name).flatMap((call) => {
    const given = keywordArgument(call.node, name) ?? positionalArguments(call.node)[at];
    return given ? keysOf({ ...place, file: project.fileOf(call), within: call.within, depth: depth + 1 }, given) : [];
  });
  const distinct = [...new Set(keys)];
  asked.known.set(parameter, distinct);
  return distinct;
}

/** `APIRouter()` among arguments is the router that the whole is assigned to; a function's call is what it returns. */
function keysOfCall(place: Place, call: PythonNode): readonly string[] {
  const { project, routers, file, depth = 0 } = place;
  const assigned = assignedName(call);
  const own = `${file.path}:${assigned}`;
  if (assigned !== undefined && routers.has(own)) return [own];
  const definition = resolvePath(project, file, calleeOf(call) ?? "");
  const returned = definition?.kind === "function" ? returnedBy(definition.function.body) : undefined;
  if (definition?.kind !== "function" || !returned) return [];
  const inner = { ...place, file: definition.file, within: definition.function, depth: depth + 1 };
  const parameter = definition.function.parameters.findIndex(({ name }) => name === returned.text);
  const given = parameter < 0 ? undefined : positionalArguments(call)[parameter];
  return given ? keysOf({ ...place, depth: depth + 1 }, given) : keysOf(inner, returned);
}

function enclosing(file: PythonFile, node: PythonNode): FunctionFact | undefined {
  const decorated = ancestor(node, ["decorated_definition"], ["function_definition"]) ?? node;
  const outer = ancestor(decorated, ["function_definition"]);
  return outer && file.functions.find(({ line, endLine }) => line === outer.line && endLine === outer.endLine);
}
