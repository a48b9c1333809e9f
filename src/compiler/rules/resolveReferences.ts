import { singular, words } from "../../support/words.ts";
import { transitionErrorOf } from "../errorClasses.ts";
import { foreignKeysTo, foreignKeyTo } from "../fieldMatching.ts";
import type { AggregatePlan, ErrorClassPlan } from "../plan.ts";
import { errorOf } from "./fittingCode.ts";
import type { PolicyDraft, Resolution, RuleContext } from "./resolveStatement.ts";
import { memberOf, rowState } from "./rowStates.ts";
import type { RefersCheck, RowState } from "./rulePlan.ts";
import type { RuleAct, RuleStatement } from "./ruleStatement.ts";
import { aggregateAtEnd, aggregateNamed } from "./subjects.ts";

type Of<K extends RuleStatement["kind"]> = Extract<RuleStatement, { readonly kind: K }>;

/** `A closed ticket cannot be commented on`: rows that refer to one in the state are not made. */
export function resolveBarred({ subject, by, allowed }: Of<"barred">, context: RuleContext): Resolution | undefined {
  const said = aggregateAtEnd(subject, context.aggregates);
  const state = said && rowState(said.aggregate, [said.attribute]);
  const referring = said && referringRows(by, said.aggregate, context.aggregates);
  if (!said || !state || !referring) return undefined;
  const isOpenOnly = allowed && /\bopen\b/i.test(context.rule.text);
  const error =
    errorOf(context, isOpenOnly ? /^closed$/ : refusals) ?? transitionErrorOf(said.aggregate, context.errors);
  const check = { at: "reference", refused: refusedState(state, allowed), mustBeSeen: false, locks: false } as const;
  return policies(
    [{ aggregate: referring.aggregate, acts: ["change"] }],
    { ...check, ...referring, error },
    said.aggregate,
  );
}

const refusals = /^(?:allowed|permitted|possible|accepting)$/;

function refusedState(state: RowState, allowed: boolean): RowState {
  return allowed ? { ...state, holds: !state.holds } : state;
}

/** `an order` has lines that refer to the product; `commented on` speaks of the comments. */
function referringRows(by: string, target: AggregatePlan, aggregates: readonly AggregatePlan[]) {
  const named = aggregateNamed(by, aggregates);
  const holders = named
    ? [named, ...aggregates.filter((item) => foreignKeysTo(item, named).length > 0)]
    : byVerb(by, aggregates);
  const found = holders.flatMap((aggregate) => {
    const [foreignKey, ...more] = aggregate === target ? [] : foreignKeyTo(aggregate, target);
    return foreignKey && more.length === 0 ? [{ aggregate, foreignKey }] : [];
  });
  const own = found.find(({ aggregate }) => aggregate === named);
  return own ?? (found.length === 1 ? found[0] : undefined);
}

/** `commented on` → comments, `ordered` → what is called after orders. */
export function byVerb(phrase: string, aggregates: readonly AggregatePlan[]): readonly AggregatePlan[] {
  const [verb = ""] = words(phrase);
  const bare = verb.replace(/(?:ied|ed|d)$/, "").replace(/([^aeious])\1$/, "$1");
  const stem = nouns.get(verb) ?? bare.slice(0, 7);
  if (stem.length < 3) return [];
  return aggregates.filter(({ className }) => words(className).some((word) => word.startsWith(stem)));
}

/** What is made where the verb is no form of its name. */
const nouns: ReadonlyMap<string, string> = new Map([
  ["lent", "loan"],
  ["borrowed", "loan"],
  ["sold", "sale"],
  ["bought", "purchase"],
  ["paid", "payment"],
  ["hired", "rental"],
]);

/** `Lines can only be changed while the order is in draft`: made, changed and removed. */
export function resolveOwnerState(
  { subject, owner, states, allowed, onwards, acts }: Of<"ownerState">,
  context: RuleContext,
): Resolution | undefined {
  const parent = aggregateNamed(owner, context.aggregates);
  const rows = parent && rowsOf(subject, parent, context.aggregates);
  const state = parent && rowState(parent, states);
  if (!parent || !rows || !state) return undefined;
  const [foreignKey, ...more] = foreignKeyTo(rows, parent);
  if (!foreignKey || more.length > 0 || rows === parent) return undefined;
  // Without transitions nobody says which states follow.
  if (onwards && state.kind === "member" && !parent.stateMachine) return undefined;
  const reached = onwards ? reachableFrom(state, parent) : state;
  const error = errorOf(context, locks) ?? transitionErrorOf(parent, context.errors);
  const check = {
    at: acts.includes("create") ? "write" : "change",
    refused: refusedState(reached, allowed),
    mustBeSeen: false,
    locks: mayLock(parent, context),
    foreignKey,
    error,
  } as const;
  return policies([{ aggregate: rows, acts: acts.filter((act) => act !== "create") }], check, parent);
}

