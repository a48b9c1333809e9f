import type { Rule } from "../../spec/model.ts";
import { plural } from "../../support/words.ts";
import type { GeneratedFile } from "../compilation.ts";
import type { AggregatePlan, BackendPlan, ErrorClassPlan, FieldPlan } from "../plan.ts";
import { docstring, importsFrom, pythonModule, stringLiteral } from "../python.ts";
import { ruleSummary } from "./keptRules.ts";
import { policyPath } from "./planRules.ts";
import { stateTest } from "./rowStates.ts";
import type { KeptRule, PolicyCheck, PolicyPlan, RefersCheck } from "./rulePlan.ts";

/** The rules of an aggregate as functions of the domain, those without a body among them. */
export function policyFiles({ aggregates, kept }: BackendPlan): readonly GeneratedFile[] {
  return [...keptFile(kept), ...aggregates.flatMap(policyModule)];
}

/** Where a rule is to be looked for that needs no function. */
function keptFile(kept: readonly KeptRule[]): readonly GeneratedFile[] {
  if (kept.length === 0) return [];
  const paragraphs = kept.map(({ rule, by }) => `${ruleSummary(rule).replace(/\.?$/, ".")} Kept by ${by}.`);
  const text = `${docstring(["Rules of the design, as functions of the domain; these are kept by something else.", ...paragraphs].join("\n\n"))}\n`;
  return [{ path: "src/app/domain/policies/__init__.py", text, step: 1 }];
}

function policyModule(aggregate: AggregatePlan): readonly GeneratedFile[] {
  const { className, module } = aggregate;
  const policies = (aggregate.policies ?? []).filter(({ within }) => within === undefined);
  if (policies.length === 0) return [];
  const text = pythonModule({
    docstring: `Rules about ${className} that are more than the form of its values.`,
    imports: [
      ...importsFrom("app.core.errors", ...policies.flatMap(({ check }) => check?.error.className ?? [])),
      ...importsFrom(`app.domain.${module}`, className, `${className}Filter`),
      ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
      ...importsFrom("collections.abc", "Sequence"),
      ...importsFrom("datetime", "UTC", "datetime", "timedelta"),
      ...policies.flatMap(({ check }) => (check ? fieldsOf(check).flatMap(({ type }) => type.imports) : [])),
    ],
    body: policies.map((policy) => policyFunction(aggregate, policy)),
  });
  return [{ path: policyPath(aggregate), text, step: 1 }];
}

/** Whether `UnitOfWork` has `hold`: two that count the same rows must not do so at the same time. */
export function countsInTransaction({ aggregates }: Pick<BackendPlan, "aggregates">): boolean {
  return aggregates.some(({ policies = [] }) => policies.some(isCounted));
}

function isCounted({ check }: PolicyPlan): boolean {
  return check?.kind === "count";
}

/** The fields whose types the function names. */
function fieldsOf(check: PolicyCheck): readonly FieldPlan[] {
  switch (check.kind) {
    case "count":
      return check.narrowed ? [check.narrowed.field] : [];
    case "needs":
    case "window":
      return [check.reached.field];
    case "state":
    case "signIn":
      return [check.refused.field];
    case "refers":
      return [check.refused.field, check.foreignKey, ...(check.shared ? [check.shared.own] : [])];
    default:
      return [];
  }
}

function policyFunction(aggregate: AggregatePlan, policy: PolicyPlan): string {
  const { className, module } = aggregate;
  const { name, rule, check } = policy;
  const variable = module;
  if (check?.kind === "refers") return refersFunction(name, docstring(summary(rule, policy), 1), check);
  const head = isCounted(policy)
    ? `async def ${name}(uow: UnitOfWork, ${variable}: ${className}) -> None:`
    : `def ${name}(${variable}: ${className}) -> None:`;
  const body = check ? checkLines(aggregate, check, variable) : [];
  return [head, docstring(summary(rule, policy), 1), ...body.map((line) => `    ${line}`)].join("\n");
}

