import type { Parameter } from "../spec/model.ts";
import { words } from "../support/words.ts";
import type { ModelField, SortingPlan } from "./apiPlan.ts";
import { matchField } from "./fieldMatching.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan, OrderPlan } from "./plan.ts";
import { importsFrom, stringLiteral } from "./python.ts";

/** How a list can be sorted, and the parameters that say so. */
export interface Sorting {
  readonly plan: SortingPlan;
  readonly fields: readonly ModelField[];
}

/**
 * The orders that the sort parameters of a list can name, every one over columns of the table, and the order that its text says.
 *
 * Undefined, and the parameter without effect, when the contract names something that is no column.
 */
export function planSorting(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  parameters: readonly Parameter[],
): Sorting | undefined {
  const fallback = saidOrder(draft, aggregate);
  const asked = askedSorting(draft, aggregate, parameters);
  if (!fallback || asked?.plan.directionAttribute !== undefined) return asked;
  const orders = [...(asked?.plan.orders ?? []), fallback];
  return { plan: { ...asked?.plan, orders, fallback }, fields: asked?.fields ?? [] };
}

/** "Oldest first", "sorted by `name`", "by due date, latest first"; undefined where nothing is said, or the usual order. */
function saidOrder({ endpoint }: OperationDraft, aggregate: AggregatePlan): OrderPlan | undefined {
  const text = `${endpoint.summary ?? ""}. ${endpoint.description ?? ""}`;
  const [, name, way] =
    /\b(?:ordered|sorted|in order of) (?:by )?`?([a-z]\w*)`?(?: \(?(asc|desc)(?:ending)?\b)?/i.exec(text) ?? [];
  const field = name === undefined ? undefined : matchField(aggregate, name);
  if (field && sortable(aggregate).includes(field)) {
    const descending = way?.toLowerCase() === "desc" || /\b(?:newest|latest|highest|largest) first\b/i.test(text);
    return { name: descending ? `-${field.name}` : field.name, field, descending };
  }
  const created = createdAt(aggregate);
  return created && /\b(?:oldest|earliest) first\b/i.test(text)
    ? { name: created.name, field: created, descending: false }
    : undefined;
}

function askedSorting(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  parameters: readonly Parameter[],
): Sorting | undefined {
  const sort = parameters.find(({ name, confidence }) => isSort(name) || confidence === "inferred");
  if (!sort) return undefined;
  const direction = parameters.find((parameter) => parameter !== sort && isDirection(draft, parameter));
  const values = namedValues(draft, aggregate, sort);
  const single = values.map((value) => orderOf(aggregate, value));
  const orders = single.flatMap((order) => order ?? []);
  if (orders.length === 0 || orders.length < single.length) return undefined;
  return {
    plan: {
      attribute: pythonName(sort.name),
      orders: direction ? orders.flatMap(bothWays) : orders,
      ...(direction && { directionAttribute: pythonName(direction.name) }),
    },
    fields: [
      choice(draft, sort, values),
      ...(direction
        ? [{ ...choice(draft, direction, valuesOf(draft, direction)), ...ascending(draft, direction) }]
        : []),
    ],
  };
}

/** What a document says in words that lists are sorted by is left out where its values have no order of their own. */
function namedValues(draft: OperationDraft, aggregate: AggregatePlan, sort: Parameter): readonly string[] {
  const named = valuesOf(draft, sort);
  if (named.length === 0) return sortable(aggregate).flatMap(({ name }) => [name, `-${name}`]);
  if (sort.confidence !== "inferred") return named;
  const known = named.filter((value) => orderOf(aggregate, value) !== undefined);
  const unknown = named.filter((value) => !known.includes(value) && !value.startsWith("-"));
  if (unknown.length > 0) {
    assume(draft, `Lists are not sorted by ${unknown.join(", ")}: no document says in which order its values stand.`);
  }
  return known;
}

/** Whether {@link planSorting} answers for the parameter. */
export function isSorting(draft: OperationDraft, parameter: Parameter): boolean {
  return isSort(parameter.name) || parameter.confidence === "inferred" || isDirection(draft, parameter);
}

function isSort(name: string): boolean {
  return /^(?:sort|sort by|order by|sort key|sort field|ordering)$/.test(words(name).join(" "));
}

function isDirection(draft: OperationDraft, parameter: Parameter): boolean {
  const values = valuesOf(draft, parameter).map((value) => value.toLowerCase());
  const named = /^(?:order|sort order|sort dir|sort direction|direction|dir)$/.test(words(parameter.name).join(" "));
  return named && values.length > 0 && values.every((value) => value === "asc" || value === "desc");
}

function valuesOf({ spec }: OperationDraft, { schema }: Parameter): readonly string[] {
  return (resolveSchema(spec, schema).enum ?? []).filter((value) => typeof value === "string");
}

/** `-price`, `price:desc`, `price_desc` and `price` name a column and a direction. */
function orderOf(aggregate: AggregatePlan, value: string): OrderPlan | undefined {
  const suffix = /^(.+?)[:_ .-](asc|desc)$/i.exec(value);
  const stem = suffix?.[1] ?? value.replace(/^[-+]/, "");
  const descending = value.startsWith("-") || suffix?.[2]?.toLowerCase() === "desc";
  const field = /^newest$/i.test(value) || /^oldest$/i.test(value) ? createdAt(aggregate) : matchField(aggregate, stem);
  if (!field || !sortable(aggregate).includes(field)) return undefined;
  return { name: value, field, descending: descending || /^newest$/i.test(value) };
}

function bothWays(order: OrderPlan): readonly OrderPlan[] {
  return ["asc", "desc"].map((way) => ({ ...order, name: `${order.name}:${way}`, descending: way === "desc" }));
}

function createdAt({ fields }: AggregatePlan): FieldPlan | undefined {
  return fields.find(({ role }) => role === "createdAt");
}

/** Columns with an order that means something, and that the caller may know. */
function sortable({ fields }: AggregatePlan): readonly FieldPlan[] {
  return fields.filter(
    ({ role, column, type }) =>
      role !== "secret" && !column.type.array && /^(?:str|int|float|Decimal|datetime|date|UUID)$/.test(type.expression),
  );
}

function choice(draft: OperationDraft, parameter: Parameter, values: readonly string[]): ModelField {
  const fallback = resolveSchema(draft.spec, parameter.schema).default;
  const named = typeof fallback === "string" && values.includes(fallback) ? fallback : undefined;
  return {
    name: pythonName(parameter.name),
    wire: parameter.name,
    annotation: `Literal[${values.map(stringLiteral).join(", ")}]`,
    imports: importsFrom("typing", "Literal"),
    arguments: [],
    omittable: named === undefined && !parameter.required,
    ...(named === undefined ? !parameter.required && { default: "None" } : { default: stringLiteral(named) }),
    ...(parameter.description && { description: parameter.description }),
  };
}

/** A direction that nobody names goes up. */
function ascending(draft: OperationDraft, parameter: Parameter): Partial<ModelField> {
  const values = valuesOf(draft, parameter);
  const up = values.find((value) => value.toLowerCase() === "asc") ?? values[0] ?? "asc";
  const fallback = resolveSchema(draft.spec, parameter.schema).default;
  return { omittable: false, default: stringLiteral(typeof fallback === "string" ? fallback : up) };
}
