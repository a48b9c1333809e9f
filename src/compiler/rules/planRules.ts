import { isChangeable } from "../../spec/join/columnFacts.ts";
import type { DesignSpec, Rule } from "../../spec/model.ts";
import { snakeCase, uniqueName, words } from "../../support/words.ts";
import type { OperationPlan } from "../apiPlan.ts";
import type { Assumption, NeedsDetail } from "../compilation.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import { matchField } from "../fieldMatching.ts";
import { resolveSchema } from "../modelBuilding.ts";
import { pythonName } from "../names.ts";
import type { AggregatePlan, FilterPlan } from "../plan.ts";
import { resourcePath, targetOf } from "../resourcePaths.ts";
import { aggregatesIn, isKeptElsewhere } from "./keptRules.ts";
import { type PolicyDraft, type RuleContext, resolveStatement } from "./resolveStatement.ts";
import type { PolicyCheck, PolicyPlan, RuleCondition } from "./rulePlan.ts";
import { type RuleAct, ruleStatements, withoutCodes } from "./ruleStatement.ts";
import { columnConditions, readValueConditions, type ValueCondition } from "./valueConditions.ts";

/** The rules of the domain model as far as they are known before the operations are. */
export interface RuleReading {
  readonly conditions: readonly RuleCondition[];
  /** What is demanded of the fields of value objects, also of those that no table holds. */
  readonly values: readonly ValueCondition[];
  readonly drafts: readonly (PolicyDraft & { readonly rule: Rule })[];
  readonly assumptions: readonly Assumption[];
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
  const open: Rule[] = [];
  const isWritten = writesOf(spec, aggregates);
  const isSent = sentFields(spec, aggregates);
  for (const rule of spec.domain.rules) {
    if (held.has(rule) || isKeptElsewhere(rule, spec, aggregates, errors)) continue;
    const context: RuleContext = { rule, spec, aggregates, errors, isWritten, isSent };
    const found = ruleStatements(rule.text)?.map((statement) => resolveStatement(statement, context));
    if (!found || found.includes(undefined)) {
      open.push(rule);
      continue;
    }
    const [named] = errors.classes.filter(({ code }) => rule.text.includes(code));
    const error = named ?? errors.invalid;
    for (const resolution of found) {
      for (const { aggregate, condition } of resolution?.conditions ?? []) {
        conditions.push({ aggregate: aggregate.className, condition, rule, error });
      }
      drafts.push(...(resolution?.policies ?? []).map((draft) => ({ ...draft, rule })));
    }
  }
  return { conditions, values, drafts, open, assumptions: ofValues.assumptions };
}

/** Rows are locked while the state is looked at that a rule is about, or an action that is refused in it. */
export function withGuards(
  aggregates: readonly AggregatePlan[],
  { drafts }: RuleReading,
  isRefused: (aggregate: AggregatePlan) => boolean,
): readonly AggregatePlan[] {
  const guarded = new Set(
    drafts.filter(({ check }) => check.kind === "state").map(({ aggregate }) => aggregate.className),
  );
  return aggregates.map((aggregate) =>
    guarded.has(aggregate.className) || isRefused(aggregate) ? { ...aggregate, isGuarded: true } : aggregate,
  );
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
  const assumptions = drafts.flatMap(({ aggregate, when, acts, check, rule }) => {
    const callers = operations.filter((operation) => isAbout(operation, aggregate) && isAct(operation, acts, check));
    if (callers.length === 0) return [];
    add(aggregate, { rule, when, check, callers: callers.map(({ name }) => name) });
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
  const placed = aggregates.map((aggregate) => withPolicies(aggregate, policies.get(aggregate.className) ?? []));
  return { aggregates: placed, assumptions: [...read, ...assumptions], needsDetail };
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

function isAbout({ target }: OperationPlan, { className }: AggregatePlan): boolean {
  return target?.className === className;
}

const creations = new Set(["create", "createMany", "upsert", "link"]);
const updates = new Set(["update", "updateMany", "replace", "upsert"]);
const deletions = new Set(["delete", "deleteMany"]);

function isAct(operation: OperationPlan, acts: readonly RuleAct[], check: PolicyCheck): boolean {
  const { kind } = operation;
  if (deletions.has(kind)) return acts.includes("delete");
  if (!acts.includes("change")) return false;
  if (check.kind === "children") return kind === "create";
  if (check.kind === "count") return creations.has(kind) || addsTo(operation, check);
  return updates.has(kind) || (check.kind !== "state" && creations.has(kind));
}

/** Whether a row can come under the owner, or into the state, that is counted. */
function addsTo(
  { kind, request, transition }: OperationPlan,
  { foreignKey, narrowed }: Extract<PolicyCheck, { readonly kind: "count" }>,
): boolean {
  const member = transition?.field.enum?.members.find(({ value }) => value === transition.to)?.name;
  if (member !== undefined && narrowed?.value.endsWith(`.${member}`)) return true;
  const columns = [foreignKey.name, narrowed?.field.name];
  return updates.has(kind) && (request?.model.fields ?? []).some(({ target }) => columns.includes(target?.name));
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
