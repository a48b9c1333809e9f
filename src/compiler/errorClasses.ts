import type { DesignSpec, ErrorCode } from "../spec/model.ts";
import { capitalize, pascalCase, uniqueName, words } from "../support/words.ts";
import type { Assumption } from "./compilation.ts";
import type { AggregatePlan, ErrorClassPlan, ErrorPlan } from "./plan.ts";
import { limitsCalls } from "./rateLimits.ts";
import { withRetryHints } from "./retryHints.ts";
import { isTakenFor } from "./routeOrder.ts";

/** The catalogue together with the answers that only the central handlers give. */
export interface ErrorCatalogue extends ErrorPlan {
  /** Unknown route, and the answer for a row whose aggregate has no code of its own. */
  readonly notFound: ErrorClassPlan;
  readonly methodNotAllowed: ErrorClassPlan;
  /** The database cannot be reached. The internal error when the design has no such code. */
  readonly unavailable: ErrorClassPlan;
  readonly invalid: ErrorClassPlan;
  /** The row is not the version that the request was made for. Undefined when no endpoint has such a condition. */
  readonly precondition: ErrorClassPlan | undefined;
  /** A file that is larger than the contract allows, and one of another type. Undefined when no endpoint takes files. */
  readonly tooLarge: ErrorClassPlan | undefined;
  readonly mediaType: ErrorClassPlan | undefined;
  /** Too many calls. Undefined when no endpoint says how many may be. */
  readonly limited: ErrorClassPlan | undefined;
  /** An endpoint that the design does not determine. Undefined when no path could be taken for that of another. */
  readonly notImplemented: ErrorClassPlan | undefined;
  /** A unique key that no code of the design names. */
  readonly duplicate: ErrorClassPlan;
}

export interface ErrorPlanning {
  readonly errors: ErrorCatalogue;
  readonly assumptions: readonly Assumption[];
}

/**
 * One exception class for each designed code, and the engine's own for situations without a code.
 *
 * Codes that only the API contract names count as designed: clients see them.
 */
export function planErrors(spec: DesignSpec): ErrorPlanning {
  const retries = spec.errors.retries ?? [];
  const assumptions: Assumption[] = [];
  const classes = designedCodes(spec).map(({ code, source }) =>
    withRetryHints(classOf(code, source, assumptions), retries, code.retryable),
  );
  const names = new Set<string>();
  const unique = classes.map((plan) => ({ ...plan, className: claim(plan.className, names) }));
  const all = [...unique];
  const situation = (wanted: Situation): ErrorClassPlan => {
    const found = findSituation(all, wanted);
    if (found) return found;
    const className = claim(errorClassName(wanted.fallback.code), names);
    const own = withRetryHints({ ...wanted.fallback, className }, retries);
    all.push(own);
    assumptions.push({
      text: `The design has no code for "${wanted.name}"; ${own.code} with status ${own.status} is used.`,
      element: `errorCode:${own.code}`,
    });
    return own;
  };
  const invalid = situation(validationSituation(spec));
  const catalogue = {
    invalid,
    unauthenticated: situation(situations.unauthenticated),
    forbidden: situation(situations.forbidden),
    notFound: situation(situations.notFound),
    methodNotAllowed: situation(situations.methodNotAllowed),
    conflict: situation(situations.conflict),
    duplicate: situation(situations.duplicate),
    internal: situation(situations.internal),
    notImplemented: hasLikePaths(spec) ? situation(situations.notImplemented) : undefined,
    precondition: hasConditions(spec) ? situation(situations.precondition) : undefined,
    limited: limitsCalls(spec) ? situation(situations.limited) : undefined,
    tooLarge: takesFiles(spec) ? situation(situations.tooLarge) : undefined,
    mediaType: takesFiles(spec) ? situation(situations.mediaType) : undefined,
  };
  const unavailable = findSituation(all, situations.unavailable) ?? catalogue.internal;
  const validation = { status: invalid.status, code: invalid.code };
  return { errors: { ...catalogue, unavailable, validation, classes: all }, assumptions };
}

/** The planning without the engine's own classes that nothing raises. */
export function withoutUnused(planning: ErrorPlanning, raised: readonly ErrorClassPlan[]): ErrorPlanning {
  const { errors, assumptions } = planning;
  const { conflict, duplicate, tooLarge, mediaType, limited, notImplemented } = errors;
  const optional = [conflict, duplicate, tooLarge, mediaType, limited, notImplemented].filter(
    (plan) => plan && !raised.includes(plan) && assumptions.some(({ element }) => element === `errorCode:${plan.code}`),
  );
  return {
    errors: { ...errors, classes: errors.classes.filter((plan) => !optional.includes(plan)) },
    assumptions: assumptions.filter(({ element }) => !optional.some((plan) => element === `errorCode:${plan?.code}`)),
  };
}

/** The first of the classes whose code, as words, the pattern knows. */
export function findCode(classes: readonly ErrorClassPlan[], pattern: RegExp): ErrorClassPlan | undefined {
  return classes.find(({ code }) => pattern.test(words(code).join(" ")));
}

