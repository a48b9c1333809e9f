import { snakeCase, words } from "../support/words.ts";
import type { QueryFilter, ResourcePath } from "./apiPlan.ts";
import { matchField } from "./fieldMatching.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { successResponse } from "./responses.ts";
import { stateField } from "./transitions.ts";

/** Whether `GET /orders/pending`, `/pets/findByStatus` or `/orders/search` is a list of the collection in front. */
export function isNamedList(draft: OperationDraft, { rest }: ResourcePath, aggregate: AggregatePlan): boolean {
  const [segment = "", ...more] = rest;
  if (more.length > 0) return false;
  const name = snakeCase(segment);
  if (wholeLists.test(name)) return true;
  if (!answersList(draft)) return false;
  if (latest.test(name)) return aggregate.fields.some(({ role }) => role === "createdAt");
  return /(?:^|_)by_/.test(name) ? hasKnownCriterion(draft, aggregate) : valueFilter(segment, aggregate) !== undefined;
}

/** `GET /orders/pending` are the rows whose state is that; undefined where the name says nothing of a column. */
export function namedFilter(
  draft: OperationDraft,
  { rest }: ResourcePath,
  aggregate: AggregatePlan,
): QueryFilter | undefined {
  const [segment] = rest;
  const found =
    segment === undefined || wholeLists.test(snakeCase(segment)) ? undefined : valueFilter(segment, aggregate);
  if (!found) return undefined;
  assume(draft, `"${segment}" lists the rows whose ${found.field.column.name} is ${found.said}.`);
  const filter = { name: found.field.name, field: found.field, operator: "equal" as const };
  return { filter, attribute: found.literal, source: "value" };
}

const wholeLists = /^(?:search|find|query|filter|browse|list|all|index)$/;
const latest = /^(?:recent|latest|newest)$/;

interface NamedValue {
  readonly field: FieldPlan;
  /** Python text. */
  readonly literal: string;
  readonly said: string;
}

/** A state of the life cycle first, then what a flag is called after. */
function valueFilter(segment: string, aggregate: AggregatePlan): NamedValue | undefined {
  const name = words(segment).join("_");
  const field = stateField(aggregate);
  const member = field?.enum?.members.find(({ value }) => words(value).join("_") === name);
  if (field?.enum && member) {
    return { field, literal: `${field.enum.className}.${member.name}`, said: member.value };
  }
  const flag = aggregate.fields.find(
    ({ column }) => column.type.name === "bool" && !column.type.array && [name, `is_${name}`].includes(column.name),
  );
  return flag && { field: flag, literal: "True", said: "true" };
}

function hasKnownCriterion({ endpoint }: OperationDraft, aggregate: AggregatePlan): boolean {
  return endpoint.parameters.some((item) => item.in === "query" && matchField(aggregate, item.name) !== undefined);
}

function answersList(draft: OperationDraft): boolean {
  const schema = successResponse(draft.endpoint.responses)?.schema;
  const resolved = schema && resolveSchema(draft.spec, schema);
  const properties = resolved?.properties ?? [];
  return (
    resolved?.type === "array" ||
    properties.some((property) => resolveSchema(draft.spec, property.schema).type === "array")
  );
}
