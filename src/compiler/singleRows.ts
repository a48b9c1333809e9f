import { singular, snakeCase } from "../support/words.ts";
import type { ResourcePath } from "./apiPlan.ts";
import { callerField } from "./callers.ts";
import { isOneRow, likeness } from "./fieldMatching.ts";
import { scopeOf } from "./lookups.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import type { AggregatePlan } from "./plan.ts";
import { targetOf } from "./resourcePaths.ts";
import { successResponse } from "./responses.ts";

/**
 * The one row that a path without a key can mean: `/studies/{id}/report` where a study has one report at most, and
 * `/posts/{id}/like` where each caller has one of a post.
 */
export function withSingleRow(draft: OperationDraft, path: ResourcePath): ResourcePath {
  const target = targetOf(path);
  if (!target || target.parameter || target.own || path.rest.length > 0 || !scopeOf(path)) return path;
  const { aggregate, parentColumns } = target;
  const { method, resource } = draft.endpoint;
  const segment = snakeCase(resource?.steps[path.steps.length - 1]?.segment ?? "");
  const before = path.steps.slice(0, -1);
  const { table } = aggregate;
  if (isOneRow(aggregate, parentColumns)) {
    if (method === "GET" && !answersRow(draft, aggregate)) return path;
    assume(draft, `"${segment}" is the one row of ${table.name} that belongs to the row in front.`);
    return { ...path, steps: [...before, { ...target, single: true }] };
  }
  const caller = callerField(aggregate, draft.aggregates);
  const isOne = caller && isOneRow(aggregate, [...parentColumns, caller]);
  if (!isOne || parentColumns.includes(caller) || (method !== "POST" && singular(segment) !== segment)) return path;
  if (method === "POST" && draft.endpoint.request) return path;
  assume(draft, `"${segment}" is the one row of ${table.name} that is the caller's, by ${caller.column.name}.`);
  return { ...path, steps: [...before, { ...target, single: true, caller }] };
}

/** One row by itself, and no list of rows. */
function answersRow({ endpoint, spec }: OperationDraft, aggregate: AggregatePlan): boolean {
  const schema = successResponse(endpoint.responses)?.schema;
  const resolved = schema && resolveSchema(spec, schema);
  if (resolved?.type !== "object") return false;
  const properties = resolved.properties ?? [];
  const isList = properties.some((property) => resolveSchema(spec, property.schema).type === "array");
  return !isList || likeness(properties, aggregate) >= 0.5;
}
