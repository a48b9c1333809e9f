import { columnFacts } from "../spec/join/columnFacts.ts";
import type { Column, DesignSpec, Table } from "../spec/model.ts";
import { isJson } from "../spec/sql/typeKinds.ts";
import { snakeCase, uniqueName } from "../support/words.ts";
import type { EnumsByColumn } from "./enumPlans.ts";
import { pythonName } from "./names.ts";
import type { FieldPlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";
import { type JsonShape, pythonTypeOf } from "./sqlTypes.ts";

/** The columns as the domain sees them. */
export function fieldPlans(spec: DesignSpec, table: Table, enums: EnumsByColumn): readonly FieldPlan[] {
  const taken = new Set<string>();
  return columnFacts(spec, table).map((facts) => {
    const { column } = facts;
    const name = uniqueName(pythonName(column.name), taken);
    taken.add(name);
    const enumPlan = enums.get(`${tableKey(table)}.${column.name}`);
    const type = pythonTypeOf(column, enumPlan, jsonShapeOf(spec, table, column));
    return { ...facts, name, type, ...(enumPlan && { enum: enumPlan }) };
  });
}

/** A moment whose offset the column does not keep; it holds UTC. */
export function isWithoutZone({ column }: FieldPlan): boolean {
  return column.type.name === "timestamp";
}

function jsonShapeOf(spec: DesignSpec, table: Table, column: Column): JsonShape {
  if (!isJson(column.type)) return "object";
  if (/^'\s*\[/.test(column.default ?? "")) return "array";
  if (/^'\s*\{/.test(column.default ?? "")) return "object";
  const typeCheck = new RegExp(`jsonb?_typeof\\(\\s*"?${column.name}"?\\s*\\)\\s*=\\s*'array'`, "i");
  if (table.constraints.some(({ expression }) => typeCheck.test(expression ?? ""))) return "array";
  const properties = spec.api.schemas.flatMap(({ schema }) => schema.properties ?? []);
  return properties.some((property) => snakeCase(property.name) === column.name && property.schema.type === "array")
    ? "array"
    : "object";
}
