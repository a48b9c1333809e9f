import { sameThing, snakeCase } from "../../support/words.ts";
import type { DesignSpec, Entity, Schema, Table } from "../model.ts";
import { isJson } from "../sql/typeKinds.ts";
import type { ColumnFacts } from "./columnFacts.ts";
import type { WireName } from "./derivedModels.ts";
import type { ResourceField } from "./resourceFields.ts";
import { shownNames, type ValueShape } from "./shownNames.ts";

/** A column as a property, and what the column is. */
export interface FieldOfColumn {
  readonly field: ResourceField;
  readonly facts: ColumnFacts;
}

/** Where the columns stand, and what the documents say around them. */
export interface ValueContext {
  readonly spec: DesignSpec;
  readonly table: Table;
  readonly entity: Entity | undefined;
  readonly wire: WireName;
}

/**
 * The properties of a table, with one for each value object that the design shows as a whole: `unit_price` for
 * `unit_price_amount` and `unit_price_currency`. Its columns stay, marked as held by it.
 */
export function withValueFields(columns: readonly FieldOfColumn[], context: ValueContext): readonly ResourceField[] {
  const named = shownNames(context.spec);
  const held = new Map<ResourceField, string>();
  const values = valuesOf(context).flatMap((value) => {
    const parts = partsOf(columns, value);
    const isFree = parts?.every(
      ({ column }) => !held.has(column.field) && !named.single.has(column.field.name) && canBePart(column, context),
    );
    if (!parts || !isFree) return [];
    for (const { column } of parts) held.set(column.field, value.name);
    return [valueField(value, parts, context.wire)];
  });
  if (values.length === 0) return columns.map(({ field }) => field);
  return columns.flatMap(({ field }) => {
    const heldBy = held.get(field);
    const value = values.find(({ name }) => name === heldBy);
    const isFirst = value !== undefined && columns.find((other) => held.get(other.field) === heldBy)?.field === field;
    const own = heldBy === undefined ? field : { ...field, heldBy };
    return value && isFirst ? [value, own] : [own];
  });
}

/** The value objects that the domain model gives the entity, and the objects that the contract shows. */
function valuesOf({ spec, entity }: ValueContext): readonly ValueShape[] {
  const ofEntity = (entity?.fields ?? []).flatMap((field): ValueShape[] => {
    const type = field.type.replace(/[`?]|\|\s*(?:null|None)\b/g, "").trim();
    const object = spec.domain.valueObjects.find(({ name }) => sameThing(name, type));
    const parts = (object?.fields ?? []).map(({ name, required }) => ({ name: snakeCase(name), required }));
    return parts.length > 1 ? [{ name: snakeCase(field.name), parts }] : [];
  });
  const { objects } = shownNames(spec);
  const shown = ofEntity.map((value) => {
    const same = objects.find(({ name, parts }) => name === value.name && haveSameNames(parts, value.parts));
    return same?.schema ? { ...value, schema: same.schema } : value;
  });
  return [...shown, ...objects.filter(({ name }) => !ofEntity.some((value) => value.name === name))];
}

function haveSameNames(left: ValueShape["parts"], right: ValueShape["parts"]): boolean {
  return left.length === right.length && left.every(({ name }) => right.some((part) => part.name === name));
}

interface PlacedPart {
  readonly name: string;
  readonly required: boolean;
  readonly column: FieldOfColumn;
}

function partsOf(columns: readonly FieldOfColumn[], { name, parts }: ValueShape): readonly PlacedPart[] | undefined {
  const columnOf = (wanted: string) => columns.find(({ field }) => snakeCase(field.name) === wanted);
  const placed = parts.map((part, index) => {
    const column = columnOf(`${name}_${part.name}`) ?? (index === 0 ? columnOf(name) : undefined);
    return { ...part, column };
  });
  const found = placed.flatMap(({ column, ...part }) => (column ? [{ ...part, column }] : []));
  const isWhole = placed.every(({ column, required }) => column !== undefined || !required);
  return isWhole && found.length > 1 ? found : undefined;
}

/** What a column is to the row beyond its value keeps it a property of its own. */
function canBePart({ field, facts }: FieldOfColumn, { spec, table }: ValueContext): boolean {
  const { column, isKey, role, computed } = facts;
  const refers = table.constraints.some(({ type, columns }) => type === "foreignKey" && columns.includes(column.name));
  const isClosed = spec.database.enums.some(({ name }) => name === column.type.name);
  const isPlain = !isKey && !role && !computed && !refers && !isClosed && !isJson(column.type) && !column.type.array;
  return isPlain && field.creatable && field.changeable && field.visible;
}

function valueField({ name, schema }: ValueShape, parts: readonly PlacedPart[], wire: WireName): ResourceField {
  const optional = parts.every(({ column }) => column.field.optional);
  const shown = (schemaOf: (field: ResourceField) => Schema): Schema => ({
    type: "object",
    properties: parts.map(({ name: part, required, column: { field } }) => {
      const { nullable: _, ...own } = schemaOf(field);
      const isNeeded = optional ? required : !field.optional;
      return { name: wire(part), required: isNeeded, schema: isNeeded ? own : { ...own, nullable: true } };
    }),
    ...(optional && { nullable: true }),
  });
  return {
    name,
    schema: shown((field) => field.schema),
    answer: schema ? { ...schema, ...(optional && { nullable: true }) } : shown((field) => field.answer),
    optional,
    creatable: true,
    changeable: true,
    needed: parts.some(({ column }) => column.field.needed),
    visible: true,
  };
}
