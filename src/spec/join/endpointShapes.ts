import type { Confidence, DesignSpec, Endpoint, Schema } from "../model.ts";

/** How sure the body and the answer of an endpoint are; `none` where there is nothing to describe. */
export interface EndpointShapes {
  readonly request: Confidence | "none";
  readonly answer: Confidence | "none";
}

/**
 * Of every endpoint, in their order. A body belongs to POST, PUT and PATCH; an answer to everything that is not answered with 204 and is
 * no deletion without a described answer. A shape without a single typed value is as good as missing.
 */
export function endpointShapes({ api }: DesignSpec): readonly EndpointShapes[] {
  const schemas = new Map(api.schemas.map(({ name, schema }) => [name, schema]));
  return api.endpoints.map((endpoint) => ({
    request: requestOf(endpoint, schemas),
    answer: answerOf(endpoint, schemas),
  }));
}

/** Whether nothing about the shapes of the endpoint is missing. */
export function isTyped({ request, answer }: EndpointShapes): boolean {
  return request !== "missing" && answer !== "missing";
}

type Schemas = ReadonlyMap<string, Schema>;

function requestOf({ method, request }: Endpoint, schemas: Schemas): EndpointShapes["request"] {
  if (method !== "POST" && method !== "PUT" && method !== "PATCH") return "none";
  if (!request) return "missing";
  if (isEmptyObject(request.schema) && request.confidence !== undefined) return request.confidence;
  return hasTypes(request.schema, schemas) || !isJson(request.contentType)
    ? (request.confidence ?? "declared")
    : "missing";
}

function answerOf({ method, responses }: Endpoint, schemas: Schemas): EndpointShapes["answer"] {
  const success = responses.find(({ status }) => status >= 200 && status < 300);
  const isBodyless = success?.status === 204 || success?.status === 205 || method === "HEAD";
  if (isBodyless || (method === "DELETE" && !success?.schema)) return "none";
  if (success?.schema && hasTypes(success.schema, schemas)) return success.confidence ?? "declared";
  const isFile = success?.contentType !== undefined && !isJson(success.contentType);
  return isFile ? (success.confidence ?? "declared") : "missing";
}

function isJson(contentType: string): boolean {
  return /json|^\*\/\*$|^$/.test(contentType);
}

function isEmptyObject({ type, properties }: Schema): boolean {
  return type === "object" && properties?.length === 0;
}

function hasTypes(schema: Schema, schemas: Schemas, depth = 0): boolean {
  if (depth > 6) return false;
  const inner = (part: Schema | undefined): boolean => part !== undefined && hasTypes(part, schemas, depth + 1);
  switch (schema.type) {
    case "ref":
      return inner(schemas.get(schema.ref ?? ""));
    case "any":
      return schema.enum !== undefined || schema.format !== undefined;
    case "array":
      return inner(schema.items);
    case "object":
      return (
        (schema.properties ?? []).some((property) => inner(property.schema)) || inner(schema.additional || undefined)
      );
    case "union":
      return (schema.variants ?? []).some(inner);
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return true;
  }
}