/** `ORDER_NOT_FOUND` → `OrderNotFoundError`; a code that ends in ERROR keeps one. */
export function errorClassName(code: string): string {
  const kept = words(code).filter((word, index, list) => !(index === list.length - 1 && index > 0 && word === "error"));
  const name = pascalCase(kept.join(" ")) || "Application";
  return `${/^\d/.test(name) ? "Code" : ""}${name}Error`;
}

/** The error for a key that no visible row of the aggregate has. */
export function notFoundOf(aggregate: AggregatePlan, errors: ErrorCatalogue): ErrorClassPlan {
  const names = [aggregate.className, aggregate.module, ...(aggregate.calledAs ?? [])].map((name) =>
    words(name).join(" "),
  );
  const own = errors.classes.find(({ code, status }) => {
    const text = words(code).join(" ");
    return (status === 404 || status === 410) && names.some((name) => missing(name).includes(text));
  });
  return own ?? errors.notFound;
}

/** The error for a transition that the state machine of the aggregate does not have. */
export function transitionErrorOf(aggregate: AggregatePlan, errors: ErrorCatalogue): ErrorClassPlan {
  const entity = words(aggregate.className);
  const candidates = errors.classes.filter(({ code }) => transitionCode.test(words(code).join(" ")));
  const own = candidates.find(({ code }) => entity.every((word) => words(code).includes(word)));
  return own ?? candidates.find(({ code }) => words(code).length <= 3) ?? errors.conflict;
}

interface Situation {
  readonly name: string;
  readonly statuses: readonly number[];
  /** Tried in this order on the words of the code, separated by blanks. */
  readonly patterns: readonly RegExp[];
  /** A code of the right status that no pattern knows is taken as well. */
  readonly anyOfStatus: boolean;
  readonly fallback: Omit<ErrorClassPlan, "className">;
}

const transitionCode =
  /\b(?:transition|(?:illegal|invalid|wrong|bad|unexpected|incorrect) (?:state|status)|(?:state|status) conflict)\b/;

const own = (code: string, status: number, message: string): Omit<ErrorClassPlan, "className"> => ({
  code,
  status,
  message,
  retryable: false,
});

const situations = {
  unauthenticated: {
    name: "not authenticated",
    statuses: [401],
    patterns: [
      /^unauthenticated$/,
      /^(?:unauthori[sz]ed|authentication required)$/,
      /^(?:auth|missing|no) /,
      /\btoken\b(?!.*\b(?:refresh|reset|invit\w*|verif\w*)\b)/,
    ],
    anyOfStatus: true,
    fallback: own("UNAUTHENTICATED", 401, "Authentication is required"),
  },
  forbidden: {
    name: "not allowed",
    statuses: [403],
    patterns: [/^(?:forbidden|access denied|permission denied|insufficient)/, /permission|denied|forbidden/],
    anyOfStatus: true,
    fallback: own("FORBIDDEN", 403, "The caller may not do this"),
  },
  notFound: {
    name: "not found",
    statuses: [404],
    patterns: [/^(?:not found|resource not found|entity not found|route not found|item not found)/],
    anyOfStatus: false,
    fallback: own("NOT_FOUND", 404, "The resource does not exist"),
  },
  methodNotAllowed: {
    name: "method not allowed",
    statuses: [405],
    patterns: [/method/],
    anyOfStatus: true,
    fallback: own("METHOD_NOT_ALLOWED", 405, "The resource does not have this method"),
  },
  conflict: {
    name: "conflict",
    statuses: [409],
    patterns: [/^(?:resource )?conflict$/, transitionCode, /conflict/],
    anyOfStatus: false,
    fallback: own("CONFLICT", 409, "The request conflicts with the current state"),
  },
  duplicate: {
    name: "already exists",
    statuses: [409],
    patterns: [/^(?:resource )?conflict$/, /^(?:resource )?(?:already exists|duplicate)/],
    anyOfStatus: false,
    fallback: own("CONFLICT", 409, "The request conflicts with the current state"),
  },
  precondition: {
    name: "changed by somebody else",
    statuses: [412, 409],
    patterns: [/precondition|stale|version|concurrent|etag|modified|changed/],
    anyOfStatus: false,
    fallback: own("PRECONDITION_FAILED", 412, "It has been changed since it was read"),
  },
  tooLarge: {
    name: "file too large",
    statuses: [413, 400, 422],
    patterns: [/too large|too big|(?:file|payload|upload|body) size|size (?:exceeded|limit)/],
    anyOfStatus: false,
    fallback: own("FILE_TOO_LARGE", 413, "The file is larger than allowed"),
  },
  mediaType: {
    name: "file of another type",
    statuses: [415, 400, 422],
    patterns: [/(?:media|mime|file|content) type|unsupported (?:media|file|format)|file format/],
    anyOfStatus: false,
    fallback: own("UNSUPPORTED_MEDIA_TYPE", 415, "Files of this type are not taken"),
  },
  limited: {
    name: "too many calls",
    statuses: [429],
    patterns: [/rate limit|too many/],
    anyOfStatus: true,
    fallback: own("RATE_LIMITED", 429, "There were too many requests"),
  },
  internal: {
    name: "unexpected failure",
    statuses: [500],
    patterns: [/^internal/, /unexpected|unknown|server error/],
    anyOfStatus: false,
    fallback: own("INTERNAL_ERROR", 500, "Unexpected server error"),
  },
  notImplemented: {
    name: "not implemented",
    statuses: [501],
    patterns: [/not implemented/],
    anyOfStatus: true,
    fallback: own("ENDPOINT_NOT_IMPLEMENTED", 501, "The endpoint is not implemented"),
  },
  unavailable: {
    name: "database unreachable",
    statuses: [503, 500],
    patterns: [/^database (?:error|unavailable)/, /^(?:service )?unavailable/],
    anyOfStatus: false,
    fallback: own("SERVICE_UNAVAILABLE", 503, "The service is temporarily unavailable"),
  },
} satisfies Readonly<Record<string, Situation>>;

