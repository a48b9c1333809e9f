import type { ResourceStep as JoinedStep } from "../spec/endpointResource.ts";
import type { DesignSpec, Endpoint } from "../spec/model.ts";
import { pathSegments } from "../spec/pathSegments.ts";
import { snakeCase } from "../support/words.ts";
import type { ResourcePath, ResourceStep } from "./apiPlan.ts";
import { foreignKeysTo, foreignKeyTo } from "./fieldMatching.ts";
import { pythonName } from "./names.ts";
import { onlyGroups } from "./pathPrefixes.ts";
import type { AggregatePlan, Through } from "./plan.ts";
import { ownRow, rowIdentity } from "./rowIdentity.ts";
import { tableKey } from "./schemaText.ts";

/**
 * The path as a walk through aggregates, as far as the rows can be found: each step has a table, its
 * columns point at the step before, and its parameter is compared with a column. The others are left in `rest`.
 */
export function resourcePath(
  endpoint: Endpoint,
  aggregates: readonly AggregatePlan[],
  { endpoints, basePath }: DesignSpec["api"],
): ResourcePath {
  const { resource } = endpoint;
  const isPlain = resource?.prefix.length === 0;
  const walked = isPlain || onlyGroups(endpoint, endpoints, aggregates) ? (resource?.steps ?? []) : [];
  const steps: ResourceStep[] = [];
  for (const joined of walked) {
    const step =
      stepOf(joined, aggregates, steps.at(-1)) ??
      (endpoint.method === "GET" ? distantStep(joined, aggregates, steps.at(-1)) : undefined);
    if (!step) break;
    steps.push(step);
  }
  const prefix = steps.length === 0 ? (resource?.prefix ?? []) : [];
  const left = [...prefix, ...(resource?.steps.slice(steps.length) ?? []).flatMap(segmentsOf)];
  const rest = resource ? [...left, ...resource.rest] : segmentsBelow(basePath, endpoint.path);
  return { steps, rest, template: template(endpoint.path) };
}

/** The last aggregate of the path, which the operation is about. */
export function targetOf(path: ResourcePath): ResourceStep | undefined {
  return path.steps.at(-1);
}

function segmentsBelow(basePath: string, path: string): readonly string[] {
  return pathSegments(path.startsWith(basePath) ? path.slice(basePath.length) : path);
}

function segmentsOf({ segment, parameter }: JoinedStep): readonly string[] {
  return parameter === undefined ? [segment] : [segment, `{${parameter}}`];
}

function stepOf(
  joined: JoinedStep,
  aggregates: readonly AggregatePlan[],
  parent: ResourceStep | undefined,
): ResourceStep | undefined {
  const aggregate = aggregates.find(({ table }) => tableKey(table) === joined.table);
  if (!aggregate) return undefined;
  const parentColumns = parent ? foreignKeyTo(aggregate, parent.aggregate) : [];
  if (parent && parentColumns.length === 0) return undefined;
  if (joined.own) {
    const own = ownRow(aggregate);
    return own && { aggregate, own, parentColumns };
  }
  if (joined.parameter === undefined) return { aggregate, parentColumns };
  const identity = rowIdentity(joined, aggregate, { parentColumns, aggregates });
  if (!identity) return undefined;
  const { field, caller } = identity;
  const wire = joined.parameter;
  const parameter = { name: parameterName(wire, aggregate), wire: templateName(wire), field };
  return { aggregate, parameter, parentColumns, ...(caller && { caller }) };
}

/** `/pets/{id}/treatments` where one table only, that of the visits, stands between the two. */
function distantStep(
  joined: JoinedStep,
  aggregates: readonly AggregatePlan[],
  parent: ResourceStep | undefined,
): ResourceStep | undefined {
  const aggregate = aggregates.find(({ table }) => tableKey(table) === joined.table);
  if (!aggregate || !parent?.parameter?.field.isKey || joined.own || joined.parameter !== undefined) return undefined;
  if (foreignKeysTo(aggregate, parent.aggregate).length > 0) return undefined;
  const between = aggregates.flatMap((middle): readonly Through[] => {
    const [column, ...more] = foreignKeyTo(aggregate, middle);
    const [parentColumn, ...others] = foreignKeyTo(middle, parent.aggregate);
    return column && parentColumn && more.length + others.length === 0
      ? [{ aggregate: middle, column, parentColumn }]
      : [];
  });
  const [through, ...more] = between;
  return through && more.length === 0 ? { aggregate, parentColumns: [], through } : undefined;
}

/** `{id}` is the `order_id` of an order. */
export function parameterName(wire: string, { module }: AggregatePlan): string {
  return wire.toLowerCase() === "id" ? `${module.replace(/_$/, "")}_id` : pythonName(snakeCase(wire));
}

function template(path: string): string {
  return path.replace(/\{([^}]+)\}/g, (_, wire: string) => `{${templateName(wire)}}`);
}

/** FastAPI takes identifiers only. */
function templateName(wire: string): string {
  return /^[A-Za-z_]\w*$/.test(wire) ? wire : pythonName(wire);
}
