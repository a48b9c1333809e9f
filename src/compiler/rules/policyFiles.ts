import type { Rule } from "../../spec/model.ts";
import type { OperationPlan } from "../apiPlan.ts";
import type { GeneratedFile } from "../compilation.ts";
import type { AggregatePlan, BackendPlan } from "../plan.ts";
import { docstring, importsFrom, pythonModule, stringLiteral } from "../python.ts";
import { hasOwnId } from "./keptRules.ts";
import { policyPath } from "./planRules.ts";
import type { PolicyCheck, PolicyPlan } from "./rulePlan.ts";
import { withoutCodes } from "./ruleStatement.ts";

/** The rules of an aggregate as functions of the domain, those without a body among them. */
export function policyFiles({ aggregates }: BackendPlan): readonly GeneratedFile[] {
  return aggregates.flatMap((aggregate) => {
    const { className, module, policies = [] } = aggregate;
    if (policies.length === 0) return [];
    const fields = policies.flatMap(({ check }) => (check?.kind === "state" ? check.field.type.imports : []));
    const narrowed = policies.flatMap(({ check }) =>
      check?.kind === "count" ? (check.narrowed?.field.type.imports ?? []) : [],
    );
    const text = pythonModule({
      docstring: `Rules about ${className} that are more than the form of its values.`,
      imports: [
        ...importsFrom("app.core.errors", ...policies.flatMap(({ check }) => check?.error.className ?? [])),
        ...importsFrom(`app.domain.${module}`, className, `${className}Filter`),
        ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
        ...[...fields, ...narrowed],
      ],
      body: policies.map((policy) => policyFunction(aggregate, policy)),
    });
    return [{ path: policyPath(aggregate), text, step: 1 }];
  });
}

/** Lines of a service method that hold `variable` to the rules of the operation. */
export function policyCalls(
  { policies = [] }: AggregatePlan,
  { name }: OperationPlan,
  when: PolicyPlan["when"],
  variable: string,
): readonly string[] {
  return policies
    .filter((policy) => policy.when === when && policy.callers.includes(name))
    .map((policy) => (isCounted(policy) ? `await ${policy.name}(uow, ${variable})` : `${policy.name}(${variable})`));
}

/** Whether `UnitOfWork` has `hold`: two that count the same rows must not do so at the same time. */
export function countsInTransaction({ aggregates }: Pick<BackendPlan, "aggregates">): boolean {
  return aggregates.some(({ policies = [] }) => policies.some(isCounted));
}

function isCounted({ check }: PolicyPlan): boolean {
  return check?.kind === "count";
}

function policyFunction(aggregate: AggregatePlan, policy: PolicyPlan): string {
  const { className, module } = aggregate;
  const { name, rule, check } = policy;
  const variable = module;
  const head = isCounted(policy)
    ? `async def ${name}(uow: UnitOfWork, ${variable}: ${className}) -> None:`
    : `def ${name}(${variable}: ${className}) -> None:`;
  const body = check ? checkLines(aggregate, check, variable) : [];
  return [head, docstring(summary(rule, policy), 1), ...body.map((line) => `    ${line}`)].join("\n");
}

/** The sentence of the design, with its id where it has one of its own. */
function summary(rule: Rule, { check, when }: PolicyPlan): string {
  const text = `${hasOwnId(rule) ? `${rule.name}: ` : ""}${withoutCodes(rule.text)}`;
  if (check) return text;
  const moment =
    when === "before" ? "Called before the write" : "Called with what the write came to, before it is committed";
  return `${text}\n\nThe design says it in words only. ${moment}; raise an error of app.core.errors where it does not hold.`;
}

function checkLines(aggregate: AggregatePlan, check: PolicyCheck, variable: string): readonly string[] {
  const raised = `    raise ${check.error.className}()`;
  switch (check.kind) {
    case "state": {
      const { field, members, allowed } = check;
      const names = members.map(({ name }) => `${field.enum?.className}.${name}`);
      const [first = ""] = names;
      const value = `${variable}.${field.name}`;
      const test =
        names.length === 1
          ? `${value} ${allowed ? "is not" : "is"} ${first}`
          : `${value} ${allowed ? "not in" : "in"} {${names.join(", ")}}`;
      return [`if ${test}:`, raised];
    }
    case "order": {
      const { field, other } = check;
      const [left, right] = [`${variable}.${field.name}`, `${variable}.${other.name}`];
      const missing = [field, other].flatMap((item) => (item.optional ? `${variable}.${item.name} is None` : []));
      const early = missing.length > 0 ? [`if ${missing.join(" or ")}:`, "    return"] : [];
      return [...early, `if ${left} ${opposite[check.operator]} ${right}:`, raised];
    }
    case "children":
      return [`most = ${check.most}`, `if len(${variable}.${check.attribute}) > most:`, raised];
    case "count":
      return countLines(aggregate, check, variable);
  }
}

const opposite = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "<>": "==" } as const;

function countLines(
  { className, plural }: AggregatePlan,
  { foreignKey, filter, narrowed, most, error }: Extract<PolicyCheck, { readonly kind: "count" }>,
  variable: string,
): readonly string[] {
  const value = `${variable}.${foreignKey.name}`;
  const fields = [`${filter}=${value}`, ...(narrowed ? [`${narrowed.filter}=${narrowed.value}`] : [])];
  return [
    ...(foreignKey.optional ? [`if ${value} is None:`, "    return"] : []),
    `most = ${most}`,
    `await uow.hold(f${stringLiteral(`${plural} of {${value}}`)})`,
    `filters = ${className}Filter(${fields.join(", ")})`,
    `if await uow.${plural}.count(filters) > most:`,
    `    raise ${error.className}()`,
  ];
}
