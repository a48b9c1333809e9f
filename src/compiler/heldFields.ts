import type { Property, Schema } from "../spec/model.ts";
import type { ModelField, ModelPlan, ValueModel } from "./apiPlan.ts";
import { referenceOf, soleSchema } from "./heldUsage.ts";
import { assume, type ModelRequest, modelName, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan, HeldValue } from "./plan.ts";

/** A property that stands for a value object of the aggregate. */
export interface HeldProperty {
  readonly property: Property;
  readonly held: HeldValue;
  readonly aggregate: AggregatePlan;
}

/** The model of the value object, whose parts are matched like the columns of a table of its own. */
export function valueRequest(draft: OperationDraft, request: ModelRequest, part: HeldProperty): ModelRequest {
  const { property, held, aggregate } = part;
  const { direction } = request;
  const parts = held.parts.map(partField);
  const schema = withClosedSets(draft, soleSchema(draft.spec, property.schema), held);
  const value: ValueModel = { className: held.className, parts, schema };
  const shown = referenceOf(property.schema) ?? `${held.className}${direction === "request" ? " Request" : ""}`;
  const names = [shown, `${aggregate.className} ${shown}`, `${request.name} ${property.name}`];
  const isFree = (name: string): boolean => {
    const existing = draft.models.get(modelName(draft, name, direction));
    return existing === undefined || shapeOf(existing.value) === shapeOf(value);
  };
  const name = names.find(isFree) ?? `${request.name} ${property.name}`;
  return { schema, direction, name, aggregate: valueAggregate(aggregate, held, parts), value };
}

/** What a check lists is what a request may have, unless the contract says so itself. */
function withClosedSets({ spec }: OperationDraft, schema: Schema, { parts }: HeldValue): Schema {
  const properties = schema.properties?.map((property) => {
    const inner = resolveSchema(spec, property.schema);
    const values = parts.find(({ name }) => name === pythonName(property.name))?.values;
    return !values || inner.type !== "string" || inner.enum
      ? property
      : { ...property, schema: { ...inner, enum: values } };
  });
  return properties ? { ...schema, properties } : schema;
}

/** Says what of a request's model is missing for the value object, or may be. */
export function noteParts(draft: OperationDraft, model: ModelPlan, { className, parts }: HeldValue): void {
  const needed = parts.filter(({ optional }) => !optional).map(({ name }) => name);
  const given = model.fields.map(({ target }) => target?.name);
  const missing = needed.filter((name) => !given.includes(name));
  if (missing.length > 0) draft.gaps.push(`nothing gives ${missing.join(", ")} of ${className} in ${model.name}`);
  const loose = model.fields.filter((field) => model.value && mayLack(field, model.value)).map(({ wire }) => wire);
  if (loose.length > 0) {
    assume(
      draft,
      `${loose.join(", ")} of ${model.name} may be left out, but no ${className} is without; such a request is refused.`,
    );
  }
}

/** Whether a request may be without a part that the value object is never without. */
export function mayLack({ annotation, target }: ModelField, { parts }: ValueModel): boolean {
  const part = parts.find(({ name }) => name === target?.name);
  return part?.optional === false && annotation.endsWith("| None");
}

function partField({ name, field, optional }: HeldValue["parts"][number]): FieldPlan {
  return { ...field, name, optional, column: { ...field.column, name } };
}

function valueAggregate(aggregate: AggregatePlan, held: HeldValue, parts: readonly FieldPlan[]): AggregatePlan {
  const { held: _, ...own } = aggregate;
  const partOf = ({ column }: FieldPlan) => parts[held.parts.findIndex(({ field }) => field.column === column)];
  const invariants = aggregate.invariants.flatMap(({ other, ...invariant }) => {
    const field = partOf(invariant.field);
    return field && !other ? [{ ...invariant, field }] : [];
  });
  return { ...own, className: held.className, fields: parts, key: [], uniqueKeys: [], children: [], invariants };
}

function shapeOf(value: ValueModel | undefined): string {
  const parts = value?.parts.map(({ name, type, column, optional }) => [name, type.expression, column.type, optional]);
  const properties = value?.schema.properties?.map(({ name, required, schema }) => [name, required, schema]);
  return JSON.stringify([value?.className, parts, properties]);
}
