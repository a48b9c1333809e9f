import type { Property, Schema } from "../spec/model.ts";
import { capitalize, pascalCase, words } from "../support/words.ts";
import type { ModelField, ModelPlan, OperationPlan, PagingPlan, ResponsePlan, ResponseShape } from "./apiPlan.ts";
import { annotate, buildModel, isNullable, represents } from "./apiSchemas.ts";
import { isPayloadName, matchField } from "./fieldMatching.ts";
import { assume, modelName, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, PythonImport } from "./plan.ts";
import { importsFrom, stringLiteral } from "./python.ts";
import { pythonLiteral } from "./wireTypes.ts";

/** What an answer is made of. */
export interface AnswerSource {
  readonly kind: "entity" | "entities" | "nothing" | "health";
  readonly aggregate?: AggregatePlan;
  readonly paging?: PagingPlan;
  /** Name of the operation, which inline models are named after. */
  readonly name: string;
  /** What the route knows besides, by the words of the property: the answer is then an envelope. */
  readonly values?: Readonly<Record<string, string>>;
  /** What it knows of the rows that it has written. */
  readonly bulk?: BulkAnswer;
}

/** Python expressions by the words of the property that holds them. */
export interface BulkAnswer {
  readonly counts: Readonly<Record<string, string>>;
  /** For a property that lists keys. */
  readonly keys: Readonly<Record<string, string>>;
}

/** The answer of the contract, made of what the service gives; undefined when it has no body. */
export function planResponse(draft: OperationDraft, source: AnswerSource): ResponsePlan | undefined {
  const success = successResponse(draft.endpoint.responses);
  const described = success?.schema;
  if (success?.contentType && !/json/.test(success.contentType)) {
    draft.gaps.push(`answers of type ${success.contentType} need a rule that says what they hold`);
    return undefined;
  }
  if (!described) {
    if (source.kind !== "nothing" && source.kind !== "health" && success?.status !== 204 && success?.status !== 202) {
      draft.gaps.push("no document describes the answer");
    }
    return undefined;
  }
  const shape = shapeOf(draft, described, source, `${pascalCase(source.name)}Response`);
  return shape && planOf(draft, shape);
}

export function successResponse(
  responses: OperationPlan["endpoint"]["responses"],
): OperationPlan["endpoint"]["responses"][number] | undefined {
  return responses.find(({ status }) => status >= 200 && status < 300);
}

function planOf(draft: OperationDraft, shape: ResponseShape): ResponsePlan | undefined {
  if (shape.kind === "value") return { annotation: "Any", imports: importsFrom("typing", "Any"), shape };
  const model = draft.models.get(shape.model);
  if (!model) return undefined;
  const imports = importsFrom(`app.api.schemas.${model.module}`, model.name);
  return { annotation: shape.kind === "entities" ? `list[${model.name}]` : model.name, imports, shape };
}

function shapeOf(
  draft: OperationDraft,
  described: Schema,
  source: AnswerSource,
  name: string,
): ResponseShape | undefined {
  const schema = resolveSchema(draft.spec, described);
  const { aggregate } = source;
  if (schema.type === "array" && source.kind === "entities" && aggregate) {
    const item = buildModel(draft, { schema: schema.items ?? { type: "any" }, direction: "response", name, aggregate });
    return { kind: "entities", model: item.name };
  }
  const mayBeEntity = source.kind === "entity" && source.values === undefined;
  if (schema.type === "object" && aggregate && mayBeEntity && isEntity(draft, described, aggregate)) {
    const model = buildModel(draft, { schema: described, direction: "response", name, aggregate });
    return { kind: "entity", model: model.name };
  }
  if (schema.type === "object") return objectShape(draft, described, source, name);
  draft.gaps.push(`the answer is neither the ${aggregate?.className ?? "resource"} nor an envelope around it`);
  return undefined;
}

/** Like the aggregate, and not an envelope that has something more like it inside. */
function isEntity(draft: OperationDraft, schema: Schema, aggregate: AggregatePlan): boolean {
  const inner = (resolveSchema(draft.spec, schema).properties ?? []).some(
    (property) =>
      resolveSchema(draft.spec, property.schema).type === "object" && represents(draft, property.schema, aggregate),
  );
  return represents(draft, schema, aggregate) || !inner;
}