const locks = /^(?:editable|modifiable|locked|frozen|immutable|open|closed|changeable|read|only)$/;

/** The `lines` of an order, by the parent's attribute before their own name. */
function rowsOf(
  subject: string,
  parent: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): AggregatePlan | undefined {
  const said = words(subject).join(" ");
  const child = parent.children.find(({ attribute }) => words(attribute).join(" ") === said);
  return (
    aggregates.find(({ className }) => className === child?.aggregate) ??
    aggregateNamed(subject, aggregates) ??
    aggregateNamed(`${parent.className} ${subject}`, aggregates)
  );
}

/** Everything that the state machine leads to from there. */
export function reachableFrom(state: RowState, { stateMachine }: AggregatePlan): RowState {
  const all = state.field.enum?.members ?? [];
  const reached = new Set(state.members.map(({ value }) => value));
  for (const value of reached) {
    for (const { from, to } of stateMachine?.transitions ?? []) if (from === value) reached.add(to);
  }
  return state.kind === "member" ? { ...state, members: all.filter(({ value }) => reached.has(value)) } : state;
}

/** A lock asks for the right to change the row, which a policy for that command may not give. */
export function mayLock({ table }: AggregatePlan, { spec }: RuleContext): boolean {
  return spec.database.policies.every((policy) => policy.table !== table.name || policy.command === "all");
}

/** `Only agents of the tenant may be assignees`: who a column refers to has the role. */
export function resolveHolder({ role, reference, within }: Of<"holder">, context: RuleContext): Resolution | undefined {
  const [, column = reference, owner] = /^(.+?) of (.+)$/i.exec(reference) ?? [];
  const name = words(column).map(singular).join("_");
  const own = owner === undefined ? undefined : aggregateNamed(owner, context.aggregates);
  if (owner !== undefined && !own) return undefined;
  const found = (own ? [own] : context.aggregates).flatMap((aggregate) =>
    context.aggregates.flatMap((target) =>
      foreignKeysTo(aggregate, target).flatMap(([foreignKey, ...more]) => {
        const isMeant = foreignKey?.column.name.replace(/_(?:id|uuid|key)$/, "") === name && more.length === 0;
        const refused = isMeant ? roleOf(target, role) : undefined;
        return foreignKey && refused ? [{ aggregate, target, foreignKey, refused }] : [];
      }),
    ),
  );
  const [only, ...others] = found;
  if (!only || others.length > 0) return undefined;
  const shared = within === undefined ? undefined : sharedColumn(only.aggregate, only.target, within);
  if (within !== undefined && !shared) return undefined;
  const error = errorOf(context, refusals) ?? context.errors.invalid;
  const check = {
    at: "reference",
    refused: { ...only.refused, holds: false },
    mustBeSeen: true,
    locks: false,
    foreignKey: only.foreignKey,
    error,
    ...(shared && { shared }),
  } as const;
  return policies([{ aggregate: only.aggregate, acts: ["change"] }], check, only.target);
}

function roleOf(target: AggregatePlan, role: string): RowState | undefined {
  const field = target.fields.find((item) => item.enum && /^(?:role|user_role|type|kind)$/.test(item.column.name));
  const member = field && memberOf(field, role);
  return field && member && { kind: "member", field, members: [member], holds: true };
}

/** `tenant_id` of the row and of whoever it refers to. */
function sharedColumn(own: AggregatePlan, theirs: AggregatePlan, within: string): RefersCheck["shared"] {
  const pairs = own.fields.flatMap((field) => {
    const other = theirs.fields.find(({ column }) => column.name === field.column.name);
    const said = words(field.column.name)
      .filter((word) => word !== "id")
      .map(singular);
    const isMeant =
      said.join(" ") === within.replace(/z/g, "s") ||
      said.join(" ") === within ||
      (within === "tenant" && field.role === "tenant");
    return other && isMeant && !field.optional && !other.optional ? [{ own: field, theirs: other }] : [];
  });
  return pairs.length === 1 ? pairs[0] : undefined;
}

type Draft = Omit<RefersCheck, "kind" | "target"> & { readonly error: ErrorClassPlan };

function policies(
  where: readonly { readonly aggregate: AggregatePlan; readonly acts: readonly RuleAct[] }[],
  { at, foreignKey, refused, mustBeSeen, shared, locks: isLocked, error }: Draft,
  target: AggregatePlan,
): Resolution | undefined {
  if (target.key.length !== 1) return undefined;
  const check = {
    kind: "refers" as const,
    at,
    foreignKey,
    refused,
    mustBeSeen,
    ...(shared && { shared }),
    locks: isLocked,
    target,
    error,
  };
  return { conditions: [], policies: where.map((place): PolicyDraft => ({ ...place, when: "before", check })) };
}
