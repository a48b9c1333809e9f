import type { Rule } from "../../spec/model.ts";
import { singular, snakeCase, uniqueName, words } from "../../support/words.ts";
import type { OperationPlan } from "../apiPlan.ts";
import type { Assumption, NeedsDetail } from "../compilation.ts";
import { pythonName } from "../names.ts";
import type { OperationPlanning } from "../operations.ts";
import type { AggregatePlan, BatchMethod, FilterPlan } from "../plan.ts";
import { aggregatesIn, noEndpoint } from "./keptRules.ts";
import type { RuleDraft, RuleReading } from "./readRules.ts";
import type { PolicyDraft } from "./resolveStatement.ts";
import { broughtWith, canBreak, creations, deletions, isAbout, updates } from "./ruleCallers.ts";
import type { KeptRule, PolicyPlan } from "./rulePlan.ts";
import { withoutCodes } from "./ruleStatement.ts";

/** A check of the table is answered with the code of the rule that it keeps. */
function withAnswers(aggregate: AggregatePlan, answers: RuleReading["violations"]): AggregatePlan {
  return {
    ...aggregate,
    violations: aggregate.violations.map((violation) => {
      const error = answers.find(({ constraint }) => constraint === violation.constraint.name)?.error;
      return error ? { ...violation, error } : violation;
    }),
  };
}

/** Rows are locked while the state is looked at that a rule is about, or an action that is refused in it. */
export function withGuards(
  aggregates: readonly AggregatePlan[],
  { drafts, violations }: RuleReading,
  isRefused: (aggregate: AggregatePlan) => boolean,
): readonly AggregatePlan[] {
  const guarded = new Set(
    drafts
      .filter(({ check }) => /^(?:state|needs|window)$/.test(check.kind))
      .map(({ aggregate }) => aggregate.className),
  );
  return aggregates.map((aggregate) => {
    const own = violations.filter((item) => item.aggregate.className === aggregate.className);
    const answered = own.length > 0 ? withAnswers(aggregate, own) : aggregate;
    return guarded.has(aggregate.className) || isRefused(aggregate) ? { ...answered, isGuarded: true } : answered;
  });
}

