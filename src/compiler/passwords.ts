import { words } from "../support/words.ts";
import type { ExternalValue, ModelPlan } from "./apiPlan.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/** A column that says by its name that it holds a hash. */
export function passwordOf({ fields }: AggregatePlan): FieldPlan | undefined {
  const isHash = /^(?:(?:hashed|encrypted)_password|password_(?:hash|digest)|pass(?:wd)?_hash|pwd_hash)$/;
  return fields.find(({ column, type }) => isHash.test(column.name) && type.expression === "str");
}

/** Whether a body gives the password of which the row keeps the hash. */
export function isKeptAsHash(property: string, aggregate: AggregatePlan): boolean {
  return words(property).join(" ") === "password" && passwordOf(aggregate) !== undefined;
}

/** The hash of a new row, made of the password in its body. */
export function hashedValues(aggregate: AggregatePlan, model: ModelPlan): readonly ExternalValue[] {
  const field = passwordOf(aggregate);
  const given = givenPassword(aggregate, model);
  return field && given && !given.annotation.endsWith("| None")
    ? [{ field, source: "password", parameter: given.name }]
    : [];
}

export function givenPassword(
  aggregate: AggregatePlan,
  { fields }: ModelPlan,
): ModelPlan["fields"][number] | undefined {
  return fields.find(({ target, wire }) => !target && isKeptAsHash(wire, aggregate));
}
