import type { Endpoint } from "../spec/model.ts";
import { sameThing, words } from "../support/words.ts";
import type { OperationPlan, ResourcePath, ResponsePlan } from "./apiPlan.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { rowAttribute } from "./modelFiles.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { successResponse } from "./responses.ts";

/** The rows of a table, counted by a column with a closed set of values. */
export interface Tally {
  readonly aggregate: AggregatePlan;
  readonly field: FieldPlan;
}

/**
 * What `GET /store/inventory` counts: its answer is a number for each key, and the one table and closed
 * column that path and text of the endpoint name are what the keys are values of.
 */
export function tallyOf(draft: OperationDraft, { steps }: ResourcePath): Tally | undefined {
  const { endpoint } = draft;
  if (endpoint.method !== "GET" || !answersNumbers(draft)) return undefined;
  if (steps.some(({ parameter, own }) => parameter ?? own)) return undefined;
  const said = saidWords(endpoint);
  const target = steps.at(-1)?.aggregate;
  const named = (target ? [target] : draft.aggregates).filter(
    (aggregate) => aggregate === target || said.some((word) => sameThing(word, aggregate.table.name)),
  );
  const tallies = named.flatMap((aggregate) =>
    aggregate.fields
      .filter(
        (field) => field.enum && !field.column.type.array && said.some((word) => sameThing(word, field.column.name)),
      )
      .map((field) => ({ aggregate, field })),
  );
  return tallies.length === 1 ? tallies[0] : undefined;
}

export function noteTally(draft: OperationDraft, { aggregate, field }: Tally): void {
  assume(draft, `The numbers are those of the rows of ${aggregate.table.name}, by ${field.column.name}.`);
}

/** A number for each value, under the value. */
export const tallyResponse: ResponsePlan = {
  annotation: "dict[str, int]",
  imports: [],
  shape: { kind: "value", expression: "{key.value: number for key, number in counts.items()}", imports: [] },
};

/** `count_by_status`. */
export function tallyMethod({ name }: FieldPlan): string {
  return `count_by_${name.replace(/_$/, "")}`;
}

export function tallyType({ type }: FieldPlan): string {
  return `dict[${type.expression}, int]`;
}

/** The columns that some endpoint counts the rows of the aggregate by. */
export function talliesOf(operations: readonly OperationPlan[], { className }: AggregatePlan): readonly FieldPlan[] {
  const fields = operations.flatMap(({ tally, target }) => (tally && target?.className === className ? [tally] : []));
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

export function tallyBody({ className }: AggregatePlan, field: FieldPlan, shown: readonly string[]): string {
  const column = `${className}Row.${rowAttribute(field.name)}`;
  const conditions = [...shown, ...(field.optional ? [`${column}.is_not(None)`] : [])];
  return [
    `statement = (`,
    `    select(${column}, func.count())`,
    ...(conditions.length > 0 ? [`    .where(${conditions.join(", ")})`] : []),
    `    .group_by(${column})`,
    `)`,
    `rows = (await self._session.execute(statement)).all()`,
    `return {${field.type.expression}(value): number for value, number in rows}`,
  ].join("\n");
}

function answersNumbers({ endpoint, spec }: OperationDraft): boolean {
  const schema = successResponse(endpoint.responses)?.schema;
  const resolved = schema && resolveSchema(spec, schema);
  const values = resolved?.additional ? resolveSchema(spec, resolved.additional) : undefined;
  return resolved?.type === "object" && (resolved.properties ?? []).length === 0 && values?.type === "integer";
}

function saidWords({ path, summary, description, operationId }: Endpoint): readonly string[] {
  return words([path, summary, description, operationId].join(" "));
}
