import { codesIn, codesInText, isErrorCode } from "../errorCodes.ts";
import type { CodeUse } from "../fragment.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../json.ts";
import type { Endpoint, HttpMethod, Parameter, RequestBody, ResponseShape, Schema } from "../model.ts";
import type { AnswerHeaders } from "../schemaParts.ts";
import type { SecurityRequirement } from "../security.ts";
import { dereference, type OpenApiReader, type Resolved } from "./references.ts";
import { readSchema } from "./schemas.ts";

export const methods: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** An operation where it stands. Operation and path item may lie in another document than the path. */
export interface PlacedOperation {
  readonly origin: OpenApiReader;
  readonly template: string;
  readonly method: HttpMethod;
  readonly operation: Resolved;
  readonly pathItem: Resolved;
}

export function readOperation(placed: PlacedOperation, basePath: string): Endpoint {
  const { origin, template, method } = placed;
  const operation = placed.operation.value;
  const path = `${basePath}${template}`;
  const responses = readResponses(placed);
  const request = readRequest(placed.operation.reader, operation);
  const security = readSecurity(operation["security"] ?? origin.source.root["security"]);
  const tag = arrayAt(operation, "tags").find((item) => typeof item === "string");
  return {
    id: `endpoint:${method} ${path}`,
    kind: "endpoint",
    name: `${method} ${path}`,
    source: origin.source.spanOf(["paths", template, method.toLowerCase()]),
    confidence: "declared",
    method,
    path,
    ...text(operation, "operationId"),
    ...(typeof tag === "string" && { tag }),
    ...text(operation, "summary"),
    ...text(operation, "description"),
    parameters: readParameters(placed),
    ...(request && { request }),
    responses: responses.shapes,
    ...(security && { security }),
    errorCodes: responses.codes,
  };
}

function text<Key extends string>(value: JsonObject, key: Key): { readonly [K in Key]?: string } {
  const found = stringAt(value, key);
  return found === undefined ? {} : ({ [key]: found } as { readonly [K in Key]?: string });
}

function readParameters({ template, operation, pathItem }: PlacedOperation): Parameter[] {
  const parameters = new Map<string, Parameter>();
  for (const { reader, value } of [pathItem, operation]) {
    for (const item of arrayAt(value, "parameters")) {
      const parameter = readParameter(reader, item);
      if (parameter) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
    }
  }
  for (const [, name = ""] of template.matchAll(/\{([^{}]+)\}/g)) {
    const key = `path ${name}`;
    if (!parameters.has(key)) parameters.set(key, { name, in: "path", required: true, schema: { type: "string" } });
  }
  return [...parameters.values()];
}

const places: readonly Parameter["in"][] = ["path", "query", "header", "cookie"];

function readParameter(reader: OpenApiReader, value: unknown): Parameter | undefined {
  const resolved = dereference(reader, value);
  const name = resolved && stringAt(resolved.value, "name");
  const place = places.find((candidate) => candidate === resolved?.value["in"]);
  if (!resolved || name === undefined || !place) return undefined;
  const schema = resolved.value["schema"] ?? Object.values(objectAt(resolved.value, "content")).map(schemaOf)[0];
  return {
    name,
    in: place,
    required: place === "path" || resolved.value["required"] === true,
    schema: readSchema(resolved.reader, schema),
    ...text(resolved.value, "description"),
  };
}

function schemaOf(media: unknown): unknown {
  return isObject(media) ? media["schema"] : undefined;
}

function readRequest(reader: OpenApiReader, operation: JsonObject): RequestBody | undefined {
  const resolved = dereference(reader, operation["requestBody"]);
  const media = resolved && preferredMedia(resolved.value);
  if (!resolved || !media) return undefined;
  return {
    contentType: media.contentType,
    required: resolved.value["required"] !== false,
    schema: readSchema(resolved.reader, media.value["schema"]),
    ...partTypes(objectAt(media.value, "encoding")),
  };
}

function partTypes(encoding: JsonObject): Pick<RequestBody, "partTypes"> {
  const types = Object.keys(encoding).flatMap((part): (readonly [string, readonly string[]])[] => {
    const named = (stringAt(objectAt(encoding, part), "contentType") ?? "").split(",").map((type) => type.trim());
    const known = named.filter((type) => /^[\w.+-]+\/[\w.+*-]+$/.test(type));
    return known.length > 0 ? [[part, known]] : [];
  });
  return types.length > 0 ? { partTypes: Object.fromEntries(types) } : {};
}

