import type { Column, Constraint } from "../../../src/spec/model.ts";

/** A column as one would write it, for the eye. */
export function columnLine(column: Column): string {
  const { name, arguments: sizes, array } = column.type;
  const parts = [
    `${column.name} ${name}${sizes.length > 0 ? `(${sizes.join(",")})` : ""}${array ? "[]" : ""}`,
    column.nullable ? "" : "not null",
    column.default === undefined ? "" : `default ${column.default}`,
    column.identity ?? "",
    column.generated === undefined ? "" : `as ${column.generated}`,
    column.comment === undefined ? "" : `-- ${column.comment}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

export function constraintLine(constraint: Constraint): string {
  const { references, expression, deferrable, nullsNotDistinct } = constraint;
  const target =
    references && `→ ${references.table}(${references.columns}) ${references.onDelete}/${references.onUpdate}`;
  return [
    constraint.type,
    constraint.name,
    `(${constraint.columns})`,
    target,
    expression,
    deferrable,
    nullsNotDistinct && "nulls not distinct",
  ]
    .filter((part) => part)
    .join(" ");
}
