import { singular, snakeCase, words } from "../../support/words.ts";
import { keyOfTable } from "../merge/tableShapes.ts";
import type { Column, DesignSpec } from "../model.ts";
import { valueType } from "../sql/typeKinds.ts";
import { keyColumns } from "./columnFacts.ts";
import { canonicalName, type Resource, schemaSubject } from "./resources.ts";

/** Whether a foreign key of the child's table points at the parent's. */
export function refersTo(child: Resource, parent: Resource): boolean {
  const target = parent.table && keyOfTable(parent.table);
  return child.table?.constraints.some(({ references }) => references?.table === target) ?? false;
}

/**
 * The column that would refer to the parent if the design gave it a foreign key: `customer_id` in `orders`.
 * Undefined when there is a key already, or when the types do not agree.
 */
export function likelyReference(child: Resource, parent: Resource): Column | undefined {
  if (!child.table || !parent.table || refersTo(child, parent)) return undefined;
  const [key, ...more] = keyColumns(parent.table);
  const target = parent.table.columns.find(({ name }) => name === key);
  if (!target || more.length > 0) return undefined;
  const wanted = new Set([...parent.names].flatMap((name) => [`${name}_id`, `${name}_${key ?? "id"}`]));
  return child.table.columns.find(
    (column) => wanted.has(snakeCase(column.name)) && comparable(column) === comparable(target),
  );
}

export function relationId({ table }: Resource, { name }: Column): string {
  return `relation:${table ? keyOfTable(table) : ""}.${name}`;
}

/** `lines` of Order are OrderLine: by a field of the entity, or by an array in a schema that shows it. */
export function memberNamed(
  spec: DesignSpec,
  parent: Resource,
  segment: string,
  among: readonly Resource[],
): Resource | undefined {
  const wanted = snakeCase(segment);
  const fields = (parent.entity?.fields ?? []).filter(({ name }) => snakeCase(name) === wanted);
  const types = fields.flatMap(({ type }) => type.match(/[A-Za-z_]\w*/g) ?? []);
  const arrays = spec.api.schemas
    .filter(({ name }) => parent.names.has(canonicalName(schemaSubject(name))))
    .flatMap(({ schema }) => schema.properties ?? [])
    .filter(({ name }) => snakeCase(name) === wanted)
    .flatMap(({ schema }) => (schema.items?.ref === undefined ? [] : schemaSubject(schema.items.ref)));
  return among.find(({ names }) => [...types, ...arrays].some((type) => names.has(canonicalName(type))));
}

/** `history` under `orders` is `order_status_history`, `lines` under `sales_orders` is `order_lines`. */
export function isCompound(child: Resource, parent: Resource, segment: string): boolean {
  const last = words(segment).map(singular).join(" ");
  return [...child.names].some((name) => {
    const own = name.split("_").map(singular).join(" ");
    const isOfParent = [...parent.names].some((other) => {
      const first = other.split("_").map(singular).join(" ");
      return own === first || own.startsWith(`${first} `) || ` ${first}`.endsWith(` ${own.slice(0, -last.length - 1)}`);
    });
    return isOfParent && ` ${own}`.endsWith(` ${last}`);
  });
}

/** Serial columns are integers to whoever refers to them. */
function comparable({ type }: Column): string {
  const integers: Readonly<Record<string, string>> = { serial: "int4", bigserial: "int8", smallserial: "int2" };
  const { name } = valueType(type);
  return integers[name] ?? name;
}
