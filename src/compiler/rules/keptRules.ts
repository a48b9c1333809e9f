import type { DesignSpec, Rule } from "../../spec/model.ts";
import { words } from "../../support/words.ts";
import { type ErrorCatalogue, transitionErrorOf } from "../errorClasses.ts";
import type { AggregatePlan } from "../plan.ts";
import { withoutCodes } from "./ruleStatement.ts";
import { aggregateAtEnd } from "./subjects.ts";

/**
 * What of the engine's own keeps the rule anyway, by what the design itself says; undefined where nothing does.
 *
 * The SQL names the rule by its id; or every error code that the rule names is the answer to a constraint, a state
 * machine or a row that policies hide; or the rule is about one's own rows and the tables have policies.
 */
export function keptElsewhere(
  rule: Rule,
  spec: DesignSpec,
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
): string | undefined {
  const keeper = aggregates.find(({ totals = [] }) => totals.some((total) => total.rule === rule));
  if (keeper) return `the totals of ${keeper.className}, which src/app/services/totals.py keeps`;
  const codes = codesOf(rule, errors);
  const raised = raisedCodes(spec, aggregates, errors);
  if (codes.length > 0 && codes.every((code) => raised.has(code))) return `what is answered with ${codes.join(", ")}`;
  if (hasOwnId(rule) && sqlOf(spec).some((sql) => naming(rule).test(sql)))
    return "the SQL of the design, which names it";
  const named = aggregatesIn(rule, aggregates);
  if (named.length === 0) return undefined;
  const machine = named.find(({ stateMachine }) => stateMachine);
  if (machine && /\btransitions?\b|状態遷移|Zustandsübergang/i.test(rule.text)) {
    return `the transitions of ${machine.className}`;
  }
  const isOwn = ownership.test(rule.text) && named.every(({ table }) => hasPolicies(spec, table.name));
  return isOwn ? `the row policies of ${named.map(({ table }) => table.name).join(", ")}` : undefined;
}

/** What keeps a rule that nobody has the means to break. */
export const noEndpoint = "the endpoints, none of which does it";

/** Codes of the error design that the rule names. */
export function codesOf({ text }: Rule, { classes }: ErrorCatalogue): readonly string[] {
  return classes.map(({ code }) => code).filter((code) => new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(text));
}

/** `BR-3` is the design's own; `business-rules-3` is made of the heading and the position, and moves. */
export function hasOwnId({ name }: Rule): boolean {
  return /^[A-Z]+[\w.-]*\d$/.test(name);
}

/** The sentence of the design, with its id where it has one of its own. */
export function ruleSummary(rule: Rule): string {
  return `${hasOwnId(rule) ? `${rule.name}: ` : ""}${withoutCodes(rule.text)}`;
}

/** The aggregates that the words of a rule name, in their order; that of its section first, `order item` before `order`. */
export function aggregatesIn({ entity, text }: Rule, aggregates: readonly AggregatePlan[]): readonly AggregatePlan[] {
  const own = entity === undefined ? undefined : aggregateAtEnd(entity, aggregates)?.aggregate;
  const said = ` ${words(text.replace(/\b[A-Z]+(?:_[A-Z]+)+\b/g, "")).join(" ")} `;
  const found = aggregates
    .map((aggregate) => ({ aggregate, at: placeOf(said, aggregate), size: aggregate.className.length }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at || right.size - left.size)
    .map(({ aggregate }) => aggregate);
  return [...new Set(own ? [own, ...found] : found)];
}

const ownership =
  /\b(?:own|their|its|his|her)\b.*\bonly\b|\bonly\b.*\b(?:own|owner|their)\b|\b(?:own|owner)\b|自分の|自身の|eigene/i;

function placeOf(said: string, { className, plural, table }: AggregatePlan): number {
  const places = [className, plural, table.name].map((name) => said.indexOf(` ${words(name).join(" ")} `));
  const found = places.filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

function raisedCodes(spec: DesignSpec, aggregates: readonly AggregatePlan[], errors: ErrorCatalogue): Set<string> {
  const hidden = aggregates.filter(
    ({ table, fields }) => hasPolicies(spec, table.name) || fields.some(({ role }) => role === "deletedAt"),
  );
  const moved = aggregates.filter(({ stateMachine }) => stateMachine);
  const isGuarded = spec.database.policies.length > 0 || spec.api.endpoints.some(({ security }) => security?.length);
  return new Set([
    ...aggregates.flatMap(({ violations }) => violations.map(({ error }) => error.code)),
    ...hidden.map(({ notFound }) => notFound.code),
    ...moved.map((aggregate) => transitionErrorOf(aggregate, errors).code),
    ...(isGuarded ? [errors.forbidden.code, errors.unauthenticated.code] : []),
    ...[errors.precondition, errors.limited, errors.tooLarge, errors.mediaType].flatMap((plan) => plan?.code ?? []),
  ]);
}

function hasPolicies({ database }: DesignSpec, table: string): boolean {
  return database.policies.some((policy) => policy.table === table);
}

function sqlOf({ database }: DesignSpec): readonly string[] {
  return [
    ...database.statements.map(({ sql }) => sql),
    ...database.policies.flatMap(({ sql }) => sql ?? []),
    ...database.tables.flatMap(({ comment }) => comment ?? []),
  ];
}

function naming({ name }: Rule): RegExp {
  return new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, "\\$&")}(?![\\w-])`);
}