function objectShape(
  draft: OperationDraft,
  described: Schema,
  source: AnswerSource,
  name: string,
): ResponseShape | undefined {
  const schema = resolveSchema(draft.spec, described);
  const reference = described.type === "ref" ? described.ref : undefined;
  const wanted = modelName(draft, reference ?? name, "response");
  const parts = (schema.properties ?? []).flatMap((property) => partOf(draft, property, source, wanted));
  const existing = draft.models.get(wanted);
  const fields = parts.map(({ field }) => field);
  const model: ModelPlan = existing ?? {
    name: wanted,
    module: source.aggregate?.module ?? draft.module,
    direction: "response",
    summary: schema.description ?? `Answer of \`\`${draft.endpoint.method} ${draft.endpoint.path}\`\``,
    fields,
  };
  draft.models.set(wanted, model);
  if (source.kind === "entities" && !parts.some(({ shape }) => holdsPayload(shape))) {
    draft.gaps.push(`the answer has no array that holds the rows of ${source.aggregate?.table.name ?? "the list"}`);
  }
  return { kind: "object", model: wanted, fields: parts.map(({ field, shape }) => ({ name: field.name, shape })) };
}

function holdsPayload(shape: ResponseShape): boolean {
  return shape.kind === "object" ? shape.fields.some((field) => holdsPayload(field.shape)) : shape.kind !== "value";
}

interface AnswerPart {
  readonly field: ModelField;
  readonly shape: ResponseShape;
}

function partOf(
  draft: OperationDraft,
  property: Property,
  source: AnswerSource,
  parent: string,
): readonly AnswerPart[] {
  const schema = resolveSchema(draft.spec, property.schema);
  const name = `${parent} ${property.name}`;
  const payload = payloadOf(draft, property, source, name);
  if (payload) return [payload];
  const known = envelopeValue(schema, property, source) ?? saidOf(draft, property, source);
  if (known) return [valuePart(draft, property, known)];
  if (isFilledPart(draft, property, source)) return nestedPart(draft, property, source, name);
  if (isNullable(draft, property.schema)) return [valuePart(draft, property, { expression: "None", imports: [] })];
  if (property.required) draft.gaps.push(`nothing gives the property ${property.name} of the answer`);
  else if (source.kind !== "health") {
    assume(draft, `The optional property ${property.name} of the answer has no source and is left out.`);
  }
  return [];
}

/** Whether an object inside the envelope, which is no payload, can be filled. */
function isFilledPart(draft: OperationDraft, property: Property, source: AnswerSource): boolean {
  const schema = resolveSchema(draft.spec, property.schema);
  if (schema.type !== "object" || (schema.properties?.length ?? 0) === 0) return false;
  return source.kind === "health"
    ? isCheckedPart(property.name)
    : property.required || hasKnownValue(draft, schema, source);
}

function nestedPart(
  draft: OperationDraft,
  property: Property,
  source: AnswerSource,
  name: string,
): readonly AnswerPart[] {
  const shape = objectShape(draft, property.schema, { ...source, kind: innerKind(source) }, name);
  const model = shape?.kind === "object" ? draft.models.get(shape.model) : undefined;
  return shape && model && model.fields.length > 0 ? [{ field: modelField(property, model, false), shape }] : [];
}

/** Inside a part of an envelope that is not the payload, no payload is looked for again. */
function innerKind({ kind }: AnswerSource): AnswerSource["kind"] {
  return kind === "entities" || kind === "entity" ? "nothing" : kind;
}

/** A health check vouches for the database only; what else the contract lists is left out. */
function isCheckedPart(name: string): boolean {
  return /^(?:database|db|postgres|postgresql|checks|components|dependencies|services|details|data)$/i.test(name);
}

function hasKnownValue(draft: OperationDraft, schema: Schema, source: AnswerSource): boolean {
  return (schema.properties ?? []).some(
    (property) => envelopeValue(resolveSchema(draft.spec, property.schema), property, source) !== undefined,
  );
}

