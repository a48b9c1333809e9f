import type { Field, ValueObject } from "../spec/model.ts";
import { words } from "../support/words.ts";
import type { AggregatePlan, FieldPlan, HeldPart, HeldValue, PythonType } from "./plan.ts";
import { importsFrom } from "./python.ts";

/**
 * The column of each part of a value object that an entity has: `email: EmailAddress` of one field is `email`,
 * `total: Money` is `total_amount` and `total_currency`, or `total` and `total_currency`. Undefined where a column is
 * missing, unless the value object may be without that part.
 */
export function columnsOf(
  { fields }: Pick<AggregatePlan, "fields">,
  { name }: Pick<Field, "name">,
  object: ValueObject,
): ReadonlyMap<string, string> | undefined {
  const [first] = object.fields;
  const isOnly = object.fields.length === 1;
  const columns = object.fields.map((part) => {
    const own =
      columnNamed(fields, name, part.name) ?? (part === first || isOnly ? columnNamed(fields, name) : undefined);
    return { part, own: own?.column.name };
  });
  const isWhole = columns.every(({ part, own }) => own !== undefined || !part.required);
  const found = columns.flatMap(({ part, own }) => (own === undefined ? [] : [[part.name, own] as const]));
  return isWhole && found.length > (isOnly ? 0 : 1) ? new Map(found) : undefined;
}

/** The columns that are called like the parts alone: `street` and `city` of `address`. */
export function bareColumnsOf(
  { fields }: Pick<AggregatePlan, "fields">,
  object: ValueObject,
): ReadonlyMap<string, string> | undefined {
  const columns = object.fields.flatMap(({ name }) => {
    const own = columnNamed(fields, name);
    return own ? [[name, own.column.name] as const] : [];
  });
  return columns.length === object.fields.length && columns.length > 1 ? new Map(columns) : undefined;
}

function columnNamed(fields: readonly FieldPlan[], ...parts: readonly string[]): FieldPlan | undefined {
  const wanted = parts.flatMap(words).join("_");
  return fields.find((field) => words(field.column.name).join("_") === wanted);
}

/** The value object that holds the column, and the part of it that the column is. */
export function holderOf(
  { held = [] }: Pick<AggregatePlan, "held">,
  { column }: Pick<FieldPlan, "column">,
): { readonly value: HeldValue; readonly part: HeldPart } | undefined {
  for (const value of held) {
    const part = value.parts.find(({ field }) => field.column === column);
    if (part) return { value, part };
  }
  return undefined;
}

/** What an object of the domain has for the column: `name`, or `unit_price.amount`. */
export function attributePath(aggregate: Pick<AggregatePlan, "held">, field: FieldPlan): string {
  const holder = holderOf(aggregate, field);
  return holder ? `${holder.value.name}.${holder.part.name}` : field.name;
}

/** An attribute of the entity, and the columns behind it. */
export interface DomainAttribute {
  readonly name: string;
  readonly type: PythonType;
  readonly optional: boolean;
  readonly fields: readonly FieldPlan[];
  readonly held?: HeldValue;
}

/** What a class of the domain has for these columns: an attribute for each, or one for all that a value object holds. */
export function attributesOf(aggregate: AggregatePlan, fields: readonly FieldPlan[]): readonly DomainAttribute[] {
  const told = new Set<HeldValue>();
  return fields.flatMap((field): DomainAttribute[] => {
    const held = holderOf(aggregate, field)?.value;
    if (!held) return [{ name: field.name, type: field.type, optional: field.optional, fields: [field] }];
    if (told.has(held)) return [];
    told.add(held);
    const { name, optional, parts } = held;
    return [{ name, type: heldType(held), optional, fields: parts.map((part) => part.field), held }];
  });
}

export function heldType({ className }: HeldValue): PythonType {
  return { expression: className, imports: importsFrom("app.domain.value_objects", className) };
}
