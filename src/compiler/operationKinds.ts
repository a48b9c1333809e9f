import type { EndpointResource } from "../spec/endpointResource.ts";
import { isChangeable } from "../spec/join/columnFacts.ts";
import { isHealthPath } from "../spec/join/operationPurpose.ts";
import type { Endpoint } from "../spec/model.ts";
import { words } from "../support/words.ts";
import { adjustmentOf } from "./adjustments.ts";
import type { ResourcePath, ResourceStep } from "./apiPlan.ts";
import { bulkKind } from "./bulkWrites.ts";
import { foreignKeysTo, foreignKeyTo, matchField } from "./fieldMatching.ts";
import { isLink, isSaidBodyless, isWithoutBody } from "./links.ts";
import { isUnscoped } from "./lookups.ts";
import { isMark, isRestoration } from "./marks.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { isNamedList } from "./namedLists.ts";
import type { AggregatePlan, OperationKind } from "./plan.ts";
import { targetOf } from "./resourcePaths.ts";
import { successResponse } from "./responses.ts";
import { unnamedRow } from "./rowIdentity.ts";
import { tableKey } from "./schemaText.ts";
import { stateAfter } from "./transitions.ts";
import { takesSeveralFiles } from "./uploads.ts";

/** How the endpoint is carried out; undefined, with a gap in the draft, when the design does not say. */
export function classify(draft: OperationDraft, path: ResourcePath): OperationKind | undefined {
  const { endpoint } = draft;
  if (endpoint.responses.some(({ contentType }) => /event-stream/.test(contentType ?? ""))) {
    draft.gaps.push("the answer is a stream of events, and no document says what produces them");
    return undefined;
  }
  const isCheck = path.steps.length === 0 && isHealthPath(endpoint.path);
  if (isCheck && endpoint.method === "GET") return "health";
  const target = targetOf(path);
  const { prefix = [], steps = [] } = endpoint.resource ?? {};
  const unreached = steps[path.steps.length];
  if (unreached && (prefix.length === 0 || target || unreached.table === undefined)) {
    draft.gaps.push(gapAt(unreached, target, draft.aggregates));
    return undefined;
  }
  if (unreached) {
    draft.gaps.push(`no document says what ${quoted(prefix)} in front of "${unreached.segment}" means`);
    return undefined;
  }
  if (!target) {
    draft.gaps.push(`no table or entity is behind ${quoted(path.rest) || "the path"}`);
    return undefined;
  }
  if (prefix.length > 0) assume(draft, `${quoted(prefix)} in front of "${steps[0]?.segment}" only groups paths.`);
  if (isUnscoped(path)) {
    const { table } = target.aggregate;
    draft.gaps.push(`the path names the row in front of ${table.name} by another column than ${table.name} points at`);
    return undefined;
  }
  return rowKind(draft, path, target);
}

function quoted(segments: readonly string[]): string {
  return segments.map((part) => `"${part}"`).join(" / ");
}

/** Why the walk through the tables ends in front of a step that the path has. */
function gapAt(
  joined: EndpointResource["steps"][number],
  parent: ResourceStep | undefined,
  aggregates: readonly AggregatePlan[],
): string {
  const { table, entity } = joined;
  if (table === undefined) return `no table stores ${entity}`;
  const aggregate = aggregates.find((other) => tableKey(other.table) === table);
  if (!aggregate) return `no table stores ${table}`;
  if (!parent || foreignKeyTo(aggregate, parent.aggregate).length > 0) return unnamedRow(joined, aggregate);
  const isAmbiguous = foreignKeysTo(aggregate, parent.aggregate).length > 1;
  return `${isAmbiguous ? "more than one" : "no"} foreign key says which rows of ${table} belong to one of ${parent.aggregate.table.name}`;
}

