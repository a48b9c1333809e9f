import { snakeCase } from "../../support/words.ts";
import type { ApiDesign, DesignSpec, Property, Schema } from "../model.ts";

/** A property that is an object, and its own properties; all names in snake_case. */
export interface ValueShape {
  readonly name: string;
  readonly parts: readonly { readonly name: string; readonly required: boolean }[];
  /** As a document shows it; undefined where none does. */
  readonly schema?: Schema;
}

export interface ShownNames {
  /** Names of properties that are no objects, in snake_case. */
  readonly single: ReadonlySet<string>;
  readonly objects: readonly ValueShape[];
}

/** What the documents themselves show in requests and answers. */
export function shownNames({ api }: DesignSpec): ShownNames {
  const known = namesOfApis.get(api) ?? namesOf(api);
  namesOfApis.set(api, known);
  return known;
}

/** Asked for every table of a design. */
const namesOfApis = new WeakMap<ApiDesign, ShownNames>();

function namesOf(api: ApiDesign): ShownNames {
  const schemas = new Map(api.schemas.map(({ name, schema }) => [name, schema]));
  const seen = new Set<Schema>();
  const bodies = api.endpoints.flatMap(({ request, responses }) => [
    request?.schema,
    ...responses.map(({ schema }) => schema),
  ]);
  const properties = [...schemas.values(), ...bodies].flatMap((schema) => propertiesIn(schema, { schemas, seen }));
  const shapes = properties.map(({ name, schema }): ValueShape => {
    const inner = schemas.get(schema.ref ?? "") ?? schema;
    const parts = (inner.properties ?? []).map((part) => ({ name: snakeCase(part.name), required: part.required }));
    return { name: snakeCase(name), parts, schema: inner };
  });
  const objects = shapes.filter(({ parts }) => parts.length > 1);
  return {
    single: new Set(shapes.filter(({ parts }) => parts.length === 0).map(({ name }) => name)),
    objects: [...new Map(objects.map((shape) => [shape.name, shape])).values()],
  };
}

interface Search {
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly seen: Set<Schema>;
}

/** Those of a schema and of everything inside. */
function propertiesIn(described: Schema | undefined, search: Search): readonly Property[] {
  const schema = described && (search.schemas.get(described.ref ?? "") ?? described);
  if (!schema || search.seen.has(schema)) return [];
  search.seen.add(schema);
  const own = schema.properties ?? [];
  const inner = [
    schema.items,
    schema.additional || undefined,
    ...(schema.variants ?? []),
    ...own.map((property) => property.schema),
  ];
  return [...own, ...inner.flatMap((part) => propertiesIn(part, search))];
}
