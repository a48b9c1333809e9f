import { isChangeable } from "../spec/join/columnFacts.ts";
import { isTimestamp } from "../spec/sql/typeKinds.ts";
import { words } from "../support/words.ts";
import type { MarkedValue, MarkPlan, OperationPlan } from "./apiPlan.ts";
import { callerDependency } from "./callers.ts";
import { isWithoutZone } from "./fieldPlans.ts";
import { assume, type OperationDraft } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/**
 * Whether columns say by their names what the verb does: `read` sets `is_read` and `read_at`.
 *
 * Beside a column of states they do not say all: what is approved has another status as well.
 */
export function isMark(aggregate: AggregatePlan, verb: string): boolean {
  const hasStates = aggregate.fields.some(({ column }) => /(?:^|_)(?:status|state)$/.test(column.name));
  return !hasStates && markedValues(aggregate, verb).length > 0;
}

/** Whether the verb takes a deletion back that only the time of it records. */
export function isRestoration(aggregate: AggregatePlan, verb: string): boolean {
  return /^(?:restore|undelete|recover)$/.test(words(verb).join("_")) && deletionOf(aggregate) !== undefined;
}

export function deletionOf({ fields }: AggregatePlan): FieldPlan | undefined {
  return fields.find(({ role }) => role === "deletedAt");
}

/** What the verb sets, which is listed as an assumption; who did it only where the caller is known. */
export function planMark(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  { verb, isPublic }: { readonly verb: string; readonly isPublic: boolean },
): MarkPlan {
  const values = markedValues(aggregate, verb).filter(({ value }) => value !== "caller" || !isPublic);
  const said = values.map(({ field, value }) => `${field.column.name} to ${saying[value]}`);
  assume(draft, `"${verb}" sets ${said.join(", ")}; nothing else changes.`);
  return { values };
}

const saying: Readonly<Record<MarkedValue["value"], string>> = {
  now: "the current time",
  true: "true",
  false: "false",
  null: "null",
  caller: "the caller",
};

/** The arguments of the changes: `is_read=True, read_at=datetime.now(UTC)`. */
export function markArguments({ mark }: OperationPlan): string {
  return (mark?.values ?? []).map(({ field, value }) => `${field.name}=${valueText(field, value)}`).join(", ");
}

export function currentMoment(field: FieldPlan): string {
  return isWithoutZone(field) ? "datetime.now(UTC).replace(tzinfo=None)" : "datetime.now(UTC)";
}

function valueText(field: FieldPlan, value: MarkedValue["value"]): string {
  if (value === "caller") return callerDependency({ field, source: "caller" })?.parameter ?? "None";
  const texts = { now: currentMoment(field), true: "True", false: "False", null: "None" };
  return texts[value];
}

function markedValues(aggregate: AggregatePlan, verb: string): readonly MarkedValue[] {
  const action = words(verb)
    .join("_")
    .replace(/^(?:mark|set)_(?:as_)?/, "");
  const opposite = opposites.get(action) ?? /^un(\w{3,})$/.exec(action)?.[1];
  const set = valuesFor(aggregate, action, true);
  const unset = opposite === undefined ? [] : valuesFor(aggregate, opposite, false);
  const fields = new Set(set.map(({ field }) => field));
  return [...set, ...unset.filter(({ field }) => !fields.has(field))];
}

/** Verbs that take back what another one does. */
const opposites: ReadonlyMap<string, string> = new Map([
  ["activate", "deactivate"],
  ["reactivate", "deactivate"],
  ["deactivate", "activate"],
  ["enable", "disable"],
  ["disable", "enable"],
  ["reopen", "close"],
  ["show", "hide"],
  ["resume", "pause"],
]);

function valuesFor({ fields }: AggregatePlan, action: string, done: boolean): readonly MarkedValue[] {
  const names = results(action);
  return fields
    .filter((field) => isChangeable(field) && !field.column.type.array)
    .flatMap((field): MarkedValue[] => {
      const value = doneValue(field, names);
      if (value === undefined) return [];
      if (done) return [{ field, value }];
      return [{ field, value: value === "true" ? "false" : "null" }];
    });
}

/** What the column holds once it is done; undefined when its name does not speak of it. */
function doneValue(field: FieldPlan, names: readonly string[]): MarkedValue["value"] | undefined {
  const { column, optional, type } = field;
  const isNamed = (...patterns: readonly string[]): boolean =>
    names.some((name) => patterns.some((pattern) => pattern.replace("…", name) === column.name));
  if (column.type.name === "bool") return isNamed("…", "is_…") ? "true" : undefined;
  if (!optional) return undefined;
  if (isTimestamp(column.type)) return column.type.name !== "date" && isNamed("…_at", "…_on") ? "now" : undefined;
  const isPerson = callerTypes.test(type.expression) && isNamed("…_by", "…_by_id", "…_by_user_id");
  return isPerson ? "caller" : undefined;
}

const callerTypes = /^(?:UUID|int|str)$/;

/** What something is after the action: `archived` after `archive`, `active` after `activate`. */
function results(action: string): readonly string[] {
  const irregular = participles.get(action);
  if (irregular) return irregular;
  if (action.endsWith("e")) return [`${action}d`];
  if (/[^aeiou]y$/.test(action)) return [`${action.slice(0, -1)}ied`];
  return [`${action}ed`, `${action}${action.slice(-1)}ed`];
}

const participles: ReadonlyMap<string, readonly string[]> = new Map([
  ["activate", ["active", "activated", "enabled"]],
  ["reactivate", ["active", "activated", "enabled"]],
  ["deactivate", ["inactive", "deactivated", "disabled"]],
  ["enable", ["enabled", "active"]],
  ["disable", ["disabled", "inactive", "deactivated"]],
  ["read", ["read"]],
  ["send", ["sent"]],
  ["pay", ["paid"]],
  ["hide", ["hidden"]],
  ["withdraw", ["withdrawn"]],
  ["freeze", ["frozen"]],
  ["ban", ["banned"]],
  ["feature", ["featured"]],
  ["reopen", ["reopened"]],
  ["default", ["default"]],
]);
