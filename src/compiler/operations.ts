import { usesCamelCase } from "../spec/join/derivedModels.ts";
import type { Endpoint } from "../spec/model.ts";
import { capitalize, singular, snakeCase, uniqueName } from "../support/words.ts";
import { accessOf, knowsCallers } from "./access.ts";
import type { Access, ApiPlan, ModelPlan, OperationPlan, QueryPlan, ResourcePath } from "./apiPlan.ts";
import { withKeyOfBody } from "./bodyKeys.ts";
import type { Assumption, NeedsDetail } from "./compilation.ts";
import { documentedErrors } from "./documentedErrors.ts";
import { mergedFilters } from "./filters.ts";
import { foundBy } from "./lookups.ts";
import { answeredSchemas, assume, type OperationDraft } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import { classify, settingVerbs } from "./operationKinds.ts";
import { type OperationContext, partsOf } from "./operationParts.ts";
import type { AggregatePlan, FilterPlan, OperationKind } from "./plan.ts";
import { planRateLimit } from "./rateLimits.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";
import { successResponse } from "./responses.ts";
import { foreignMethods, inRouteOrder, isTakenFor, type Route } from "./routeOrder.ts";
import { isSignIn } from "./signIn.ts";
import { withSingleRow } from "./singleRows.ts";
import { noteTally, talliesOf, tallyOf } from "./tallies.ts";

export interface OperationPlanning {
  readonly api: ApiPlan;
  /** The aggregates with the filters that their lists need. */
  readonly aggregates: readonly AggregatePlan[];
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
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
  const undetermined: Undetermined[] = [];
  const isProtected = knowsCallers(spec, session, aggregates);
  const answered = answeredSchemas(spec);
  for (const endpoint of spec.api.endpoints) {
    const draft = createDraft(context, endpoint, { answered, models: new Map(models) });
    const planned = planOperation(draft, context, { names, isProtected });
    if (!planned || draft.gaps.length > 0) {
      undetermined.push({ endpoint, reason: reasonOf(draft.gaps) });
      continue;
    }
    names.add(planned.name);
    for (const [name, model] of draft.models) models.set(name, model);
    assumptions.push(...draft.assumptions);
    operations.push(planned);
  }
  const routes = operations.map(routeOf);
  const isReserved = (endpoint: Endpoint): boolean => routes.some((route) => isTakenFor(endpoint, route));
  const queries = (aggregate: AggregatePlan): readonly QueryPlan[] =>
    operations.flatMap(({ target, query }) => (target === aggregate && query ? [query] : []));
  const filtered = aggregates.map((aggregate) => ({
    ...aggregate,
    ...accountOf(operations, aggregate),
    ...derivedOf([...models.values()], aggregate),
    filters: [
      ...new Map(
        [...mergedFilters(queries(aggregate)), ...lookups(operations, aggregate)].map((filter) => [
          filter.name,
          filter,
        ]),
      ).values(),
    ],
  }));
  const lists = filtered.map((aggregate) => withOrders(aggregate, operations));
  const queryModels = operations.flatMap(({ query }) => (query && query.model.fields.length > 0 ? [query.model] : []));
  return {
    api: {
      operations: inRouteOrder(operations, (own, other) => isTakenFor(routeOf(own), routeOf(other))),
      reserved: undetermined.map(({ endpoint }) => endpoint).filter(isReserved),
      foreign: foreignMethods(routes, spec.api.endpoints),
      models: [...models.values(), ...queryModels],
      camelCase: usesCamelCase(spec.api),
    },
    aggregates: lists,
    assumptions: distinct(assumptions),
    needsDetail: undetermined.map(({ endpoint, reason }) => ({
      element: endpoint.id,
      reason: isReserved(endpoint) ? `${reason} Until then it answers 501.` : reason,
      source: endpoint.source,
    })),
  };
}

interface Undetermined {
  readonly endpoint: Endpoint;
  readonly reason: string;
}

function routeOf({ endpoint, path }: OperationPlan): Route {
  return { method: endpoint.method, path: path.template };
}

/** The orders that some list can name, and whether some list is paged by cursor. */
function withOrders(aggregate: AggregatePlan, operations: readonly OperationPlan[]): AggregatePlan {
  const own = operations.filter(({ target }) => target?.className === aggregate.className);
  const orders = own.flatMap(({ query }) => query?.sorting?.orders ?? []);
  const seeks = own.some(({ query }) => query?.paging.style === "cursor");
  const unique = [...new Map(orders.map((order) => [order.name, order])).values()];
  const tallies = talliesOf(operations, aggregate);
  const hashes = own.some(({ request }) => request?.externals.some(({ source }) => source === "password"));
  const restores = own.some(({ kind }) => kind === "restore");
  return {
    ...aggregate,
    ...(unique.length > 0 && { orders: unique }),
    ...(seeks && { seeks }),
    ...(restores && { restores }),
    ...(hashes && { hashes }),
    ...(tallies.length > 0 && { tallies }),
  };
}

/** What answers show of the aggregate that no column holds. */
function derivedOf(models: readonly ModelPlan[], { className }: AggregatePlan): Pick<AggregatePlan, "derived"> {
  const own = models.filter((model) => model.aggregate?.className === className);
  const derived = own.flatMap(({ fields }) => fields.flatMap((field) => field.derived ?? []));
  return derived.length > 0 ? { derived: [...new Map(derived.map((part) => [part.name, part])).values()] } : {};
}