function rowKind(draft: OperationDraft, path: ResourcePath, target: ResourceStep): OperationKind | undefined {
  if (isDownload(draft, path, target)) return "download";
  const isItem = target.parameter !== undefined || target.own !== undefined || target.single === true;
  const ofCollection = isItem ? undefined : collectionKind(draft, path, target);
  if (ofCollection) return ofCollection;
  if (path.rest.length === 0) return isItem ? itemKind(draft, target) : wholeKind(draft, target);
  const last = path.rest.at(-1) ?? "";
  if (isItem) return actionKind(draft, path);
  return draft.endpoint.method === "GET"
    ? unknownView(draft, target.aggregate, path.rest)
    : unknownAction(draft, target.aggregate, last);
}

function itemKind(draft: OperationDraft, step: ResourceStep): OperationKind | undefined {
  const { method } = draft.endpoint;
  const { aggregate, single } = step;
  const isMade = method === "POST" || method === "PUT";
  if (isMade && isLink(step) && isWithoutBody(draft, step)) return "link";
  if (single && method === "POST") return "create";
  if (single && method === "PUT" && isFreeToReplace(draft, aggregate)) return "upsert";
  if (method === "POST" && takesValues(draft)) {
    assume(draft, `POST on one ${aggregate.className} changes the values that it names.`);
    return "update";
  }
  const kind = itemKinds[method];
  if (kind === undefined) draft.gaps.push(`${method} on one row is not defined`);
  return kind;
}

/** A state machine and a condition are about the row that there is. */
function isFreeToReplace({ endpoint }: OperationDraft, { stateMachine }: AggregatePlan): boolean {
  return !stateMachine && !endpoint.parameters.some(({ name }) => /^if-match$/i.test(name));
}

function wholeKind(draft: OperationDraft, { aggregate }: ResourceStep): OperationKind | undefined {
  const { method } = draft.endpoint;
  if (method === "POST" && isSaidBodyless(draft)) return "link";
  const kind = collectionKinds[method];
  if (kind === undefined) draft.gaps.push(`${method} on a whole collection is not defined`);
  if (kind === "list" && answersOne(draft)) {
    draft.gaps.push(`the answer is one ${aggregate.className}, and no document says which`);
  }
  return kind;
}

/** `GET /documents/{id}/content`, or the row itself in another form than JSON. */
function isDownload(
  { endpoint }: OperationDraft,
  { rest }: ResourcePath,
  { aggregate, parameter }: ResourceStep,
): boolean {
  const type = successResponse(endpoint.responses)?.contentType ?? "json";
  const isOfRow = parameter !== undefined && rest.length <= 1 && !rest.some((segment) => segment.startsWith("{"));
  return endpoint.method === "GET" && aggregate.file !== undefined && isOfRow && !/json/.test(type);
}

const itemKinds: Readonly<Partial<Record<Endpoint["method"], OperationKind>>> = {
  GET: "get",
  PATCH: "update",
  PUT: "replace",
  DELETE: "delete",
};

const collectionKinds: Readonly<Partial<Record<Endpoint["method"], OperationKind>>> = { GET: "list", POST: "create" };

function actionKind(draft: OperationDraft, path: ResourcePath): OperationKind | undefined {
  const { endpoint } = draft;
  const target = targetOf(path);
  if (!target) return undefined;
  if (endpoint.method === "GET") {
    return path.rest.length === 1 ? "get" : unknownView(draft, target.aggregate, path.rest);
  }
  const isKnown = path.rest.length === 1 && endpoint.method !== "DELETE";
  return isKnown
    ? verbKind(draft, path, target.aggregate)
    : unknownAction(draft, target.aggregate, path.rest.join("/"));
}

function verbKind(draft: OperationDraft, path: ResourcePath, aggregate: AggregatePlan): OperationKind | undefined {
  const [verb = ""] = path.rest;
  if (/^(?:status|state)$/.test(verb) && draft.endpoint.method !== "POST" && hasBody(draft)) return "update";
  if (stateAfter(aggregate, verb) !== undefined) return "transition";
  if (isRestoration(aggregate, verb)) return restoration(draft, path, aggregate);
  if (isMark(aggregate, verb)) return "mark";
  if (adjustmentOf(draft, aggregate, verb)) return "adjust";
  if (!setsColumns(draft, aggregate, verb)) return unknownAction(draft, aggregate, verb);
  assume(draft, `${verb} changes the values that its body names.`);
  return "update";
}