function payloadOf(
  draft: OperationDraft,
  property: Property,
  source: AnswerSource,
  name: string,
): AnswerPart | undefined {
  const schema = resolveSchema(draft.spec, property.schema);
  const { aggregate, kind } = source;
  if (!aggregate) return undefined;
  if (kind === "entities" && schema.type === "array" && schema.items) {
    const items = resolveSchema(draft.spec, schema.items);
    if (items.type !== "object" || !(represents(draft, items, aggregate) || isPayloadName(property.name)))
      return undefined;
    const model = buildModel(draft, { schema: schema.items, direction: "response", name, aggregate });
    return { field: modelField(property, model, true), shape: { kind: "entities", model: model.name } };
  }
  if (schema.type !== "object") return undefined;
  if (kind === "entity" && (represents(draft, property.schema, aggregate) || isPayloadName(property.name))) {
    const model = buildModel(draft, { schema: property.schema, direction: "response", name, aggregate });
    return { field: modelField(property, model, false), shape: { kind: "entity", model: model.name } };
  }
  const nested = kind === "entities" && isPayloadName(property.name);
  const shape = nested ? objectShape(draft, property.schema, source, name) : undefined;
  const model = shape?.kind === "object" ? draft.models.get(shape.model) : undefined;
  return shape && model && { field: modelField(property, model, false), shape };
}

function modelField(property: Property, model: ModelPlan, many: boolean): ModelField {
  return {
    name: pythonName(property.name),
    wire: property.name,
    annotation: many ? `list[${model.name}]` : model.name,
    imports: importsFrom(`app.api.schemas.${model.module}`, model.name),
    arguments: [],
    omittable: false,
  };
}

interface KnownValue {
  readonly expression: string;
  readonly imports: readonly PythonImport[];
}

function valuePart(draft: OperationDraft, property: Property, value: KnownValue): AnswerPart {
  const request = { schema: property.schema, direction: "response" as const, name: property.name };
  const { annotation, imports } = annotate(draft, request);
  const nullable = isNullable(draft, property.schema);
  const mayMiss = value.expression.startsWith("next_cursor(") && !nullable;
  if (mayMiss && property.required) draft.gaps.push(`${property.name} is required, and the last page has none`);
  const field: ModelField = {
    name: pythonName(property.name),
    wire: property.name,
    annotation: nullable || mayMiss ? `${annotation} | None` : annotation,
    imports,
    arguments: [],
    omittable: mayMiss,
    ...(mayMiss && { default: "None" }),
  };
  return { field, shape: { kind: "value", ...value } };
}

function writtenValue({ type, items }: Schema, name: string, { counts, keys }: BulkAnswer): string | undefined {
  if (type === "array") return /^(?:string|integer)$/.test(items?.type ?? "") ? keys[name] : undefined;
  return type === "boolean" ? undefined : counts[name];
}

/** The value of a property that is no payload: a count, a constant, the time. */
function envelopeValue(schema: Schema, property: Property, source: AnswerSource): KnownValue | undefined {
  const name = words(property.name).join(" ");
  const given = source.values?.[name];
  if (given !== undefined && schema.type !== "boolean") return { expression: given, imports: [] };
  const written = source.bulk && writtenValue(schema, name, source.bulk);
  if (written !== undefined) return { expression: written, imports: [] };
  if (source.paging || source.kind === "entities") {
    const counted = source.paging?.style === "cursor" ? cursorOf(name) : countOf(name, source.paging);
    if (counted !== undefined) {
      const imports = counted.startsWith("next_cursor(") ? importsFrom("app.api.cursors", "next_cursor") : [];
      return { expression: counted, imports };
    }
  }
  if (source.kind === "health") return healthValue(schema, name);
  return constantOf(schema, name) ?? circumstance(name);
}

