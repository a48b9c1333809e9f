import type { DesignSpec, Property, Schema } from "../spec/model.ts";
import { sameThing } from "../support/words.ts";
import { isPayloadName, likeness, matchChild, matchField } from "./fieldMatching.ts";
import { resolveSchema } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";

/** How the contract shows the columns of an aggregate. */
export interface ColumnUsage {
  /** Properties that are objects, with the name of the schema where they refer to one. */
  readonly objects: readonly ObjectUse[];
  /** Columns with a property of their own, and whether a request changes them by it. */
  readonly single: ReadonlyMap<FieldPlan, { readonly isChanged: boolean }>;
}

export interface ObjectUse {
  readonly property: Property;
  readonly schema: Schema;
  readonly reference: string | undefined;
}

/** Of each aggregate by its class, from the requests and answers of the endpoints that are about it. */
export function columnUsage(spec: DesignSpec, aggregates: readonly AggregatePlan[]): ReadonlyMap<string, ColumnUsage> {
  const walk: Walk = { spec, aggregates, usages: new Map(), seen: new Map() };
  for (const endpoint of spec.api.endpoints) {
    const target = targetOf(resourcePath(endpoint, aggregates, spec.api))?.aggregate;
    if (!target) continue;
    const isChange = endpoint.method === "PUT" || endpoint.method === "PATCH";
    if (endpoint.request) visit(walk, endpoint.request.schema, { aggregate: target, isChange });
    for (const { status, schema } of endpoint.responses) {
      if (schema && status < 300) visit(walk, schema, { aggregate: target, isChange: false });
    }
  }
  return walk.usages;
}

interface Usage {
  readonly objects: ObjectUse[];
  readonly single: Map<FieldPlan, { readonly isChanged: boolean }>;
}

interface Walk {
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
  readonly usages: Map<string, Usage>;
  /** What a schema has been looked at for already. */
  readonly seen: Map<Schema, Set<string>>;
}

interface Place {
  readonly aggregate: AggregatePlan;
  readonly isChange: boolean;
}

function visit(walk: Walk, described: Schema, place: Place): void {
  const schema = soleSchema(walk.spec, described);
  const known = walk.seen.get(schema) ?? new Set();
  const key = `${place.aggregate.className} ${place.isChange}`;
  if (known.has(key)) return;
  walk.seen.set(schema, known.add(key));
  if (schema.items) visit(walk, schema.items, place);
  for (const variant of schema.variants ?? []) visit(walk, variant, place);
  const properties = (schema.properties ?? []).map((property) => ({
    property,
    resolved: { ...property, schema: soleSchema(walk.spec, property.schema) },
  }));
  const isEnvelope =
    likeness(
      properties.map(({ resolved }) => resolved),
      place.aggregate,
    ) < 0.5;
  for (const { property, resolved } of properties) {
    note(walk, property, { ...place, inner: resolved.schema });
    if (isEnvelope && isPayload(resolved, place.aggregate)) visit(walk, resolved.schema, place);
    if (resolved.schema.type === "array") visitItems(walk, resolved, place);
  }
}

/** Whether it is the row that an envelope is around, and no part of the row. */
function isPayload({ name, schema }: Property, { className, key }: AggregatePlan): boolean {
  if (schema.type !== "object") return false;
  const hasKey = schema.properties?.some(
    (part) => part.name === "id" || key.some((field) => sameThing(part.name, field.name)),
  );
  return isPayloadName(name) || sameThing(name, className) || hasKey === true;
}

function visitItems(walk: Walk, property: Property, { aggregate, isChange }: Place): void {
  const child = matchChild(aggregate, property);
  const inner = walk.aggregates.find(({ className }) => className === child?.aggregate) ?? aggregate;
  if (property.schema.items) visit(walk, property.schema.items, { aggregate: inner, isChange });
}

function note(
  walk: Walk,
  property: Property,
  { aggregate, isChange, inner }: Place & { readonly inner: Schema },
): void {
  const usage: Usage = walk.usages.get(aggregate.className) ?? { objects: [], single: new Map() };
  walk.usages.set(aggregate.className, usage);
  if (inner.type === "object") {
    usage.objects.push({ property, schema: inner, reference: referenceOf(property.schema) });
    return;
  }
  const field = inner.type === "array" ? undefined : matchField(aggregate, property.name);
  if (field) usage.single.set(field, { isChanged: isChange || usage.single.get(field)?.isChanged === true });
}

/** What a schema refers to; of a choice between something and null the something. */
export function soleSchema(spec: DesignSpec, schema: Schema): Schema {
  const resolved = resolveSchema(spec, schema);
  if (resolved.type !== "union") return resolved;
  const [only, ...more] = somethings(resolved);
  return only && more.length === 0 ? soleSchema(spec, only) : resolved;
}

export function referenceOf(schema: Schema): string | undefined {
  if (schema.ref !== undefined) return schema.ref;
  const [only, ...more] = somethings(schema);
  return more.length === 0 ? only?.ref : undefined;
}

/** The variants of a choice that are more than null. */
export function somethings({ variants = [] }: Schema): readonly Schema[] {
  return variants.filter(
    ({ type, enum: closed, nullable }) =>
      !(closed?.length === 1 && closed[0] === null) && !(type === "any" && nullable),
  );
}
