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

/** The same items, each in front of the first that would answer in its place; otherwise as they come. */
export function inRouteOrder<T>(items: readonly T[], isShadowed: (own: T, other: T) => boolean): readonly T[] {
  const ordered: T[] = [];
  for (const item of items) {
    const place = ordered.findIndex((other) => isShadowed(item, other));
    ordered.splice(place === -1 ? ordered.length : place, 0, item);
  }
  return ordered;
}

const segmentsOf = memoized((path): readonly string[] => path.split("/"));

function isOpen(segment: string): boolean {
  return /^\{[^}]*\}$/.test(segment);
}