/** Verbs that say no more than that values are changed. */
export const settingVerbs =
  /^(?:move|assign|reassign|rename|reorder|reschedule|set|change|update|edit)(?:[-_][\w-]+)?$/i;

/** `POST /cards/{id}/move` with a new position, `PUT /courses/{id}/progress` with its `progressPercent`; `refund` with an amount does more than to write it down. */
function setsColumns({ endpoint, spec }: OperationDraft, aggregate: AggregatePlan, verb: string): boolean {
  const schema = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  const fields = (schema?.properties ?? []).map(({ name }) => matchField(aggregate, name));
  const isSet = (field: (typeof fields)[number]): boolean =>
    field !== undefined && field.role !== "secret" && isChangeable(field);
  const [part = ""] = words(verb);
  const isNamed = (field: (typeof fields)[number]): boolean => words(field?.column.name ?? "").includes(part);
  const saysWhat = settingVerbs.test(verb) || (endpoint.method !== "POST" && fields.every(isNamed));
  return saysWhat && fields.length > 0 && fields.every(isSet);
}

/** A deleted row is found by its key alone. */
function restoration(
  draft: OperationDraft,
  { steps }: ResourcePath,
  { className }: AggregatePlan,
): "restore" | undefined {
  const [only, ...more] = steps;
  if (more.length === 0 && only?.parameter?.field.isKey && only.aggregate.key.length === 1 && !hasBody(draft))
    return "restore";
  draft.gaps.push(`no document says how a deleted ${className} is found by this path`);
  return undefined;
}

function unknownAction(draft: OperationDraft, { className }: AggregatePlan, verb: string): undefined {
  draft.gaps.push(
    `no state machine of ${className} has a transition "${verb}", and no rule says what it changes or which system it calls`,
  );
  return undefined;
}

function unknownView(draft: OperationDraft, { table }: AggregatePlan, rest: readonly string[]): undefined {
  draft.gaps.push(`no document says what ${quoted(rest)} shows of ${table.name}`);
  return undefined;
}

function answersOne(draft: OperationDraft): boolean {
  const schema = successResponse(draft.endpoint.responses)?.schema;
  if (!schema) return false;
  const resolved = resolveSchema(draft.spec, schema);
  if (resolved.type !== "object") return false;
  const inner = (resolved.properties ?? []).map((property) => resolveSchema(draft.spec, property.schema));
  return !inner.some(
    ({ type, properties }) =>
      type === "array" ||
      (properties ?? []).some((property) => resolveSchema(draft.spec, property.schema).type === "array"),
  );
}

/** What a whole collection is asked for under a name of its own. */
function collectionKind(
  draft: OperationDraft,
  path: ResourcePath,
  { aggregate }: ResourceStep,
): OperationKind | undefined {
  const { method } = draft.endpoint;
  if (method === "GET" && path.rest.length > 0 && isNamedList(draft, path, aggregate)) return "list";
  const isMany = isBulk(draft, path) || (path.rest.length === 0 && takesSeveralFiles(draft));
  return method === "POST" && isMany ? "createMany" : bulkKind(draft, path);
}

/** `POST /products/batch`, or a list where one product would be expected: `POST /users/createWithList`. */
function isBulk({ endpoint, spec }: OperationDraft, { rest }: ResourcePath): boolean {
  const isList = (endpoint.request && resolveSchema(spec, endpoint.request.schema))?.type === "array";
  const [name = "", ...more] = rest;
  if (more.length > 0) return false;
  return name === "" ? isList : /^(?:bulk|batch)$/.test(name) || (isList && /^(?:create|add|insert)/.test(name));
}

/** A body, or where there is none the query, with something in it. */
function takesValues(draft: OperationDraft): boolean {
  return hasBody(draft) || (!draft.endpoint.request && draft.endpoint.parameters.some((item) => item.in === "query"));
}

/** Whether the contract gives the request a body with something in it. */
export function hasBody({ endpoint, spec }: OperationDraft): boolean {
  const schema = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  return (schema?.properties?.length ?? 0) > 0;
}