function accountOf(operations: readonly OperationPlan[], { className }: AggregatePlan): Pick<AggregatePlan, "account"> {
  const account = operations.find(({ signIn, target }) => signIn && target?.className === className)?.signIn?.account;
  return account ? { account } : {};
}

/** Rows that are found by another unique column than the key are found by a filter. */
function lookups(operations: readonly OperationPlan[], aggregate: AggregatePlan): readonly FilterPlan[] {
  const { account } = accountOf(operations, aggregate);
  const scopes = operations.flatMap(({ signIn }) => signIn?.account.within ?? []);
  const named = [
    ...(account ? [account.login, ...(account.within ? [account.within.column] : [])] : []),
    ...scopes.filter((scope) => scope.aggregate.className === aggregate.className).map(({ by }) => by),
  ];
  const login = named.map((field) => ({ name: field.name, field, operator: "equal" as const }));
  const found = operations
    .flatMap(({ path }) => path.steps)
    .filter((step) => step.aggregate.className === aggregate.className)
    .flatMap(foundBy)
    .map((field) => ({ name: field.name, field, operator: "equal" as const }));
  return [...login, ...found];
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
  const { endpoint } = draft;
  const { conflict } = endpoint;
  if (conflict) {
    draft.gaps.push(
      `the design promises another answer in ${conflict.path}:${conflict.line}, and only one can be meant`,
    );
    return undefined;
  }
  const understood = understand(draft, context);
  if (!understood) return undefined;
  const { path, kind, tally } = understood;
  const target = targetOf(path)?.aggregate;
  const wanted = pythonName(snakeCase(endpoint.operationId ?? derivedName(kind, path)));
  const name = uniqueName(wanted, names);
  const shared = {
    endpoint,
    kind,
    name,
    operationId: endpoint.operationId !== undefined && name === wanted ? endpoint.operationId : camel(name),
    path,
    access: plannedAccess(draft, isProtected && kind !== "signIn"),
  };
  const parts = partsOf(draft, context, { kind, name, path, target, isPublic: shared.access.public });
  if (!parts) return undefined;
  const status = successResponse(endpoint.responses)?.status ?? defaultStatus(kind, parts.response !== undefined);
  const limit = planRateLimit(draft, kind, shared.access, context.errors);
  const errors = documentedErrors({ ...shared, ...parts, ...(limit && { limit }) }, target, context.errors);
  const owner = kind === "health" ? undefined : (parts.target ?? target);
  return {
    ...shared,
    ...(limit && { limit }),
    headers: [],
    ...parts,
    ...(tally && { tally }),
    ...(owner && { target: owner }),
    status,
    errors,
  };
}

/** What the path is about and what is done with it. */
function understand(
  draft: OperationDraft,
  { aggregates, spec }: OperationContext,
): Pick<OperationPlan, "path" | "kind" | "tally"> | undefined {
  const path = withKeyOfBody(draft, withSingleRow(draft, resourcePath(draft.endpoint, aggregates, spec.api)));
  if (isSignIn(draft)) return { path, kind: "signIn" };
  const tally = tallyOf(draft, path);
  if (!tally) {
    const kind = classify(draft, path);
    return kind && { path, kind };
  }
  noteTally(draft, tally);
  const steps = [{ aggregate: tally.aggregate, parentColumns: [] }];
  return { path: { ...path, steps }, kind: "tally", tally: tally.field };
}

function plannedAccess(draft: OperationDraft, isProtected: boolean): Access {
  if (draft.endpoint.security === undefined && isProtected) {
    assume(draft, "The contract does not say who may call; an authenticated caller is required.");
  }
  return accessOf(draft.spec, draft.endpoint, isProtected);
}

function derivedName(kind: OperationKind, path: ResourcePath): string {
  if (kind === "signIn") return "sign in";
  const target = targetOf(path)?.aggregate;
  if (!target) return path.rest.length > 0 ? `get ${path.rest.join(" ")}` : "get root";
  const parent = path.steps.at(-2)?.aggregate;
  const scope = parent ? `${singular(parent.plural)} ` : "";
  const own = targetOf(path)?.own ? "own " : "";
  const rest = path.rest.join(" ");
  if (kind === "list") return `list ${scope}${target.plural} ${rest.replace(/^(?:search|list|all)$/, "")}`;
  if (kind === "updateMany" || kind === "deleteMany") return `${kind.replace("Many", "")} ${scope}${target.plural}`;
  const isVerb = kind === "update" && settingVerbs.test(rest);
  if (isVerb || kind === "transition" || kind === "mark" || kind === "adjust" || kind === "restore")
    return `${rest} ${target.module}`;
  const verb = kind === "link" ? "add" : kind === "upsert" ? "put" : kind;
  return `${verb} ${own}${scope}${target.module} ${rest}`;
}

function camel(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/_$/, "");
}

function defaultStatus(kind: OperationKind, hasAnswer: boolean): number {
  if (kind === "create" || kind === "createMany") return 201;
  return (kind === "delete" || kind === "deleteMany" || kind === "link") && !hasAnswer ? 204 : 200;
}

function reasonOf(gaps: readonly string[]): string {
  const text = [...new Set(gaps)].join("; ") || "the design does not determine the operation";
  return `${capitalize(text)}. Say so in the design documents to have the endpoint implemented.`;
}

function distinct(assumptions: readonly Assumption[]): readonly Assumption[] {
  return [...new Map(assumptions.map((item) => [`${item.element} ${item.text}`, item])).values()];
}
