import type { DesignSpec, Entity, Field, Property, SourceSpan, ValueObject } from "../spec/model.ts";
import { isJson } from "../spec/sql/typeKinds.ts";
import { pascalCase, sameThing } from "../support/words.ts";
import type { Assumption } from "./compilation.ts";
import { bareColumnsOf, columnsOf } from "./heldColumns.ts";
import { type ColumnUsage, columnUsage, type ObjectUse, soleSchema } from "./heldUsage.ts";
import { className, pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan, HeldPart, HeldValue, PythonType } from "./plan.ts";

export interface HeldValues {
  readonly aggregates: readonly AggregatePlan[];
  readonly assumptions: readonly Assumption[];
}

/**
 * The aggregates with the value objects that they have in several columns: those that the contract shows as an object,
 * and those of the domain model whose columns the contract does not show one by one.
 *
 * Where a request changes a column by itself, the columns stay attributes of their own: a value object is replaced as a whole.
 */
export function withHeldValues(spec: DesignSpec, aggregates: readonly AggregatePlan[]): HeldValues {
  const usages = columnUsage(spec, aggregates);
  const classes = new Map<string, string>();
  const assumptions: Assumption[] = [];
  const held = aggregates.map((aggregate) => {
    const usage = usages.get(aggregate.className) ?? { objects: [], single: new Map() };
    const entity = spec.domain.entities.find(({ name }) => sameThing(name, aggregate.className));
    const context: HoldingContext = { spec, aggregate, entity, usage };
    const wanted = valueUses(context).flatMap((use) => placed(context, use) ?? []);
    const values = wanted.filter(
      (value) =>
        !wanted.some(
          (other) => other !== value && sharesColumn(other, value) && !(value.isPrefixed && !other.isPrefixed),
        ),
    );
    const own = values.flatMap((value) => named(context, value, { classes, aggregates }) ?? []);
    assumptions.push(...values.flatMap((value) => (value.isPrefixed ? [] : [bareAssumption(aggregate, value)])));
    return own.length > 0 ? holding(aggregate, own) : aggregate;
  });
  return { aggregates: held, assumptions };
}

/** A closed set of a part is one of the value object's, which others may hold as well, and none of the aggregate. */
function holding(aggregate: AggregatePlan, held: readonly HeldValue[]): AggregatePlan {
  const parts = held.flatMap((value) => value.parts.map(({ field }) => field));
  const fields = aggregate.fields.map((field) => parts.find(({ column }) => column === field.column) ?? field);
  const enums = aggregate.enums.filter((item) => fields.some((field) => field.enum === item));
  return { ...aggregate, fields, enums, held };
}

interface HoldingContext {
  readonly spec: DesignSpec;
  readonly aggregate: AggregatePlan;
  readonly entity: Entity | undefined;
  readonly usage: ColumnUsage;
}

/** A value object that the design gives the aggregate, under this name. */
interface ValueUse {
  readonly name: string;
  readonly object: ValueObject;
  readonly isShownWhole: boolean;
}

interface PlacedValue extends ValueUse {
  readonly columns: ReadonlyMap<string, FieldPlan>;
  /** The columns have the name of the attribute in front. */
  readonly isPrefixed: boolean;
}

function valueUses(context: HoldingContext): readonly ValueUse[] {
  const { spec, entity, usage } = context;
  const byName = new Map<string, ValueUse>();
  for (const use of usage.objects) {
    const name = pythonName(use.property.name);
    const field = entity?.fields.find((candidate) => pythonName(candidate.name) === name);
    const known = byName.get(name);
    const designed = designedObject(spec, field?.type ?? "") ?? designedObject(spec, use.reference ?? "");
    const object = designed ?? contractObject(context, use, known?.object);
    byName.set(name, { name, object, isShownWhole: true });
  }
  for (const field of entity?.fields ?? []) {
    const object = designedObject(spec, field.type);
    const name = pythonName(field.name);
    if (object && !byName.has(name)) byName.set(name, { name, object, isShownWhole: false });
  }
  return [...byName.values()].filter(({ object }) => object.fields.length > 0);
}

