import { isOptionalOnCreation } from "../spec/join/columnFacts.ts";
import type { Schema } from "../spec/model.ts";
import { pascalCase } from "../support/words.ts";
import { creationFields } from "./aggregates.ts";
import type { ExternalValue, ModelPlan, RequestPlan, ResourcePath, ResourceStep } from "./apiPlan.ts";
import { buildModel } from "./apiSchemas.ts";
import { subjectBehind } from "./callers.ts";
import { type CopyPlan, copiesOf, partValuesOf } from "./copiedValues.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { scopeOf } from "./lookups.ts";
import { givenColumns, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { givenPassword, hashedValues } from "./passwords.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { sentValues } from "./sentParameters.ts";
import { fileValues, planUpload } from "./uploads.ts";

export type BodyPurpose = "create" | "update" | "replace" | "upsert" | "transition" | "mark";

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
  const model = contractModel(draft, name, aggregate);
  if (!model) return undefined;
  const creates = purpose === "create" || purpose === "upsert";
  const externals = creates
    ? [...externalValues(path, model), ...sentValues(draft, aggregate, model), ...hashedValues(aggregate, model)]
    : [];
  if (purpose !== "create" && givenPassword(aggregate, model)) {
    draft.gaps.push("no document says what a changed password does to those who are signed in with the old one");
  }
  if (!creates) return { model, optional: body?.required === false, externals };
  const isPlain = purpose === "create";
  const copies = isPlain ? copiesOf(model, aggregate, draft.aggregates) : [];
  const partValues = isPlain ? partValuesOf(model, aggregate, draft.aggregates) : [];
  checkComplete(draft, aggregate, model, [...externals, ...copies.flatMap(({ values }) => values), ...partValues]);
  checkCaller(draft, aggregate, externals);
  const all = [...copies, ...childCopies(draft, aggregate, model)];
  return {
    model,
    optional: body?.required === false,
    externals,
    ...(all.length > 0 && { copies: all }),
    ...(partValues.length > 0 && { partValues }),
  };
}

/** The values that the rows inside of a new one take from others; whatever else they need is in their part of the body. */
function childCopies(draft: OperationDraft, aggregate: AggregatePlan, model: ModelPlan): readonly CopyPlan[] {
  return model.fields.flatMap(({ children }) => {
    const part = children && draft.models.get(children.model);
    const plan = aggregate.children.find(({ attribute }) => attribute === children?.attribute);
    const child = draft.aggregates.find(({ className }) => className === plan?.aggregate);
    if (!part || !plan || !child) return [];
    const copies = copiesOf(part, child, draft.aggregates);
    const byParent = child.fields
      .filter(({ column }) => plan.foreignKey.includes(column.name))
      .map((field) => ({ field }));
    checkComplete(draft, child, part, [...byParent, ...copies.flatMap(({ values }) => values)]);
    return copies.map((copy) => ({ ...copy, attribute: plan.attribute }));
  });
}

/** `POST /pets/{petId}?status=sold`: the query has what other contracts have in the body. */
export function planValuesInQuery(draft: OperationDraft, name: string, path: ResourcePath): RequestPlan | undefined {
  const properties = draft.endpoint.parameters.filter((parameter) => parameter.in === "query");
  const schema: Schema = { type: "object", properties };
  const endpoint = { ...draft.endpoint, request: { contentType: "application/json", required: true, schema } };
  const request = planRequest({ ...draft, endpoint }, name, path, "update");
  return request && { ...request, inQuery: true };
}

/** The parts of a form with a file. */
export function planForm(
  draft: OperationDraft,
  name: string,
  path: ResourcePath,
  errors: ErrorCatalogue,
): RequestPlan | undefined {
  const aggregate = path.steps.at(-1)?.aggregate;
  const schema = draft.endpoint.request?.schema;
  const upload = aggregate && planUpload(draft, aggregate, errors);
  if (!aggregate || !schema || !upload) return undefined;
  const wanted = `${pascalCase(name)}Request`;
  const model = buildModel(draft, { schema, direction: "request", name: wanted, aggregate, isForm: true });
  const externals = [
    ...externalValues(path, model),
    ...sentValues(draft, aggregate, model),
    ...fileValues(aggregate, model, upload),
  ];
  checkComplete(draft, aggregate, model, externals);
  checkCaller(draft, aggregate, externals);
  return { model, optional: false, externals, upload };
}

/** Columns of a new row that the path or the caller's token gives. */
export function externalValues(path: ResourcePath, model: ModelPlan | undefined): readonly ExternalValue[] {
  const target = path.steps.at(-1);
  if (!target) return [];
  const inBody = new Set(model?.fields.flatMap(givenColumns));
  return creationFields(target.aggregate).flatMap((field): readonly ExternalValue[] => {
    const addressed = addressedValue(path, target, field);
    if (addressed) return [addressed];
    if (inBody.has(field.name)) return [];
    if (field.role === "tenant") return [{ field, source: "tenant" }];
    return field.role === "owner" || field.column.fromCaller ? [{ field, source: "caller" }] : [];
  });
}

/** What the path says of the row, whatever the body says. */
function addressedValue(path: ResourcePath, target: ResourceStep, field: FieldPlan): ExternalValue | undefined {
  const { parentColumns, parameter, caller } = target;
  const scope = scopeOf(path);
  if (scope && parentColumns.includes(field)) {
    return scope.isCaller ? { field, source: "caller" } : { field, source: "path", parameter: scope.parameter };
  }
  if (parameter?.field === field) return { field, source: "path", parameter: parameter.name };
  return caller === field ? { field, source: "caller" } : undefined;
}

function contractModel(draft: OperationDraft, name: string, aggregate: AggregatePlan): ModelPlan | undefined {
  const schema = draft.endpoint.request?.schema;
  if (!schema) {
    draft.gaps.push("no document describes the body of the request");
    return undefined;
  }
  const resolved = resolveSchema(draft.spec, schema);
  if (resolved.type !== "object" || !resolved.properties || resolved.properties.length === 0) {
    draft.gaps.push("the request body is not an object with named properties");
    return undefined;
  }
  return buildModel(draft, { schema, direction: "request", name: `${pascalCase(name)}Request`, aggregate });
}

export function checkCaller(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  externals: readonly ExternalValue[],
): void {
  for (const { field, source } of externals.filter((external) => external.source === "caller")) {
    const behind = subjectBehind(field, aggregate, draft.aggregates);
    if (!behind) continue;
    const { accounts, subject } = behind;
    draft.gaps.push(
      `${aggregate.table.name}.${field.column.name} is the ${source}'s row of ${accounts.table.name}, which the token names by ${subject.column.name}, and no document says when that row is made`,
    );
  }
}

/** A new row needs a value for every column that neither is null nor has a default. */
export function checkComplete(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  model: Pick<ModelPlan, "fields">,
  others: readonly { readonly field: FieldPlan }[],
): void {
  const given = new Set([
    ...model.fields.filter(({ annotation }) => !annotation.endsWith("| None")).flatMap(givenColumns),
    ...others.map(({ field }) => field.name),
  ]);
  const isNeeded = (field: FieldPlan): boolean => !isOptionalOnCreation(field) || field.column.copied !== undefined;
  const missing = creationFields(aggregate).filter((field) => isNeeded(field) && !given.has(field.name));
  if (missing.length === 0) return;
  const columns = missing.map(({ column }) => `${aggregate.table.name}.${column.name}`).join(", ");
  draft.gaps.push(`nothing gives a value to ${columns}, which must not be null and has no default`);
}
