import type { BodyFacts, EndpointFact, SchemaFact } from "./facts.ts";

type Schemas = Readonly<Record<string, SchemaFact>>;

/** The bodies of an endpoint with one departure, by a number from 4 to 7; undefined where there is nothing to treat so. */
export function alteredBodies(
  { secured, request, response }: EndpointFact,
  schemas: Schemas,
  change: number,
): { readonly why: string; readonly facts: BodyFacts } | undefined {
  if (change === 4 && typeof secured === "boolean")
    return { why: "for others than in the code", facts: { secured: !secured } };
  const kind = change === 7 ? "request" : "response";
  const schema = objectOf(kind === "request" ? request : response, schemas);
  const [first] = Object.entries(schema?.properties ?? {}).filter(([, { type }]) => type !== undefined);
  if (!schema || !first) return undefined;
  const changed = change === 6 ? otherType(schema, first) : change === 5 ? lacking(schema, first[0]) : added(schema);
  return { why: `${kind}: ${whys[change - 4]}`, facts: { [kind]: changed } };
}

const whys = ["", "a field beyond the design", "another type", "a field that the code lacks"];

function objectOf(schema: SchemaFact | null | undefined, schemas: Schemas): SchemaFact | undefined {
  const named = schema?.$ref === undefined ? undefined : schemas[schema.$ref.split("/").at(-1) ?? ""];
  const found = named ?? schema ?? undefined;
  return found?.type === "object" && found.properties ? found : undefined;
}

function lacking(schema: SchemaFact, name: string): SchemaFact {
  const { [name]: _, ...properties } = schema.properties ?? {};
  return { ...schema, properties, required: (schema.required ?? []).filter((other) => other !== name) };
}

function otherType(schema: SchemaFact, [name, { type }]: readonly [string, SchemaFact]): SchemaFact {
  const other: SchemaFact = { type: type === "boolean" ? "string" : "boolean" };
  return { ...schema, properties: { ...schema.properties, [name]: other } };
}

function added(schema: SchemaFact): SchemaFact {
  return { ...schema, properties: { ...schema.properties, inventedField: { type: "string" } } };
}
