import { holderOf } from "./heldColumns.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, BackendPlan, FieldPlan, NamedValue, StatedInvariant } from "./plan.ts";
import { valueInvariantsOf } from "./valueObjectFiles.ts";

/** What the classes of an aggregate hold these columns to; what a value object holds itself to is left to it. */
export function classInvariants(
  plan: BackendPlan,
  aggregate: AggregatePlan,
): { readonly invariants: readonly StatedInvariant[] } {
  const invariants = aggregate.invariants.flatMap((invariant): StatedInvariant[] => {
    const { field, other } = invariant;
    if (isKeptByPart(plan, aggregate, invariant)) return [];
    return [
      { ...invariant, field: namedValue(aggregate, field), ...(other && { other: namedValue(aggregate, other) }) },
    ];
  });
  return { invariants };
}

/** The column as the classes of the aggregate have it: an attribute, or a part of one. */
export function namedValue(aggregate: AggregatePlan, field: FieldPlan): NamedValue {
  const holder = holderOf(aggregate, field);
  if (!holder) return field;
  const { value, part } = holder;
  return {
    name: `${value.name}.${part.name}`,
    type: part.field.type,
    holder: { name: value.name, className: value.className, hasPart: !part.optional },
  };
}

function isKeptByPart(
  plan: BackendPlan,
  aggregate: AggregatePlan,
  { condition, field, other }: AggregatePlan["invariants"][number],
): boolean {
  const holder = holderOf(aggregate, field);
  const second = other && holderOf(aggregate, other);
  if (!holder || (other && second?.value !== holder.value)) return false;
  const own = { ...condition, column: holder.part.name, ...(second && { other: second.part.name }) };
  return valueInvariantsOf(plan, holder.value.className).some(({ condition: kept }) => {
    const named = {
      ...kept,
      column: pythonName(kept.column),
      ...("other" in kept && { other: pythonName(kept.other) }),
    };
    return JSON.stringify(named) === JSON.stringify(own);
  });
}
