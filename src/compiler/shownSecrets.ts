import { roleOfName } from "../spec/join/columnFacts.ts";
import type { DesignSpec, Endpoint, JsonValue, NamedSchema, Property, Schema } from "../spec/model.ts";
import { redact, redactedMark } from "../support/redact.ts";
import { snakeCase } from "../support/words.ts";

/**
 * The contract without the passwords and keys that it shows as defaults, as constants and in its words: a backend is read by
 * everybody who reads the repository (research/security.md G10). The same contract when it shows none.
 */
export function withoutShownSecrets(spec: DesignSpec): DesignSpec {
  const shown = new Set<string>();
  const { api } = spec;
  for (const schema of schemasOf(spec)) collect(schema, shown);
  const clean = cleaner(shown);
  const endpoints = api.endpoints.map((endpoint) => cleanEndpoint(endpoint, clean));
  const schemas = api.schemas.map((named): NamedSchema => ({ ...named, schema: cleanSchema(named.schema, clean) }));
  const isSame = JSON.stringify([endpoints, schemas]) === JSON.stringify([api.endpoints, api.schemas]);
  return isSame ? spec : { ...spec, api: { ...api, endpoints, schemas } };
}

interface Cleaner {
  readonly text: (said: string) => string;
  readonly isSecret: (value: JsonValue | undefined) => boolean;
}

function cleaner(shown: ReadonlySet<string>): Cleaner {
  const marks = new RegExp(redactedMark, "g");
  return {
    text: (said) => redact([...shown].reduce((all, secret) => all.replaceAll(secret, "…"), said)).replace(marks, "…"),
    isSecret: (value) => typeof value === "string" && (shown.has(value) || redactedMark.test(redact(value))),
  };
}

function schemasOf({ api }: DesignSpec): readonly Schema[] {
  return [
    ...api.schemas.map(({ schema }) => schema),
    ...api.endpoints.flatMap(({ parameters, request, responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...(request ? [request.schema] : []),
      ...responses.flatMap(({ schema }) => schema ?? []),
    ]),
  ];
}

/** Shorter ones are words that stand in other words. */
const shortestSecret = 8;

function collect({ items, properties = [], additional, variants = [] }: Schema, shown: Set<string>): void {
  for (const property of properties) for (const value of valuesOf(property)) shown.add(value);
  const inner = [items, additional || undefined, ...variants, ...properties.map(({ schema }) => schema)];
  for (const part of inner) if (part) collect(part, shown);
}

/** What the document gives a property that is secret by its name, or is never answered. */
function valuesOf({ name, schema }: Property): readonly string[] {
  const isSecret = schema.writeOnly === true || roleOfName(snakeCase(name), false) === "secret";
  const constant = schema.enum?.length === 1 ? schema.enum[0] : undefined;
  const values = isSecret ? [schema.default, constant] : [];
  return values.flatMap((value) => (typeof value === "string" && value.length >= shortestSecret ? value : []));
}

function cleanEndpoint(endpoint: Endpoint, clean: Cleaner): Endpoint {
  const { summary, description, parameters, request, responses } = endpoint;
  return {
    ...endpoint,
    ...(summary !== undefined && { summary: clean.text(summary) }),
    ...(description !== undefined && { description: clean.text(description) }),
    parameters: parameters.map((parameter) => ({ ...parameter, schema: cleanSchema(parameter.schema, clean) })),
    ...(request && { request: { ...request, schema: cleanSchema(request.schema, clean) } }),
    responses: responses.map((response) =>
      response.schema ? { ...response, schema: cleanSchema(response.schema, clean) } : response,
    ),
  };
}

function cleanSchema(schema: Schema, clean: Cleaner): Schema {
  const { default: fallback, enum: values, ...others } = schema;
  const open = values?.filter((value) => !clean.isSecret(value));
  const { description, items, properties, additional, variants } = schema;
  return {
    ...others,
    ...(fallback !== undefined && !clean.isSecret(fallback) && { default: fallback }),
    ...(open && open.length > 0 && { enum: open }),
    ...(description !== undefined && { description: clean.text(description) }),
    ...(items && { items: cleanSchema(items, clean) }),
    ...(properties && {
      properties: properties.map(
        (property): Property => ({ ...property, schema: cleanSchema(property.schema, clean) }),
      ),
    }),
    ...(additional && { additional: cleanSchema(additional, clean) }),
    ...(variants && { variants: variants.map((variant) => cleanSchema(variant, clean)) }),
  };
}
