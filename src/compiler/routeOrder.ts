import type { Endpoint } from "../spec/model.ts";
import { memoized } from "../support/memoized.ts";

/** What a route answers: `GET /orders/{orderId}`. */
export type Route = Pick<Endpoint, "method" | "path">;

/** Whether a router that asks `other` first answers with it what is meant for `own`: `/orders/stats` is taken for an id. */
export function isTakenFor(own: Route, other: Route): boolean {
  if (own.method !== other.method) return false;
  const wanted = segmentsOf(own.path);
  const pattern = segmentsOf(other.path);
  const matches = pattern.length === wanted.length && pattern.every((part, at) => isOpen(part) || part === wanted[at]);
  return matches && pattern.some((part, at) => isOpen(part) && !isOpen(wanted[at] ?? ""));
}

/**
 * The methods that a path of `routes` does not have, and that another route answers as if a word of the path were a key.
 *
 * What `named` has is not among them, nor what would itself take the path of a route for one with keys.
 */
export function foreignMethods(routes: readonly Route[], named: readonly Route[]): readonly Route[] {
  const known = new Set([...routes, ...named].map(shapeOf));
  const methods = [...new Set(routes.map(({ method }) => method))];
  return [...new Set(routes.map(({ path }) => path))]
    .flatMap((path) => methods.map((method) => ({ method, path })))
    .filter(
      (own) =>
        !known.has(shapeOf(own)) &&
        routes.some((other) => isTakenFor(own, other)) &&
        !routes.some((other) => isTakenFor(other, own)),
    );
}

/** The same items, each in front of the first that would answer in its place; otherwise as they come. */
export function inRouteOrder<T>(items: readonly T[], isShadowed: (own: T, other: T) => boolean): readonly T[] {
  const ordered: T[] = [];
  for (const item of items) {
    const place = ordered.findIndex((other) => isShadowed(item, other));
    ordered.splice(place === -1 ? ordered.length : place, 0, item);
  }
  return ordered;
}

function shapeOf({ method, path }: Route): string {
  return `${method} ${path.replace(/\{[^}]*\}/g, "{}")}`;
}

const segmentsOf = memoized((path): readonly string[] => path.split("/"));

function isOpen(segment: string): boolean {
  return /^\{[^}]*\}$/.test(segment);
}
