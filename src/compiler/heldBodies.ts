import type { ApiPlan, ModelField, ModelPlan, ValueModel } from "./apiPlan.ts";
import { mayLack } from "./heldFields.ts";
import type { FieldPlan, HeldValue } from "./plan.ts";
import { stringLiteral } from "./python.ts";

/** The method of a part of a body that makes the value object of it; `error` is that of an invalid request. */
export function valueMethod(value: ValueModel, model: ModelPlan, error: string): string {
  const { className, parts } = value;
  const values = parts.map(({ name }) => {
    const source = model.fields.find(({ target }) => target?.name === name);
    if (!source) return `${name}=None`;
    const given = `self.${source.name}`;
    return mayLack(source, value)
      ? `${name}=require_given(${error}, ${stringLiteral(source.wire)}, ${given})`
      : `${name}=${given}`;
  });
  return [
    `    def to_value(self) -> value_objects.${className}:`,
    `        """Return the value object."""`,
    `        return value_objects.${className}(${values.join(", ")})`,
  ].join("\n");
}

/** Whether the method of some model asks for what a request may be without. */
export function asksForParts({ models }: ApiPlan): boolean {
  return models.some(
    ({ value, direction, fields }) => value && direction === "request" && fields.some((field) => mayLack(field, value)),
  );
}

/** The value object that the body gives as one, or in values of their own; undefined where it does not. */
export function heldValue(
  { fields }: ModelPlan,
  held: HeldValue,
  given: (field: FieldPlan) => string | undefined,
): string | undefined {
  const source = fields.find((field) => field.held === held);
  if (source) return valueExpression(source);
  const parts = held.parts.map((part) => ({ ...part, value: given(part.field) }));
  if (parts.some(({ optional, value }) => !optional && value === undefined)) return undefined;
  return `value_objects.${held.className}(${parts.map(({ name, value }) => `${name}=${value ?? "None"}`).join(", ")})`;
}

/** What a field of a body comes to as a value object. */
export function valueExpression({ name, annotation }: ModelField): string {
  const value = `self.${name}.to_value()`;
  return annotation.endsWith("| None") ? `(None if self.${name} is None else ${value})` : value;
}

/** Lines that add a value object to the changed `values`, when the request names it. */
export function sentValueLines({ name, held, annotation, omittable }: ModelField): readonly string[] {
  if (!held) return [];
  if (omittable) return [`if self.${name} is not None:`, `    values["${held.name}"] = self.${name}.to_value()`];
  const value = annotation.endsWith("| None")
    ? `None if self.${name} is None else self.${name}.to_value()`
    : `self.${name}.to_value()`;
  return [`if "${name}" in self.model_fields_set:`, `    values["${held.name}"] = ${value}`];
}