function preferredMedia(value: JsonObject): { readonly contentType: string; readonly value: JsonObject } | undefined {
  const content = objectAt(value, "content");
  const types = Object.keys(content);
  const contentType =
    types.find((type) => /^application\/json\b/.test(type)) ?? types.find((type) => /json/.test(type)) ?? types[0];
  return contentType === undefined ? undefined : { contentType, value: objectAt(content, contentType) };
}

function readResponses(placed: PlacedOperation): { shapes: ResponseShape[]; codes: string[] } {
  const { origin, operation } = placed;
  const shapes: ResponseShape[] = [];
  const codes = new Set<string>();
  for (const [key, value] of Object.entries(objectAt(operation.value, "responses"))) {
    const resolved = dereference(operation.reader, value);
    const status = statusOf(key);
    if (!resolved) continue;
    if (status !== undefined) shapes.push(readResponse(resolved.reader, resolved.value, status));
    if (status !== undefined && status < 400) continue;
    const own = resolved.keys.length > 0 ? resolved.keys : [...keysOf(placed), "responses", key];
    for (const use of codeUses(resolved, own, status)) {
      codes.add(use.code);
      origin.into.codeUses.push(use);
    }
  }
  for (const code of arrayAt(operation.value, "x-error-codes")) if (isErrorCode(code)) codes.add(code);
  return { shapes, codes: [...codes] };
}

function codeUses({ reader, value }: Resolved, keys: readonly string[], status: number | undefined): CodeUse[] {
  return responseCodes(reader, value).map((code) => ({
    code,
    ...(status !== undefined && { status }),
    source: reader.source.spanNaming(keys, code),
  }));
}

function keysOf({ template, method, operation }: PlacedOperation): readonly string[] {
  return operation.keys.length > 0 ? operation.keys : ["paths", template, method.toLowerCase()];
}

/** `4XX` counts as 400; `default` has no status of its own. */
function statusOf(key: string): number | undefined {
  if (/^[1-5]\d\d$/.test(key)) return Number(key);
  return /^[1-5]XX$/i.test(key) ? Number(key[0]) * 100 : undefined;
}

function readResponse(reader: OpenApiReader, value: JsonObject, status: number): ResponseShape {
  const media = preferredMedia(value);
  return {
    status,
    ...text(value, "description"),
    ...(media && { contentType: media.contentType }),
    ...(media && media.value["schema"] !== undefined && { schema: readSchema(reader, media.value["schema"]) }),
    ...readHeaders(reader, objectAt(value, "headers")),
  };
}

function readHeaders(reader: OpenApiReader, value: JsonObject): AnswerHeaders {
  const headers = Object.keys(value);
  const typed = headers.flatMap((name): (readonly [string, Schema])[] => {
    const header = dereference(reader, value[name]);
    const schema = header && readSchema(header.reader, header.value["schema"]);
    return schema && Object.keys(schema).length + Number(schema.type !== "string") > 1 ? [[name, schema]] : [];
  });
  return {
    ...(headers.length > 0 && { headers }),
    ...(typed.length > 0 && { headerSchemas: Object.fromEntries(typed) }),
  };
}

/** Codes in the examples of an error response, in its schema's example, and in its description. */
function responseCodes(reader: OpenApiReader, value: JsonObject): string[] {
  const media = preferredMedia(value)?.value ?? {};
  const examples = Object.values(objectAt(media, "examples")).map(
    (example) => dereference(reader, example)?.value["value"],
  );
  const schema = dereference(reader, media["schema"])?.value;
  const samples = [media["example"], ...examples, schema?.["example"]];
  const fromExamples = samples.flatMap(codesIn);
  return fromExamples.length > 0 ? fromExamples : codesInDescription(stringAt(value, "description") ?? "");
}

/** A description may also name the setting behind a limit: `RATE_LIMIT_RPM`, `OAUTH_CLIENT_ID`. */
function codesInDescription(description: string): string[] {
  return codesInText(description).filter((code) => !setting.test(code) || fault.test(code));
}

const setting = /_(?:ID|RPM|RPS|URL|URI|KEY|SECRET|TTL|ENABLED|PATH|HOST|PORT|DIR|DAYS|SECONDS|MS)$/;
const fault = /INVALID|MISSING|NOT|DUPLICATE|EXPIRED|UNKNOWN|FAILED|REQUIRED|EXISTS|TAKEN|CONFLICT|BAD|REVOKED/;

/** Undefined when the document says nothing; empty when the operation is public. */
export function readSecurity(value: unknown): SecurityRequirement[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isObject).flatMap((requirement) =>
    Object.entries(requirement).map(([scheme, scopes]) => ({
      scheme,
      scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    })),
  );
}
