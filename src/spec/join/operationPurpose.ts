import { singular } from "../../support/words.ts";
import type { EndpointResource } from "../endpointResource.ts";
import type { HttpMethod } from "../model.ts";

/** What the convention of REST says about the body and the answer of an operation. */
export interface OperationPurpose {
  /** `none`: there is none. `unknown`: only the documents can say. */
  readonly body: "create" | "change" | "none" | "unknown";
  readonly answer: "one" | "many" | "none" | "unknown";
  readonly status: number;
}

export function purposeOf(method: HttpMethod, { steps, rest }: EndpointResource): OperationPurpose {
  const target = steps.at(-1);
  const isOne = target?.parameter !== undefined || target?.own === true;
  if (rest.length > 0) return actionPurpose(method, isOne, rest);
  return (isOne ? onOne : onAll)[method] ?? unknown;
}

/** What the last segment says by itself, whatever the rest of the path is about; undefined when it says nothing. */
export function conventionOf(method: HttpMethod, path: string): OperationPurpose | undefined {
  const last = path.split("/").at(-1) ?? "";
  if (method === "GET" && (isHealthPath(path) || fileType(path) !== undefined)) {
    return { body: "none", answer: "unknown", status: 200 };
  }
  const endsSession = method === "POST" && /^(?:logout|log-out|signout|sign-out)(?:-all)?$/i.test(last);
  return endsSession ? { body: "none", answer: "none", status: 204 } : undefined;
}

export function isHealth(segment: string): boolean {
  return /^(?:health|healthz|healthcheck|health-check|ready|readyz|readiness|live|livez|liveness|ping|status|_health)$/i.test(
    segment,
  );
}

/** `/api/v1/status`, `/health/detailed`, and not `/verification/status`. */
export function isHealthPath(path: string): boolean {
  const named = path.split("/").filter((segment) => segment !== "" && !plainPrefix.test(segment));
  const [first = "", ...more] = named;
  return isHealth(first) && (more.length === 0 || /^_?health/i.test(first));
}

/** Segments in front of a resource that name nothing. */
export const plainPrefix = /^(?:api|rest|public|internal|v\d+(?:\.\d+)?)$/i;

/** What the last segment says of a file that is fetched; undefined when it fetches none. */
export function fileType(path: string): string | undefined {
  const word = /[/.]([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return fileTypes.get(word);
}

const fileTypes: ReadonlyMap<string, string> = new Map([
  ["pdf", "application/pdf"],
  ["csv", "text/csv"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["zip", "application/zip"],
  ["download", "application/octet-stream"],
]);

const unknown: OperationPurpose = { body: "unknown", answer: "unknown", status: 200 };
const removal: OperationPurpose = { body: "none", answer: "none", status: 204 };

const onOne: Readonly<Partial<Record<HttpMethod, OperationPurpose>>> = {
  GET: { body: "none", answer: "one", status: 200 },
  PUT: { body: "change", answer: "one", status: 200 },
  PATCH: { body: "change", answer: "one", status: 200 },
  DELETE: removal,
};

const onAll: Readonly<Partial<Record<HttpMethod, OperationPurpose>>> = {
  GET: { body: "none", answer: "many", status: 200 },
  POST: { body: "create", answer: "one", status: 201 },
};

function actionPurpose(method: HttpMethod, isOne: boolean, rest: readonly string[]): OperationPurpose {
  const [word = "", ...more] = rest;
  if (method === "DELETE") return removal;
  if (!isOne) {
    const isList = method === "GET" && /^(?:search|list|all)$/.test(rest.join("/"));
    return isList ? { body: "none", answer: "many", status: 200 } : unknown;
  }
  if (method === "GET" || more.length > 0 || singular(word) !== word) return unknown;
  const isVerb = verbs.has(word.toLowerCase().replace(/^re-?(?=[a-z]{3})/, "")) || verbs.has(firstWord(word));
  return { body: isVerb ? "none" : "unknown", answer: "one", status: 200 };
}

/** `convert` of `convert-to-invoice`. */
function firstWord(action: string): string {
  return action.toLowerCase().split(/[-_]/)[0] ?? "";
}

/** Verbs that say by themselves what is to happen to the row. */
const verbs = new Set(
  (
    "accept acknowledge activate approve archive assign begin block cancel check checkin checkout claim clone close complete " +
    "confirm convert copy deactivate decline deliver deprecate disable dismiss dispatch duplicate enable end expire " +
    "favorite favourite finalize finish follow hide hold issue join leave like lock mark merge open pause pay prepare " +
    "publish read refresh refuse register reject release renew reset resolve restore resume retry return revoke rollback " +
    "run seal send ship sign start stop submit suspend sync terminate toggle trigger unarchive unassign unblock undo " +
    "unfollow unlike unlock unpublish validate verify void withdraw"
  ).split(" "),
);
