import { keyColumns } from "../spec/join/columnFacts.ts";
import type { Constraint, DesignSpec, Property, Schema, Table } from "../spec/model.ts";
import { sameThing, singular, snakeCase } from "../support/words.ts";
import type { TableNames } from "./enumPlans.ts";
import { pythonName } from "./names.ts";
import type { ChildPlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";

/**
 * Tables whose rows live and die with the parent and are part of what the design calls the parent.
 *
 * They point at the parent's key with a required foreign key that cascades, and the parent has an
 * array of them: in a response schema of the API or in the domain model.
 */
export function childPlans(spec: DesignSpec, parent: TableNames, names: readonly TableNames[]): readonly ChildPlan[] {
  const arrays = arraysOf(spec, parent);
  return names.flatMap((child) => {
    const key = child.table === parent.table ? undefined : ownedBy(child.table, parent.table);
    const array = key && arrays.find((candidate) => holds(spec, candidate, parent, child));
    if (!key || !array || parent.table.columns.some(({ name }) => name === pythonName(array.name))) return [];
    return [{ attribute: pythonName(array.name), aggregate: child.className, foreignKey: key.columns }];
  });
}

interface ArrayField {
  readonly name: string;
  /** Name of the item type: a schema, or the type of a domain field. */
  readonly item?: string;
  readonly schema?: Schema;
}

function ownedBy(child: Table, parent: Table): Constraint | undefined {
  const isRequired = (name: string): boolean =>
    child.columns.some((column) => column.name === name && !column.nullable);
  return child.constraints.find(
    ({ references, columns }) =>
      references?.table === tableKey(parent) &&
      references.onDelete === "cascade" &&
      columns.every(isRequired) &&
      (references.columns.length === 0 || references.columns.join() === keyColumns(parent).join()),
  );
}

function arraysOf(spec: DesignSpec, parent: TableNames): readonly ArrayField[] {
  const responses = responseSchemas(spec);
  const schemas = spec.api.schemas.filter(({ name }) => responses.has(name) && represents(name, parent.className));
  const fromApi = schemas.flatMap(({ schema }) => (schema.properties ?? []).flatMap(arrayField));
  const entity = spec.domain.entities.find(({ name }) => sameThing(name, parent.className));
  const fromDomain = (entity?.fields ?? []).flatMap((field) => {
    const item = /^(?:(?:List|Set|Array|Collection|Sequence|list|set|tuple)\s*[<[(]\s*(\w+)|(\w+)\s*\[\])/.exec(
      field.type,
    );
    const name = item?.[1] ?? item?.[2];
    return name === undefined ? [] : [{ name: field.name, item: name }];
  });
  return [...fromApi, ...fromDomain];
}

/** `Order`, `OrderResponse`, `OrderDetail`, … represent `Order`. */
function represents(schema: string, className: string): boolean {
  return sameThing(withoutSuffix(schema), className);
}

function withoutSuffix(name: string): string {
  return name.replace(/(?:Response|Out|Output|Dto|DTO|Detail|Details|Read|View|Resource|Model)$/, "") || name;
}

function arrayField({ name, schema }: Property): readonly ArrayField[] {
  if (schema.type !== "array" || !schema.items) return [];
  const { ref } = schema.items;
  return [{ name, ...(ref === undefined ? { schema: schema.items } : { item: ref }) }];
}

function holds(spec: DesignSpec, array: ArrayField, parent: TableNames, child: TableNames): boolean {
  if (array.item !== undefined && sameThing(withoutSuffix(array.item), child.className)) return true;
  const schema = array.schema ?? spec.api.schemas.find(({ name }) => name === array.item)?.schema;
  const item = singular(snakeCase(array.name));
  const named =
    sameThing(item, child.className) || sameThing(`${snakeCase(parent.className)}_${item}`, child.className);
  return named && (schema === undefined || sharesColumns(schema, child.table));
}

/** At least half of the item's properties are columns of the table. */
function sharesColumns(schema: Schema, table: Table): boolean {
  const properties = schema.properties ?? [];
  const columns = new Set(table.columns.map(({ name }) => name));
  const shared = properties.filter(({ name }) => columns.has(snakeCase(name)));
  return properties.length > 0 && shared.length * 2 >= properties.length;
}

/** Named schemas that a response reaches. */
function responseSchemas(spec: DesignSpec): ReadonlySet<string> {
  const reached = new Set<string>();
  const schemas = new Map(spec.api.schemas.map(({ name, schema }) => [name, schema]));
  const visit = (schema: Schema | undefined): void => {
    if (!schema) return;
    if (schema.ref !== undefined && !reached.has(schema.ref)) {
      reached.add(schema.ref);
      visit(schemas.get(schema.ref));
    }
    const inner = (schema.properties ?? []).map((property) => property.schema);
    for (const part of [schema.items, schema.additional || undefined, ...inner, ...(schema.variants ?? [])])
      visit(part);
  };
  for (const { responses } of spec.api.endpoints) for (const { schema } of responses) visit(schema);
  return reached;
}
