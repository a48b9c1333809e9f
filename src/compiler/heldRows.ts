import { isOptionalOnCreation } from "../spec/join/columnFacts.ts";
import { creationFields } from "./aggregates.ts";
import { rowAttribute } from "./modelFiles.ts";
import type { AggregatePlan, HeldPart, HeldValue } from "./plan.ts";
import { docstring } from "./python.ts";

/** The value object of a row, as Python: none where a column that it is never without is null, or all of them. */
export function heldFromRow({ className, parts, optional }: HeldValue): string {
  const column = ({ field }: HeldPart) => `row.${rowAttribute(field.name)}`;
  const made = `${className}(${parts.map((part) => `${part.name}=${column(part)}`).join(", ")})`;
  if (!optional) return made;
  const needed = parts.filter((part) => !part.optional).map((part) => `${column(part)} is None`);
  const missing =
    needed.length > 0 ? needed.join(" or ") : parts.map((part) => `${column(part)} is None`).join(" and ");
  return `(None if ${missing} else ${made})`;
}

/** The columns of a new row by their attributes, from the value object that `data` has. */
export function heldInRow(aggregate: AggregatePlan, value: HeldValue): readonly (readonly [string, string])[] {
  const created = creationFields(aggregate);
  const mayMiss = value.parts.every(({ field }) => created.includes(field) && isOptionalOnCreation(field));
  return value.parts.map(({ name, field }) => {
    const part = `data.${value.name}.${name}`;
    return [rowAttribute(field.name), mayMiss ? `None if data.${value.name} is None else ${part}` : part];
  });
}

/** The function that gives the changed columns of an aggregate. */
export function changedValues({ held = [] }: AggregatePlan): string {
  return held.length > 0 ? "_changed_columns" : "changed_values";
}

/** `_changed_columns`, where value objects stand for several of them. */
export function changedColumnsFunction({ className, held = [] }: AggregatePlan): readonly string[] {
  if (held.length === 0) return [];
  const lines = held.flatMap(({ name, parts, optional }) => [
    `    ${name} = changes.${name}`,
    `    if not isinstance(${name}, Unset):`,
    `        del values["${name}"]`,
    ...parts.map(({ name: part, field }) => {
      const value = `${name}.${part}`;
      return `        values["${field.name}"] = ${optional ? `None if ${name} is None else ${value}` : value}`;
    }),
  ]);
  const head = `def _changed_columns(changes: ${className}Changes) -> dict[str, object]:`;
  const summary = docstring("The changed values by column; a value object changes all of its own", 1);
  return [[head, summary, "    values = changed_values(changes)", ...lines, "    return values"].join("\n")];
}
