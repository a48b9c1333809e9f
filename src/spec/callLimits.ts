import type { Endpoint, SourceSpan } from "./model.ts";

/** A row of a table about how often endpoints may be called. Without a path it is about all that no other row names. */
export interface CallLimit {
  readonly method?: string;
  /** As written: `/orders/:id`, `/auth/*`. */
  readonly path?: string;
  /** `10 requests per minute per user`. */
  readonly text: string;
  readonly source: SourceSpan;
}

/** Calls, an amount of units where it is not one, and the unit. */
export const callLimitPattern =
  /\b(\d[\d,_]*)\s*(?:[a-z]+\s*){0,2}(?:\b(?:per|an?|each|every|in|within)\b|\/)\s*(?:an?\s+)?(?:(\d+)\s*)?(seconds?|sec|s|minutes?|min|m|hours?|hr|h|days?|d)\b/i;

/** The endpoint with the limit of the row that names it most exactly; what it says itself is told apart by its readers. */
export function withCallLimit(endpoint: Endpoint, limits: readonly CallLimit[]): Endpoint {
  const own = limits
    .filter((limit) => isAbout(limit, endpoint))
    .sort((left, right) => exactness(right) - exactness(left));
  return own[0] ? { ...endpoint, callLimit: own[0].text } : endpoint;
}

function isAbout({ method, path }: CallLimit, endpoint: Endpoint): boolean {
  if (method !== undefined && method !== endpoint.method) return false;
  if (path === undefined) return true;
  const wanted = segments(path);
  const actual = segments(endpoint.path);
  const isPrefix = wanted.at(-1) === "*" || wanted.at(-1) === "**";
  const fixed = isPrefix ? wanted.slice(0, -1) : wanted;
  const bases = actual.indexOf("{}");
  const last = bases === -1 ? actual.length : bases;
  for (let start = 0; start <= last && start + fixed.length <= actual.length; start += 1) {
    const fits = fixed.every((segment, index) => segment === actual[start + index]);
    if (fits && (isPrefix || start + fixed.length === actual.length)) return true;
  }
  return false;
}

/** Parameters are one whatever they are called; a base path may be left out of the table. */
function segments(path: string): readonly string[] {
  return path
    .split(/[/?]/)
    .filter((segment) => segment !== "")
    .map((segment) => (/^[:{<]/.test(segment) ? "{}" : segment));
}

function exactness({ method, path }: CallLimit): number {
  if (path === undefined) return method === undefined ? 0 : 1;
  return 2 + 2 * segments(path).filter((segment) => !segment.startsWith("*")).length + (method === undefined ? 0 : 1);
}
