import { isTimestamp } from "../../spec/sql/typeKinds.ts";
import { words } from "../../support/words.ts";
import { transitionErrorOf } from "../errorClasses.ts";
import type { AggregatePlan, FieldPlan } from "../plan.ts";
import { stateAfter, stateField } from "../transitions.ts";
import { errorOf } from "./fittingCode.ts";
import type { Resolution, RuleContext } from "./resolveStatement.ts";
import { memberOf, rowState } from "./rowStates.ts";
import type { PolicyCheck, PolicyPlan, RowState } from "./rulePlan.ts";
import type { RuleStatement } from "./ruleStatement.ts";
import { aggregateAtEnd, aggregateNamed, fieldNamed } from "./subjects.ts";

type Of<K extends RuleStatement["kind"]> = Extract<RuleStatement, { readonly kind: K }>;

/** `A ticket can only be resolved if it has an assignee`. */
export function resolveNeeds({ subject, verb, needed }: Of<"needs">, context: RuleContext): Resolution | undefined {
  const aggregate = aggregateNamed(subject, context.aggregates);
  const reached = aggregate && reachedState(aggregate, verb);
  const value = aggregate && neededValue(aggregate, needed, context);
  if (!aggregate || !reached || !value) return undefined;
  const error = errorOf(context, lacking) ?? transitionErrorOf(aggregate, context.errors);
  return policy(aggregate, "after", { kind: "needs", reached, needed: value, error });
}

const lacking = /^(?:required|missing|needed|without|no)$/;

function reachedState(aggregate: AggregatePlan, verb: string): RowState | undefined {
  const field = stateField(aggregate);
  const member =
    field && (memberOf(field, verb) ?? field.enum?.members.find(({ value }) => value === stateAfter(aggregate, verb)));
  if (field && member) return { kind: "member", field, members: [member], holds: true };
  const state = rowState(aggregate, [verb]);
  return state?.kind === "moment" ? state : undefined;
}

/** A column that may be empty, by its name or that of what it refers to; or rows that belong to it. */
function neededValue(aggregate: AggregatePlan, needed: string, { spec }: RuleContext) {
  const said = words(needed.replace(/^(?:at least one|any) /i, "")).join(" ");
  const child = aggregate.children.find(({ attribute }) => {
    const own = words(attribute).join(" ");
    return own === said || own === `${said}s`;
  });
  if (child) return { name: child.attribute, isList: true };
  const field =
    aggregate.fields.find(({ column }) => words(column.name).join(" ").replace(/ id$/, "") === said) ??
    fieldNamed(needed, [aggregate], spec.domain)?.field;
  return field?.optional ? { name: field.name, isList: false } : undefined;
}

/** `Reopening is possible within 14 days after it was resolved`. */
export function resolveWindow(
  { subject, verb, seconds, since }: Of<"window">,
  context: RuleContext,
): Resolution | undefined {
  const named = subject === undefined ? undefined : aggregateNamed(subject, context.aggregates);
  if (subject !== undefined && !named) return undefined;
  const found = (named ? [named] : context.aggregates).flatMap((aggregate) => {
    const reached = transitionTo(aggregate, verb);
    const moment = momentOf(aggregate, since);
    return reached && moment ? [{ aggregate, reached, moment }] : [];
  });
  const [only, ...others] = found;
  if (!only || others.length > 0) return undefined;
  const { aggregate, reached, moment } = only;
  const error = errorOf(context, late) ?? transitionErrorOf(aggregate, context.errors);
  return policy(aggregate, "before", { kind: "window", verb, reached, since: moment, seconds, error });
}

const late = /^(?:too|late|expired|window|period|over|passed|exceeded|elapsed)$/;

/** `reopening`, `reopened`, `cancelled` → the state that the action leads to. */
function transitionTo(aggregate: AggregatePlan, said: string): RowState | undefined {
  const bare = said.toLowerCase().replace(/(?:ing|ed|d)$/, "");
  const forms = [said, bare, `${bare}e`, bare.replace(/(.)\1$/, "$1")];
  const to = forms.map((verb) => stateAfter(aggregate, verb)).find((state) => state !== undefined);
  const field = stateField(aggregate);
  const member = field?.enum?.members.find(({ value }) => value === to);
  return field && member && { kind: "member", field, members: [member], holds: true };
}

function momentOf({ fields }: AggregatePlan, since: string): FieldPlan | undefined {
  const [said = ""] = words(since.replace(/^(?:the|its|their) /i, ""));
  const stem = said.replace(/(?:ion|ing|ed|d|ment)$/, "").slice(0, 5);
  const moments = fields.filter(({ column }) => isTimestamp(column.type) && column.type.name === "timestamptz");
  const found =
    moments.filter(({ column }) => column.name === `${said}_at`).length > 0
      ? moments.filter(({ column }) => column.name === `${said}_at`)
      : moments.filter(({ column }) => stem.length > 3 && column.name.startsWith(stem) && column.name.endsWith("_at"));
  return found.length === 1 ? found[0] : undefined;
}

/** `Bookings must be made at least one hour ahead`: of the moment at which they start. */
export function resolveAhead({ subject, isLeast, seconds }: Of<"ahead">, context: RuleContext): Resolution | undefined {
  const aggregate = aggregateNamed(subject, context.aggregates);
  const [field, ...others] = (aggregate?.fields ?? []).filter(
    ({ column }) => column.type.name === "timestamptz" && starting.test(column.name),
  );
  if (!aggregate || !field || others.length > 0) return undefined;
  const error = errorOf(context, /^(?:too|late|early|soon|far|advance|ahead|notice|short)$/) ?? context.errors.invalid;
  return policy(aggregate, "after", { kind: "ahead", field, isLeast, seconds, error });
}

/** `The date of purchase must not be in the future`. */
export function resolveToday({ subject, isPast }: Of<"today">, context: RuleContext): Resolution | undefined {
  const named = fieldNamed(subject, context.aggregates, context.spec.domain);
  if (!named || !/^(?:date|timestamptz)$/.test(named.field.column.type.name)) return undefined;
  const error = errorOf(context, /^(?:in|too|late|early|date)$/) ?? context.errors.invalid;
  return policy(named.aggregate, "after", { kind: "ahead", field: named.field, isLeast: !isPast, seconds: 0, error });
}

const starting = /^(?:starts?|begins?|scheduled|booked|reserved|planned)_(?:at|for|time|on)$/;

/** `A user that is not active cannot sign in`, answered by the code that the design has for it. */
export function resolveSignIn({ subject, allowed }: Of<"signIn">, context: RuleContext): Resolution | undefined {
  const said = aggregateAtEnd(subject, context.aggregates);
  const state = said && rowState(said.aggregate, [said.attribute]);
  if (!said || !state) return undefined;
  const refused = allowed ? { ...state, holds: !state.holds } : state;
  const error =
    errorOf(context, /^(?:disabled|locked|suspended|blocked|deactivated)$/) ?? context.errors.unauthenticated;
  return policy(said.aggregate, "before", { kind: "signIn", refused, error });
}

function policy(aggregate: AggregatePlan, when: PolicyPlan["when"], check: PolicyCheck): Resolution {
  return { conditions: [], policies: [{ aggregate, when, acts: ["change"], check }] };
}
