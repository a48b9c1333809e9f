import type { SourceSpan } from "../../spec/model.ts";
import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { patternOf } from "./computedPlaces.ts";
import { type Guard, guardsOf, isHidden, operationsOf } from "./operations.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import {
  assignedName,
  type ComputedRoutes,
  createArguments,
  keysOf,
  type Place,
  type Router,
  type Routers,
} from "./routerNames.ts";
import { functionScope } from "./scopes.ts";
import { certainEnd, evaluateString, type Scope } from "./staticValue.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  dottedName,
  fieldOf,
  isCode,
  keywordArgument,
  positionalArguments,
  shortText,
} from "./syntax.ts";
import { ancestorsOf, descendsFrom } from "./types.ts";
import { type Bound, roundsOf, scopeOfRound } from "./unrolledLoops.ts";

export interface CollectedRouters {
  /** Keys are `path:name`, and `path:self.router` for an attribute. */
  readonly routers: Routers;
  /** What adds routes to something that is not seen to be one of them. */
  readonly adrift: readonly ComputedRoutes[];
}

/** Every router of the project. */
export function collectRouters(project: Project): CollectedRouters {
  const routers = new Map<string, Router>();
  const places = project.code.map((file) => ({ file, ...project.conclusions.aboutFile(routingIn, project, file) }));
  for (const { file, made } of places) for (const call of made) addRouter(project, file, call, routers);
  const given = createArguments(project);
  const adrift: ComputedRoutes[] = [];
  for (const { file, made, handlers, calls, handing } of places) {
    const place = { project, routers, adrift, file, arguments: given };
    for (const handler of handlers) addDecorated(place, handler);
    for (const call of calls) addCall({ ...place, within: call.within, depth: 0 }, call);
    for (const call of made) addListed({ ...place, within: call.within, depth: 0 }, call);
    for (const call of handing) addHandedOn({ ...place, within: call.within, depth: 0 }, call);
  }
  askMakers({ project, routers, adrift, arguments: given });
  readCallsOfMakers(routers);
  return { routers, adrift };
}

/** A call whose router nobody else asks for may add to the one that it is given. */
function askMakers(place: Omit<Place, "file">): void {
  const makers = [...place.routers.values()].flatMap(({ maker }) => (maker?.parameters.length ? [maker.name] : []));
  for (const call of new Set(makers.flatMap((name) => place.arguments.callsOf(name)))) {
    keysOf({ ...place, file: place.project.fileOf(call), within: call.within, depth: 0 }, call.node);
  }
}

/** Each call has what the function declares, read with what it is given; the router in the function is none by itself. */
function readCallsOfMakers(routers: Routers): void {
  const templates = new Set<string>();
  for (const { call, operations, includes, computed } of [...routers.values()]) {
    const template = call && routers.get(call.template);
    if (!call || !template) continue;
    templates.add(call.template);
    for (const { place, node, handler } of template.declarations) {
      const bindings = new Map([...call.given, ...(place.bindings ?? [])]);
      const scope = scopeAt(place.within === template.maker ? { ...place, bindings } : place);
      operations.push(...operationsOf({ file: place.file, scope }, handler, node));
    }
    includes.push(...template.includes);
    computed.push(...template.computed);
  }
  for (const key of templates) routers.delete(key);
}

/** What of a file may have to do with routers. */
interface Routing {
  readonly made: readonly CallFact[];
  readonly handlers: readonly FunctionFact[];
  readonly calls: readonly CallFact[];
  /** Calls that are given a method of what may be a router. */
  readonly handing: readonly CallFact[];
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
    handing: calls.filter(({ node }) => handedMethods(node).length > 0),
  };
}

function isRouterClass(project: Project, name: string): boolean {
  return name === "FastAPI" || /APIRouter$/.test(name) || descendsFrom(project, name, /^APIRouter$/);
}

