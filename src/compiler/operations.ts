import type { EndpointResource } from "../spec/endpointResource.ts";
import { usesCamelCase } from "../spec/join/derivedModels.ts";
import { isHealthPath } from "../spec/join/operationPurpose.ts";
import type { DesignSpec, Endpoint } from "../spec/model.ts";
import { singular, snakeCase, uniqueName } from "../support/words.ts";
import { accessOf, knowsCallers } from "./access.ts";
import type {
  ApiPlan,
  ModelPlan,
  OperationPlan,
  QueryPlan,
  RequestPlan,
  ResourcePath,
  ResourceStep,
} from "./apiPlan.ts";
import type { Assumption, NeedsDetail } from "./compilation.ts";
import { type ErrorCatalogue, notFoundOf } from "./errorClasses.ts";
import { isUnique } from "./fieldMatching.ts";
import { mergedFilters, planQuery } from "./filters.ts";
import { answeredSchemas, assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, ErrorClassPlan, FilterPlan, OperationKind, SessionSettingPlan } from "./plan.ts";
import { type BodyPurpose, planRequest } from "./requests.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";
import { planResponse, successResponse } from "./responses.ts";
import { planTransition, stateAfter } from "./transitions.ts";

export interface OperationPlanning {
  readonly api: ApiPlan;
  /** The aggregates with the filters that their lists need. */
  readonly aggregates: readonly AggregatePlan[];
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

/** What the operations are planned against. */
export interface OperationContext {
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
  readonly session: SessionSettingPlan;
  readonly errors: ErrorCatalogue;
}

/**
 * Decides for every endpoint how it is carried out.
 *
 * An endpoint that the design does not determine is left out of the plan altogether and named with
 * the sentence that the design would have to say: no stub ever counts as implemented.
 */
export function planOperations(context: OperationContext): OperationPlanning {
  const { spec, aggregates, session } = context;
  const models = new Map<string, ModelPlan>();
  const names = new Set<string>();
  const operations: OperationPlan[] = [];
  const assumptions: Assumption[] = [];
  const needsDetail: NeedsDetail[] = [];
  const isProtected = knowsCallers(spec, session, aggregates);
  const answered = answeredSchemas(spec);
  for (const endpoint of spec.api.endpoints) {
    const draft = createDraft(context, endpoint, { answered, models: new Map(models) });
    const planned = planOperation(draft, context, { names, isProtected });
    if (!planned || draft.gaps.length > 0) {
      needsDetail.push({ element: endpoint.id, reason: reasonOf(draft.gaps), source: endpoint.source });
      continue;
    }
    names.add(planned.name);
    for (const [name, model] of draft.models) models.set(name, model);
    assumptions.push(...draft.assumptions);
    operations.push(planned);
  }
  const queries = (aggregate: AggregatePlan): readonly QueryPlan[] =>
    operations.flatMap(({ target, query }) => (target === aggregate && query ? [query] : []));
  const filtered = aggregates.map((aggregate) => ({
    ...aggregate,
    filters: [
      ...new Map(
        [...mergedFilters(queries(aggregate)), ...lookups(operations, aggregate)].map((filter) => [
          filter.name,
          filter,
        ]),
      ).values(),
    ],
  }));
  const queryModels = operations.flatMap(({ query }) => (query && query.model.fields.length > 0 ? [query.model] : []));
  return {
    api: { operations, models: [...models.values(), ...queryModels], camelCase: usesCamelCase(spec.api) },
    aggregates: filtered,
    assumptions: distinct(assumptions),
    needsDetail,
  };
}

/** Rows that are found by another unique column than the key are found by a filter. */
function lookups(operations: readonly OperationPlan[], aggregate: AggregatePlan): readonly FilterPlan[] {
  return operations
    .flatMap(({ path }) => path.steps)
    .filter((step) => step.aggregate.className === aggregate.className)
    .flatMap((step) => step.own ?? step.parameter?.field ?? [])
    .filter((field) => !(field.isKey && aggregate.key.length === 1))
    .filter((field) => !field.isKey || isUnique(aggregate, field))
    .map((field) => ({ name: field.name, field, operator: "equal" as const }));
}

interface Surroundings {
  readonly names: ReadonlySet<string>;
  readonly isProtected: boolean;
}

function createDraft(
  { spec, aggregates }: OperationContext,
  endpoint: Endpoint,
  known: Pick<OperationDraft, "answered" | "models">,
): OperationDraft {
  return { spec, aggregates, endpoint, module: "shared", building: new Set(), gaps: [], assumptions: [], ...known };
}

function planOperation(
  draft: OperationDraft,
  context: OperationContext,
  { names, isProtected }: Surroundings,
): OperationPlan | undefined {
  const { spec, endpoint } = draft;
  const path = resourcePath(endpoint, context.aggregates, spec.api.basePath);
  const target = targetOf(path)?.aggregate;
  const kind = classify(draft, path);
  if (kind === undefined) return undefined;
  const wanted = pythonName(snakeCase(endpoint.operationId ?? derivedName(kind, path)));
  const name = uniqueName(wanted, names);
  if (endpoint.security === undefined && isProtected) {
    assume(draft, "The contract does not say who may call; an authenticated caller is required.");
  }
  noteHeaders(draft);
  const shared = {
    endpoint,
    kind,
    name,
    operationId: endpoint.operationId !== undefined && name === wanted ? endpoint.operationId : camel(name),
    path,
    access: accessOf(spec, endpoint, isProtected),
  };
  const parts =
    kind === "health" || !target ? healthParts(draft, name) : rowParts(draft, context, { kind, name, path, target });
  const status = successResponse(endpoint.responses)?.status ?? defaultStatus(kind, parts.response !== undefined);
  const errors = documentedErrors(context, shared, target);
  return { ...shared, ...parts, ...(target && kind !== "health" && { target }), status, errors };
}

type OperationParts = Pick<OperationPlan, "request" | "query" | "response" | "transition">;

function healthParts(draft: OperationDraft, name: string): OperationParts {
  const response = planResponse(draft, { kind: "health", name });
  return response ? { response } : {};
}

interface RowOperation {
  readonly kind: OperationKind;
  readonly name: string;
  readonly path: ResourcePath;
  readonly target: AggregatePlan;
}

function rowParts(draft: OperationDraft, context: OperationContext, operation: RowOperation): OperationParts {
  const { kind, name, path, target: aggregate } = operation;
  const query = kind === "list" ? planQuery(draft, name, aggregate, path) : undefined;
  const transition =
    kind === "transition" ? planTransition(draft, aggregate, path.rest.at(-1) ?? "", context.errors) : undefined;
  const request = bodyOf(draft, operation);
  const answers = kind === "list" ? "entities" : kind === "delete" ? "nothing" : "entity";
  const response = planResponse(draft, { kind: answers, aggregate, name, ...(query && { paging: query.paging }) });
  return {
    ...(query && { query }),
    ...(transition && { transition }),
    ...(request && { request }),
    ...(response && { response }),
  };
}

function bodyOf(draft: OperationDraft, { kind, name, path }: RowOperation): RequestPlan | undefined {
  if (kind === "transition" && !hasBody(draft)) return undefined;
  if (kind !== "create" && kind !== "update" && kind !== "replace" && kind !== "transition") return undefined;
  return planRequest(draft, name, path, kind satisfies BodyPurpose);
}

function hasBody({ endpoint, spec }: OperationDraft): boolean {
  const schema = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  return (schema?.properties?.length ?? 0) > 0;
}

/** How the endpoint is carried out; undefined, with a gap in the draft, when the design does not say. */
function classify(draft: OperationDraft, path: ResourcePath): OperationKind | undefined {
  const { endpoint } = draft;
  if (endpoint.responses.some(({ contentType }) => /event-stream/.test(contentType ?? ""))) {
    draft.gaps.push("the answer is a stream of events, and no document says what produces them");
    return undefined;
  }
  const isCheck = path.steps.length === 0 && isHealthPath(endpoint.path);
  if (isCheck && endpoint.method === "GET") return "health";
  const target = targetOf(path);
  const unreached = endpoint.resource?.steps[path.steps.length];
  if (unreached && endpoint.resource?.prefix.length === 0) {
    draft.gaps.push(gapAt(unreached, target));
    return undefined;
  }
  if (!target) {
    draft.gaps.push(`no table or entity is behind ${path.rest.map((part) => `"${part}"`).join(" / ") || "the path"}`);
    return undefined;
  }
  return rowKind(draft, path, target);
}

/** Why the walk through the tables ends in front of a step that the path has. */
function gapAt({ table, entity }: EndpointResource["steps"][number], parent: ResourceStep | undefined): string {
  if (table === undefined) return `no table stores ${entity}`;
  return parent
    ? `no foreign key says which rows of ${table} belong to one of ${parent.aggregate.table.name}`
    : `no column of ${table} says which of its rows the path means`;
}

function rowKind(draft: OperationDraft, path: ResourcePath, target: ResourceStep): OperationKind | undefined {
  const { endpoint } = draft;
  const last = path.rest.at(-1) ?? "";
  const isItem = target.parameter !== undefined || target.own !== undefined;
  if (!isItem && endpoint.method === "GET" && /^(?:search|list|all)$/.test(path.rest.join("/"))) return "list";
  if (path.rest.length > 0) {
    return isItem ? actionKind(draft, path, last) : unknownAction(draft, target.aggregate, last);
  }
  const kind = (isItem ? itemKinds : collectionKinds)[endpoint.method];
  if (kind === undefined)
    draft.gaps.push(`${endpoint.method} on ${isItem ? "one row" : "a whole collection"} is not defined`);
  if (kind === "list" && answersOne(draft)) {
    draft.gaps.push(`the answer is one ${target.aggregate.className}, and no document says which`);
  }
  return kind;
}

const itemKinds: Readonly<Partial<Record<Endpoint["method"], OperationKind>>> = {
  GET: "get",
  PATCH: "update",
  PUT: "replace",
  DELETE: "delete",
};

const collectionKinds: Readonly<Partial<Record<Endpoint["method"], OperationKind>>> = { GET: "list", POST: "create" };

function actionKind(draft: OperationDraft, path: ResourcePath, verb: string): OperationKind | undefined {
  const { endpoint } = draft;
  const target = targetOf(path);
  if (!target) return undefined;
  if (path.rest.length === 1 && endpoint.method === "GET") return "get";
  if (path.rest.length === 1 && endpoint.method !== "DELETE") {
    if (/^(?:status|state)$/.test(verb) && endpoint.method !== "POST" && hasBody(draft)) return "update";
    if (stateAfter(target.aggregate, verb) !== undefined) return "transition";
  }
  return unknownAction(draft, target.aggregate, path.rest.join("/"));
}

function unknownAction(draft: OperationDraft, { className }: AggregatePlan, verb: string): undefined {
  draft.gaps.push(
    `no state machine of ${className} has a transition "${verb}", and no rule says what it changes or which system it calls`,
  );
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

function noteHeaders(draft: OperationDraft): void {
  const ignored = draft.endpoint.parameters.filter(
    (parameter) =>
      parameter.in === "header" &&
      !/^(?:authorization|x-correlation-id|x-request-id|accept|content-type)$/i.test(parameter.name),
  );
  for (const { name } of ignored) assume(draft, `The header ${name} has no effect: no document says what it changes.`);
}

function derivedName(kind: OperationKind, path: ResourcePath): string {
  const target = targetOf(path)?.aggregate;
  if (!target) return path.rest.length > 0 ? `get ${path.rest.join(" ")}` : "get root";
  const parent = path.steps.at(-2)?.aggregate;
  const scope = parent ? `${singular(parent.plural)} ` : "";
  const own = targetOf(path)?.own ? "own " : "";
  const rest = path.rest.join(" ");
  if (kind === "list") return `list ${scope}${target.plural}`;
  if (kind === "transition") return `${rest} ${target.module}`;
  return `${kind} ${own}${scope}${target.module} ${rest}`;
}

function camel(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/_$/, "");
}

function defaultStatus(kind: OperationKind, hasAnswer: boolean): number {
  if (kind === "create") return 201;
  return kind === "delete" && !hasAnswer ? 204 : 200;
}

/** What the contract documents, by code where it names one and by status where it does not. */
function documentedErrors(
  { errors }: OperationContext,
  { endpoint, access, path }: Pick<OperationPlan, "endpoint" | "access" | "path">,
  target: AggregatePlan | undefined,
): readonly ErrorClassPlan[] {
  const named = errors.classes.filter(({ code }) => endpoint.errorCodes.includes(code));
  const certain = [
    ...(access.public ? [] : [errors.unauthenticated]),
    ...(access.anyOf.length + access.allOf.length > 0 ? [errors.forbidden] : []),
    ...(target && path.steps.some(({ parameter }) => parameter) ? [notFoundOf(target, errors)] : []),
  ];
  const covered = new Set([...named, ...certain].map(({ status }) => status));
  const byStatus = endpoint.responses
    .filter(({ status }) => status >= 400 && !covered.has(status))
    .flatMap(({ status }) => errors.classes.find((plan) => plan.status === status) ?? []);
  return [...new Set([...named, ...certain, ...byStatus])].sort((left, right) => left.status - right.status);
}

function reasonOf(gaps: readonly string[]): string {
  const text = [...new Set(gaps)].join("; ") || "the design does not determine the operation";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. Say so in the design documents to have the endpoint implemented.`;
}

function distinct(assumptions: readonly Assumption[]): readonly Assumption[] {
  return [...new Map(assumptions.map((item) => [`${item.element} ${item.text}`, item])).values()];
}
