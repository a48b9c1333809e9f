import { pagingRole } from "../spec/apiConventions.ts";
import type { Parameter } from "../spec/model.ts";
import { isText, isTimestamp, valueType } from "../spec/sql/typeKinds.ts";
import { pascalCase, singular, snakeCase, words } from "../support/words.ts";
import type { ModelField, PagingPlan, QueryFilter, QueryPlan, ResourcePath } from "./apiPlan.ts";
import { annotate } from "./apiSchemas.ts";
import { matchField } from "./fieldMatching.ts";
import { scopeOf } from "./lookups.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { namedFilter } from "./namedLists.ts";
import { pythonName } from "./names.ts";
import { ownRowsFilter } from "./ownRows.ts";
import type { AggregatePlan, FieldPlan, FilterPlan, OrderPlan } from "./plan.ts";
import { isSorting, planSorting } from "./sorting.ts";
import { pythonLiteral } from "./wireTypes.ts";

/** Rows of one page when the contract knows no pages. */
export const unpagedLimit = 1000;

const defaultLimit = 20;
const largestLimit = 100;

/** Reads the query parameters of a list: what narrows it, and which part of it is asked for. */
export function planQuery(
  draft: OperationDraft,
  name: string,
  aggregate: AggregatePlan,
  path: ResourcePath,
): QueryPlan {
  const parameters = draft.endpoint.parameters.filter((parameter) => parameter.in === "query");
  const paging = planPaging(draft, parameters);
  const sorting = planSorting(draft, aggregate, parameters);
  const choosable = sorting?.plan.attribute !== undefined;
  const fields: ModelField[] = [...(sorting?.fields ?? [])];
  const filters: QueryFilter[] = [
    ...parentFilters(draft, path),
    ...[namedFilter(draft, path, aggregate), ownRowsFilter(draft, aggregate)].flatMap((filter) => filter ?? []),
  ];
  for (const parameter of parameters.filter((item) => !(choosable && isSorting(draft, item)))) {
    const part = pageField(draft, parameter, paging);
    const filter = part || pagingRole(parameter.name) ? undefined : filterOf(draft, aggregate, parameter);
    if (part) fields.push(part);
    else if (!filter || filters.some((other) => other.filter.name === filter.name)) unsupported(draft, parameter);
    else {
      fields.push(filterField(draft, parameter, filter));
      filters.push({ filter, attribute: attributeOf(filter), source: "query" });
    }
  }
  const model = {
    name: `${pascalCase(name)}Query`,
    module: aggregate.module,
    direction: "query" as const,
    summary: `Query of \`\`${draft.endpoint.method} ${draft.endpoint.path}\`\``,
    fields,
    aggregate,
  };
  if (paging.style === "cursor") checkSeekable(draft, sorting?.plan.orders ?? []);
  return { model, filters, paging, ...(sorting && { sorting: sorting.plan }) };
}

/** Every filter that some list of the aggregate needs, once. */
export function mergedFilters(queries: readonly QueryPlan[]): readonly FilterPlan[] {
  const filters = queries.flatMap((query) => query.filters.map(({ filter }) => filter));
  return [...new Map(filters.map((filter) => [filter.name, filter])).values()];
}

function planPaging(draft: OperationDraft, parameters: readonly Parameter[]): PagingPlan {
  const limit = parameters.find(({ name }) => pagingRole(name) === "limit");
  const offset = parameters.find(({ name }) => pagingRole(name) === "offset");
  const cursor = parameters.find(({ name }) => pagingRole(name) === "cursor");
  const isPage = offset !== undefined && words(offset.name)[0] === "page";
  const schema = limit && resolveSchema(draft.spec, limit.schema);
  const fallback = typeof schema?.default === "number" ? schema.default : defaultLimit;
  if (cursor && !offset) {
    return {
      style: "cursor",
      defaultLimit: fallback,
      cursorAttribute: pythonName(cursor.name),
      ...(limit && { limitAttribute: pythonName(limit.name) }),
    };
  }
  if (!limit && !offset) {
    assume(draft, `The contract gives the list no pages; it answers at most ${unpagedLimit} rows.`);
    return { style: "fixed", defaultLimit: unpagedLimit };
  }
  return {
    style: isPage ? "page" : "offset",
    defaultLimit: fallback,
    ...(limit && { limitAttribute: pythonName(limit.name) }),
    ...(offset && { offsetAttribute: pythonName(offset.name) }),
  };
}

