import type { Property, Schema } from "../spec/model.ts";
import { sameThing, singular, snakeCase } from "../support/words.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, ChildPlan, FieldPlan, HeldValue } from "./plan.ts";

/**
 * The column that a name of the API stands for.
 *
 * Names are compared in snake_case; `id` is the key, `orderId` is the key of Order, `customer` is
 * `customer_id`, and the entity's own name in front counts for nothing: `orderNumber` is `number`.
 */
export function matchField(aggregate: AggregatePlan, property: string): FieldPlan | undefined {
  const name = snakeCase(property);
  const entities = [aggregate.module.replace(/_$/, ""), ...(aggregate.calledAs ?? [])];
  const find = (column: string) => aggregate.fields.find((field) => snakeCase(field.column.name) === column);
  const [key] = aggregate.key;
  const ownIds = ["id", "uuid", ...entities.flatMap((entity) => [`${entity}_id`, `${entity}_uuid`])];
  const prefixed = entities.map((entity) => find(`${entity}_${name}`));
  const bare = entities.map((entity) =>
    name.startsWith(`${entity}_`) ? find(name.slice(entity.length + 1)) : undefined,
  );
  return (
    find(name) ??
    (ownIds.includes(name) && aggregate.key.length === 1 ? key : undefined) ??
    [...prefixed, ...bare].find((field) => field !== undefined) ??
    find(synonyms.get(name) ?? "") ??
    find(`${name}_id`)
  );
}

export function matchChild(aggregate: AggregatePlan, property: Property): ChildPlan | undefined {
  if (property.schema.type !== "array") return undefined;
  const name = pythonName(property.name);
  return aggregate.children.find((child) => child.attribute === name || sameThing(child.aggregate, property.name));
}

/** The value object that a property of the API stands for, where it is an object. */
export function matchHeld({ held = [] }: Pick<AggregatePlan, "held">, property: Property): HeldValue | undefined {
  const name = pythonName(property.name);
  return property.schema.type === "object" ? held.find((value) => value.name === name) : undefined;
}

/** Share of the schema's properties that the aggregate has, from 0 to 1. */
export function likeness(properties: readonly Property[], aggregate: AggregatePlan): number {
  if (properties.length === 0) return 0;
  const known = properties.filter(
    (property) =>
      matchChild(aggregate, property) !== undefined ||
      matchHeld(aggregate, property) !== undefined ||
      (isScalar(property.schema) && matchField(aggregate, property.name) !== undefined) ||
      aggregate.fields.some((field) => snakeCase(field.column.name) === snakeCase(property.name)),
  );
  return known.length / properties.length;
}

/** What envelopes call that which they are around. */
export function isPayloadName(name: string): boolean {
  return /^(?:data|items|results?|records|rows|content|payload|entries)$/i.test(name);
}

/** Single column that is unique by itself, so that it can stand for the key in a path. */
export function isUnique(aggregate: AggregatePlan, field: FieldPlan): boolean {
  return isOneRow(aggregate, [field]);
}

/** Whether values of these columns are those of one row at most. */
export function isOneRow({ uniqueKeys }: AggregatePlan, fields: readonly FieldPlan[]): boolean {
  const given = new Set(fields.map(({ column }) => column.name));
  return uniqueKeys.some((columns) => columns.every((column) => given.has(column)));
}

/**
 * Columns of the child that point at the key of the parent.
 *
 * Of several foreign keys the one that is named after the parent is meant, or else the one that says whose the row is;
 * none where neither tells them apart, as with `sender_id` and `recipient_id`.
 */
export function foreignKeyTo(child: AggregatePlan, parent: AggregatePlan): readonly FieldPlan[] {
  const keys = foreignKeysTo(child, parent);
  const [only, ...more] = keys;
  if (only && more.length === 0) return only;
  const names = new Set([parent.module, singular(snakeCase(parent.table.name))].map((name) => name.replace(/_$/, "")));
  const named = keys.filter(([field, ...rest]) => {
    const [, stem] = /^(.+)_(?:id|uuid|key)$/.exec(field?.column.name ?? "") ?? [];
    return rest.length === 0 && names.has(stem ?? field?.column.name ?? "");
  });
  const owning = keys.filter((fields) => fields.some(({ role }) => role === "owner"));
  return [named, owning].find(({ length }) => length === 1)?.[0] ?? [];
}

/** Columns of each foreign key of the child to the key of the parent. */
export function foreignKeysTo(child: AggregatePlan, parent: AggregatePlan): readonly (readonly FieldPlan[])[] {
  const key = parent.key.map(({ column }) => column.name);
  const candidates = child.table.constraints.filter(({ references }) => references?.table === parent.table.name);
  return candidates.flatMap(({ columns, references }) => {
    const targets = references?.columns.length ? references.columns : key;
    const pairs = key.map((name) => columns[targets.indexOf(name)]);
    const fields = pairs.flatMap((name) => child.fields.filter(({ column }) => column.name === name));
    return fields.length === key.length && fields.length > 0 ? [fields] : [];
  });
}

const synonyms: ReadonlyMap<string, string> = new Map([
  ["created", "created_at"],
  ["created_on", "created_at"],
  ["creation_date", "created_at"],
  ["updated", "updated_at"],
  ["modified_at", "updated_at"],
  ["last_updated", "updated_at"],
  ["owner", "owner_id"],
]);

function isScalar(schema: Schema): boolean {
  return schema.type !== "array" && (schema.type !== "object" || schema.properties === undefined);
}
