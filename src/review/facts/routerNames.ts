import { type Project, resolvePath } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { ComputedPlace } from "./computedPlaces.ts";
import type { Guard, Operation } from "./operations.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { evaluateString } from "./staticValue.ts";
import {
  ancestor,
  calleeOf,
  dottedName,
  fieldOf,
  keywordArgument,
  lastName,
  positionalArguments,
  returnedBy,
} from "./syntax.ts";
import { type Bindings, roundsOf, scopeOfRound } from "./unrolledLoops.ts";

/** What is assigned an `APIRouter` or a `FastAPI`, with its own operations and what it includes or mounts. */
export interface Router {
  readonly prefix: string;
  readonly isApplication: boolean;
  readonly hidden: boolean;
  readonly guards: readonly Guard[];
  readonly operations: Operation[];
  readonly includes: Include[];
  /** What adds routes to it that are not seen; without the prefixes of the router. */
  readonly computed: ComputedRoutes[];
  /** The function that makes it anew with every call, and its `prefix=`. */
  readonly maker: FunctionFact | undefined;
  readonly prefixNode: PythonNode | undefined;
  /** What {@link operations} were read from, to be read again for each call of the maker. */
  readonly declarations: Declaration[];
  /** One call of the maker: the key of the router that stands in the function, and what its parameters are given. */
  readonly call?: { readonly template: string; readonly given: Bindings };
}

interface Declaration {
  readonly place: Place;
  readonly node: PythonNode;
  readonly handler: FunctionFact;
}

export interface ComputedRoutes extends Omit<ComputedPlace, "outer"> {
  /** Routers whose routes these are, where only what includes them is not seen. */
  readonly targets?: readonly string[];
}

export interface Include {
  /** Key of the router. */
  readonly target: string;
  readonly prefix: string;
  readonly hidden: boolean;
  readonly guards: readonly Guard[];
}

export type Routers = Map<string, Router>;

/** Where an expression that means a router stands. */
export interface Place {
  readonly project: Project;
  readonly routers: Routers;
  readonly adrift: ComputedRoutes[];
  readonly file: PythonFile;
  readonly within?: FunctionFact | undefined;
  readonly depth?: number;
  readonly arguments: Arguments;
  /** What the names of a loop stand for. */
  readonly bindings?: Bindings;
}

/** What callers give for parameters: asked once, or functions of common names that hand on to each other never end. */
export interface Arguments {
  readonly known: Map<string, readonly string[]>;
  callsOf(name: string): readonly CallFact[];
}

export function createArguments(project: Project): Arguments {
  const byName = new Map<string, CallFact[]>();
  return {
    known: new Map(),
    callsOf: (name) => {
      if (byName.size === 0) {
        for (const call of project.code.flatMap(({ calls }) => calls)) {
          for (const called of [call.method, ...calledInTurn(project, call)]) addTo(byName, called, call);
        }
      }
      return byName.get(name) ?? [];
    },
  };
}

function addTo(byName: Map<string, CallFact[]>, name: string, call: CallFact): void {
  const calls = byName.get(name);
  if (calls) calls.push(call);
  else byName.set(name, [call]);
}

/** `for configure in [add_routes, add_errors]: configure(app)` calls each of them. */
function calledInTurn(project: Project, { path, receiver, method, node, within }: CallFact): readonly string[] {
  const loop = receiver === undefined ? ancestor(node, ["for_statement"], ["function_definition"]) : undefined;
  if (!loop || fieldOf(loop, "left")?.text !== method) return [];
  return roundsOf(project, project.fileOf({ path }), within, node).flatMap((bindings) => {
    const name = dottedName(bindings.get(method)?.node);
    return name === undefined ? [] : [lastName(name)];
  });
}

const deepest = 5;

/**
 * The routers that an expression may mean: a name, `orders.router`, `self.router`, a parameter (then what the callers
 * give), or a call of a function that returns one.
 */
export function keysOf(place: Place, node: PythonNode): readonly string[] {
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
  const local = `${file.path}:${name}`;
  const isMadeHere = routers.get(local)?.maker === within && within !== undefined;
  if (within?.parameters.some((parameter) => parameter.name === name) && !isMadeHere)
    return keysGiven(place, within, name);
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
  const given =
    keywordArgument(call, returned.text) ?? (parameter < 0 ? undefined : positionalArguments(call)[parameter]);
  const made = keysOf(inner, returned).map((key) => madeByCall(place, call, key) ?? key);
  if (parameter < 0 || !given) return made;
  const keys = keysOf({ ...place, depth: depth + 1 }, given);
  for (const key of keys) addToGiven(routers, key, made);
  return keys;
}

/** What a function declares on the router that it is given stands under the prefix of that. */
function addToGiven(routers: Routers, key: string, made: readonly string[]): void {
  const router = routers.get(key);
  for (const target of made) {
    const own = routers.get(target);
    if (!router || !own?.call || router.includes.some((include) => include.target === target)) continue;
    routers.set(target, { ...own, prefix: "" });
    router.includes.push({ target, prefix: "", hidden: false, guards: [] });
  }
}

/** A function that is called several times makes a router each time, with the prefix that it is given. */
function madeByCall(place: Place, call: PythonNode, template: string): string | undefined {
  const { project, routers, file, within, arguments: asked } = place;
  const router = routers.get(template);
  const maker = router?.maker;
  if (!router || !maker || router.isApplication || maker.name !== lastName(calleeOf(call) ?? "")) return undefined;
  if (maker.parameters.length === 0 || asked.callsOf(maker.name).length < 2) return undefined;
  const key = `${template}@${file.path}:${call.line}`;
  if (routers.has(key)) return key;
  const given = new Map(
    maker.parameters.flatMap(({ name }, at) => {
      const node = keywordArgument(call, name) ?? positionalArguments(call)[at];
      return node ? [[name, { file, node }] as const] : [];
    }),
  );
  const scope = scopeOfRound(project, project.fileOf(maker), within === maker ? undefined : maker, given);
  const prefix = evaluateString(router.prefixNode, scope) ?? "";
  const own = { operations: [], includes: [], computed: [], declarations: [], maker: undefined };
  routers.set(key, { ...router, ...own, prefix, call: { template, given } });
  return key;
}

/** `router` of `router = APIRouter()`, of `router = with_routes(APIRouter())` and of `router = router or APIRouter()`. */
export function assignedName(call: PythonNode): string | undefined {
  const around = call.parent?.type === "argument_list" ? call.parent.parent : call;
  const holder = around?.parent?.type === "boolean_operator" ? around.parent.parent : around?.parent;
  return holder?.type === "assignment" ? fieldOf(holder, "left")?.text : undefined;
}
