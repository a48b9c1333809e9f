import type { Project } from "../project.ts";
import type { ComputedPlace } from "./computedPlaces.ts";
import type { Guard, Operation } from "./operations.ts";
import type { FunctionFact } from "./pythonFile.ts";
import type { ComputedRoutes, Router } from "./routerNames.ts";
import { collectRouters } from "./routers.ts";

/** One operation of the application, resolved without running it: its path has every prefix in front that is certain. */
export interface Route extends Operation {
  /** Reached from an application; always true in code that builds no application. */
  readonly included: boolean;
}

export interface Routing {
  readonly routes: readonly Route[];
  /** Where routes are made that are not seen, the ones with computed paths among them. */
  readonly computed: readonly ComputedPlace[];
}

/** Every operation that `APIRouter`, `include_router` and `FastAPI` of the project add up to. */
export function readRouting(project: Project): Routing {
  const { routers, adrift } = collectRouters(project);
  const included = new Set([...routers.values()].flatMap((router) => router.includes.map((include) => include.target)));
  const hasApplication = [...routers.values()].some((router) => router.isApplication);
  const routes: Route[] = [];
  const computed = adrift.flatMap((place) => placesOf(place, routers));
  for (const [key, router] of routers) {
    if (included.has(key)) continue;
    const start: Passage = {
      prefix: "",
      hidden: false,
      included: router.isApplication || !hasApplication,
      guards: [],
    };
    follow({ routers, routes, computed }, key, start, []);
  }
  return { routes: routes.map(recognised), computed };
}

/** Of routers that something unseen includes, each of their routes. */
function placesOf({ targets, ...place }: ComputedRoutes, routers: Table["routers"]): ComputedPlace[] {
  if (targets === undefined) return [{ ...place, outer: "" }];
  const under: Table = { routers, routes: [], computed: [] };
  const start: Passage = { prefix: place.pattern.replace(/\*$/, ""), hidden: false, included: false, guards: [] };
  for (const target of targets) follow(under, target, start, []);
  return [...under.computed, ...under.routes.map(({ path }) => ({ ...place, pattern: path, outer: "" }))];
}

const knownRoutes = new WeakMap<FunctionFact, Route[]>();
const mostKnown = 8;

/** The same object for a route that is the same, so that what was concluded from it still stands. */
function recognised(route: Route): Route {
  const known = knownRoutes.get(route.handler) ?? [];
  const same = known.find((other) => isSameRoute(other, route));
  if (!same) knownRoutes.set(route.handler, [...known.slice(1 - mostKnown), route]);
  return same ?? route;
}

function isSameRoute(left: Route, right: Route): boolean {
  const { guards, ...others } = left;
  return (
    (Object.keys(others) as (keyof typeof others)[]).every((key) => others[key] === right[key]) &&
    guards.length === right.guards.length &&
    guards.every(({ path, node }, at) => path === right.guards[at]?.path && node === right.guards[at]?.node)
  );
}

/** Health checks and metrics: for those who run the service, no part of its contract or its business. */
export function isOperational(path: string): boolean {
  return (
    path === "/" ||
    path === "" ||
    path.split("/").some((part) => /^(health|healthz|ready|readyz|live|livez|metrics|ping)$/.test(part))
  );
}

interface Passage {
  readonly prefix: string;
  readonly hidden: boolean;
  readonly included: boolean;
  readonly guards: readonly Guard[];
}

interface Table {
  readonly routers: ReadonlyMap<string, Router>;
  readonly routes: Route[];
  readonly computed: ComputedPlace[];
}

function follow(table: Table, key: string, passage: Passage, trail: readonly string[]): void {
  const router = table.routers.get(key);
  if (!router || trail.includes(key)) return;
  const prefix = passage.prefix + router.prefix;
  const hidden = passage.hidden || router.hidden;
  const guards = [...passage.guards, ...router.guards];
  for (const place of router.computed) table.computed.push({ ...place, outer: prefix });
  for (const operation of router.operations) {
    if (operation.computedPath !== undefined) table.computed.push(placeOf(operation, operation.computedPath, prefix));
    table.routes.push({
      ...operation,
      path: prefix + operation.path,
      hidden: hidden || operation.hidden,
      included: passage.included,
      guards: [...guards, ...operation.guards],
    });
  }
  for (const include of router.includes) {
    const next: Passage = {
      prefix: prefix + include.prefix,
      hidden: hidden || include.hidden,
      included: passage.included,
      guards: [...guards, ...include.guards],
    };
    follow(table, include.target, next, [...trail, key]);
  }
}

function placeOf({ declaredIn: path, declaration }: Operation, pattern: string, outer: string): ComputedPlace {
  const span = { path, line: declaration.line, endLine: declaration.endLine };
  return { span, how: "declares a route whose path is put together when it runs", pattern, outer };
}
