import { withCallLimit } from "../callLimits.ts";
import type { Fragment } from "../fragment.ts";
import { schemaOfType } from "../markdown/typeText.ts";
import type { ApiDesign, Endpoint, NamedSchema, Schema } from "../model.ts";
import type { Problem } from "../reading.ts";
import { conflictingVersion, conflictProblem } from "./endpointConflict.ts";
import { duplicateProblem, grouped, inDocumentOrder, isRealDuplicate, type Ranked, ranked } from "./ranking.ts";
import { type KnownNames, thingKey, withoutResourceNames } from "./resourceNames.ts";
import { valueObjectSchemas } from "./valueObjectSchemas.ts";

export function mergeApi(fragments: readonly Fragment[], paths: readonly string[], problems: Problem[]): ApiDesign {
  const basePaths = fragments.flatMap((fragment) => fragment.basePaths);
  const basePath = basePaths.length > 0 && new Set(basePaths).size === 1 ? (basePaths[0] ?? "") : "";
  const declared = mergeSchemas(fragments, paths, problems);
  const merged = mergeEndpoints(fragments, basePaths, problems);
  const schemas = [...declared, ...valueObjectSchemas(fragments, declared, merged)];
  const names = new Set(schemas.map((schema) => schema.name));
  const things = new Set(
    fragments.flatMap(({ tables, entities }) => [...tables, ...entities]).map(({ name }) => thingKey(name)),
  );
  const known: KnownNames = { models: names, things };
  const limits = fragments.flatMap(({ callLimits }) => callLimits);
  const endpoints = merged.map((endpoint) =>
    withCallLimit(withKnownRefs(withoutResourceNames(endpoint, known), known), limits),
  );
  const title = fragments.flatMap((fragment) => fragment.titles)[0];
  const said = fragments.flatMap(({ conventions }) => conventions);
  const [casing] = said.flatMap((convention) => convention.casing ?? []);
  const [paging] = said.flatMap((convention) => convention.paging ?? []);
  return {
    ...(title !== undefined && { title }),
    ...(casing && { casing }),
    ...(paging && { paging }),
    basePath,
    endpoints: inDocumentOrder(endpoints, paths),
    schemas: schemas.map((schema) => ({ ...schema, schema: knownRefs(schema.schema, known) })),
    securitySchemes: grouped(
      ranked(fragments, (fragment) => fragment.securitySchemes),
      (scheme) => scheme.name,
    ).map((group) => group.first.value),
  };
}

function mergeSchemas(fragments: readonly Fragment[], paths: readonly string[], problems: Problem[]): NamedSchema[] {
  const groups = grouped(
    ranked(fragments, (fragment) => fragment.schemas),
    (schema) => schema.name,
  );
  for (const { first, others } of groups) {
    const other = others.find((item) => isRealDuplicate(first, item) && !sameSchema(item.value, first.value));
    if (other) problems.push(duplicateProblem(`Schema ${other.value.name}`, other.value.source, first.value.source));
  }
  return inDocumentOrder(
    groups.map((group) => group.first.value),
    paths,
  );
}

function sameSchema(left: NamedSchema, right: NamedSchema): boolean {
  return JSON.stringify(left.schema) === JSON.stringify(right.schema);
}

function mergeEndpoints(fragments: readonly Fragment[], basePaths: readonly string[], problems: Problem[]): Endpoint[] {
  const items = ranked(fragments, (fragment) => fragment.endpoints);
  const keyOf = (endpoint: Endpoint): string => matchKey(endpoint, basePaths);
  return grouped(items, keyOf).map(({ first, others }) => {
    const other = others.find((item) => isRealDuplicate(first, item) && item.fragment.path !== first.fragment.path);
    const conflicting = conflictingVersion(first, others);
    if (conflicting) problems.push(conflictProblem(first.value, conflicting.value));
    else if (other)
      problems.push(duplicateProblem(`Endpoint ${other.value.name}`, other.value.source, first.value.source));
    const merged = others.reduce((endpoint, item) => fill(endpoint, item), first.value);
    return conflicting ? { ...merged, conflict: conflicting.value.source } : merged;
  });
}

/** Parameter names and a base path that only one document spells out do not make two endpoints. */
function matchKey(endpoint: Endpoint, basePaths: readonly string[]): string {
  const base = basePaths.find((candidate) => endpoint.path.startsWith(`${candidate}/`));
  const local = base === undefined ? endpoint.path : endpoint.path.slice(base.length);
  return `${endpoint.method} ${local.replace(/\{[^{}]*\}/g, "{}").replace(/(?<=.)\/$/, "")}`;
}

/** The version that counts, with what only the other one says. */
function fill(endpoint: Endpoint, { value: other }: Ranked<Endpoint>): Endpoint {
  const known = new Set(endpoint.parameters.map((parameter) => `${parameter.in} ${parameter.name}`));
  const added = other.parameters.filter(
    (parameter) => parameter.in !== "path" && !known.has(`${parameter.in} ${parameter.name}`),
  );
  const statuses = new Map(endpoint.responses.map((response) => [response.status, response]));
  for (const response of other.responses) {
    const own = statuses.get(response.status);
    statuses.set(response.status, own ? { ...response, ...own } : response);
  }
  return {
    ...other,
    ...endpoint,
    parameters: [...endpoint.parameters, ...(endpoint.parameters.some((item) => item.in === "query") ? [] : added)],
    responses: [...statuses.values()].sort((left, right) => left.status - right.status),
    errorCodes: [...new Set([...endpoint.errorCodes, ...other.errorCodes])],
  };
}

function withKnownRefs(endpoint: Endpoint, known: KnownNames): Endpoint {
  const { request } = endpoint;
  return {
    ...endpoint,
    parameters: endpoint.parameters.map((parameter) => ({ ...parameter, schema: knownRefs(parameter.schema, known) })),
    ...(request && { request: { ...request, schema: knownRefs(request.schema, known) } }),
    responses: endpoint.responses.map((response) =>
      response.schema ? { ...response, schema: knownRefs(response.schema, known) } : response,
    ),
  };
}

/**
 * A reference to a schema that no document has becomes the type of that name, `Money`, or `any`, which still says what table or
 * entity it names; the reader of the reference has reported it.
 */
function knownRefs(schema: Schema, known: KnownNames): Schema {
  if (!hasUnknownRef(schema, known.models)) return schema;
  if (schema.ref !== undefined && !known.models.has(schema.ref)) {
    const { ref, ...rest } = schema;
    const named = known.things.has(thingKey(ref)) ? { resource: ref } : undefined;
    return { ...rest, ...schemaOfType(ref.toLowerCase()), ...named };
  }
  return {
    ...schema,
    ...(schema.items && { items: knownRefs(schema.items, known) }),
    ...(schema.additional && { additional: knownRefs(schema.additional, known) }),
    ...(schema.variants && { variants: schema.variants.map((variant) => knownRefs(variant, known)) }),
    ...(schema.properties && {
      properties: schema.properties.map((property) => ({ ...property, schema: knownRefs(property.schema, known) })),
    }),
  };
}

function hasUnknownRef(schema: Schema, names: ReadonlySet<string>): boolean {
  const { ref, items, additional, variants, properties } = schema;
  return (
    (ref !== undefined && !names.has(ref)) ||
    (items !== undefined && hasUnknownRef(items, names)) ||
    (additional !== undefined && additional !== false && hasUnknownRef(additional, names)) ||
    (variants?.some((variant) => hasUnknownRef(variant, names)) ?? false) ||
    (properties?.some((property) => hasUnknownRef(property.schema, names)) ?? false)
  );
}
