import { isTimestamp } from "../../spec/sql/typeKinds.ts";
import { singular, words } from "../../support/words.ts";
import type { AggregatePlan, EnumMember, FieldPlan } from "../plan.ts";
import { stateField } from "../transitions.ts";
import type { RowState } from "./rulePlan.ts";
import { withoutArticle } from "./subjects.ts";

/**
 * What tells that a row is `closed`, `discontinued`, `not active` or `archived`: a member of its state, a column that is
 * true or false, or a moment that has come. Undefined where the words name none of it, or several in different ways.
 */
export function rowState(aggregate: AggregatePlan, phrases: readonly string[]): RowState | undefined {
  const members = membersOf(aggregate, phrases);
  const state = stateField(aggregate);
  if (members && state) return { kind: "member", field: state, members, holds: true };
  const [phrase = "", ...others] = phrases;
  if (others.length > 0) return undefined;
  const bare = withoutArticle(phrase).toLowerCase();
  const isDenied = bare.startsWith("not ");
  const said = words(isDenied ? bare.slice(4) : bare).join(" ");
  const found = flagOf(aggregate, said, true) ?? oppositeOf(aggregate, said);
  if (found) return isDenied ? { ...found, holds: !found.holds } : found;
  if (!isDenied || !state?.enum) return undefined;
  const member = memberOf(state, bare.slice(4));
  return member && { kind: "member", field: state, members: [member], holds: false };
}

/** Python text that is true where the row is in the state, or where it is not. */
export function stateTest({ kind, field, members, holds }: RowState, variable: string, isIn: boolean): string {
  const value = `${variable}.${field.name}`;
  const wanted = holds === isIn;
  if (kind === "flag") return wanted ? value : `not ${value}`;
  if (kind === "moment") return `${value} is ${wanted ? "not None" : "None"}`;
  const names = members.map(({ name }) => `${field.enum?.className}.${name}`);
  if (names.length === 1) return `${value} ${wanted ? "is" : "is not"} ${names[0]}`;
  return `${value} ${wanted ? "in" : "not in"} {${names.join(", ")}}`;
}

function flagOf({ fields }: AggregatePlan, said: string, holds: boolean): RowState | undefined {
  const flag = fields.find(({ column, type }) => type.expression === "bool" && bareFlag(column.name) === said);
  if (flag) return { kind: "flag", field: flag, members: [], holds };
  const moment = fields.find(
    ({ column, optional, role }) =>
      optional && role !== "deletedAt" && isTimestamp(column.type) && words(column.name).join(" ") === `${said} at`,
  );
  return moment && { kind: "moment", field: moment, members: [], holds };
}

function bareFlag(column: string): string {
  return words(column)
    .join(" ")
    .replace(/^(?:is|was|has been) /, "");
}

function oppositeOf(aggregate: AggregatePlan, said: string): RowState | undefined {
  const positive = opposites.find(([pattern]) => pattern.test(said));
  if (!positive) return undefined;
  return positive[1]
    .map((name) => flagOf(aggregate, name || said.replace(/^(?:in|un|non)[ -]?/, ""), false))
    .find(Boolean);
}

const opposites: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^inactive$/, ["active", "enabled"]],
  [/^active$/, ["disabled", "deactivated", "blocked", "suspended"]],
  [/^(?:disabled|deactivated)$/, ["active", "enabled"]],
  [/^enabled$/, ["disabled"]],
  [/^(?:un|non)[ -]?\w+$/, [""]],
];

/** The members of the state that the words name, where each of them is one. */
export function membersOf(aggregate: AggregatePlan, states: readonly string[]): readonly EnumMember[] | undefined {
  const field = stateField(aggregate);
  const members = field ? states.flatMap((state) => memberOf(field, state) ?? []) : [];
  return members.length === states.length && members.length > 0 ? members : undefined;
}

export function memberOf({ enum: closedSet }: FieldPlan, state: string): EnumMember | undefined {
  const said = withoutArticle(state).toLowerCase();
  const english = translated.find(([pattern]) => pattern.test(said))?.[1];
  const wanted = new Set([said, singular(said), english ?? said].map((name) => words(name).join("_")));
  return closedSet?.members.find(({ value }) => wanted.has(words(value).join("_")));
}

/** States that German and Japanese documents name in their own words beside values in English. */
const translated: readonly (readonly [RegExp, string])[] = [
  [/^entw[uü]rf/, "draft"],
  [/^下書き/, "draft"],
  [/^(?:versendet|versandt|verschickt)/, "shipped"],
  [/^(?:発送|出荷)/, "shipped"],
  [/^bezahlt/, "paid"],
  [/^支払/, "paid"],
  [/^(?:storniert|abgesagt)/, "cancelled"],
  [/^(?:キャンセル|取消)/, "cancelled"],
  [/^veröffentlicht/, "published"],
  [/^公開/, "published"],
  [/^offene?/, "open"],
  [/^(?:abgeschlossen|erledigt)/, "completed"],
  [/^完了/, "completed"],
];
