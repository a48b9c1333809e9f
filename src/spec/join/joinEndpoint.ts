import type { Confidence, Endpoint, Property, RequestBody, ResponseShape, Schema, SourceSpan } from "../model.ts";
import type { AssumptionLedger, Inference } from "./assumptions.ts";
import {
  isUntyped,
  plainName,
  type TypingContext,
  withColumnTypes,
  withPageTypes,
  withParameterTypes,
} from "./columnTyping.ts";
import { type CorrectionContext, confidenceOf, correctedShape, refuse } from "./corrections.ts";
import { changeModel, creationModel, type WireName } from "./derivedModels.ts";
import { conventionOf, fileType, isHealthPath, type OperationPurpose, purposeOf } from "./operationPurpose.ts";
import { nameOf, type Resource, sourceOf } from "./resources.ts";
import { parentColumns, type ResourceWalk } from "./resourceWalk.ts";
import { shapeText } from "./shapeText.ts";
import { withShownResources } from "./shownResources.ts";

export interface EndpointContext extends CorrectionContext, TypingContext {
  readonly ledger: AssumptionLedger;
  readonly wire: WireName;
  /** The reference to the schema that shows the resource in answers. */
  readonly answerOf: (resource: Resource) => Schema | undefined;
  readonly isSchema: (name: string) => boolean;
}

/** The endpoint with what its table or entity says about its body, its answer and its status. */
export function joinEndpoint(endpoint: Endpoint, walk: ResourceWalk | undefined, context: EndpointContext): Endpoint {
  const { method, path } = endpoint;
  const convention = conventionOf(method, path);
  const purpose =
    walk && (walk.resource.rest.length === 0 || !convention) ? purposeOf(method, walk.resource) : convention;
  const joining: EndpointJoining = { endpoint, walk, purpose, context };
  const request = joinedRequest(joining);
  return {
    ...endpoint,
    ...(walk && {
      resource: walk.resource,
      parameters: withParameterTypes(endpoint.parameters, walk.target, context),
    }),
    ...(request && { request }),
    responses: joinedResponses(joining),
  };
}

interface EndpointJoining {
  readonly endpoint: Endpoint;
  readonly walk: ResourceWalk | undefined;
  readonly purpose: OperationPurpose | undefined;
  readonly context: EndpointContext;
}

const writing = new Set(["POST", "PUT", "PATCH"]);

function joinedRequest(joining: EndpointJoining): RequestBody | undefined {
  const { endpoint, walk, context } = joining;
  const { request } = endpoint;
  const isOpen = request && isUntyped(request.schema) && inferredRequest(joining) !== undefined;
  if (request && !isOpen)
    return walk ? { ...request, schema: withColumnTypes(request.schema, walk.target, context) } : request;
  if (!writing.has(endpoint.method)) return undefined;
  const settled = settledShape(joining, "request", inferredRequest(joining));
  if (!settled) return undefined;
  return { required: (settled.schema.properties ?? []).length > 0, ...settled };
}

function inferredRequest(joining: EndpointJoining): ShapeInference | undefined {
  const { endpoint, walk, purpose, context } = joining;
  if (purpose?.body === "none") {
    const schema: Schema = { type: "object", properties: [] };
    return { schema, text: `The path of ${endpoint.name} says what happens, so the request needs no body.` };
  }
  if (!walk || !purpose) return undefined;
  if (purpose.body === "unknown") return partOf(joining);
  const name = nameOf(walk.target);
  const fields = context.fieldsOf(walk.target);
  const schema =
    purpose.body === "create"
      ? creationModel(fields, context.wire, parentColumns(walk))
      : changeModel(fields, context.wire);
  if ((schema.properties ?? []).length === 0) return undefined;
  const what =
    purpose.body === "create"
      ? "without key, defaults of the database, and what path and token give"
      : "each of them optional";
  return {
    schema,
    text: `The body of ${endpoint.name} has what ${name} is made of, ${what}.`,
    basis: sourceOf(walk.target),
  };
}

/** `PATCH /orders/{id}/status` gives one value of the row. */
function partOf({ endpoint, walk, context }: EndpointJoining): ShapeInference | undefined {
  const [word, ...more] = walk?.resource.rest ?? [];
  if (!walk || word === undefined || more.length > 0) return undefined;
  const field = context
    .fieldsOf(walk.target)
    .find((part) => part.changeable && plainName(part.name) === plainName(word));
  if (!field) return undefined;
  const property: Property = { name: context.wire(field.name), required: true, schema: field.schema };
  return {
    schema: { type: "object", properties: [property] },
    text: `The body of ${endpoint.name} has the new ${field.name} of ${nameOf(walk.target)}.`,
    basis: sourceOf(walk.target),
  };
}

