import type { Property } from "../spec/model.ts";
import { sameThing } from "../support/words.ts";
import { arithmeticIn, exactestOf } from "./arithmetic.ts";
import { type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, DerivedPlan, FieldPlan } from "./plan.ts";

/** What the description of a property, or of the entity's field, defines as the arithmetic of columns; and a column of that type. */
export function derivedValue(
  { spec }: OperationDraft,
  aggregate: AggregatePlan | undefined,
  { name, schema }: Property,
): readonly [derived: DerivedPlan, like: FieldPlan] | undefined {
  const entity = spec.domain.entities.find((candidate) => sameThing(candidate.name, aggregate?.className ?? ""));
  const field = entity?.fields.find((candidate) => sameThing(candidate.name, name));
  const texts = [resolveSchema(spec, schema).description, schema.description, field?.description];
  const derived = texts.flatMap((text): readonly DerivedPlan[] => {
    const arithmetic = aggregate && text !== undefined ? arithmeticIn(text, aggregate) : undefined;
    return arithmetic && text !== undefined ? [{ name: pythonName(name), arithmetic, text: text.trim() }] : [];
  })[0];
  return derived && [derived, exactestOf(derived.arithmetic)];
}
