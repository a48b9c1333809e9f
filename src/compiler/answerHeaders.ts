import { words } from "../support/words.ts";
import type { AnswerHeader, OperationPlan } from "./apiPlan.ts";
import { assume, type OperationDraft } from "./modelBuilding.ts";
import type { AggregatePlan, OperationKind } from "./plan.ts";
import { stringLiteral } from "./python.ts";
import { successResponse } from "./responses.ts";

/** The headers of a successful answer that the engine can fill; the others are named and left out. */
export function planHeaders(
  draft: OperationDraft,
  kind: OperationKind,
  aggregate: AggregatePlan,
): readonly AnswerHeader[] {
  const names = successResponse(draft.endpoint.responses)?.headers ?? [];
  return names.flatMap((name) => {
    const value = sourceOf(name, kind, aggregate);
    if (value) return [{ name, value }];
    const isCommon = /^(?:x-(?:correlation|request|trace)-id|content-type|content-length|cache-control|date)$/i.test(
      name,
    );
    if (!isCommon) assume(draft, `The header ${name} of the answer is left out: nothing gives its value.`);
    return [];
  });
}

/** Lines of a route that set the headers, once the service has answered. */
export function headerLines(operation: OperationPlan, operations: readonly OperationPlan[]): readonly string[] {
  return operation.headers.flatMap(({ name, value }) => {
    const expression = expressions[value](operation, operations);
    return expression === undefined ? [] : [`response.headers[${stringLiteral(name)}] = ${expression}`];
  });
}

function sourceOf(name: string, kind: OperationKind, { version }: AggregatePlan): AnswerHeader["value"] | undefined {
  const text = words(name).join(" ");
  if (text === "location" && kind === "create") return "location";
  if (/^(?:x )?total(?: count)?$/.test(text) && kind === "list") return "total";
  return /^e ?tag$/.test(text) && version && kind !== "list" && kind !== "delete" ? "entityTag" : undefined;
}

type HeaderExpression = (operation: OperationPlan, operations: readonly OperationPlan[]) => string | undefined;

const expressions: Readonly<Record<AnswerHeader["value"], HeaderExpression>> = {
  total: () => "str(total)",
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
