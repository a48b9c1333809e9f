import type { ApiDesign, Endpoint, SourceSpan } from "../../spec/model.ts";
import { groupBy } from "../../support/groupBy.ts";
import type { Analysis } from "../analysis.ts";
import { type Access, accessIn } from "../facts/access.ts";
import { addsAuthMiddleware } from "../facts/authSigns.ts";
import { type Bodies, bodiesIn } from "../facts/bodies.ts";
import { type ComputedPlace, fitsPattern, likeliestPlace } from "../facts/computedPlaces.ts";
import { isOperational, type Route } from "../facts/routes.ts";
import { descendants, isCode } from "../facts/syntax.ts";
import type { CoverageElement } from "../model.ts";
import { accessDifferences } from "./access.ts";
import { bodyDifferences } from "./bodies.ts";
import { extra, found, missing, unseen } from "./element.ts";
import { linkedElement } from "./linked.ts";

/**
 * Endpoints by method and path. Names of path parameters do not matter, nor does a prefix that only
 * one side knows (a base path set by a proxy). A route that no application includes, and one whose
 * body is a stub, does not count as done.
 *
 * Compared are the success status, the operation id, who may call and the fields of bodies, where both sides say them.
 * Routes that stay out of the published contract and health checks are never extra.
 */
export function coverEndpoints(analysis: Analysis): CoverageElement[] {
  const { project, routes } = analysis;
  const certain = routes.filter(({ computedPath }) => computedPath === undefined);
  const matches = matchRoutes(project.spec.api.endpoints, certain);
  const matched = new Set(matches.values());
  return [
    ...coverDesigned(analysis, matches),
    ...certain
      .filter((route) => route.included && !route.hidden && !matched.has(route) && !isOperational(route.path))
      .map((route) => extra("endpoint", `${route.method} ${route.path}`, spanOf(route))),
  ];
}

function coverDesigned(analysis: Analysis, matches: ReadonlyMap<Endpoint, Route>): CoverageElement[] {
  const { project } = analysis;
  const { api } = project.spec;
  const isGuarded = project.code.some((file) => project.conclusions.aboutFile(addsAuthMiddleware, project, file));
  return api.endpoints.map((endpoint) => {
    const route = matches.get(endpoint);
    if (!route?.included) return coverMissing(analysis, endpoint, route);
    const file = project.fileOf(route.handler);
    const access = isGuarded ? undefined : project.conclusions.aboutFile(accessIn, analysis, file).get(route);
    const bodies = project.conclusions.aboutFile(bodiesIn, analysis, file).get(route);
    return coverFound(endpoint, { api, route, access, bodies });
  });
}

/** `route`: what answers it where no application is seen to include its router. */
function coverMissing({ project, computedRoutes }: Analysis, endpoint: Endpoint, route?: Route): CoverageElement {
  if (endpoint.linkedTo !== undefined) return linkedElement(endpoint, endpoint.linkedTo, project);
  const place = likeliestPlace(computedRoutes, (computed) => canMake(computed, endpoint, project.spec.api));
  const code = route && { code: spanOf(route) };
  if (place) return { ...unseen(endpoint, place), ...code };
  return { ...missing(endpoint, route && "The router is not included in the application."), ...code };
}

/** A design may leave out the prefixes in front; where any of its paths has them, it does not. */
function canMake({ pattern, outer }: ComputedPlace, { path }: Endpoint, { endpoints }: ApiDesign): boolean {
  const designed = anonymous(path);
  const front = anonymous(outer).replace(/^\/$/, "");
  const saysFront = endpoints.some((endpoint) => anonymous(endpoint.path).includes(front));
  return fitsPattern(
    designed,
    (saysFront ? front : "") + pattern.replace(/\{[^}]*\}/g, "{}").replace(/\/+$/, ""),
    true,
  );
}

interface Coded {
  readonly api: ApiDesign;
  readonly route: Route;
  readonly access: Access | undefined;
  readonly bodies: Bodies | undefined;
}