function hasConditions({ api }: DesignSpec): boolean {
  return api.endpoints.some(({ parameters }) =>
    parameters.some(({ in: place, name }) => place === "header" && name.toLowerCase() === "if-match"),
  );
}

/** `/orders/stats` beside `/orders/{orderId}`. */
function hasLikePaths({ api }: DesignSpec): boolean {
  return api.endpoints.some((endpoint) => api.endpoints.some((other) => isTakenFor(endpoint, other)));
}

function takesFiles({ api }: DesignSpec): boolean {
  return api.endpoints.some(({ request }) => /^multipart\//.test(request?.contentType ?? ""));
}

function validationSituation(spec: DesignSpec): Situation {
  const designed = spec.errors.validation;
  if (designed) {
    const exact = new RegExp(`^${words(designed.code).join(" ")}$`);
    return {
      name: "invalid request",
      statuses: [designed.status],
      patterns: [exact],
      anyOfStatus: false,
      fallback: own(designed.code, designed.status, "The request is not valid"),
    };
  }
  return {
    name: "invalid request",
    statuses: [400, 422],
    patterns: [/^validation/, /^(?:invalid (?:request|input|argument|parameter)|bad request|unprocessable)/],
    anyOfStatus: false,
    fallback: own("VALIDATION_ERROR", 422, "The request is not valid"),
  };
}

function findSituation(classes: readonly ErrorClassPlan[], wanted: Situation): ErrorClassPlan | undefined {
  for (const status of wanted.statuses) {
    const candidates = classes.filter((plan) => plan.status === status);
    for (const pattern of wanted.patterns) {
      const found = candidates.find(({ code }) => pattern.test(words(code).join(" ")));
      if (found) return found;
    }
    if (wanted.anyOfStatus && candidates[0]) return candidates[0];
  }
  return undefined;
}

function designedCodes(
  spec: DesignSpec,
): readonly { readonly code: ErrorCode; readonly source: ErrorCode["source"] }[] {
  const codes = new Map(spec.errors.codes.map((code) => [code.name, code]));
  for (const endpoint of spec.api.endpoints) {
    for (const name of endpoint.errorCodes) {
      if (codes.has(name)) continue;
      const { source } = endpoint;
      codes.set(name, { id: `errorCode:${name}`, kind: "errorCode", name, source, confidence: "inferred" });
    }
  }
  return [...codes.values()].map((code) => ({ code, source: code.source }));
}

function classOf(code: ErrorCode, source: ErrorCode["source"], assumptions: Assumption[]): ErrorClassPlan {
  const status = code.status ?? guessedStatus(code.name);
  if (code.status === undefined) {
    assumptions.push({
      text: `${code.name} has no status in the design; ${status} is used.`,
      element: code.id,
      source,
    });
  }
  return {
    code: code.name,
    className: errorClassName(code.name),
    status,
    message: code.message ?? readable(code.name),
    retryable: status === 503 || status === 429,
  };
}

function guessedStatus(code: string): number {
  const text = words(code).join(" ");
  return statusWords.find(({ pattern }) => pattern.test(text))?.status ?? 400;
}

const statusWords: readonly { readonly pattern: RegExp; readonly status: number }[] = [
  { pattern: /not found|does not exist|unknown/, status: 404 },
  { pattern: /taken|exists|conflict|duplicate|in use|transition|state/, status: 409 },
  { pattern: /unauth|token|credentials|expired session/, status: 401 },
  { pattern: /forbidden|denied|permission|not allowed/, status: 403 },
  { pattern: /rate limit|too many/, status: 429 },
  { pattern: /payment/, status: 402 },
  { pattern: /unavailable/, status: 503 },
  { pattern: /timeout/, status: 504 },
  { pattern: /internal|server|database|unexpected/, status: 500 },
];

function readable(code: string): string {
  return capitalize(words(code).join(" "));
}

function missing(name: string): readonly string[] {
  return [`${name} not found`, `${name} does not exist`, `${name} missing`, `no such ${name}`, `unknown ${name}`];
}

function claim(name: string, taken: Set<string>): string {
  const free = uniqueName(name, taken);
  taken.add(free);
  return free;
}