/** A sentence for people, where the answer must have one: `Order created`. */
function saidOf(draft: OperationDraft, property: Property, { kind, aggregate }: AnswerSource): KnownValue | undefined {
  const { type, enum: closed, format } = resolveSchema(draft.spec, property.schema);
  const isSentence = type === "string" && !closed && !format && /^(?:message|msg|detail)$/.test(property.name);
  const done = changesSaid.get(draft.endpoint.method);
  if (!isSentence || !property.required || !aggregate || !done || kind === "health") return undefined;
  if (matchField(aggregate, property.name)) return undefined;
  const hasVerb = draft.endpoint.resource?.rest.length !== 0;
  const name = words(aggregate.className).join(" ");
  const text = hasVerb ? "Done" : `${capitalize(name)} ${done}`;
  assume(draft, `No document gives the text of ${property.name}; it is "${text}".`);
  return { expression: stringLiteral(text), imports: [] };
}

const changesSaid: ReadonlyMap<string, string> = new Map([
  ["POST", "created"],
  ["PUT", "updated"],
  ["PATCH", "updated"],
  ["DELETE", "deleted"],
]);

function cursorOf(name: string): string | undefined {
  if (/^(?:next|next cursor|cursor|end cursor|next page token|next token|continuation token)$/.test(name)) {
    return "next_cursor(page, part.following)";
  }
  if (/^(?:limit|page size|per page|size)$/.test(name)) return "page.limit";
  return /^(?:has more|has next|has next page|more)$/.test(name) ? "part.following is not None" : undefined;
}

function countOf(name: string, paging: PagingPlan | undefined): string | undefined {
  const page = "page.offset // page.limit + 1";
  const pages = "(total + page.limit - 1) // page.limit";
  if (/^(?:total|total count|total items|total elements|total records|total results|count)$/.test(name)) return "total";
  if (/^(?:limit|page size|per page|size)$/.test(name)) return "page.limit";
  if (/^(?:offset|skip)$/.test(name)) return "page.offset";
  if (/^(?:page|current page|page number)$/.test(name)) return paging ? page : "1";
  if (/^(?:total pages|pages|page count|last page)$/.test(name)) return pages;
  if (/^(?:has more|has next|has next page)$/.test(name)) return "page.offset + page.limit < total";
  return /^(?:has prev|has previous|has previous page)$/.test(name) ? "page.offset > 0" : undefined;
}

function constantOf(schema: Schema, name: string): KnownValue | undefined {
  if (schema.enum?.length === 1) return { expression: pythonLiteral(schema.enum[0] ?? null), imports: [] };
  if (schema.type === "boolean" && /^(?:success|ok|deleted|received|acknowledged)$/.test(name)) {
    return { expression: "True", imports: [] };
  }
  return undefined;
}

function circumstance(name: string): KnownValue | undefined {
  if (/^(?:timestamp|time|server time)$/.test(name)) {
    return { expression: "datetime.now(UTC)", imports: importsFrom("datetime", "UTC", "datetime") };
  }
  if (/^(?:request id|correlation id|trace id)$/.test(name)) {
    return {
      expression: "current_correlation_id()",
      imports: importsFrom("app.core.correlation", "current_correlation_id"),
    };
  }
  return undefined;
}

function healthValue(schema: Schema, name: string): KnownValue | undefined {
  const values = schema.enum?.filter((value) => typeof value === "string") ?? [];
  if (/^(?:status|state|health|result)$/.test(name)) {
    const good = values.find((value) => /^(?:ok|up|healthy|pass|alive|ready|live)$/i.test(value)) ?? values[0] ?? "ok";
    return { expression: pythonLiteral(good), imports: [] };
  }
  if (/^(?:environment|env)$/.test(name)) {
    return { expression: "get_settings().environment", imports: importsFrom("app.core.config", "get_settings") };
  }
  if (name === "version") return { expression: "VERSION", imports: importsFrom("app.core.config", "VERSION") };
  if (/^(?:latency|latency ms|response time|response time ms)$/.test(name))
    return { expression: "latency", imports: [] };
  if (/^(?:database|db|postgres|postgresql)$/.test(name) && schema.type === "string") {
    return { expression: pythonLiteral(values[0] ?? "ok"), imports: [] };
  }
  return constantOf(schema, name) ?? circumstance(name);
}
