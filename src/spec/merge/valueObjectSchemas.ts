import type { Fragment } from "../fragment.ts";
import { limitsIn, schemaOfType } from "../markdown/typeText.ts";
import type { Endpoint, NamedSchema, Property, Schema, ValueObject } from "../model.ts";

/**
 * What the API refers to by the name of a value object, `total: Money`, has the fields of the domain model, where no schema
 * has the name; those that only these refer to are among them.
 */
export function valueObjectSchemas(
  fragments: readonly Fragment[],
  schemas: readonly NamedSchema[],
  endpoints: readonly Endpoint[],
): readonly NamedSchema[] {
  const taken = new Set(schemas.map(({ name }) => name));
  const known = new Map<string, NamedSchema>();
  for (const model of fragments.flatMap(({ valueObjects }) => valueObjects)) {
    if (!taken.has(model.name) && !known.has(model.name) && model.fields.length > 0)
      known.set(model.name, shownAs(model));
  }
  const wanted = new Set<string>();
  const want = (schema: Schema): void => {
    for (const name of refsOf(schema)) {
      const model = wanted.has(name) ? undefined : known.get(name);
      if (!model) continue;
      wanted.add(name);
      want(model.schema);
    }
  };
  if (known.size > 0)
    for (const schema of [...schemas.map((named) => named.schema), ...sentBy(endpoints)]) want(schema);
  return [...known.values()].filter(({ name }) => wanted.has(name));
}

function shownAs({ name, fields, source }: ValueObject): NamedSchema {
  const properties = fields.map(
    (field): Property => ({
      name: field.name,
      required: field.required,
      schema: limitsIn(field.type, schemaOfType(field.type)),
    }),
  );
  return { name, schema: { type: "object", properties }, source };
}

function sentBy(endpoints: readonly Endpoint[]): readonly Schema[] {
  return endpoints.flatMap(({ request, responses }) => [
    ...(request ? [request.schema] : []),
    ...responses.flatMap(({ schema }) => (schema ? [schema] : [])),
  ]);
}

function refsOf(schema: Schema): readonly string[] {
  const { ref, items, additional, variants = [], properties = [] } = schema;
  const parts = [items, additional, ...variants, ...properties.map((property) => property.schema)];
  return [...(ref === undefined ? [] : [ref]), ...parts.flatMap((part) => (part ? refsOf(part) : []))];
}
