import type { OperationPlan } from "../apiPlan.ts";
import { parentLookups } from "../lookups.ts";
import type { AggregatePlan, FieldPlan } from "../plan.ts";
import { canSet, updates } from "./ruleCallers.ts";
import type { PolicyPlan, RefersCheck, RowState } from "./rulePlan.ts";

/**
 * Lines of a service method that hold `variable` to the rules of the operation. It is `data` before something is made,
 * `found` before a row is written over or deleted, and else the row as it has become.
 */
export function policyCalls(
  { policies = [], className }: AggregatePlan,
  operation: OperationPlan,
  when: PolicyPlan["when"],
  variable: string,
): readonly string[] {
  return policies
    .filter((policy) => policy.when === when && policy.callers.includes(operation.name))
    .flatMap((policy) => callLines(policy, operation, variable, className));
}

function callLines(
  policy: PolicyPlan,
  operation: OperationPlan,
  variable: string,
  className: string,
): readonly string[] {
  const { name, check } = policy;
  if (check?.kind === "refers") {
    const isPart = check.target.children.some(({ aggregate }) => aggregate === className);
    return referenceCalls(policy, { ...check, isPart }, operation, variable);
  }
  if (variable === "data") return [];
  if (check?.kind === "count") return [`await ${name}(uow, ${variable})`];
  const call = `${name}(${variable})`;
  const lifted = check?.kind === "state" ? liftedBy(check.refused, operation) : undefined;
  if (lifted !== undefined) return [`if changes.${lifted}:`, `    ${call}`];
  // A request that leaves the state alone brings nothing into it.
  const field = check?.kind === "ahead" ? check.field : reachedField(check);
  const isSet = field !== undefined && updates.has(operation.kind) && canSet(operation, field);
  return isSet ? [`if changes.${field.name} is not UNSET:`, `    ${call}`] : [call];
}

function reachedField(check: PolicyPlan["check"]): FieldPlan | undefined {
  return check?.kind === "needs" || check?.kind === "window" ? check.reached.field : undefined;
}

/** A change that brings the row out of the state is the one that is allowed in it. */
function liftedBy({ kind, field, holds }: RowState, operation: OperationPlan): string | undefined {
  if (kind === "member" || !updates.has(operation.kind) || !canSet(operation, field)) return undefined;
  const out = kind === "flag" ? (holds ? "False" : "True") : "None";
  return kind === "moment" && !holds ? undefined : `${field.name} is not ${out}`;
}

function referenceCalls(
  { name, within }: PolicyPlan,
  { foreignKey: key, at, shared, isPart }: RefersCheck & { readonly isPart: boolean },
  operation: OperationPlan,
  variable: string,
): readonly string[] {
  const common = shared ? `, ${variable}.${shared.own.name}` : "";
  const call = (keys: string) => `await ${name}(uow, ${keys}${common})`;
  const several = (rows: string, mayLack: boolean) =>
    call(`[item.${key.name} for item in ${rows}${mayLack ? ` if item.${key.name} is not None` : ""}]`);
  const one = (value: string, mayLack: boolean) => {
    const line = call(`[${value}]`);
    return mayLack ? [`if ${value} is not None:`, `    ${line}`] : [line];
  };
  if (within) return [several(`data.${within.attribute}`, key.optional)];
  if (variable === "data") {
    // New rows that are part of another one learn its key only when that is stored.
    const mayLack = key.optional || isPart;
    if (operation.kind === "createMany") return [several("data", mayLack)];
    const named = inPath(operation, key);
    return named === undefined ? one(`data.${key.name}`, mayLack) : [call(`[${named}]`)];
  }
  const moved = `changes.${key.name}`;
  const type = key.type.expression.replace(/ \| None$/, "");
  return [
    ...(at === "reference" ? [] : one(`${variable}.${key.name}`, key.optional)),
    ...(canSet(operation, key) ? [`if isinstance(${moved}, ${type}):`, `    ${call(`[${moved}]`)}`] : []),
  ];
}

/** The parameter of the service that the path gives the column from. */
function inPath({ request, path }: OperationPlan, { name }: FieldPlan): string | undefined {
  const external = request?.externals.find(({ field, source }) => field.name === name && source === "path");
  const given =
    parentLookups(path)
      .at(-1)
      ?.parameters.map((parameter) => parameter.name) ?? [];
  return given.find((parameter) => parameter === external?.parameter);
}
