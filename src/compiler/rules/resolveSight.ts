import { singular, snakeCase, words } from "../../support/words.ts";
import { callerField, subjectBehind } from "../callers.ts";
import { foreignKeysTo } from "../fieldMatching.ts";
import type { AggregatePlan, FieldPlan } from "../plan.ts";
import type { Resolution, RuleContext } from "./resolveStatement.ts";
import { memberOf, rowState } from "./rowStates.ts";
import type { RowState, SightDraft } from "./rulePlan.ts";
import type { RuleStatement } from "./ruleStatement.ts";
import { aggregateAtEnd, aggregateNamed } from "./subjects.ts";

type Of<K extends RuleStatement["kind"]> = Extract<RuleStatement, { readonly kind: K }>;

/** `Only the customer who placed the order, or a clerk, may see it`; without an owner the roles are all there is. */
export function resolveSeenBy({ owner, roles, object }: Of<"seenBy">, context: RuleContext): Resolution | undefined {
  const { aggregates } = context;
  const said = aggregateAtEnd(owner, aggregates);
  const aggregate = /^(?:it|them)$/i.test(object) ? said?.aggregate : aggregateNamed(object, aggregates);
  const field = aggregate && ownerNamed(owner, aggregate, aggregates);
  if (aggregate && field) return sight(aggregate, { roles, exempt: true, owner: field }, context);
  return resolveHidden(
    { kind: "hidden", subject: object, roles: [...owner.split(/\s*,\s*|\s+(?:or|and)\s+/i), ...roles], allowed: true },
    context,
  );
}

/** `Internal comments are never shown to requesters`. */
export function resolveHidden({ subject, roles, allowed }: Of<"hidden">, context: RuleContext): Resolution | undefined {
  const said = aggregateAtEnd(subject, context.aggregates);
  const hidden = said && rowState(said.aggregate, [said.attribute]);
  return said && hidden && sight(said.aggregate, { roles, exempt: allowed, hidden }, context);
}

/** `Requesters see only their own tickets`. */
export function resolveOwnOnly({ roles, object }: Of<"ownOnly">, context: RuleContext): Resolution | undefined {
  const { aggregates } = context;
  const aggregate = aggregateNamed(object, aggregates);
  const [role = "", ...others] = roles;
  const named = aggregate && others.length === 0 ? ownerNamed(role, aggregate, aggregates) : undefined;
  const owner = named ?? (aggregate && (callerField(aggregate, aggregates) ?? onlyPerson(aggregate, aggregates)));
  return aggregate && owner && sight(aggregate, { roles, exempt: false, owner }, context);
}

/** The column that says who is `the customer who placed the order`, where it can be compared with the caller. */
function ownerNamed(
  phrase: string,
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): FieldPlan | undefined {
  const [noun = ""] = words(phrase.replace(/^(?:the|its|their|an?) /i, "")).map(singular);
  const named = aggregate.fields.find(
    ({ column }) => column.name.replace(/_(?:id|uuid)$/, "") === noun && isPerson(aggregate, column.name, aggregates),
  );
  const general = /^(?:owner|author|creator|user)$/.test(noun) ? callerField(aggregate, aggregates) : undefined;
  const field = named ?? general;
  return field && !subjectBehind(field, aggregate, aggregates) ? field : undefined;
}

/** The one column that refers to people, where there is no other that could say whose the row is. */
function onlyPerson(aggregate: AggregatePlan, aggregates: readonly AggregatePlan[]): FieldPlan | undefined {
  const [field, ...others] = aggregate.fields.filter(({ column }) => isPerson(aggregate, column.name, aggregates));
  return field && others.length === 0 && !subjectBehind(field, aggregate, aggregates) ? field : undefined;
}

/** Whether the column refers to people who sign in: a table with names to sign in with. */
function isPerson(aggregate: AggregatePlan, column: string, aggregates: readonly AggregatePlan[]): boolean {
  return aggregates.some(
    (target) =>
      target.fields.some(({ column: { name } }) => /^(?:role|user_role|email|username|password_hash)$/.test(name)) &&
      foreignKeysTo(aggregate, target).some(([field, ...more]) => field?.column.name === column && more.length === 0),
  );
}

/** Where the sentence says who does not see it all, everybody else does whose role is known: who has none sees less. */
function sight(
  aggregate: AggregatePlan,
  { roles, exempt, ...draft }: Pick<SightDraft, "roles" | "owner" | "hidden"> & { readonly exempt: boolean },
  context: RuleContext,
): Resolution | undefined {
  const { api } = context.spec;
  const isAsked = api.securitySchemes.length > 0 || api.endpoints.some(({ security }) => security?.length);
  // What is done behind an answer, or before somebody has signed in, is done for nobody.
  const isForNobody = aggregate.job !== undefined || aggregate.fields.some(({ role }) => role === "secret");
  const found = roles.flatMap((role) => roleNamed(role, context) ?? []);
  const [first] = found;
  if (!isAsked || isForNobody || found.length < roles.length || (!exempt && !first)) return undefined;
  const all = first === undefined ? [] : first.all;
  const named = found.map(({ role }) => role);
  const seeing = exempt ? named : all.filter((role) => !named.includes(role));
  const name = sightName(aggregate, draft.hidden);
  return { conditions: [], policies: [], sight: { aggregate, name, roles: seeing, ...draft } };
}

/** A role as the design writes it, a value of a role column or what an endpoint asks for, and all there are of its kind. */
function roleNamed(
  said: string,
  { aggregates, spec }: RuleContext,
): { readonly role: string; readonly all: readonly string[] } | undefined {
  const columns = aggregates.flatMap(({ fields }) =>
    fields.filter(({ column }) => /^(?:role|user_role)$/.test(column.name)),
  );
  const members = columns.flatMap((field) => {
    const member = memberOf(field, said);
    return member ? [{ role: member.value, all: (field.enum?.members ?? []).map(({ value }) => value) }] : [];
  });
  const scopes = spec.api.endpoints.flatMap(({ security }) => (security ?? []).flatMap(({ scopes: names }) => names));
  const name = words(said).map(singular).join(" ");
  const scope = scopes.find((item) => words(item).map(singular).join(" ") === name);
  return members[0] ?? (scope === undefined ? undefined : { role: scope, all: [...new Set(scopes)] });
}

/** `sees_every_order`, `sees_internal_comments`; two rules about the same rows are told apart by their numbers. */
function sightName({ module, plural }: AggregatePlan, hidden: RowState | undefined): string {
  if (!hidden) return `sees_every_${module.replace(/_$/, "")}`;
  const [member] = hidden.members;
  const state = snakeCase(member?.value ?? hidden.field.name.replace(/^is_|_at$/, ""));
  return `sees_${hidden.holds ? "" : "not_"}${state}_${plural}`;
}
