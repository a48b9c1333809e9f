import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../json.ts";

/**
 * A Swagger 2.0 document as the OpenAPI 3.0 document that says the same, so that there is one reader;
 * every other document unchanged. Spans still ask for the old places, see {@link swaggerKeys}.
 */
export function asOpenApi(root: JsonObject): JsonObject {
  if (!/^2/.test(String(root["swagger"] ?? ""))) return root;
  const { swagger: _, ...rest } = root;
  const moved = withMovedReferences(rest);
  const document = isObject(moved) ? moved : {};
  const shared = objectAt(document, "parameters");
  return {
    ...document,
    openapi: "3.0.3",
    servers: [{ url: stringAt(document, "basePath") ?? "" }],
    paths: mapValues(objectAt(document, "paths"), (item) => pathItem(document, shared, item)),
    components: {
      schemas: objectAt(document, "definitions"),
      parameters: mapValues(shared, parameter),
      responses: mapValues(objectAt(document, "responses"), (response) => responseOf(document, response)),
      securitySchemes: mapValues(objectAt(document, "securityDefinitions"), (scheme) =>
        scheme["type"] === "basic" ? { type: "http", scheme: "basic" } : scheme,
      ),
    },
  };
}

const places: readonly (readonly [string, string])[] = [
  ["definitions", "schemas"],
  ["parameters", "parameters"],
  ["responses", "responses"],
  ["securityDefinitions", "securitySchemes"],
];

/** Where a part of the converted document stands in the Swagger text. */
export function swaggerKeys(keys: readonly string[]): readonly string[] {
  const [components, group, ...rest] = keys;
  const place = places.find(([, name]) => name === group);
  return components === "components" && place ? [place[0], ...rest] : keys;
}

/** References nest no deeper than the document, and that has a bound of its own. */
function withMovedReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMovedReferences);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "$ref" && typeof item === "string" ? movedReference(item) : withMovedReferences(item),
    ]),
  );
}

function movedReference(reference: string): string {
  for (const [from, to] of places) {
    if (reference.startsWith(`#/${from}/`)) return reference.replace(`#/${from}/`, `#/components/${to}/`);
  }
  return reference;
}

function mapValues(value: JsonObject, change: (item: JsonObject) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isObject(item) ? change(item) : item]));
}

const verbs = new Set(["get", "put", "post", "delete", "options", "head", "patch"]);

function pathItem(document: JsonObject, shared: JsonObject, item: JsonObject): JsonObject {
  const common = arrayAt(item, "parameters").map((value) => resolved(shared, value));
  const entries = Object.entries(item).map(([key, value]): [string, unknown] => {
    if (key === "parameters") return [key, common.filter(isPlaced).map(parameter)];
    return [key, verbs.has(key) && isObject(value) ? operation(document, shared, value, common) : value];
  });
  return Object.fromEntries(entries);
}

/** Body parameters have to be seen through their reference: they become the request body. */
function resolved(shared: JsonObject, value: unknown): JsonObject {
  const reference = isObject(value) ? stringAt(value, "$ref") : undefined;
  const name = /^#\/components\/parameters\/(.+)$/.exec(reference ?? "")?.[1];
  if (name !== undefined) return objectAt(shared, name);
  return isObject(value) ? value : {};
}

function isPlaced(value: JsonObject): boolean {
  return value["in"] !== "body" && value["in"] !== "formData";
}

function operation(
  document: JsonObject,
  shared: JsonObject,
  value: JsonObject,
  common: readonly JsonObject[],
): JsonObject {
  const own = arrayAt(value, "parameters").map((item) => resolved(shared, item));
  const request = requestBody([...common, ...own], mediaTypes(document, value, "consumes"));
  return {
    ...value,
    parameters: own.filter(isPlaced).map(parameter),
    ...(request && { requestBody: request }),
    responses: mapValues(objectAt(value, "responses"), (response) => responseOf(document, response, value)),
  };
}

function mediaTypes(document: JsonObject, value: JsonObject, key: "consumes" | "produces"): readonly string[] {
  const types = value[key] === undefined ? arrayAt(document, key) : arrayAt(value, key);
  return types.filter((type) => typeof type === "string");
}

const schemaKeys = new Set(
  "type format items enum default minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern minItems maxItems multipleOf".split(
    " ",
  ),
);

/** The type of a Swagger parameter stands beside its name; `file` is a binary text. */
function parameterSchema(value: JsonObject): JsonObject {
  if (value["type"] === "file") return { type: "string", format: "binary" };
  return Object.fromEntries(Object.entries(value).filter(([key]) => schemaKeys.has(key)));
}

function parameter(value: JsonObject): JsonObject {
  return value["$ref"] !== undefined || value["in"] === "body" ? value : { ...value, schema: parameterSchema(value) };
}

function requestBody(parameters: readonly JsonObject[], consumes: readonly string[]): JsonObject | undefined {
  const body = parameters.find((item) => item["in"] === "body");
  if (body) {
    const type = consumes.find((item) => /json/.test(item)) ?? consumes[0] ?? "application/json";
    return { required: body["required"] === true, content: { [type]: { schema: body["schema"] } } };
  }
  const fields = parameters.filter((item) => item["in"] === "formData");
  if (fields.length === 0) return undefined;
  const hasFile = fields.some((field) => field["type"] === "file");
  const form = hasFile ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const schema = {
    type: "object",
    required: fields.filter((field) => field["required"] === true).map((field) => field["name"]),
    properties: Object.fromEntries(fields.map((field) => [String(field["name"]), parameterSchema(field)])),
  };
  const type = consumes.find((item) => /form/.test(item) && (!hasFile || /multipart/.test(item))) ?? form;
  return { required: fields.some((field) => field["required"] === true), content: { [type]: { schema } } };
}

function responseOf(document: JsonObject, value: JsonObject, owner: JsonObject = {}): JsonObject {
  const produces = mediaTypes(document, owner, "produces");
  const type = produces.find((item) => /json/.test(item)) ?? produces[0] ?? "application/json";
  const example = objectAt(value, "examples")[type];
  if (value["schema"] === undefined && example === undefined) return value;
  return { ...value, content: { [type]: { schema: value["schema"], ...(example !== undefined && { example }) } } };
}
