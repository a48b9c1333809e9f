import { readEnvelope } from "../envelope.ts";
import type { ApiDesign, ErrorEnvelope, JsonValue, ResponseShape, Schema } from "../model.ts";

/** The error body that most error responses of the contract have; for designs without an error document. */
export function contractEnvelope(api: ApiDesign): ErrorEnvelope | undefined {
  const uses = new Map<string, { count: number; readonly response: ResponseShape; readonly endpoint: number }>();
  for (const [endpoint, { responses }] of api.endpoints.entries()) {
    for (const response of responses.filter((candidate) => candidate.status >= 400 && candidate.schema)) {
      const key = JSON.stringify(response.schema);
      const use = uses.get(key);
      if (use) use.count++;
      else uses.set(key, { count: 1, response, endpoint });
    }
  }
  const [most] = [...uses.values()].sort((left, right) => right.count - left.count);
  const schema = most?.response.schema;
  const source = most && api.endpoints[most.endpoint]?.source;
  if (!schema || !source) return undefined;
  const envelope = readEnvelope(sampleOf(api, schema, 0), source, most.response.contentType);
  return envelope && { ...envelope, confidence: "inferred" };
}

/** A value of the shape, for the reader of examples. */
function sampleOf(api: ApiDesign, schema: Schema, depth: number): JsonValue {
  if (depth > 5) return null;
  const [only] = schema.enum ?? [];
  if (only !== undefined && schema.enum?.length === 1) return only;
  switch (schema.type) {
    case "ref": {
      const target = api.schemas.find((candidate) => candidate.name === schema.ref);
      return target ? sampleOf(api, target.schema, depth + 1) : null;
    }
    case "object":
      return Object.fromEntries(
        (schema.properties ?? []).map(({ name, schema: own }) => [name, sampleOf(api, own, depth + 1)]),
      );
    case "array":
      return [];
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return schema.format === "date-time" ? "2026-01-01T00:00:00Z" : "text";
  }
}
