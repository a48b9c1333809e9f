import type { Analysis } from "../analysis.ts";
import { resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import {
  isHarmless,
  isScheme,
  letsThrough,
  mentionsRoles,
  readsCredentials,
  refusesKnown,
  refusesUnknown,
} from "./authSigns.ts";
import type { ClassFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import type { Route } from "./routes.ts";
import { moduleScope } from "./scopes.ts";
import { allowsNone } from "./sqlTypes.ts";
import { evaluateStrings } from "./staticValue.ts";
import {
  argumentsOf,
  calledMethod,
  calleeOf,
  dottedName,
  fieldOf,
  isCode,
  keywordArgument,
  positionalArguments,
} from "./syntax.ts";
import { ancestorsOf } from "./types.ts";

/** What the code asks of who calls an operation. */
export interface Access {
  /** `open`: every dependency is seen, and none of them asks who calls. */
  readonly caller: "required" | "open" | "unclear";
  /** The roles or scopes of which the code names some; undefined where something else may ask for others. */
  readonly grants: readonly string[] | undefined;
}

/** The access of every operation whose handler stands in the file. Middleware is not looked at. */
export function accessIn(analysis: Analysis, file: PythonFile): ReadonlyMap<Route, Access> {
  return new Map(analysis.endpointsOf(file).map((route) => [route, accessOf(analysis, route)]));
}

function accessOf(analysis: Analysis, route: Route): Access {
  const { handler, guards, declaration } = route;
  const search: Search = {
    analysis,
    evidence: { required: false, unclear: false, hidesGrants: false, refusesSome: false, grants: new Set() },
    trail: new Set(),
  };
  const { project } = analysis;
  for (const { path, node } of guards) visitGuard(search, project.fileOf({ path }), node);
  visitFunction(search, handler, "handler");
  for (const owner of handler.owner ? [handler.owner, ...ancestorsOf(project, handler.owner)] : [])
    visitFields(search, owner);
  const { evidence } = search;
  const isDecorated = handler.decorators.some((node) => node !== declaration && !isRouting(node));
  const mayAsk = evidence.refusesSome || isDecorated || mentionsRoles(analysis, handler);
  const hides = evidence.hidesGrants || (evidence.grants.size === 0 && mayAsk);
  return {
    caller: evidence.required ? "required" : evidence.unclear || isDecorated ? "unclear" : "open",
    grants: hides ? undefined : [...evidence.grants].sort(),
  };
}

/** One of several declarations of the same handler. */
function isRouting(decorator: PythonNode): boolean {
  return /^(get|post|put|patch|delete|head|options|api_route)$/.test(calledMethod(decorator) ?? "");
}

interface Evidence {
  required: boolean;
  /** Something is or may be asked, but not seen to be. */
  unclear: boolean;
  hidesGrants: boolean;
  /** Some callers are refused for what no name tells. */
  refusesSome: boolean;
  readonly grants: Set<string>;
}

interface Search {
  readonly analysis: Analysis;
  readonly evidence: Evidence;
  readonly trail: Set<FunctionFact | ClassFact>;
}

const deepest = 4;

/** An item of `dependencies=`, or the whole list. */
function visitGuard(search: Search, file: PythonFile, node: PythonNode, depth = 0): void {
  const isList = /^(list|tuple|binary_operator|parenthesized_expression|list_splat)$/.test(node.type);
  const name = dottedName(node);
  const definition = name === undefined ? undefined : resolvePath(search.analysis.project, file, name);
  if (isList) for (const item of node.children.filter(isCode)) visitGuard(search, file, item, depth);
  else if (isDependency(node) || node.type === "block") visitExpression(search, file, node);
  else if (definition?.kind === "assignment" && depth < deepest)
    visitGuard(search, definition.file, definition.value, depth + 1);
  else if (node.type !== "none") hide(search);
}

function hide({ evidence }: Search): void {
  evidence.unclear = true;
  evidence.hidesGrants = true;
}

function isDependency(node: PythonNode): boolean {
  return node.type === "call" && /^(Depends|Security)$/.test(calledMethod(node) ?? "");
}

/** Every `Depends` below an expression, and below what its names stand for. */
function visitExpression(search: Search, file: PythonFile, node: PythonNode, depth = 0): void {
  const name = dottedName(node);
  const definition =
    name === undefined || depth > deepest ? undefined : resolvePath(search.analysis.project, file, name);
  if (isDependency(node)) visitDependency(search, file, node);
  else if (definition?.kind === "assignment") visitExpression(search, definition.file, definition.value, depth + 1);
  else if (name === undefined) for (const child of node.children) visitExpression(search, file, child, depth);
}

function visitDependency(search: Search, file: PythonFile, call: PythonNode): void {
  const scopes = keywordArgument(call, "scopes");
  if (scopes) addGrants(search, file, [scopes]);
  const target = positionalArguments(call)[0] ?? keywordArgument(call, "dependency");
  if (target) visitTarget(search, file, target);
}

function addGrants({ analysis, evidence }: Search, file: PythonFile, nodes: readonly PythonNode[]): void {
  for (const node of nodes) {
    const names = evaluateStrings(node, moduleScope(analysis.project, file));
    if (names.length === 0) evidence.hidesGrants = true;
    for (const name of names) evidence.grants.add(name);
  }
}

/** What is called for a request: a function, a class, or what a call makes. */
function visitTarget(search: Search, file: PythonFile, target: PythonNode, depth = 0): void {
  const { project } = search.analysis;
  const name = dottedName(target);
  const definition = name === undefined ? undefined : resolvePath(project, file, name);
  if (target.type === "call") visitMade(search, file, target);
  else if (definition?.kind === "function") visitFunction(search, definition.function, "dependency");
  else if (definition?.kind === "class") visitConstructor(search, definition.class);
  else if (definition?.kind === "assignment" && depth < deepest)
    visitTarget(search, definition.file, definition.value, depth + 1);
  else visitMethod(search, file, name ?? "");
}

/** `auth.get_user` of an object that a module makes; anything else is of a library. */
function visitMethod(search: Search, file: PythonFile, name: string): void {
  const { project } = search.analysis;
  const [head = "", method, ...more] = name.split(".");
  const object = project.resolve(file, head);
  const made = object?.kind === "assignment" ? calleeOf(object.value) : undefined;
  const maker = made === undefined || !object ? undefined : resolvePath(project, object.file, made);
  const owner = maker?.kind === "class" ? maker.class : object?.kind === "class" ? object.class : undefined;
  const fact = more.length > 0 || !owner ? undefined : methodOf(search, owner, method ?? "");
  if (fact) visitFunction(search, fact, "dependency");
  else if (!isHarmless(name)) hide(search);
}

function methodOf({ analysis }: Search, owner: ClassFact, name: string): FunctionFact | undefined {
  return [owner, ...ancestorsOf(analysis.project, owner)].flatMap(({ methods }) =>
    methods.filter((method) => method.name === name),
  )[0];
}

function visitConstructor(search: Search, fact: ClassFact): void {
  const made = methodOf(search, fact, "__init__");
  if (made) visitFunction(search, made, "dependency");
  else visitFields(search, fact);
}

/** What a class has injected: `user: User = Depends(get_user)`. */
function visitFields(search: Search, fact: ClassFact): void {
  if (search.trail.has(fact)) return;
  search.trail.add(fact);
  const file = search.analysis.project.fileOf(fact);
  for (const { annotationNode, value } of fact.fields)
    for (const node of [annotationNode, value]) if (node) visitExpression(search, file, node);
}

/** `HTTPBearer()`, `RoleChecker(["admin"])`, `require_roles("admin")`. */
function visitMade(search: Search, file: PythonFile, call: PythonNode): void {
  const { project } = search.analysis;
  const name = calleeOf(call) ?? "";
  const definition = resolvePath(project, file, name);
  const fact = definition?.kind === "class" ? definition.class : undefined;
  if (isScheme(project, calledMethod(call) ?? "", fact)) visitScheme(search, call, fact);
  else if (fact) visitFactory(search, file, call, [methodOf(search, fact, "__call__")]);
  else if (definition?.kind === "function")
    visitFactory(search, file, call, innerFunctions(definition.file, definition.function));
  else if (!isHarmless(name)) hide(search);
}

function visitScheme(search: Search, call: PythonNode, fact: ClassFact | undefined): void {
  const own = fact && methodOf(search, fact, "__call__");
  if (letsThrough(call, fact)) search.evidence.unclear = true;
  else search.evidence.required = true;
  if (own) visitFunction(search, own, "dependency");
}

function innerFunctions({ functions }: PythonFile, outer: FunctionFact): readonly FunctionFact[] {
  return functions.filter(({ line, endLine }) => line > outer.line && endLine <= outer.endLine);
}

/** What a factory is given counts as roles where what it makes refuses some callers. */
function visitFactory(
  search: Search,
  file: PythonFile,
  call: PythonNode,
  made: readonly (FunctionFact | undefined)[],
): void {
  const facts = made.filter((fact) => fact !== undefined);
  if (facts.length === 0) hide(search);
  for (const fact of facts) visitFunction(search, fact, "made");
  if (!facts.some((fact) => refusesKnown(search.analysis, fact))) return;
  const given = argumentsOf(call).map((node) => (node.type === "keyword_argument" ? fieldOf(node, "value") : node));
  if (given.length === 0) search.evidence.hidesGrants = true;
  addGrants(
    search,
    file,
    given.filter((node) => node !== undefined),
  );
}

/**
 * What a function asks: through its parameters, and by itself. One that finds credentials and refuses who has none requires a
 * caller; one whose answer may be None lets others pass. Of a handler that refuses somebody nobody can say whom: it may sign in.
 */
function visitFunction(search: Search, fact: FunctionFact, part: "handler" | "dependency" | "made"): void {
  if (search.trail.has(fact)) return;
  search.trail.add(fact);
  const { analysis, evidence } = search;
  const file = analysis.project.fileOf(fact);
  const before = evidence.unclear;
  evidence.unclear = false;
  for (const { annotationNode, value } of fact.parameters)
    for (const node of [annotationNode, value]) if (node) visitExpression(search, file, node);
  const reads = readsCredentials(fact);
  const finds = evidence.unclear || (part !== "handler" && reads);
  const refuses = refusesUnknown(analysis, fact);
  if (finds && refuses && !allowsNone(fact.returns)) evidence.required = true;
  evidence.unclear = before || finds || reads || refuses;
  const asksForScopes = fact.parameters.some(({ annotation }) => /\bSecurityScopes\b/.test(annotation));
  if (part !== "made" && !asksForScopes && refusesKnown(analysis, fact)) evidence.refusesSome = true;
}
