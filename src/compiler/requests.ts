import { isOptionalOnCreation } from "../spec/join/columnFacts.ts";
import { pascalCase } from "../support/words.ts";
import { changeFields, creationFields } from "./aggregates.ts";
import type { ExternalValue, ModelPlan, RequestPlan, ResourcePath } from "./apiPlan.ts";
import { buildModel } from "./apiSchemas.ts";
import { assume, modelName, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { scalarType } from "./wireTypes.ts";

export type BodyPurpose = "create" | "update" | "replace" | "transition";

/** The body of a write: its model, and what of the row comes from elsewhere. */
export function planRequest(
  draft: OperationDraft,
  name: string,
  path: ResourcePath,
  purpose: BodyPurpose,
): RequestPlan | undefined {
  const target = path.steps.at(-1);
  if (!target) return undefined;
  const { aggregate } = target;
  const body = draft.endpoint.request;
  if (body && !/json|^\*\/\*$|^$/.test(body.contentType)) {
    draft.gaps.push(`bodies of type ${body.contentType} need a rule that says where their parts are stored`);
    return undefined;
  }
  const model = body ? contractModel(draft, name, aggregate) : derivedModel(draft, name, aggregate, purpose);
  if (!model) return undefined;
  const externals = purpose === "create" ? externalValues(path, model) : [];
  if (purpose === "create") {
    checkComplete(draft, aggregate, model, externals);
    checkCaller(draft, aggregate, externals);
  }
  return { model, optional: body?.required === false, externals };
}

/** Columns of a new row that the path or the caller's token gives. */
export function externalValues(path: ResourcePath, model: ModelPlan | undefined): readonly ExternalValue[] {
  const target = path.steps.at(-1);
  if (!target) return [];
  const parent = path.steps.at(-2);
  const inBody = new Set(model?.fields.flatMap((field) => field.target?.name ?? []));
  return creationFields(target.aggregate).flatMap((field): ExternalValue[] => {
    if (parent?.parameter && target.parentColumns.includes(field)) {
      return [{ field, source: "path", parameter: parent.parameter.name }];
    }
    if (target.parameter?.field === field) return [{ field, source: "path", parameter: target.parameter.name }];
    if (inBody.has(field.name)) return [];
    if (field.role === "tenant") return [{ field, source: "tenant" }];
    return field.role === "owner" || isCallerColumn(field) ? [{ field, source: "caller" }] : [];
  });
}

/** Required, without a default, and named after whoever is signed in. */
function isCallerColumn(field: FieldPlan): boolean {
  const named = /^(?:owner|user|author|account|creator|created_by|creator_user)(?:_id)?$/.test(field.column.name);
  return named && !isOptionalOnCreation(field);
}

function contractModel(draft: OperationDraft, name: string, aggregate: AggregatePlan): ModelPlan | undefined {
  const schema = draft.endpoint.request?.schema;
  if (!schema) return undefined;
  const resolved = resolveSchema(draft.spec, schema);
  if (resolved.type !== "object" || !resolved.properties || resolved.properties.length === 0) {
    draft.gaps.push("the request body is not an object with named properties");
    return undefined;
  }
  return buildModel(draft, { schema, direction: "request", name: `${pascalCase(name)}Request`, aggregate });
}

function derivedModel(
  draft: OperationDraft,
  name: string,
  aggregate: AggregatePlan,
  purpose: BodyPurpose,
): ModelPlan | undefined {
  if (purpose === "transition") return undefined;
  const wanted = `${pascalCase(name)}Request`;
  const existing = draft.models.get(wanted);
  if (existing) return existing;
  assume(draft, "The contract gives the request no body; it is derived from the columns of the table.");
  const columns = purpose === "create" ? creationFields(aggregate) : changeFields(aggregate);
  const fields = columns
    .filter((field) => !(field.isKey && field.hasDefault) && !isServerSide(field) && !isCallerColumn(field))
    .map((field) => derivedField(draft, field, purpose));
  const model: ModelPlan = {
    name: modelName(draft, wanted, "request"),
    module: aggregate.module,
    direction: "request",
    summary: `Body of \`\`${draft.endpoint.method} ${draft.endpoint.path}\`\``,
    fields,
    aggregate,
  };
  draft.models.set(model.name, model);
  return model;
}

function isServerSide({ role }: FieldPlan): boolean {
  return role === "owner" || role === "tenant" || role === "secret" || role === "deletedAt";
}

function derivedField(draft: OperationDraft, field: FieldPlan, purpose: BodyPurpose): ModelPlan["fields"][number] {
  const { expression, imports, arguments: args } = scalarType({ type: wireType(field) }, field, "request");
  const required = purpose === "create" && !isOptionalOnCreation(field);
  const omittable = !required && !field.optional;
  return {
    name: field.name,
    wire: wireName(draft, field.name),
    annotation: required ? expression : `${expression} | None`,
    imports,
    arguments: args,
    omittable,
    ...(!required && { default: "None" }),
    target: field,
  };
}

function wireType({ type, column }: FieldPlan): "string" | "integer" | "number" | "boolean" | "any" {
  if (column.type.array) return "any";
  if (type.expression === "int") return "integer";
  if (type.expression === "float" || type.expression === "Decimal") return "number";
  if (type.expression === "bool") return "boolean";
  return /^(?:dict|list)/.test(type.expression) ? "any" : "string";
}

/** In the convention of the contract's other names. */
export function wireName(draft: OperationDraft, name: string): string {
  return usesCamelCase(draft.spec) ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;
}

export function usesCamelCase(spec: OperationDraft["spec"]): boolean {
  const names = spec.api.schemas.flatMap(({ schema }) => (schema.properties ?? []).map(({ name }) => name));
  const camel = names.filter((name) => /[a-z][A-Z]/.test(name)).length;
  const snake = names.filter((name) => name.includes("_")).length;
  return camel > snake;
}

/** A token names an account of an identity provider; the row that stands for it is another thing. */
function checkCaller(draft: OperationDraft, { table }: AggregatePlan, externals: readonly ExternalValue[]): void {
  for (const { field, source } of externals.filter((external) => external.source === "caller")) {
    const key = table.constraints.find(({ references, columns }) => references && columns.join() === field.column.name);
    const accounts = draft.aggregates.find((aggregate) => aggregate.table.name === key?.references?.table);
    const subject = accounts?.fields.find(({ role, isKey }) => role === "owner" && !isKey);
    if (!accounts || !subject) continue;
    draft.gaps.push(
      `${table.name}.${field.column.name} is the ${source}'s row of ${accounts.table.name}, which the token names by ${subject.column.name}, and no document says when that row is made`,
    );
  }
}

/** A new row needs a value for every column that neither is null nor has a default. */
function checkComplete(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  model: ModelPlan,
  externals: readonly ExternalValue[],
): void {
  const given = new Set([
    ...model.fields
      .filter(({ annotation }) => !annotation.endsWith("| None"))
      .flatMap(({ target }) => target?.name ?? []),
    ...externals.map(({ field }) => field.name),
  ]);
  const missing = creationFields(aggregate).filter((field) => !isOptionalOnCreation(field) && !given.has(field.name));
  if (missing.length === 0) return;
  const columns = missing.map(({ column }) => `${aggregate.table.name}.${column.name}`).join(", ");
  draft.gaps.push(`nothing gives a value to ${columns}, which must not be null and has no default`);
}
