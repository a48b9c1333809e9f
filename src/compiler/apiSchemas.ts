import type { Property, Schema } from "../spec/model.ts";
import { singular, uniqueName } from "../support/words.ts";
import type { Direction, ModelField, ModelPlan } from "./apiPlan.ts";
import { derivedValue } from "./derivedValues.ts";
import { likeness, matchChild, matchField, matchHeld } from "./fieldMatching.ts";
import { type HeldProperty, noteParts, valueRequest } from "./heldFields.ts";
import { soleSchema, somethings } from "./heldUsage.ts";
import { limitsOf } from "./invariants.ts";
import { assume, type ModelRequest, modelName, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import { isKeptAsHash } from "./passwords.ts";
import type { AggregatePlan, FieldPlan, HeldValue, PythonImport } from "./plan.ts";
import { importsFrom, stringLiteral } from "./python.ts";
import { isFile, isFileList } from "./uploads.ts";
import { pythonLiteral, scalarType, type WireForm } from "./wireTypes.ts";

/** Builds the model and those it is made of, and leaves them in the draft. */
export function buildModel(draft: OperationDraft, request: ModelRequest): ModelPlan {
  const schema = resolveSchema(draft.spec, request.schema);
  const name = modelName(draft, lastReference(draft, request.schema) ?? request.name, request.direction);
  const existing = draft.models.get(name);
  if (existing) return existing;
  draft.building.add(name);
  const taken = new Set<string>();
  const fields = (schema.properties ?? []).flatMap((property) => {
    const field = buildField(draft, { ...request, name }, property);
    if (!field) return [];
    const unique = { ...field, name: uniqueName(field.name, taken) };
    taken.add(unique.name);
    return [unique];
  });
  draft.building.delete(name);
  const { direction, value } = request;
  const aggregate = value ? undefined : request.aggregate;
  const model: ModelPlan = {
    name,
    module: aggregate?.module ?? draft.module,
    direction,
    summary: schema.description ?? summaryOf(request, draft),
    fields,
    ...(value && { value }),
    ...(aggregate && { aggregate }),
    ...(additionalOf(draft, request, schema) ?? {}),
    ...(ignoresOthers(draft, request, schema) && { ignoresOthers: true }),
  };
  draft.models.set(name, model);
  return model;
}

/** A model field without its name: type, constraints and default. */
export interface FieldType {
  readonly annotation: string;
  readonly imports: readonly PythonImport[];
  readonly arguments: readonly string[];
}

/** The annotation of any value; objects become models of their own. */
export function annotate(draft: OperationDraft, request: ModelRequest, field?: FieldPlan): FieldType {
  const schema = resolveSchema(draft.spec, request.schema);
  switch (schema.type) {
    case "array":
      return arrayType(draft, { ...request, schema }, field);
    case "object":
      return objectType(draft, request, schema);
    case "union":
      return unionType(draft, request, schema);
    default: {
      const { expression, imports, arguments: args } = scalarType(schema, field, wireForm(request));
      return { annotation: expression, imports, arguments: args };
    }
  }
}

function wireForm({ direction, isForm }: ModelRequest): WireForm {
  return isForm && direction === "request" ? "form" : direction;
}

export function isNullable(draft: OperationDraft, schema: Schema): boolean {
  const resolved = resolveSchema(draft.spec, schema);
  const isNull = (variant: Schema) => variant.enum?.length === 1 && variant.enum[0] === null;
  return (
    schema.nullable === true ||
    resolved.nullable === true ||
    resolved.enum?.includes(null) === true ||
    (resolved.type === "union" && (resolved.variants ?? []).some((variant) => variant.nullable || isNull(variant)))
  );
}

function buildField(draft: OperationDraft, request: ModelRequest, property: Property): ModelField | undefined {
  const schema = resolveSchema(draft.spec, property.schema);
  const { aggregate, direction } = request;
  if (isHidden(schema, direction)) return undefined;
  if (request.isForm && (isFile(schema) || isFileList(draft.spec, schema))) return fileField(draft, request, property);
  if (request.isForm) noteStructure(draft, schema, property.name);
  if (!aggregate) return plainField(draft, request, property);
  const held = matchHeld(aggregate, { ...property, schema: soleSchema(draft.spec, schema) });
  if (held) return heldField(draft, request, { property, held, aggregate });
  const child = matchChild(aggregate, { ...property, schema });
  const childPlan = child && draft.aggregates.find(({ className }) => className === child.aggregate);
  if (child && childPlan) return childField(draft, request, { property, attribute: child.attribute, child: childPlan });
  const target = matchField(aggregate, property.name);
  const isSecret = target?.role === "secret" && direction === "response";
  return target && !isSecret ? plainField(draft, request, property, target) : unmatched(draft, request, property);
}

function plainField(draft: OperationDraft, request: ModelRequest, property: Property, target?: FieldPlan): ModelField {
  const type = annotate(draft, nested(request, withLimits(draft, request, property)), target);
  return finish(draft, { request, property, type, ...(target && { target }) });
}

/**
 * With the limits that the table's checks have and the document does not say. A contract in OpenAPI says what its
 * requests look like, so there the domain alone looks at them.
 */
function withLimits(draft: OperationDraft, { aggregate, direction }: ModelRequest, property: Property): Property {
  const schema = resolveSchema(draft.spec, property.schema);
  const target = aggregate && matchField(aggregate, property.name);
  if (!target || direction !== "request" || isFormal(draft)) return property;
  if (schema.type !== "string" && schema.type !== "integer" && schema.type !== "number") return property;
  const limits = Object.entries(limitsOf(aggregate, target)).filter(
    ([name]) => !sameSide(name).some((said) => schema[said] !== undefined),
  );
  return limits.length === 0 ? property : { ...property, schema: { ...schema, ...Object.fromEntries(limits) } };
}

/** What says where the values end that `name` ends. */
function sameSide(name: string): readonly (keyof Schema)[] {
  const sides: readonly (readonly (keyof Schema)[])[] = [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
    ["minLength"],
    ["maxLength"],
    ["pattern", "enum"],
  ];
  return sides.find((side) => side.some((keyword) => keyword === name)) ?? [];
}

function nested(request: ModelRequest, property: Property): ModelRequest {
  const { direction, isForm = false } = request;
  return { schema: property.schema, direction, isForm, name: `${request.name} ${property.name}`, aggregate: undefined };
}

function isHidden({ readOnly, writeOnly }: Schema, direction: Direction): boolean {
  return (direction === "request" && readOnly === true) || (direction === "response" && writeOnly === true);
}

function noteStructure({ gaps }: OperationDraft, { type }: Schema, part: string): void {
  if (type !== "object" && type !== "array" && type !== "union") return;
  gaps.push(`the part ${part} of the form is no single value, and no document says how it is written`);
}

/** What is inside a list or may be missing is documented by itself; the extra keywords are those of a field. */
function fileField(draft: OperationDraft, request: ModelRequest, property: Property): ModelField {
  const schema = resolveSchema(draft.spec, property.schema);
  const { format, maxLength } = schema.items ? resolveSchema(draft.spec, schema.items) : schema;
  const documented = { format: format ?? "binary", ...(maxLength !== undefined && { maxLength }) };
  const imports = [...importsFrom("fastapi", "UploadFile"), ...importsFrom("pydantic", "WithJsonSchema")];
  const one = `Annotated[UploadFile, WithJsonSchema(${pythonLiteral({ type: "string", ...documented })})]`;
  const type = schema.items
    ? { annotation: `list[${one}]`, imports, arguments: listSize(schema, request) }
    : property.required
      ? { annotation: "UploadFile", imports, arguments: [`json_schema_extra=${pythonLiteral(documented)}`] }
      : { annotation: one, imports, arguments: [] };
  return finish(draft, { request, property, type });
}

function childField(
  draft: OperationDraft,
  request: ModelRequest,
  part: { readonly property: Property; readonly attribute: string; readonly child: AggregatePlan },
): ModelField {
  const { property, attribute, child } = part;
  const schema = resolveSchema(draft.spec, property.schema);
  const model = buildModel(draft, {
    schema: schema.items ?? { type: "any" },
    direction: request.direction,
    name: `${request.name} ${singular(property.name)}`,
    aggregate: child,
  });
  const type = { annotation: `list[${model.name}]`, imports: modelImport(model), arguments: listSize(schema, request) };
  return { ...finish(draft, { request, property, type, name: attribute }), children: { attribute, model: model.name } };
}

function heldField(draft: OperationDraft, request: ModelRequest, part: HeldProperty): ModelField {
  const { property, held } = part;
  const model = buildModel(draft, valueRequest(draft, request, part));
  if (request.direction === "request") noteParts(draft, model, held);
  const type = { annotation: model.name, imports: modelImport(model), arguments: [] };
  return { ...finish(draft, { request, property, type, held, name: held.name }), held };
}

/** A property that no column stands behind. */
function unmatched(draft: OperationDraft, request: ModelRequest, property: Property): ModelField | undefined {
  const place = `${request.name}.${property.name}`;
  if (request.aggregate && request.direction === "request" && isKeptAsHash(property.name, request.aggregate)) {
    return finish(draft, { request, property, type: annotate(draft, nested(request, property)) });
  }
  if (request.direction === "response") {
    const [derived, like] = derivedValue(draft, request.aggregate, property) ?? [];
    const type = derived && annotate(draft, nested(request, property), like);
    if (derived && type) return { ...finish(draft, { request, property, type, name: derived.name }), derived };
    if (property.required && !isNullable(draft, property.schema)) {
      draft.gaps.push(`no column gives the property ${place} of the response`);
    } else {
      assume(draft, `The optional property ${place} has no column behind it and is left out of the response.`);
    }
    return undefined;
  }
  if (property.required) {
    draft.gaps.push(`no column takes the property ${place} of the request`);
    return undefined;
  }
  assume(draft, `The optional property ${place} has no column; it is accepted and has no effect.`);
  const type = annotate(draft, nested(request, property));
  return finish(draft, { request, property, type });
}

interface FieldParts {
  readonly request: ModelRequest;
  readonly property: Property;
  readonly type: FieldType;
  readonly target?: FieldPlan;
  readonly held?: HeldValue;
  readonly name?: string;
}

function finish(draft: OperationDraft, { request, property, type, target, held, name }: FieldParts): ModelField {
  const { direction } = request;
  const schema = resolveSchema(draft.spec, property.schema);
  const fromColumn = direction === "response" && (target ?? held)?.optional === true;
  const nullable = isNullable(draft, property.schema);
  const fallback = property.schema.default ?? schema.default;
  const omittable = !property.required && fallback === undefined && !nullable;
  const needsNone = nullable || omittable || fromColumn;
  return {
    name: name ?? target?.name ?? attributeName(property.name),
    wire: property.name,
    annotation: needsNone ? `${type.annotation} | None` : type.annotation,
    imports: type.imports,
    arguments: type.arguments,
    omittable,
    ...defaultOf({ property, fallback, type, target }),
    ...(schema.description && { description: schema.description }),
    ...(target && { target }),
  };
}

function defaultOf(parts: {
  readonly property: Property;
  readonly fallback: Schema["default"];
  readonly type: FieldType;
  readonly target: FieldPlan | undefined;
}): Pick<ModelField, "default" | "defaultFactory"> {
  const { property, fallback, type, target } = parts;
  if (fallback === undefined) return property.required ? {} : { default: "None" };
  if (Array.isArray(fallback) && fallback.length === 0) return { defaultFactory: "list" };
  if (typeof fallback === "object" && fallback !== null) {
    return Object.keys(fallback).length === 0
      ? { defaultFactory: "dict" }
      : { defaultFactory: `lambda: ${pythonLiteral(fallback)}` };
  }
  const member = target?.enum?.members.find(({ value }) => value === fallback);
  if (member && !target?.column.type.array) return { default: `${target?.enum?.className}.${member.name}` };
  if (/^(?:Annotated\[)?Decimal\b/.test(type.annotation)) return { default: `Decimal("${String(fallback)}")` };
  return { default: pythonLiteral(fallback) };
}

function arrayType(draft: OperationDraft, request: ModelRequest, field?: FieldPlan): FieldType {
  const { schema } = request;
  const element = field && elementOf(field);
  const item = annotate(
    draft,
    { ...request, schema: schema.items ?? { type: "any" }, name: singular(request.name) },
    element,
  );
  const inner =
    item.arguments.length > 0 ? `Annotated[${item.annotation}, Field(${item.arguments.join(", ")})]` : item.annotation;
  return {
    annotation: `list[${inner}]`,
    imports: [...item.imports, ...importsFrom("typing", "Annotated")],
    arguments: listSize(schema, request),
  };
}

/** The column of one element of an array column. */
function elementOf(field: FieldPlan): FieldPlan | undefined {
  const element = /^list\[(.+)\]$/.exec(field.type.expression)?.[1];
  if (element === undefined || !field.column.type.array) return undefined;
  return { ...field, type: { ...field.type, expression: element } };
}

function listSize(schema: Schema, { direction }: ModelRequest): readonly string[] {
  if (direction === "response") return [];
  return [
    ...(schema.minItems === undefined ? [] : [`min_length=${schema.minItems}`]),
    ...(schema.maxItems === undefined ? [] : [`max_length=${schema.maxItems}`]),
  ];
}

function objectType(draft: OperationDraft, request: ModelRequest, schema: Schema): FieldType {
  if (schema.properties && schema.properties.length > 0) {
    const name = lastReference(draft, request.schema);
    const known = name === undefined ? undefined : draft.building.has(modelName(draft, name, request.direction));
    if (known && name !== undefined)
      return { annotation: `"${modelName(draft, name, request.direction)}"`, imports: [], arguments: [] };
    const model = buildModel(draft, request);
    return { annotation: model.name, imports: modelImport(model), arguments: [] };
  }
  const values = schema.additional ? annotate(draft, { ...request, schema: schema.additional }) : anyType;
  return { annotation: `dict[str, ${values.annotation}]`, imports: values.imports, arguments: [] };
}

const anyType: FieldType = { annotation: "Any", imports: importsFrom("typing", "Any"), arguments: [] };

function unionType(draft: OperationDraft, request: ModelRequest, schema: Schema): FieldType {
  const variants = somethings(schema);
  const types = variants.map((variant, index) =>
    annotate(draft, { ...request, schema: variant, name: `${request.name} ${index + 1}` }),
  );
  const [only] = types;
  if (types.length === 1 && only) return only;
  const annotations = [...new Set(types.map(({ annotation }) => annotation))];
  if (annotations.length === 0) return anyType;
  const imports = types.flatMap((type) => type.imports);
  const alternatives = annotations.join(" | ");
  const tag = discriminatorOf(draft, schema, variants);
  if (tag === undefined) return { annotation: alternatives, imports, arguments: [] };
  return {
    annotation: `Annotated[${alternatives}, Field(discriminator=${stringLiteral(attributeName(tag))})]`,
    imports: [...imports, ...importsFrom("typing", "Annotated")],
    arguments: [],
  };
}

/** The property that tells the variants apart, if each of them is an object that requires one value of it. */
function discriminatorOf(
  draft: OperationDraft,
  { discriminator }: Schema,
  variants: readonly Schema[],
): string | undefined {
  const isTagged = variants.every((variant) =>
    (resolveSchema(draft.spec, variant).properties ?? []).some(
      ({ name, required, schema }) => name === discriminator && required && schema.enum?.length === 1,
    ),
  );
  return isTagged ? discriminator : undefined;
}

function additionalOf(
  draft: OperationDraft,
  request: ModelRequest,
  schema: Schema,
): { readonly additional: string } | undefined {
  if (!schema.additional || request.aggregate) return undefined;
  return { additional: annotate(draft, { ...request, schema: schema.additional }).annotation };
}

/** An OpenAPI schema allows more keys than it names unless it says otherwise; prose and tables name them all. */
function ignoresOthers(draft: OperationDraft, { direction }: ModelRequest, schema: Schema): boolean {
  return direction === "request" && schema.additional === undefined && isFormal(draft);
}

function isFormal({ endpoint }: OperationDraft): boolean {
  return /\.(?:ya?ml|json)$/i.test(endpoint.source.path);
}

function modelImport(model: ModelPlan): readonly PythonImport[] {
  return importsFrom(`app.api.schemas.${model.module}`, model.name);
}

/** Name of the schema that a chain of references ends at. */
function lastReference(draft: OperationDraft, schema: Schema): string | undefined {
  const target = draft.spec.api.schemas.find(({ name }) => name === schema.ref);
  if (schema.ref === undefined || !target) return undefined;
  return lastReference(draft, target.schema) ?? schema.ref;
}

function attributeName(wire: string): string {
  const name = pythonName(wire);
  return modelAttributes.has(name) ? `${name}_` : name;
}

/** Attributes of Pydantic's base class that a field must not hide. */
const modelAttributes = new Set(["copy", "construct", "dict", "fields", "json", "schema", "validate", "parse_obj"]);

function summaryOf({ direction, aggregate, value }: ModelRequest, { endpoint }: OperationDraft): string {
  const what = aggregate?.className ?? "Values";
  if (direction === "response") return aggregate ? `${what} as the API shows it` : "Part of an answer";
  return value ? `${what} as a request gives it` : `Body of \`\`${endpoint.method} ${endpoint.path}\`\``;
}

/** Whether the object stands for the aggregate itself rather than for an envelope around it. */
export function represents(draft: OperationDraft, schema: Schema, aggregate: AggregatePlan): boolean {
  const resolved = resolveSchema(draft.spec, schema);
  const properties = (resolved.properties ?? []).map((property) => ({
    ...property,
    schema: resolveSchema(draft.spec, property.schema),
  }));
  return resolved.type === "object" && likeness(properties, aggregate) >= 0.5;
}