function summary(rule: Rule, { check, when }: PolicyPlan): string {
  const text = ruleSummary(rule);
  if (check) return text;
  const moment =
    when === "before" ? "Called before the write" : "Called with what the write came to, before it is committed";
  return `${text}\n\nThe design says it in words only. ${moment}; raise an error of app.core.errors where it does not hold.`;
}

function checkLines(aggregate: AggregatePlan, check: PolicyCheck, variable: string): readonly string[] {
  const raised = `    raise ${check.error.className}()`;
  switch (check.kind) {
    case "order":
      return orderLines(check, variable, raised);
    case "children":
      return [`most = ${check.most}`, `if len(${variable}.${check.attribute}) > most:`, raised];
    case "length": {
      const value = `${variable}.${check.field.name}`;
      const given = check.field.optional ? `${value} is not None and ` : "";
      return [`most = ${check.most}`, `if ${given}len(${value}) > most:`, raised];
    }
    case "needs": {
      const { reached, needed } = check;
      const value = `${variable}.${needed.name}`;
      return [
        `if ${stateTest(reached, variable, true)} and ${needed.isList ? `not ${value}` : `${value} is None`}:`,
        raised,
      ];
    }
    case "window": {
      const value = `${variable}.${check.since.name}`;
      const early = check.since.optional ? [`if ${value} is None:`, "    return"] : [];
      return [...early, `if datetime.now(UTC) - ${value} > timedelta(${period(check.seconds)}):`, raised];
    }
    case "ahead": {
      const value = `${variable}.${check.field.name}`;
      const given = check.field.optional ? `${value} is not None and ` : "";
      const now = `datetime.now(UTC)${check.field.column.type.name === "date" ? ".date()" : ""}`;
      const limit = check.seconds === 0 ? now : `${now} + timedelta(${period(check.seconds)})`;
      return [`if ${given}${value} ${check.isLeast ? "<" : ">"} ${limit}:`, raised];
    }
    case "state":
    case "signIn":
      return [`if ${stateTest(check.refused, variable, true)}:`, raised];
    case "count":
      return countLines(aggregate, check, variable);
    case "refers":
      return [];
  }
}

function orderLines(
  check: Extract<PolicyCheck, { readonly kind: "order" }>,
  variable: string,
  raised: string,
): readonly string[] {
  const { field, other } = check;
  const [left, right] = [`${variable}.${field.name}`, `${variable}.${other.name}`];
  const missing = [field, other].flatMap((item) => (item.optional ? `${variable}.${item.name} is None` : []));
  const early = missing.length > 0 ? [`if ${missing.join(" or ")}:`, "    return"] : [];
  return [...early, `if ${left} ${opposite[check.operator]} ${right}:`, raised];
}

function period(seconds: number): string {
  const [name, size] = periods.find(([, length]) => seconds % length === 0) ?? ["seconds", 1];
  return `${name}=${seconds / size}`;
}

const periods = [
  ["days", 86_400],
  ["hours", 3600],
  ["minutes", 60],
] as const;

/** All the rows at once, so that many references cost no more than one. */
function refersFunction(
  name: string,
  summaryText: string,
  check: RefersCheck & { readonly error: ErrorClassPlan },
): string {
  const { foreignKey, target, refused, mustBeSeen, shared, locks, error } = check;
  const keys = plural(foreignKey.name);
  const one = target.module;
  const rows = target.plural;
  const parameters = [
    "uow: UnitOfWork",
    `${keys}: Sequence[${foreignKey.type.expression.replace(/ \| None$/, "")}]`,
    ...(shared ? [`${shared.own.name}: ${shared.own.type.expression}`] : []),
  ];
  const test = [
    stateTest(refused, one, true),
    ...(shared ? [`${one}.${shared.theirs.name} != ${shared.own.name}`] : []),
  ].join(" or ");
  const unseen = mustBeSeen ? `len(${rows}) < len(set(${keys})) or ` : "";
  return [
    `async def ${name}(${parameters.join(", ")}) -> None:`,
    summaryText,
    `    ${rows} = await uow.${rows}.find_many(${keys}${locks ? ", for_update=True" : ""})`,
    `    if ${unseen}any(${test} for ${one} in ${rows}):`,
    `        raise ${error.className}()`,
  ].join("\n");
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
