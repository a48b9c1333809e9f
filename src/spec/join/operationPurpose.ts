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
    "accept acknowledge activate approve archive assign block cancel check checkin checkout claim clone close complete " +
    "confirm convert copy deactivate decline deliver deprecate disable dismiss dispatch duplicate enable end expire " +
    "favorite favourite finalize finish follow hide hold issue join leave like lock mark merge open pause pay prepare " +
    "publish read refresh refuse register reject release renew reset resolve restore resume retry return revoke rollback " +
    "run seal send ship sign start stop submit suspend sync terminate toggle trigger unarchive unassign unblock undo " +
    "unfollow unlike unlock unpublish validate verify void withdraw"
  ).split(" "),
);
