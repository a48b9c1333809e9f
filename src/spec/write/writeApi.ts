import { stringify } from "yaml";
import { groupBy } from "../../support/groupBy.ts";
import type { ApiDesign, Endpoint, NamedSchema, Parameter, Schema } from "../model.ts";
import type { SecurityScheme } from "../security.ts";
import { joinBlocks, writeFence, writeSection, writeTable } from "./markdownText.ts";

/**
 * The API contract: a list to look things up in, and the contract as OpenAPI, the one form in which
 * nothing of a shape is lost.
 */
export function writeApi(api: ApiDesign): string {
  return joinBlocks([
    `# ${api.title ?? "API contract"}`,
    writeSection("## Contract", [
      writeFence("yaml", stringify(openApiOf(api), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()),
    ]),
    writeSection("## Examples and overview", [
      writeTable(
        ["Endpoint", "Summary"],
        api.endpoints.map(({ name, summary }) => [name, summary ?? ""]),
      ),
    ]),
  ]);
}

type Node = Readonly<Record<string, unknown>>;

function openApiOf(api: ApiDesign): Node {
  const base = api.endpoints.every(({ path }) => path.startsWith(`${api.basePath}/`)) ? api.basePath : "";
  const groups = groupBy(api.endpoints, ({ path }) => path.slice(base.length));
  const paths = [...groups].map(([path, endpoints]) => [path, pathItem(endpoints)] as const);
  const schemas = api.schemas.map(({ name, schema }: NamedSchema) => [name, schemaNode(schema)] as const);
  const schemes = api.securitySchemes.map((scheme) => [scheme.name, schemeNode(scheme)] as const);
  return {
    openapi: "3.1.0",
    info: { title: api.title ?? "API contract", version: "1.0.0" },
    ...(base !== "" && { servers: [{ url: base }] }),
    paths: Object.fromEntries(paths),
    ...((schemas.length > 0 || schemes.length > 0) && {
      components: {
        ...(schemas.length > 0 && { schemas: Object.fromEntries(schemas) }),
        ...(schemes.length > 0 && { securitySchemes: Object.fromEntries(schemes) }),
      },
    }),
  };
}

function pathItem(endpoints: readonly Endpoint[]): Node {
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint.method.toLowerCase(), operation(endpoint)]));
}

function operation(endpoint: Endpoint): Node {
  const { operationId, tag, summary, parameters, request, responses, security, errorCodes } = endpoint;
  const description = describedWithLimit(endpoint);
  return {
    ...(operationId !== undefined && { operationId }),
    ...(tag !== undefined && { tags: [tag] }),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(security && { security: security.map(({ scheme, scopes }) => ({ [scheme]: scopes })) }),
    ...(parameters.length > 0 && { parameters: parameters.map(parameterNode) }),
    ...(request && {
      requestBody: {
        required: request.required,
        content: {
          [request.contentType]: { schema: schemaNode(request.schema), ...encodingNode(request.partTypes) },
        },
      },
    }),
    responses: Object.fromEntries(responses.map((response) => [String(response.status), responseNode(response)])),
    ...(errorCodes.length > 0 && { "x-error-codes": errorCodes }),
  };
}

function encodingNode(types: NonNullable<Endpoint["request"]>["partTypes"]): Node {
  const parts = Object.entries(types ?? {}).map(([part, names]) => [part, { contentType: names.join(", ") }]);
  return parts.length > 0 ? { encoding: Object.fromEntries(parts) } : {};
}

/** OpenAPI has no place of its own for it. */
function describedWithLimit({ description, callLimit }: Endpoint): string | undefined {
  if (callLimit === undefined) return description;
  return [description ?? "", `Rate limit: ${callLimit}.`].join("\n").trim();
}

function parameterNode({ name, in: place, required, schema, description }: Parameter): Node {
  return { name, in: place, required, ...(description !== undefined && { description }), schema: schemaNode(schema) };
}

function responseNode({
  description,
  contentType,
  schema,
  headers,
  headerSchemas = {},
}: Endpoint["responses"][number]): Node {
  const headerNode = (name: string): Node => ({ schema: schemaNode(headerSchemas[name] ?? { type: "string" }) });
  return {
    ...(description !== undefined && { description }),
    ...(headers && { headers: Object.fromEntries(headers.map((name) => [name, headerNode(name)])) }),
    ...(contentType !== undefined && { content: { [contentType]: schema ? { schema: schemaNode(schema) } : {} } }),
  };
}

function schemeNode({ type, parameter, password }: SecurityScheme): Node {
  switch (type) {
    case "bearer":
    case "basic":
      return { type: "http", scheme: type };
    case "apiKey":
      return { type, ...parameter };
    case "oauth2":
      return { type, flows: password ? { password } : {} };
    case "openIdConnect":
      return { type, openIdConnectUrl: "/.well-known/openid-configuration" };
  }
}

/** The schema as OpenAPI 3.1 says it. */
export function schemaNode(schema: Schema): Node {
  const { type, nullable, items, properties, additional, ref, variants, discriminator, ...plain } = schema;
  const { enum: values, ...limits } = plain;
  if (ref !== undefined)
    return { $ref: `#/components/schemas/${pointer(ref)}`, ...limits, ...(nullable && { nullable }) };
  const required = (properties ?? []).filter((property) => property.required).map(({ name }) => name);
  return {
    ...(type !== "any" && type !== "union" && type !== "ref" && { type }),
    ...(nullable && { nullable }),
    ...limits,
    ...(values && { enum: values }),
    ...(items && { items: schemaNode(items) }),
    ...(variants && { anyOf: variants.map(schemaNode) }),
    ...(discriminator !== undefined && { discriminator: { propertyName: discriminator } }),
    ...(properties && {
      properties: Object.fromEntries(properties.map(({ name, schema: own }) => [name, schemaNode(own)])),
    }),
    ...(required.length > 0 && { required }),
    ...(additional !== undefined && { additionalProperties: additional === false ? false : schemaNode(additional) }),
  };
}

function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
