import type { PagingConvention } from "../apiConventions.ts";
import type {
  Confidence,
  Endpoint,
  Parameter,
  Property,
  RequestBody,
  ResponseShape,
  Schema,
  SourceSpan,
} from "../model.ts";
import type { AssumptionLedger, Inference } from "./assumptions.ts";
import {
  isUntyped,
  plainName,
  type TypingContext,
  withColumnTypes,
  withPageTypes,
  withParameterTypes,
  withUsualTypes,
} from "./columnTyping.ts";
import { type CorrectionContext, confidenceOf, correctedShape, refuse } from "./corrections.ts";
import { changeModel, creationModel, type WireName } from "./derivedModels.ts";
import { envelopeFor, withPaging } from "./listPages.ts";
import { conventionOf, fileType, isHealthPath, type OperationPurpose, purposeOf } from "./operationPurpose.ts";
import { nameOf, type Resource, sourceOf } from "./resources.ts";
import { parentColumns, type ResourceWalk } from "./resourceWalk.ts";
import { countedBy, shownInside, tally } from "./saidAnswers.ts";
import { shapeText } from "./shapeText.ts";
import { withShownResources } from "./shownResources.ts";

export interface EndpointContext extends CorrectionContext, TypingContext {
  readonly ledger: AssumptionLedger;
  readonly wire: WireName;
  /** The reference to the schema that shows the resource in answers. */
  readonly answerOf: (resource: Resource) => Schema | undefined;
  readonly detailOf: (resource: Resource, parts: readonly Resource[]) => Schema | undefined;
  readonly resources: readonly Resource[];
  readonly isSchema: (name: string) => boolean;
  /** How every list is paged that says nothing else. */
  readonly paging?: PagingConvention | undefined;
}

/** The endpoint with what its table or entity says about its body, its answer and its status. */
export function joinEndpoint(said: Endpoint, walk: ResourceWalk | undefined, context: EndpointContext): Endpoint {
  const { method, path } = said;
  const convention = conventionOf(method, path);
  const purpose =
    walk && (walk.resource.rest.length === 0 || !convention) ? purposeOf(method, walk.resource) : convention;
  const isList = method === "GET" && purpose?.answer === "many";
  const endpoint = isList && context.paging ? withPaging(said, context.paging) : said;
  const joining: EndpointJoining = { endpoint, walk, purpose, context };
  const request = joinedRequest(joining);
  return {
    ...endpoint,
    ...(walk && {
      resource: walk.resource,
      parameters: withParameterTypes(settledParameters(endpoint, context), walk.target, context),
    }),
    ...(request && { request }),
    responses: joinedResponses(joining),
  };
}

/** A document that says what lists can be sorted by leaves open how a request says so. */
function settledParameters({ id, name, method, path, source, parameters }: Endpoint, { ledger }: EndpointContext) {
  return parameters.map((parameter): Parameter => {
    if (parameter.confidence !== "inferred") return parameter;
    const settled = ledger.assume({
      id: `parameter:${method} ${path} ${parameter.name}`,
      kind: "request",
      element: id,
      source,
      value: parameter.name,
      text: `The order of ${name} is asked for with ?${parameter.name}=${(parameter.schema.enum ?? []).join(" | ")}.`,
    });
    return { ...parameter, name: settled.value, confidence: confidenceOf(settled) };
  });
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
  if (request && !isOpen) {
    const schema = walk ? withColumnTypes(request.schema, walk.target, context) : request.schema;
    return { ...request, schema: withUsualTypes(schema) };
  }
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
  if (!walk) return withUsualTypes(schema);
  const typed = withUsualTypes(withColumnTypes(schema, walk.target, context));
  return purpose?.answer === "many" ? withPageTypes(typed, walk.target, () => context.answerOf(walk.target)) : typed;
}

function inferredAnswer(joining: EndpointJoining): ShapeInference | undefined {
  const { endpoint, walk, purpose, context } = joining;
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
  return saidAnswer(endpoint, walk, context) ?? usualAnswer(joining);
}

/** What a sentence says of the answer, beside what is usual. */
function saidAnswer(endpoint: Endpoint, walk: ResourceWalk, context: EndpointContext): ShapeInference | undefined {
  if (endpoint.method !== "GET") return undefined;
  const { target, resource } = walk;
  const name = nameOf(target);
  const isOne = resource.steps.at(-1)?.parameter !== undefined || resource.steps.at(-1)?.own === true;
  const by = resource.rest.length > 0 && !isOne ? countedBy(endpoint, context.fieldsOf(target)) : undefined;
  if (by) return { schema: tally, text: `${endpoint.name} answers with a number for each ${by.name} of ${name}.` };
  const parts = isOne && resource.rest.length === 0 ? shownInside(endpoint, target, context.resources) : [];
  const schema = parts.length > 0 ? context.detailOf(target, parts) : undefined;
  const inside = parts.map(nameOf).join(", ");
  return schema && { schema, text: `${endpoint.name} answers with one of ${name} and its ${inside} inside.` };
}

function usualAnswer({ endpoint, walk, purpose, context }: EndpointJoining): ShapeInference | undefined {
  if (!walk || !purpose) return undefined;
  const shown = purpose.answer === "one" || purpose.answer === "many" ? context.answerOf(walk.target) : undefined;
  if (!shown) return undefined;
  const name = nameOf(walk.target);
  const envelope = envelopeFor(endpoint, context.paging);
  if (envelope && purpose.answer === "many") {
    const schema = withPageTypes(envelope, walk.target, () => shown);
    return { schema, text: `${endpoint.name} answers with pages of ${name}.`, basis: context.paging?.source };
  }
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
