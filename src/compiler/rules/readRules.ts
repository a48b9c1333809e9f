import { isChangeable } from "../../spec/join/columnFacts.ts";
import type { DesignSpec, Rule } from "../../spec/model.ts";
import { uniqueName } from "../../support/words.ts";
import type { Assumption } from "../compilation.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import { matchField } from "../fieldMatching.ts";
import { resolveSchema } from "../modelBuilding.ts";
import type { AggregatePlan } from "../plan.ts";
import { resourcePath, targetOf } from "../resourcePaths.ts";
import { keptElsewhere } from "./keptRules.ts";
import { type PolicyDraft, type Resolution, type RuleContext, resolveStatement } from "./resolveStatement.ts";
import type { KeptRule, RuleCondition, SightPlan } from "./rulePlan.ts";
import { type RuleAct, ruleReadings } from "./ruleStatement.ts";
import { rulesInCodes } from "./statesInCodes.ts";
import { columnConditions, readValueConditions, type ValueCondition } from "./valueConditions.ts";

/** The rules of the domain model as far as they are known before the operations are. */
export interface RuleReading {
  readonly conditions: readonly RuleCondition[];
  /** What is demanded of the fields of value objects, also of those that no table holds. */
  readonly values: readonly ValueCondition[];
  readonly drafts: readonly RuleDraft[];
  readonly assumptions: readonly Assumption[];
  /** Constraints that keep a rule, with the error that is about it. */
  readonly violations: readonly NonNullable<Resolution["violation"]>[];
  readonly sights: readonly SightPlan[];
  /** Rules that need no function, and what keeps them. */
  readonly kept: readonly KeptRule[];
  /** Nothing that the engine can read keeps them. */
  readonly open: readonly Rule[];
}

export interface RuleDraft extends PolicyDraft {
  readonly rule: Rule;
  /** The endpoints that it is about, by id; undefined for all that can break it. */
  readonly endpoints?: ReadonlySet<string>;
}

/** What becomes of each rule: conditions of columns, functions of the domain, or words that need somebody who knows. */
export function readRules(spec: DesignSpec, aggregates: readonly AggregatePlan[], errors: ErrorCatalogue): RuleReading {
  const values = readValueConditions(spec, errors);
  const ofValues = columnConditions(spec, aggregates, values);
  const held = new Set(ofValues.conditions.flatMap(({ rule }) => rule ?? []));
  const isWritten = writesOf(spec, aggregates);
  const isSent = sentFields(spec, aggregates);
  const rules = spec.domain.rules.filter((rule) => !held.has(rule));
  const elsewhere = new Map(rules.map((rule) => [rule, keptElsewhere(rule, spec, aggregates, errors)]));
  const read = rules
    .filter((rule) => elsewhere.get(rule) === undefined)
    .map((rule) => ({ rule, found: resolveRule({ rule, spec, aggregates, errors, isWritten, isSent }) }));
  const resolved = read.flatMap(({ rule, found }) => (found ?? []).map((resolution) => ({ rule, resolution })));
  const conditions = resolved.flatMap(({ rule, resolution }): readonly RuleCondition[] => {
    const error = errors.classes.find(({ code }) => rule.text.includes(code)) ?? errors.invalid;
    return resolution.conditions.map((item) => ({ ...item, aggregate: item.aggregate.className, rule, error }));
  });
  const kept = resolved.flatMap(({ rule, resolution: { keptBy } }) =>
    keptBy === undefined ? [] : [{ rule, by: keptBy }],
  );
  const stated = resolved.flatMap(({ rule, resolution }) =>
    resolution.policies.map((draft): RuleDraft => ({ ...draft, rule })),
  );
  return {
    conditions: [...ofValues.conditions, ...conditions],
    values,
    drafts: [...stated, ...draftsInCodes({ spec, aggregates, errors, isWritten, isSent }, stated)],
    violations: resolved.flatMap(({ resolution: { violation } }) => violation ?? []),
    sights: sightsOf(resolved),
    kept: [...[...elsewhere].flatMap(([rule, by]) => (by === undefined ? [] : [{ rule, by }])), ...kept],
    open: read.flatMap(({ rule, found }) => (found ? [] : [rule])),
    assumptions: ofValues.assumptions,
  };
}

/** What the errors of single endpoints say, where no rule says it of all. */
function draftsInCodes(context: Omit<RuleContext, "rule">, stated: readonly PolicyDraft[]): readonly RuleDraft[] {
  const { spec, aggregates, errors } = context;
  return rulesInCodes(spec, aggregates, errors).flatMap(({ rule, error, endpoints }) => {
    const found = resolveRule({ ...context, rule }) ?? [];
    const own = found.flatMap(({ policies }) => policies).filter((draft) => draft.check.error === error);
    const isStated = own.some((draft) => stated.some((other) => keepsSame(draft, other)));
    return isStated ? [] : own.map((draft): RuleDraft => ({ ...draft, rule, endpoints }));
  });
}

function keepsSame(left: PolicyDraft, right: PolicyDraft): boolean {
  const isSameCheck = left.check.kind === right.check.kind && left.check.error === right.check.error;
  const isSameRow = left.aggregate.className === right.aggregate.className;
  return isSameCheck && isSameRow && left.acts.some((act) => right.acts.includes(act));
}

function sightsOf(resolved: readonly { readonly rule: Rule; readonly resolution: Resolution }[]): readonly SightPlan[] {
  const names = new Set<string>();
  return resolved.flatMap(({ rule, resolution: { sight } }) => {
    if (!sight) return [];
    const name = uniqueName(sight.name, names);
    names.add(name);
    return [{ ...sight, rule, name }];
  });
}

/** All of the clauses, each in the first of its readings that names what the design has; undefined where one has none. */
function resolveRule(context: RuleContext): readonly Resolution[] | undefined {
  const clauses = ruleReadings(context.rule.text)?.map((readings) =>
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