function joinedResponses(joining: EndpointJoining): readonly ResponseShape[] {
  const { endpoint } = joining;
  const success = endpoint.responses.find(({ status }) => status >= 200 && status < 300);
  const others = endpoint.responses.filter((response) => response !== success);
  if (success?.schema) {
    const schema = typedAnswer(success.schema, joining);
    return endpoint.responses.map((response) => (response === success ? { ...success, schema } : response));
  }
  if (success?.contentType !== undefined && !/json/.test(success.contentType)) return endpoint.responses;
  const status = success?.status ?? inferredStatus(joining);
  if (status === undefined) return endpoint.responses;
  const bodyless = status === 204 || status === 205;
  const settled = bodyless ? undefined : settledShape(joining, "answer", inferredAnswer(joining));
  const confidence: Confidence = settled?.confidence ?? "inferred";
  if (success && !settled) return endpoint.responses;
  const joined: ResponseShape = {
    ...success,
    status,
    ...(settled && { contentType: settled.contentType, schema: settled.schema }),
    confidence,
  };
  return [joined, ...others].sort((left, right) => left.status - right.status);
}

function typedAnswer(said: Schema, { walk, purpose, context }: EndpointJoining): Schema {
  const schema = withShownResources(said, context);
  if (!walk) return schema;
  const typed = withColumnTypes(schema, walk.target, context);
  return purpose?.answer === "many" ? withPageTypes(typed, walk.target, () => context.answerOf(walk.target)) : typed;
}

function inferredAnswer({ endpoint, walk, purpose, context }: EndpointJoining): ShapeInference | undefined {
  const file = endpoint.method === "GET" ? fileType(endpoint.path) : undefined;
  if (file !== undefined) {
    return {
      schema: { type: "string", format: "binary" },
      contentType: file,
      text: `${endpoint.name} answers with a file (${file}).`,
    };
  }
  if (endpoint.method === "GET" && !walk && isHealthPath(endpoint.path)) {
    const status: Property = { name: "status", required: true, schema: { type: "string" } };
    return { schema: { type: "object", properties: [status] }, text: `${endpoint.name} answers with its status.` };
  }
  if (!walk || !purpose) return undefined;
  const shown = purpose.answer === "one" || purpose.answer === "many" ? context.answerOf(walk.target) : undefined;
  if (!shown) return undefined;
  const name = nameOf(walk.target);
  return purpose.answer === "many"
    ? {
        schema: { type: "array", items: shown },
        text: `${endpoint.name} answers with a list of ${name}.`,
        basis: sourceOf(walk.target),
      }
    : { schema: shown, text: `${endpoint.name} answers with one of ${name}.`, basis: sourceOf(walk.target) };
}

function inferredStatus({ endpoint, purpose, context }: EndpointJoining): number | undefined {
  const id = `status:${endpoint.method} ${endpoint.path}`;
  const decided = context.decisions.byId.get(id)?.corrected;
  if (!purpose && decided === undefined) return undefined;
  const usual = purpose?.status ?? 200;
  const { value } = context.ledger.assume({
    id,
    kind: "status",
    element: endpoint.id,
    source: endpoint.source,
    value: String(usual),
    text: `${endpoint.name} succeeds with ${usual}; the contract gives no status.`,
  });
  const status = Number(value);
  if (Number.isInteger(status) && status >= 200 && status < 300) return status;
  refuse(context, id, `${value} is no status of success; write a number from 200 to 299`);
  return usual;
}

interface ShapeInference {
  readonly schema: Schema;
  /** JSON when undefined. */
  readonly contentType?: string;
  readonly text: string;
  readonly basis?: SourceSpan | undefined;
}

interface SettledShape {
  readonly schema: Schema;
  readonly contentType: string;
  readonly confidence: Confidence;
}

const json = "application/json";

/** The inferred shape or the user's; undefined when there is neither, or the user says "none". */
function settledShape(
  { endpoint, context }: EndpointJoining,
  kind: "request" | "answer",
  inferred: ShapeInference | undefined,
): SettledShape | undefined {
  const id = `${kind}:${endpoint.method} ${endpoint.path}`;
  if (!inferred && context.decisions.byId.get(id)?.corrected === undefined) return undefined;
  const inference: Inference = {
    id,
    kind,
    element: endpoint.id,
    source: endpoint.source,
    value: inferred ? shapeText(inferred.schema) : "none",
    text: inferred?.text ?? `No document describes the ${kind === "request" ? "body" : "answer"} of ${endpoint.name}.`,
    ...(inferred?.basis && { basis: inferred.basis }),
  };
  const assumption = context.ledger.assume(inference);
  const taken = inferred && { schema: inferred.schema, contentType: inferred.contentType ?? json };
  if (assumption.state !== "corrected") return taken && { ...taken, confidence: confidenceOf(assumption) };
  if (/^none$/i.test(assumption.value)) return undefined;
  const schema = correctedShape(assumption.value, context.isSchema);
  if (schema) return { schema, contentType: json, confidence: "declared" };
  refuse(context, id, "it is no shape that can be read; write it like { name: string; note?: string }");
  return taken && { ...taken, confidence: "inferred" };
}