function addRouter(project: Project, file: PythonFile, call: CallFact, routers: Map<string, Router>): void {
  const left = assignedName(call.node);
  if (left === undefined) return;
  const scope = functionScope(project, file, call.within);
  const prefixNode = keywordArgument(call.node, "prefix");
  routers.set(`${file.path}:${left}`, {
    prefix: evaluateString(prefixNode, scope) ?? "",
    prefixNode,
    maker: left.startsWith("self.") ? undefined : call.within,
    declarations: [],
    isApplication: call.method === "FastAPI",
    hidden: isHidden(call.node),
    guards: [...classGuards(project, file, call), ...guardsOf(file, call.node)],
    operations: [],
    includes: [],
    computed: [],
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
  const keys = keysOf(place, router);
  for (const key of keys) {
    const router = routers.get(key);
    router?.operations.push(...operationsOf({ file, scope: scopeAt(place) }, handler, declaration));
    if (router?.maker) router.declarations.push({ place, node: declaration, handler });
  }
  const pattern = pathPattern(place, declaration);
  // Cassettes, caches and clients have methods of these names as well.
  if (keys.length === 0 && pattern.startsWith("/")) {
    const how = `declares a route of ${shortText(router)}, and which router that is only running it tells`;
    place.adrift.push({ span: spanOf(place, declaration), how, pattern });
  }
}

function pathPattern(place: Place, declaration: PythonNode): string {
  return patternOf(positionalArguments(declaration)[0] ?? keywordArgument(declaration, "path"), scopeAt(place));
}

function spanOf({ file: { path } }: Place, { line, endLine }: PythonNode): SourceSpan {
  return { path, line, endLine };
}

/** What is added to these routers, or to something that none of them is seen to be. */
function addComputed(place: Place, keys: readonly string[], computed: ComputedRoutes): void {
  if (keys.length === 0) place.adrift.push(computed);
  for (const key of keys) place.routers.get(key)?.computed.push(computed);
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
  const given = givenEndpoint(node);
  const handler = handlerOf(place, given);
  const owner = ownerOf(node);
  if (!owner || !given) return;
  if (handler) {
    addOperationsAt(place, node, handler, owner);
    return;
  }
  const how = `adds a route for ${shortText(given)}, and which function that is only running it tells`;
  addComputed(place, keysOf(place, owner), { span: spanOf(place, node), how, pattern: pathPattern(place, node) });
}

/** `APIRouter(routes=[APIRoute("/orders", list_orders), Mount("/files", app=files)])`. */
function addListed(place: Place, { node, method }: CallFact): void {
  const routes = keywordArgument(node, "routes");
  const key = `${place.file.path}:${assignedName(node)}`;
  if (!routes || !place.routers.has(key)) return;
  for (const { file, node: item } of writtenItems(place, routes)) {
    const at = { ...place, file };
    const handler = /Route$/.test(calledMethod(item) ?? "") ? handlerOf(at, givenEndpoint(item)) : undefined;
    const operations = handler ? operationsOf({ file, scope: scopeAt(at) }, handler, item) : [];
    place.routers.get(key)?.operations.push(...operations);
    if (handler) continue;
    const how = `gives ${method} the route ${shortText(item)}, and what that answers only running it tells`;
    const pattern = item.type === "call" ? `${pathPattern(at, item)}*` : "*";
    addComputed(at, [key], { span: spanOf(at, item), how, pattern });
  }
}

/** The items of a list, also under a name; the expression itself where it is none. */
function writtenItems({ project, file }: Place, node: PythonNode): readonly Bound[] {
  const definition = resolvePath(project, file, dottedName(node) ?? "");
  const list = definition?.kind === "assignment" ? { file: definition.file, node: definition.value } : { file, node };
  if (list.node.type !== "list") return [{ file, node }];
  return list.node.children.filter(isCode).map((item) => ({ file: list.file, node: item }));
}

function givenEndpoint(call: PythonNode): PythonNode | undefined {
  return positionalArguments(call)[1] ?? keywordArgument(call, "endpoint");
}

/** `@renamed(path="/orders", method=router.get)`: what is declared by the method is not seen. */
function addHandedOn(place: Place, { node }: CallFact): void {
  const given = argumentsOf(node).map((argument) => fieldOf(argument, "value") ?? argument);
  const paths = given.map((value) => patternOf(value, scopeAt(place))).filter((pattern) => pattern.startsWith("/"));
  for (const method of handedMethods(node)) {
    const router = fieldOf(method, "object");
    const keys = router ? keysOf(place, router).filter((key) => place.routers.has(key)) : [];
    const how = `hands ${shortText(method)} on, and what is declared with it only running it tells`;
    for (const pattern of keys.length === 0 ? [] : paths.length === 0 ? ["*"] : paths)
      addComputed(place, keys, { span: spanOf(place, node), how, pattern });
  }
}

function handedMethods(call: PythonNode): readonly PythonNode[] {
  return argumentsOf(call)
    .map((argument) => (argument.type === "keyword_argument" ? fieldOf(argument, "value") : argument))
    .flatMap((value) =>
      value?.type === "attribute" && verbs.test(fieldOf(value, "attribute")?.text ?? "") ? [value] : [],
    );
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
  const owners = keysOf(place, owner);
  for (const key of owners) {
    place.routers
      .get(key)
      ?.includes.push(...targets.filter((target) => target !== key).map((target) => ({ target, ...rest })));
  }
  if ((targets.length > 0 && owners.length > 0) || isPlain(place, argument)) return;
  const [unseen, given] = targets.length === 0 ? [argument, {}] : [owner, { targets }];
  const how = `includes ${shortText(argument)}, and what ${shortText(unseen)} is only running it tells`;
  const pattern = `${patternOf(keywordArgument(node, "prefix"), scopeAt(place))}*`;
  addComputed(place, owners, { span: spanOf(place, node), how, pattern, ...given });
}

/** A router that is written out where coverage does not look, among tests. */
function isPlain({ project, file }: Place, argument: PythonNode): boolean {
  const definition = resolvePath(project, file, dottedName(argument) ?? "");
  return definition?.kind === "assignment" && isRouterClass(project, calledMethod(definition.value) ?? "");
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
  const owners = keysOf(place, owner);
  for (const key of owners) {
    const others = targets.filter((target) => target !== key);
    routers.get(key)?.includes.push(...others.map((target) => ({ target, prefix, hidden: false, guards: [] })));
  }
  if (targets.length > 0 || owners.length === 0 || servesFiles(place, argument)) return;
  const how = `mounts ${shortText(argument)}, and what it answers only running it tells`;
  addComputed(place, owners, { span: spanOf(place, node), how, pattern: `${prefix}/*` });
}

/** `StaticFiles(…)`, and what a project derives from it, answers no endpoint. */
function servesFiles({ project, file }: Place, application: PythonNode): boolean {
  const definition = resolvePath(project, file, dottedName(application) ?? "");
  const made = calledMethod(application) ?? (definition?.kind === "assignment" ? calledMethod(definition.value) : "");
  return /Static/.test(made ?? "") || descendsFrom(project, made ?? "", /^StaticFiles$/);
}

function enclosing(file: PythonFile, node: PythonNode): FunctionFact | undefined {
  const decorated = ancestor(node, ["decorated_definition"], ["function_definition"]) ?? node;
  const outer = ancestor(decorated, ["function_definition"]);
  return outer && file.functions.find(({ line, endLine }) => line === outer.line && endLine === outer.endLine);
}