/** The attribute of a parameter that says which part of the list is asked for. */
function pageField(draft: OperationDraft, parameter: Parameter, { style }: PagingPlan): ModelField | undefined {
  const role = pagingRole(parameter.name);
  if (role === "cursor" && style === "cursor") return cursorField(parameter);
  if (role === "limit") return pagingField(draft, parameter, defaultLimit);
  return role === "offset" ? pagingField(draft, parameter, style === "page" ? 1 : 0) : undefined;
}

/** Nobody but this service knows what a cursor is made of. */
function cursorField({ name, description }: Parameter): ModelField {
  return {
    name: pythonName(name),
    wire: name,
    annotation: "str | None",
    imports: [],
    arguments: ["max_length=1000"],
    default: "None",
    omittable: true,
    ...(description && { description }),
  };
}

/** Null has no place in a comparison, so a page that begins after one cannot be found. */
function checkSeekable(draft: OperationDraft, orders: readonly OrderPlan[]): void {
  for (const { name, field } of orders.filter((order) => order.field.optional)) {
    draft.gaps.push(`a cursor cannot continue in the order ${name}, because ${field.column.name} may be null`);
  }
}

function pagingField(draft: OperationDraft, parameter: Parameter, fallback: number): ModelField {
  const schema = resolveSchema(draft.spec, parameter.schema);
  const isLimit = pagingRole(parameter.name) === "limit";
  const lowest = isLimit || fallback === 1 ? 1 : 0;
  const highest = schema.maximum ?? (isLimit ? largestLimit : undefined);
  if (isLimit && schema.maximum === undefined) {
    assume(draft, `The contract gives ${parameter.name} no maximum; ${largestLimit} is used.`);
  }
  return {
    name: pythonName(parameter.name),
    wire: parameter.name,
    annotation: "int",
    imports: [],
    arguments: [
      `ge=${Math.max(schema.minimum ?? lowest, lowest)}`,
      ...(highest === undefined ? [] : [`le=${highest}`]),
    ],
    default: String(typeof schema.default === "number" ? schema.default : fallback),
    omittable: false,
    ...(parameter.description && { description: parameter.description }),
  };
}

function filterField(draft: OperationDraft, parameter: Parameter, filter: FilterPlan): ModelField {
  const request = { schema: parameter.schema, direction: "query" as const, name: parameter.name };
  const type = annotate(draft, request, comparedField(filter));
  const { default: fallback } = resolveSchema(draft.spec, parameter.schema);
  const optional = !parameter.required && fallback === undefined;
  return {
    name: attributeOf(filter),
    wire: parameter.name,
    annotation: optional ? `${type.annotation} | None` : type.annotation,
    imports: type.imports,
    arguments: type.arguments,
    omittable: optional,
    ...(optional && { default: "None" }),
    ...(fallback !== undefined && { default: pythonLiteral(fallback) }),
    ...(parameter.description && { description: parameter.description }),
  };
}

/** Several values of a column are called like one of them. */
function attributeOf({ name, operator }: FilterPlan): string {
  return operator === "anyOf" ? name.replace(/_any$/, "") : name;
}

/** What the values of the parameter are like: an array is asked for one of its elements, or for several at once. */
function comparedField({ field, operator }: FilterPlan): FieldPlan {
  const { column, type } = field;
  if (operator !== "anyOf") return column.type.array ? elementField(field) : field;
  if (column.type.array) return field;
  const several = { ...column, type: { ...column.type, array: true } };
  return { ...field, column: several, type: { ...type, expression: `list[${type.expression}]` } };
}

function elementField(field: FieldPlan): FieldPlan {
  const element = /^list\[(.+)\]$/.exec(field.type.expression)?.[1] ?? "str";
  return { ...field, type: { ...field.type, expression: element } };
}

/** The rows of a nested list belong to the row of the path. */
function parentFilters(draft: OperationDraft, path: ResourcePath): QueryFilter[] {
  const [parent, target] = path.steps.slice(-2);
  if (target?.through && parent?.parameter) {
    const { aggregate, parentColumn } = target.through;
    assume(
      draft,
      `The rows of ${target.aggregate.table.name} are those of the ${aggregate.table.name} of the row in front.`,
    );
    const filter: FilterPlan = {
      name: parentColumn.name,
      field: parentColumn,
      operator: "equal",
      through: target.through,
    };
    return [{ filter, attribute: parent.parameter.name, source: "path" }];
  }
  const scope = scopeOf(path);
  if (!scope) return [];
  const filter: FilterPlan = { name: scope.column.name, field: scope.column, operator: "equal" };
  return [{ filter, attribute: scope.parameter, source: "path" }];
}

