import { isChangeable } from "../../spec/join/columnFacts.ts";
import type { DesignSpec, Rule } from "../../spec/model.ts";
import { snakeCase, uniqueName, words } from "../../support/words.ts";
import type { OperationPlan } from "../apiPlan.ts";
import type { Assumption, NeedsDetail } from "../compilation.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import { matchField } from "../fieldMatching.ts";
import { resolveSchema } from "../modelBuilding.ts";
import { pythonName } from "../names.ts";
import type { AggregatePlan, BatchMethod, FilterPlan } from "../plan.ts";
import { resourcePath, targetOf } from "../resourcePaths.ts";
import { aggregatesIn, isKeptElsewhere } from "./keptRules.ts";
import { type PolicyDraft, type Resolution, type RuleContext, resolveStatement } from "./resolveStatement.ts";
import { broughtWith, canBreak, creations, deletions, isAbout, updates } from "./ruleCallers.ts";
import type { PolicyPlan, RuleCondition } from "./rulePlan.ts";
import { type RuleAct, ruleReadings, withoutCodes } from "./ruleStatement.ts";
import { columnConditions, readValueConditions, type ValueCondition } from "./valueConditions.ts";

/** The rules of the domain model as far as they are known before the operations are. */
export interface RuleReading {
  readonly conditions: readonly RuleCondition[];
  /** What is demanded of the fields of value objects, also of those that no table holds. */
  readonly values: readonly ValueCondition[];
  readonly drafts: readonly (PolicyDraft & { readonly rule: Rule })[];
  readonly assumptions: readonly Assumption[];
  /** Constraints that keep a rule, with the error that is about it. */
  readonly violations: readonly NonNullable<Resolution["violation"]>[];
  /** Nothing that the engine can read keeps them. */
  readonly open: readonly Rule[];
}

/** What becomes of each rule: conditions of columns, functions of the domain, or words that need somebody who knows. */
export function readRules(spec: DesignSpec, aggregates: readonly AggregatePlan[], errors: ErrorCatalogue): RuleReading {
  const values = readValueConditions(spec, errors);
  const ofValues = columnConditions(spec, aggregates, values);
  const conditions: RuleCondition[] = [...ofValues.conditions];
  const held = new Set(conditions.flatMap(({ rule }) => rule ?? []));
  const drafts: (PolicyDraft & { readonly rule: Rule })[] = [];
  const violations: NonNullable<Resolution["violation"]>[] = [];
  const open: Rule[] = [];
  const isWritten = writesOf(spec, aggregates);
  const isSent = sentFields(spec, aggregates);
  for (const rule of spec.domain.rules) {
    if (held.has(rule) || isKeptElsewhere(rule, spec, aggregates, errors)) continue;
    const context: RuleContext = { rule, spec, aggregates, errors, isWritten, isSent };
    const found = resolveRule(rule.text, context);
    if (!found) {
      open.push(rule);
      continue;
    }
    const [named] = errors.classes.filter(({ code }) => rule.text.includes(code));
    const error = named ?? errors.invalid;
    for (const resolution of found) {
      if (resolution.violation) violations.push(resolution.violation);
      for (const { aggregate, condition } of resolution.conditions) {
        conditions.push({ aggregate: aggregate.className, condition, rule, error });
      }
      drafts.push(...resolution.policies.map((draft) => ({ ...draft, rule })));
    }
  }
  return { conditions, values, drafts, violations, open, assumptions: ofValues.assumptions };
}

/** All of the clauses, each in the first of its readings that names what the design has; undefined where one has none. */
function resolveRule(text: string, context: RuleContext): readonly Resolution[] | undefined {
  const clauses = ruleReadings(text)?.map((readings) =>
    readings
      .map((statements) => statements.map((statement) => resolveStatement(statement, context)))
      .map((found) =>
        found.flatMap((item) => item ?? []).length === found.length ? found.flatMap((item) => item ?? []) : undefined,
      )
      .find((found) => found !== undefined),
  );
  const resolved = (clauses ?? []).flatMap((clause) => (clause ? [clause] : []));
  return resolved.length > 0 && resolved.length === clauses?.length ? resolved.flat() : undefined;
}

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
  readonly assumptions: readonly Assumption[];
  readonly needsDetail: readonly NeedsDetail[];
}

/** Gives each function its name and its callers; a rule that no operation can break has none. */
export function placeRules(
  { drafts, open, assumptions: read }: RuleReading,
  aggregates: readonly AggregatePlan[],
  operations: readonly OperationPlan[],
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
    const callers = operations.filter((operation) => isAbout(operation, aggregate) && canBreak(operation, acts, check));
    const parents = parentCalls(draft, aggregates, operations);
    if (callers.length === 0 && parents.length === 0) return [];
    const name = add(aggregate, { rule, when, check, callers: callers.map((operation) => operation.name) });
    for (const { parent, caller, attribute } of parents) {
      const policy = { rule, when, check, name, callers: [caller], within: { attribute, module: aggregate.module } };
      policies.set(parent.className, [...(policies.get(parent.className) ?? []), policy]);
    }
    if (check.kind === "refers") looked.add(check.target.className);
    return assumptionsOf(rule, check);
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
  return { aggregates: placed, assumptions: [...read, ...assumptions], needsDetail };
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

function writesOf(spec: DesignSpec, aggregates: readonly AggregatePlan[]): RuleContext["isWritten"] {
  const writes = spec.api.endpoints.flatMap((endpoint) => {
    const path = resourcePath(endpoint, aggregates, spec.api);
    const target = targetOf(path)?.aggregate.className;
    const act: RuleAct | undefined =
      endpoint.method === "DELETE" ? "delete" : /PUT|PATCH/.test(endpoint.method) ? "change" : undefined;
    return target !== undefined && act ? [`${act} ${target}`] : [];
  });
  return ({ className }, act) => writes.includes(`${act} ${className}`);
}

function sentFields(spec: DesignSpec, aggregates: readonly AggregatePlan[]): RuleContext["isSent"] {
  const changes = spec.api.endpoints
    .filter(({ method }) => method === "PUT" || method === "PATCH")
    .map((endpoint) => ({
      target: targetOf(resourcePath(endpoint, aggregates, spec.api))?.aggregate.className,
      schema: endpoint.request && resolveSchema(spec, endpoint.request.schema),
    }));
  return (aggregate, field) =>
    isChangeable(field) &&
    changes.some(
      ({ target, schema }) =>
        target === aggregate.className &&
        (schema?.properties === undefined ||
          schema.properties.some(({ name }) => matchField(aggregate, name) === field)),
    );
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

function assumptionsOf(rule: Rule, check: PolicyDraft["check"]): readonly Assumption[] {
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