function designedObject({ domain }: DesignSpec, type: string): ValueObject | undefined {
  const bare = type.replace(/[`?]|\|\s*(?:null|None)\b/g, "").trim();
  return domain.valueObjects.find(({ name, fields }) => fields.length > 0 && sameThing(name, bare));
}

/** What the contract shows as an object, as a value object of the domain. */
function contractObject(
  { spec, aggregate }: HoldingContext,
  { property, schema, reference }: ObjectUse,
  known: ValueObject | undefined,
): ValueObject {
  const bare = spec.domain.valueObjects.find(({ name }) => reference !== undefined && sameThing(name, reference));
  const name = bare?.name ?? reference ?? pascalCase(property.name);
  const { source } = bare ?? aggregate.table;
  const own = (schema.properties ?? []).map((part) => partField(spec, part, { owner: name, source }));
  const more = (known?.fields ?? []).filter((field) => own.every((other) => other.name !== field.name));
  const description = bare?.description ?? schema.description;
  const fields = [...own, ...more];
  return {
    kind: "valueObject",
    id: `valueObject:${name}`,
    name,
    source,
    confidence: "inferred",
    fields,
    ...(description !== undefined && { description }),
  };
}

function partField(
  spec: DesignSpec,
  { name, required, schema }: Property,
  { owner, source }: { readonly owner: string; readonly source: SourceSpan },
): Field {
  const isNullable = schema.nullable === true || soleSchema(spec, schema).nullable === true;
  return {
    kind: "field",
    id: `field:${owner}.${name}`,
    name,
    owner,
    type: "",
    required: required && !isNullable,
    source,
    confidence: "inferred",
  };
}

/** The value with its columns; undefined where there are none that can be one attribute. */
function placed(context: HoldingContext, use: ValueUse): PlacedValue | undefined {
  const { aggregate, usage } = context;
  const whole = aggregate.fields.find(({ name }) => name === use.name);
  if (whole && isJson(whole.column.type)) return undefined;
  const prefixed = columnsOf(aggregate, use, use.object);
  const bare = use.isShownWhole && !prefixed ? bareColumnsOf(aggregate, use.object) : undefined;
  const columns = new Map(
    [...(prefixed ?? bare ?? [])].flatMap(([part, column]) => {
      const field = aggregate.fields.find((candidate) => candidate.column.name === column);
      return field ? [[part, field] as const] : [];
    }),
  );
  const fields = [...columns.values()];
  const isSingle = (field: FieldPlan): boolean => usage.single.has(field);
  const stays = fields.some(
    (field) => isSingle(field) && (!use.isShownWhole || field.name === use.name || usage.single.get(field)?.isChanged),
  );
  const isTold = bare !== undefined && fields.some((field) => isSingle(field) || isNamed(context, field));
  const isOnly = fields.length === 1 && !use.isShownWhole;
  if (fields.length === 0 || stays || isTold || isOnly || !fields.every((field) => canBeHeld(aggregate, field))) {
    return undefined;
  }
  return { ...use, columns, isPrefixed: prefixed !== undefined };
}

/** Whether the domain model has the column as a field of its own. */
function isNamed({ entity }: HoldingContext, { column }: FieldPlan): boolean {
  return (entity?.fields ?? []).some(({ name }) => sameThing(name, column.name));
}

/** What a column is to the row beyond its value keeps it an attribute of its own. */
function canBeHeld({ table, stateMachine, file, job, version }: AggregatePlan, field: FieldPlan): boolean {
  const { column, isKey, role, computed } = field;
  const refers = table.constraints.some(({ type, columns }) => type === "foreignKey" && columns.includes(column.name));
  const special = [...Object.values(file ?? {}), ...Object.values(job ?? {}), version];
  const isEnum = field.enum !== undefined && (field.enum.sqlName !== undefined || column.type.array);
  return (
    !isKey &&
    !role &&
    !computed &&
    !column.fromCaller &&
    !refers &&
    !isEnum &&
    stateMachine?.field !== field.name &&
    !special.includes(field)
  );
}

function sharesColumn(left: PlacedValue, right: PlacedValue): boolean {
  return [...left.columns.values()].some((field) => [...right.columns.values()].includes(field));
}

/** With a class, whose parts are the same wherever it is held; undefined where they are not and the design has named it. */
function named(
  context: HoldingContext,
  value: PlacedValue,
  { classes, aggregates }: { readonly classes: Map<string, string>; readonly aggregates: readonly AggregatePlan[] },
): HeldValue | undefined {
  const { spec, aggregate } = context;
  const optional = [...value.columns.values()].every((field) => field.optional);
  const parts = value.object.fields.flatMap((field): HeldPart[] => {
    const column = value.columns.get(field.name);
    return column ? [partOf(context, { field, column, optional, value: value.name })] : [];
  });
  const shape = JSON.stringify(
    parts.map(({ name, field, optional: mayMiss }) => [name, field.type.expression, mayMiss]),
  );
  const isDesigned = spec.domain.valueObjects.includes(value.object);
  const taken = (name: string) =>
    aggregates.some((other) => other.className === name || other.enums.some((item) => item.className === name));
  const wanted = className(value.object.name);
  const candidates = isDesigned ? [wanted] : [wanted, className(`${aggregate.className} ${value.name}`)];
  const name = candidates.find((candidate) => !taken(candidate) && (classes.get(candidate) ?? shape) === shape);
  if (name === undefined) return undefined;
  classes.set(name, shape);
  return { name: value.name, object: value.object, className: name, parts, optional };
}

interface PartSource {
  readonly field: Field;
  readonly column: FieldPlan;
  /** Of the value object as a whole. */
  readonly optional: boolean;
  /** The attribute that has the value object. */
  readonly value: string;
}

function partOf(context: HoldingContext, { field, column, optional, value }: PartSource): HeldPart {
  const { enum: closed, ...open } = column;
  const plain = closed ? { ...open, type: plainText } : column;
  return {
    name: pythonName(field.name),
    field: plain,
    optional: !field.required || (column.optional && !optional),
    isShown: column.name !== value && (context.usage.single.has(column) || isNamed(context, column)),
    ...(closed && { values: closed.members.map((member) => member.value) }),
  };
}

const plainText: PythonType = { expression: "str", imports: [] };

function bareAssumption({ table }: AggregatePlan, { name, columns }: PlacedValue): Assumption {
  const list = [...columns.values()].map(({ column }) => column.name).join(", ");
  const text = `${name} of ${table.name} is what its columns ${list} hold together.`;
  return { text, element: table.id, source: table.source };
}