function filterOf(draft: OperationDraft, aggregate: AggregatePlan, parameter: Parameter): FilterPlan | undefined {
  const name = snakeCase(parameter.name);
  if (/^(?:q|query|search|term|keyword|text|search_term)$/.test(name)) {
    const field = searchField(aggregate, parameter.description ?? "");
    return field && { name: pythonName(name), field, operator: "contains" };
  }
  const exact = matchField(aggregate, parameter.name);
  if (exact && resolveSchema(draft.spec, parameter.schema).type === "array") {
    return filterable(exact) ? { name: `${exact.name}_any`, field: exact, operator: "anyOf" } : undefined;
  }
  if (exact) {
    const operator = exact.column.type.array ? "contains" : "equal";
    return filterable(exact) ? { name: exact.name, field: exact, operator } : undefined;
  }
  return rangeFilter(aggregate, name) ?? arrayFilter(aggregate, name);
}

/** `createdFrom`, `min_total`, `to`: a bound on a column that the rest of the name begins. */
function rangeFilter(aggregate: AggregatePlan, name: string): FilterPlan | undefined {
  const lower = /^(?:(.+)_)?(?:from|after|since|min|gte|start|start_date)$|^(?:min|from|after|since)_(.+)$/.exec(name);
  const upper = /^(?:(.+)_)?(?:to|before|until|max|lte|end|end_date)$|^(?:max|to|before|until)_(.+)$/.exec(name);
  const match = lower ?? upper;
  if (!match) return undefined;
  const field = boundedField(aggregate, match[1] ?? match[2]);
  return field && { name: pythonName(name), field, operator: boundOf(name, field, lower !== null) };
}

/** "After" a moment does not say the moment itself; of a date or a number people mean it with it. */
function boundOf(name: string, { column }: FieldPlan, isLower: boolean): FilterPlan["operator"] {
  const isStrict =
    isTimestamp(column.type) && column.type.name !== "date" && /(?:^|_)(?:after|before)(?:_|$)/.test(name);
  if (isStrict) return isLower ? "above" : "below";
  return isLower ? "atLeast" : "atMost";
}

function boundedField(aggregate: AggregatePlan, stem: string | undefined): FieldPlan | undefined {
  const ordered = aggregate.fields.filter(isOrdered);
  if (stem === undefined || stem === "date") return ordered.find(({ role }) => role === "createdAt");
  const exact = matchField(aggregate, stem);
  if (exact && isOrdered(exact)) return exact;
  return ordered.find(({ column }) => column.name.startsWith(`${stem}_`) || column.name.endsWith(`_${stem}`));
}

function isOrdered({ column }: FieldPlan): boolean {
  const ordered = /^(?:int|numeric|float|smallint|bigint|money|serial|bigserial)/.test(valueType(column.type).name);
  return !column.type.array && (ordered || isTimestamp(column.type));
}

/** `tag` looks into `tags`. */
function arrayFilter(aggregate: AggregatePlan, name: string): FilterPlan | undefined {
  const field = aggregate.fields.find(({ column }) => column.type.array && singular(column.name) === singular(name));
  return field && { name: pythonName(name), field, operator: "contains" };
}

/** The text column that the description names, else the one that people search by. */
function searchField(aggregate: AggregatePlan, description: string): FieldPlan | undefined {
  const texts = aggregate.fields.filter(
    ({ column, isKey, role, enum: closed }) => isText(column.type) && !column.type.array && !isKey && !role && !closed,
  );
  const said = new Set(words(description));
  const described = texts.find(({ column }) => words(column.name).every((word) => said.has(word)));
  return described ?? texts.find(({ column }) => /name|title|label|subject/.test(column.name)) ?? texts[0];
}

function filterable({ role, column }: FieldPlan): boolean {
  return role !== "secret" && !/^jsonb?$/.test(column.type.name);
}

function unsupported(draft: OperationDraft, parameter: Parameter): void {
  const what = `The query parameter ${parameter.name}`;
  if (parameter.required) draft.gaps.push(`no column explains the required query parameter ${parameter.name}`);
  else if (pagingRole(parameter.name) === "sort")
    assume(draft, `${what} has no effect; lists are ordered newest first.`);
  else assume(draft, `${what} has no effect: no column explains it.`);
}