export interface PlacedRules {
  readonly aggregates: readonly AggregatePlan[];
  readonly kept: readonly KeptRule[];
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

/** Gives each function its name and its callers; a rule that no operation can break has none. */
export function placeRules(
  { drafts, open, kept, assumptions: read }: RuleReading,
  { aggregates, api: { operations }, needsDetail: gaps }: Pick<OperationPlanning, "aggregates" | "api" | "needsDetail">,
): PlacedRules {
  const needsDetail: NeedsDetail[] = [];
  const policies = new Map<string, PolicyPlan[]>();
  const add = (aggregate: AggregatePlan, policy: Omit<PolicyPlan, "name">): string => {
    const own = policies.get(aggregate.className) ?? [];
    const name = uniqueName(policyName(policy.rule), new Set(own.map((item) => item.name)));
    policies.set(aggregate.className, [...own, { ...policy, name }]);
    return name;
  };
  const looked = new Set<string>();
  const assumptions = drafts.flatMap((draft) => {
    const { aggregate, when, acts, check, rule } = draft;
    const callers = operations.filter(
      (operation) =>
        isAbout(operation, aggregate) &&
        canBreak(operation, acts, check) &&
        draft.endpoints?.has(operation.endpoint.id) !== false,
    );
    const parents = draft.endpoints ? [] : parentCalls(draft, aggregates, operations);
    if (callers.length === 0 && parents.length === 0) return [];
    const name = add(aggregate, { rule, when, check, callers: callers.map((operation) => operation.name) });
    for (const { parent, caller, attribute } of parents) {
      const policy = { rule, when, check, name, callers: [caller], within: { attribute, module: aggregate.module } };
      policies.set(parent.className, [...(policies.get(parent.className) ?? []), policy]);
    }
    if (check.kind === "refers") looked.add(check.target.className);
    return assumptionsOf(draft);
  });
  for (const rule of open) {
    const aggregate = aggregatesIn(rule, aggregates).find((item) => callersOf(rule, item, operations).length > 0);
    const callers = aggregate ? callersOf(rule, aggregate, operations) : [];
    const name =
      aggregate &&
      add(aggregate, {
        rule,
        when: callers.some(({ kind }) => deletions.has(kind)) ? "before" : "after",
        callers: callers.map((operation) => operation.name),
      });
    needsDetail.push({ element: rule.id, reason: reasonOf(rule, aggregate, name), source: rule.source });
  }
  const placed = aggregates
    .map((aggregate) => withPolicies(aggregate, policies.get(aggregate.className) ?? []))
    .map((aggregate) =>
      looked.has(aggregate.className) ? { ...aggregate, batches: new Set<BatchMethod>(["find_many"]) } : aggregate,
    );
  const used = new Set([...policies.values()].flat().map(({ rule }) => rule));
  const idle = drafts.filter(({ rule, aggregate }) => !used.has(rule) && !gaps.some((gap) => isOf(gap, aggregate)));
  const unbroken = [...new Set(idle.map(({ rule }) => rule))].map((rule) => ({ rule, by: noEndpoint }));
  return { aggregates: placed, kept: [...kept, ...unbroken], assumptions: [...read, ...assumptions], needsDetail };
}

/** Whether what is missing is an endpoint with rows of the aggregate in its path. */
function isOf({ element }: NeedsDetail, { className, plural, table }: AggregatePlan): boolean {
  const said = element.startsWith("endpoint:") ? words(element).map(singular) : [];
  return [className, plural, table.name].some((name) => said.includes(words(name).map(singular).at(-1) ?? ""));
}

/** Requests for a parent that bring the rows with it, whose references have to be looked at as well. */
function parentCalls(
  { aggregate, check }: PolicyDraft,
  aggregates: readonly AggregatePlan[],
  operations: readonly OperationPlan[],
) {
  if (check.kind !== "refers" || check.at !== "reference") return [];
  return aggregates.flatMap((parent) =>
    operations.flatMap((operation) => {
      const attribute = broughtWith(operation, parent, aggregate);
      return attribute === undefined ? [] : [{ parent, caller: operation.name, attribute }];
    }),
  );
}

/** `src/app/domain/policies/order.py`. */
export function policyPath({ module }: AggregatePlan): string {
  return `src/app/domain/policies/${module}.py`;
}

/** The transitions that the sentence names, else deleting where it is about that, else every write of values. */
function callersOf(
  rule: Rule,
  aggregate: AggregatePlan,
  operations: readonly OperationPlan[],
): readonly OperationPlan[] {
  const own = operations.filter((operation) => isAbout(operation, aggregate));
  const said = words(rule.text);
  const moves = own.filter(({ kind, path }) => {
    const [verb = ""] = words(path.rest.at(-1) ?? "");
    const stem = verb.replace(/(?:e|y)$/, "");
    return kind === "transition" && stem.length > 2 && said.some((word) => word.startsWith(stem));
  });
  if (moves.length > 0) return moves;
  if (/\bdelet|\bremov|削除|lösch|gelöscht/i.test(rule.text)) return own.filter(({ kind }) => deletions.has(kind));
  return own.filter(({ kind }) => creations.has(kind) || updates.has(kind));
}

/** `check_at_most_20_items_per_order`, else the rule's id where the sentence has no letters that Python's readers expect. */
function policyName({ name, text }: Rule): string {
  const said = words(withoutCodes(text)).filter((word) => !articles.has(word));
  const isLatin = said.length > 1 && said.every((word) => /^[a-z0-9]+$/.test(word));
  const shown = isLatin ? shortened(said) : snakeCase(name);
  return `check_${/^[a-z0-9_]+$/.test(shown) ? shown : pythonName(name)}`;
}

const articles = new Set("a an the each every is are must its his her their".split(" "));

/** As many words as a name bears. */
function shortened(said: readonly string[]): string {
  let name = "";
  for (const word of said) {
    if (name.length + word.length > 45) break;
    name = name === "" ? word : `${name}_${word}`;
  }
  return name;
}

function withPolicies(aggregate: AggregatePlan, policies: readonly PolicyPlan[]): AggregatePlan {
  if (policies.length === 0) return aggregate;
  const wanted = policies.flatMap(({ check }): FilterPlan[] => {
    if (check?.kind !== "count") return [];
    const { filter, foreignKey, narrowed } = check;
    return [
      { name: filter, field: foreignKey, operator: "equal" },
      ...(narrowed ? [{ name: narrowed.filter, field: narrowed.field, operator: "equal" as const }] : []),
    ];
  });
  const filters = new Map([...wanted, ...aggregate.filters].map((filter) => [filter.name, filter]));
  return { ...aggregate, policies, filters: [...filters.values()] };
}

function assumptionsOf({ rule, check, endpoints }: RuleDraft): readonly Assumption[] {
  if (endpoints) {
    const named = [...endpoints].map((id) => id.replace(/^endpoint:/, "")).join(", ");
    return [{ text: `${quoted(rule)} holds for ${named}, because it is among the errors there.`, source: rule.source }];
  }
  if (check.kind !== "count") return [];
  const text = `${quoted(rule)} counts the rows that the caller can see when one is written; what was there before is left alone.`;
  return [{ text, element: rule.id, source: rule.source }];
}

function reasonOf(rule: Rule, aggregate: AggregatePlan | undefined, name: string | undefined): string {
  if (aggregate && name !== undefined) {
    return `${quoted(rule)} is in no form that the engine can turn into code; write it in ${name} of ${policyPath(aggregate)}, which the service calls where it has to hold.`;
  }
  return `No operation is known to break ${quoted(rule)}, and nothing is known to keep it; say what it is about and when it has to hold.`;
}

function quoted({ text }: Rule): string {
  return `"${text.replace(/\.$/, "")}"`;
}