/** Bodies of hundreds of endpoints are compared again only where one side is another. */
const knownElements = new WeakMap<Endpoint, { readonly coded: Coded; readonly element: CoverageElement }>();

function coverFound(endpoint: Endpoint, coded: Coded): CoverageElement {
  const { api, route, access, bodies } = coded;
  const known = knownElements.get(endpoint);
  const isSame = (part: keyof Coded): boolean => known?.coded[part] === coded[part];
  if (known && isSame("api") && isSame("route") && isSame("access") && isSame("bodies")) return known.element;
  const element = found(endpoint, spanOf(route), [
    ...differences(endpoint, route),
    ...(access ? accessDifferences(api, endpoint, access) : []),
    ...(bodies ? bodyDifferences(api, endpoint, route, bodies) : []),
  ]);
  knownElements.set(endpoint, { coded, element });
  return element;
}

function differences(endpoint: Endpoint, route: Route): string[] {
  const texts: string[] = [];
  const successes = endpoint.responses.map(({ status }) => status).filter((status) => status >= 200 && status < 400);
  if (route.status !== undefined && successes.length > 0 && !successes.includes(route.status)) {
    texts.push(`Answers ${route.status}, the design says ${successes.join(" or ")}`);
  }
  const { operationId } = endpoint;
  if (operationId && route.operationId && plain(operationId) !== plain(route.operationId)) {
    texts.push(`Operation id is ${route.operationId}, the design says ${operationId}`);
  }
  if (isStub(route)) texts.push(`${route.handler.name} is only a stub`);
  return texts;
}

/** Exact paths first, so that a prefix is only ignored for what is left over. */
function matchRoutes(endpoints: readonly Endpoint[], routes: readonly Route[]): ReadonlyMap<Endpoint, Route> {
  const matches = new Map<Endpoint, Route>();
  const free = new Map(routes.map((route) => [route, anonymous(route.path)]));
  const samePath = groupBy(routes, ({ method, path }) => `${method} ${anonymous(path)}`);
  const match = (endpoint: Endpoint, candidates: readonly Route[]): void => {
    const best = candidates.find((route) => route.included) ?? candidates[0];
    if (!best) return;
    matches.set(endpoint, best);
    free.delete(best);
  };
  for (const endpoint of endpoints) {
    const same = samePath.get(`${endpoint.method} ${anonymous(endpoint.path)}`) ?? [];
    match(
      endpoint,
      same.filter((route) => free.has(route)),
    );
  }
  for (const endpoint of endpoints) {
    if (matches.has(endpoint)) continue;
    const designed = anonymous(endpoint.path);
    const left = [...free].filter(
      ([{ method }, coded]) => method === endpoint.method && sameButPrefix(designed, coded),
    );
    match(
      endpoint,
      left.map(([route]) => route),
    );
  }
  return matches;
}

function sameButPrefix(designed: string, coded: string): boolean {
  const [longer, shorter] = designed.length > coded.length ? [designed, coded] : [coded, designed];
  return shorter.length > 1 && longer.endsWith(shorter) && !longer.slice(0, -shorter.length).includes("{");
}

/** `/orders/{order_id:uuid}/` → `/orders/{}`. */
function anonymous(path: string): string {
  const plainPath = path.replace(/\{[^}]*\}/g, "{}").replace(/\/+$/, "");
  return plainPath.startsWith("/") ? plainPath : `/${plainPath}`;
}

function isStub({ handler }: Route): boolean {
  const statements = handler.body.children
    .filter(isCode)
    .filter((statement) => statement.children[0]?.type !== "string");
  if (statements.length === 0) return true;
  if (statements.length > 1) return false;
  const [only] = statements;
  return (
    only !== undefined &&
    (/^(pass|\.\.\.)$/.test(only.text) || descendants(only).some((node) => node.text === "NotImplementedError"))
  );
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function spanOf({ handler, line }: Route): SourceSpan {
  return { path: handler.path, line, endLine: handler.endLine };
}
