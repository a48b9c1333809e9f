import type { JsonValue, Schema } from "../spec/model.ts";
import { words } from "../support/words.ts";
import type { AnswerHeader, OperationPlan } from "./apiPlan.ts";
import { matchField } from "./fieldMatching.ts";
import { attributePath, holderOf } from "./heldColumns.ts";
import { assume, type OperationDraft } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan, OperationKind } from "./plan.ts";
import { stringLiteral } from "./python.ts";
import { successResponse } from "./responses.ts";
import { pythonLiteral } from "./wireTypes.ts";

/** The headers of a successful answer that the engine can fill; the others are named and left out. */
export function planHeaders(
  draft: OperationDraft,
  kind: OperationKind,
  { target: aggregate, conditional }: { readonly target: AggregatePlan; readonly conditional: boolean },
): readonly AnswerHeader[] {
  const { headers = [], headerSchemas = {} } = successResponse(draft.endpoint.responses) ?? {};
  const names = conditional && !headers.some(isTag) ? ["ETag", ...headers] : headers;
  return names.flatMap((name) => {
    const source = conditional && isTag(name) ? { value: "readTag" as const } : sourceOf(name, kind, aggregate);
    const schema = headerSchemas[name];
    if (source) return [{ name, ...source, ...(schema && { schema }) }];
    const isCommon = /^(?:x-(?:correlation|request|trace)-id|content-type|content-length|cache-control|date)$/i.test(
      name,
    );
    if (!isCommon) assume(draft, `The header ${name} of the answer is left out: nothing gives its value.`);
    return [];
  });
}

/** Arguments of `answer_headers`: names, and what the contract says of those that are more than text. */
export function headerArguments(headers: readonly AnswerHeader[]): readonly string[] {
  const typed = headers.flatMap(({ name, schema }) =>
    schema ? [`${stringLiteral(name)}: ${pythonLiteral(keywordsOf(schema))}`] : [],
  );
  return [
    ...headers.map(({ name }) => stringLiteral(name)),
    ...(typed.length > 0 ? [`typed={${typed.join(", ")}}`] : []),
  ];
}

/** What a header may say of itself; the rest of a schema is for bodies. */
function keywordsOf({ type, format, enum: values, minimum, maximum, pattern }: Schema): JsonValue {
  return {
    type,
    ...(format !== undefined && { format }),
    ...(values && { enum: values }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(pattern !== undefined && { pattern }),
  };
}

/** Whether any answer has a header, and whether one of them is more than text. */
export function headerUse(operations: readonly OperationPlan[]): "none" | "text" | "typed" {
  const headers = operations.flatMap((operation) => operation.headers);
  if (headers.some(({ schema }) => schema)) return "typed";
  return headers.length > 0 ? "text" : "none";
}

/** Lines of a route that set the headers, once the service has answered. */
export function headerLines(operation: OperationPlan, operations: readonly OperationPlan[]): readonly string[] {
  return operation.headers.flatMap((header) => {
    const target = `response.headers[${stringLiteral(header.name)}]`;
    if (header.value === "field") return fieldLines(target, operation, header.field);
    const expression = expressions[header.value](operation, operations);
    return expression === undefined ? [] : [`${target} = ${expression}`];
  });
}

/** A value that is null has no header. */
function fieldLines(
  target: string,
  { target: aggregate }: OperationPlan,
  field: FieldPlan | undefined,
): readonly string[] {
  if (!field || !aggregate) return [];
  const holder = holderOf(aggregate, field)?.value;
  const value = `found.${attributePath(aggregate, field)}`;
  const text = /^(?:str)$/.test(field.type.expression)
    ? value
    : /^(?:datetime|date)$/.test(field.type.expression)
      ? `${value}.isoformat()`
      : `str(${value})`;
  const tests = [...(holder?.optional ? [`found.${holder.name}`] : []), ...(field.optional ? [value] : [])];
  if (tests.length === 0) return [`${target} = ${text}`];
  return [`if ${tests.map((tested) => `${tested} is not None`).join(" and ")}:`, `    ${target} = ${text}`];
}

function isTag(name: string): boolean {
  return name.toLowerCase() === "etag";
}

function sourceOf(
  name: string,
  kind: OperationKind,
  aggregate: AggregatePlan,
): Pick<AnswerHeader, "value" | "field"> | undefined {
  const text = words(name).join(" ");
  if (text === "location" && kind === "create") return { value: "location" };
  if (/^(?:x )?total(?: count)?$/.test(text) && kind === "list") return { value: "total" };
  if (!showsRow.has(kind)) return undefined;
  if (isTag(name) && aggregate.version) return { value: "entityTag" };
  const field = matchField(aggregate, name.replace(/^x-/i, ""));
  const isPlain = /^(?:str|int|UUID|Decimal|datetime|date)$/.test(field?.type.expression ?? "");
  return field && field.role !== "secret" && isPlain ? { value: "field", field } : undefined;
}

const showsRow: ReadonlySet<OperationKind> = new Set([
  "get",
  "create",
  "update",
  "replace",
  "upsert",
  "link",
  "transition",
]);

type HeaderExpression = (operation: OperationPlan, operations: readonly OperationPlan[]) => string | undefined;

const expressions: Readonly<Record<Exclude<AnswerHeader["value"], "field">, HeaderExpression>> = {
  total: () => "str(total)",
  readTag: () => "tag",
  entityTag: ({ target }) => `entity_tag(found.${target?.version?.name})`,
  location: ({ path, target }, operations) => {
    const item = operations.find(
      (other) => other.kind === "get" && other.path.template.replace(/\/\{\w+\}$/, "") === path.template,
    );
    const key = item?.path.steps.at(-1)?.parameter;
    if (!item || !key || !target) return undefined;
    const parents = path.steps.flatMap(({ parameter }) => (parameter ? [`${parameter.wire}=${parameter.name}`] : []));
    const own = `${key.wire}=found.${key.field.name}`;
    return `request.url_for(${[stringLiteral(item.name), ...parents, own].join(", ")}).path`;
  },
};
