import { isGivenOnCreation, isOptionalOnCreation } from "../spec/join/columnFacts.ts";
import type { Parameter } from "../spec/model.ts";
import { snakeCase, uniqueName } from "../support/words.ts";
import type { ExternalValue, ModelPlan, QueryPlan, ResourcePath, SentParameter } from "./apiPlan.ts";
import { isReadCondition } from "./conditionalReads.ts";
import { matchField } from "./fieldMatching.ts";
import { assume, givenColumns, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { importsFrom, stringLiteral } from "./python.ts";
import { pythonLiteral, scalarType } from "./wireTypes.ts";

/**
 * The headers and cookies that a route takes by itself, as the contract limits them.
 *
 * One that is named like a column narrows a list or fills the column of a new row; any other is checked and
 * has no effect. Columns that say whose a row is are filled from the token only.
 */
export function planSentParameters(
  draft: OperationDraft,
  path: ResourcePath,
  used: readonly (Parameter | undefined)[],
): readonly SentParameter[] {
  const target = path.steps.at(-1)?.aggregate;
  const taken = new Set([...localNames, ...path.steps.flatMap(({ parameter }) => parameter?.name ?? [])]);
  return sentParameters(draft)
    .filter((parameter) => !used.includes(parameter))
    .map((parameter) => {
      const name = uniqueName(nameOf(parameter), taken);
      taken.add(name);
      return sentParameter(draft, parameter, { name, field: target && fieldOf(target, parameter) });
    });
}

/** The values of a new row that headers and cookies give, unless its body does. */
export function sentValues(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  model: ModelPlan,
): readonly ExternalValue[] {
  const inBody = new Set(model.fields.flatMap(givenColumns));
  return sentParameters(draft).flatMap((parameter): ExternalValue[] => {
    const field = fieldOf(aggregate, parameter);
    if (!field || !isGivenOnCreation(field) || inBody.has(field.name)) return [];
    const mayMiss = !isAlwaysThere(parameter);
    if (mayMiss && !isOptionalOnCreation(field)) return [];
    return [{ field, source: "sent", parameter: nameOf(parameter), ...(mayMiss && { optional: true }) }];
  });
}

/** The list narrowed to what headers and cookies say, where no query parameter says it. */
export function withSentFilters(draft: OperationDraft, aggregate: AggregatePlan, query: QueryPlan): QueryPlan {
  const known = new Set(query.filters.map(({ filter }) => filter.name));
  const filters = sentParameters(draft).flatMap((parameter): QueryPlan["filters"] => {
    const field = fieldOf(aggregate, parameter);
    if (!field || known.has(field.name) || field.column.type.array) return [];
    const filter = { name: field.name, field, operator: "equal" as const };
    return [{ filter, attribute: nameOf(parameter), source: "sent", optional: !isAlwaysThere(parameter) }];
  });
  return { ...query, filters: [...query.filters, ...filters] };
}

/** Says which of the parameters change nothing. */
export function noteIdle(draft: OperationDraft, sent: readonly SentParameter[], effective: ReadonlySet<string>): void {
  for (const { parameter, name } of sent.filter((item) => !effective.has(item.name))) {
    assume(draft, `The ${parameter.in} ${parameter.name || name} has no effect: no document says what it changes.`);
  }
}

/** `channel: Annotated[Omittable[str], Header(alias="X-Channel")] = None` */
export function sentText({ name, annotation, default: fallback }: SentParameter): string {
  return `${name}: ${annotation}${fallback === undefined ? "" : ` = ${fallback}`}`;
}

/** What a route calls its other parameters and its own values. */
const localNames = (
  "answer body condition files found form known_tag once page part query request response row rows service store " +
  "tag total work"
).split(" ");

/** Headers that have a meaning of their own, whatever the contract says of them (OpenAPI, section 4.8.12.1). */
const protocolHeaders =
  /^(?:authorization|accept|content-type|content-length|host|if-match|(?:x-)?idempotency-key|x-(?:correlation|request|trace)-id)$/i;

function sentParameters({ endpoint, spec }: OperationDraft): readonly Parameter[] {
  const keys = spec.api.securitySchemes.flatMap(({ parameter }) =>
    parameter ? [`${parameter.in} ${parameter.name}`] : [],
  );
  return endpoint.parameters.filter(
    (parameter) =>
      (parameter.in === "cookie" || (parameter.in === "header" && !protocolHeaders.test(parameter.name))) &&
      !isReadCondition(parameter) &&
      !keys.includes(`${parameter.in} ${parameter.name}`),
  );
}

function nameOf({ name, in: place }: Parameter): string {
  const own = pythonName(snakeCase(name.replace(/^x-/i, "")));
  return localNames.includes(own) ? `${own}_${place}` : own;
}

function fieldOf(aggregate: AggregatePlan, { name }: Parameter): FieldPlan | undefined {
  const field = matchField(aggregate, name.replace(/^x-/i, ""));
  return field && !field.isKey && field.role === undefined && !/^jsonb?$/.test(field.column.type.name)
    ? field
    : undefined;
}

function isAlwaysThere({ required, schema }: Parameter): boolean {
  return required || schema.default !== undefined;
}

function sentParameter(
  draft: OperationDraft,
  parameter: Parameter,
  { name, field }: { readonly name: string; readonly field: FieldPlan | undefined },
): SentParameter {
  const schema = resolveSchema(draft.spec, parameter.schema);
  const type = scalarType(schema, field, "query");
  const place = parameter.in === "cookie" ? "Cookie" : "Header";
  const alias = parameter.name === name ? [] : [`alias=${stringLiteral(parameter.name)}`];
  const imports = [...type.imports, ...importsFrom("fastapi", place)];
  const fallback = parameter.schema.default ?? schema.default;
  if (parameter.required || fallback !== undefined) {
    const annotation = `Annotated[${type.expression}, ${place}(${[...alias, ...type.arguments].join(", ")})]`;
    return {
      parameter,
      name,
      annotation,
      imports,
      ...(fallback !== undefined && { default: pythonLiteral(fallback) }),
    };
  }
  const value =
    type.arguments.length > 0 ? `Annotated[${type.expression}, Field(${type.arguments.join(", ")})]` : type.expression;
  return {
    parameter,
    name,
    annotation: `Annotated[Omittable[${value}], ${place}(${alias.join(", ")})]`,
    imports,
    default: "None",
  };
}
