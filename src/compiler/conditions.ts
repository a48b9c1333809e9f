import type { DesignSpec, Endpoint } from "../spec/model.ts";
import type { OperationPlan, PreconditionPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import { isReadCondition } from "./conditionalReads.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";

/**
 * Marks the aggregates that are written on the condition that nobody else has changed them, or read on the condition
 * that somebody has (RFC 9110, `If-Match` and `If-None-Match`).
 *
 * Their rows are locked while the condition is looked at, and a version that is a number counts up.
 */
export function withConditions(spec: DesignSpec, aggregates: readonly AggregatePlan[]): readonly AggregatePlan[] {
  const conditional = new Set(
    spec.api.endpoints
      .filter((endpoint) => hasCondition(endpoint) || isConditionalRead(endpoint))
      .flatMap((endpoint) => targetOf(resourcePath(endpoint, aggregates, spec.api))?.aggregate.className ?? []),
  );
  return aggregates.map((aggregate) => {
    const version = conditional.has(aggregate.className) ? versionField(aggregate) : undefined;
    return version ? { ...aggregate, version } : aggregate;
  });
}

/** The condition of a write, where the contract has one and a column tells the versions apart. */
export function planPrecondition(
  endpoint: Endpoint,
  { version }: AggregatePlan,
  { precondition: error }: ErrorCatalogue,
): PreconditionPlan | undefined {
  const parameter = endpoint.parameters.find((candidate) => isCondition(candidate));
  return version && parameter && error ? { parameter, version, error } : undefined;
}

/** Lines of a service method behind the one that finds the row. */
export function conditionCheck({ precondition }: OperationPlan): readonly string[] {
  if (!precondition) return [];
  const { version, error } = precondition;
  return [`if not matches(condition, found.${version.name}):`, `    raise ${error.className}()`];
}

/** The changes of an update, with the next version where versions are counted. */
export function countedChanges({ version }: AggregatePlan, changes: string): string {
  return version?.type.expression === "int"
    ? `replace(${changes}, ${version.name}=found.${version.name} + 1)`
    : changes;
}

/** `app.domain.versions`: entity tags and the conditions that name them. */
export function versionFiles(operations: readonly OperationPlan[]): readonly GeneratedFile[] {
  const isCompared = operations.some(({ precondition }) => precondition);
  const isShown = operations.some(
    ({ headers, conditionalRead }) => conditionalRead?.version ?? headers.some(({ value }) => value === "entityTag"),
  );
  if (!isCompared && !isShown) return [];
  return [{ path: "src/app/domain/versions.py", text: isCompared ? versionText + matchText : versionText, step: 1 }];
}

function hasCondition({ parameters }: Endpoint): boolean {
  return parameters.some(isCondition);
}

/** A row is read under the condition that it has changed. */
function isConditionalRead({ method, parameters, path }: Endpoint): boolean {
  return method === "GET" && path.endsWith("}") && parameters.some(isReadCondition);
}

function isCondition({ in: place, name }: Endpoint["parameters"][number]): boolean {
  return place === "header" && name.toLowerCase() === "if-match";
}

function versionField({ fields }: AggregatePlan): FieldPlan | undefined {
  const counted = /^(?:row_|lock_|entity_|record_)?version(?:_number|_no)?$/;
  return (
    fields.find(({ column, type }) => counted.test(column.name) && type.expression === "int") ??
    fields.find(({ role, optional }) => role === "updatedAt" && !optional)
  );
}

const versionText = `"""Versions of entities, as HTTP compares them (RFC 9110, section 8.8.3)."""

from datetime import datetime


def entity_tag(version: int | datetime) -> str:
    """Return the tag of a version, in quotes."""
    if isinstance(version, datetime):
        return f'"{version.isoformat()}"'
    return f'"{version}"'
`;

const matchText = `

def matches(condition: str | None, version: int | datetime) -> bool:
    """Whether the condition of a request is met by what is stored."""
    if condition is None or condition.strip() == "*":
        return True
    return entity_tag(version) in {tag.strip() for tag in condition.split(",")}
`;
