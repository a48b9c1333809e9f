import type { OperationPlan } from "../apiPlan.ts";
import type { AggregatePlan } from "../plan.ts";
import { canSet, updates } from "./ruleCallers.ts";
import type { PolicyPlan, RefersCheck } from "./rulePlan.ts";

/**
 * Lines of a service method that hold `variable` to the rules of the operation. It is `data` before something is made,
 * `found` before a row is written over or deleted, and else the row as it has become.
 */
export function policyCalls(
  { policies = [] }: AggregatePlan,
  operation: OperationPlan,
  when: PolicyPlan["when"],
  variable: string,
): readonly string[] {
  return policies
    .filter((policy) => policy.when === when && policy.callers.includes(operation.name))
    .flatMap((policy) => callLines(policy, operation, variable));
}

function callLines(policy: PolicyPlan, operation: OperationPlan, variable: string): readonly string[] {
  const { name, check } = policy;
  if (check?.kind === "refers") return referenceCalls(policy, check, operation, variable);
  if (variable === "data") return [];
  if (check?.kind === "count") return [`await ${name}(uow, ${variable})`];
  const call = `${name}(${variable})`;
  // A request that leaves the state alone brings nothing into it.
  const reached = check?.kind === "needs" || check?.kind === "window" ? check.reached : undefined;
  const isSet = reached !== undefined && updates.has(operation.kind) && canSet(operation, reached.field);
  return isSet ? [`if changes.${reached.field.name} is not UNSET:`, `    ${call}`] : [call];
}

function referenceCalls(
  { name, within }: PolicyPlan,
  { foreignKey: key, at, shared }: RefersCheck,
  operation: OperationPlan,
  variable: string,
): readonly string[] {
  const common = shared ? `, ${variable}.${shared.own.name}` : "";
  const call = (keys: string) => `await ${name}(uow, ${keys}${common})`;
  const several = (rows: string) =>
    call(`[item.${key.name} for item in ${rows}${key.optional ? ` if item.${key.name} is not None` : ""}]`);
  const one = (value: string) => {
    const line = call(`[${value}]`);
    return key.optional ? [`if ${value} is not None:`, `    ${line}`] : [line];
  };
  if (within) return [several(`data.${within.attribute}`)];
  if (variable === "data") return operation.kind === "createMany" ? [several("data")] : one(`data.${key.name}`);
  const moved = `changes.${key.name}`;
  const type = key.type.expression.replace(/ \| None$/, "");
  return [
    ...(at === "reference" ? [] : one(`${variable}.${key.name}`)),
    ...(canSet(operation, key) ? [`if isinstance(${moved}, ${type}):`, `    ${call(`[${moved}]`)}`] : []),
  ];
}
