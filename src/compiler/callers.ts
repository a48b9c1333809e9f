import type { ExternalValue, OperationPlan } from "./apiPlan.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/** How a route gets the value of a column that says whose a row is. */
export interface CallerDependency {
  /** `CallerId`. */
  readonly name: string;
  /** `caller_id`. */
  readonly parameter: string;
  readonly type: string;
  readonly claim: "user_id" | "tenant_id";
}

/** What the route asks of its caller: for columns of a new row, for the caller's own row, and for who did something. */
export function callersOf({ request, path, mark, link }: OperationPlan): readonly CallerDependency[] {
  const own = path.steps.flatMap((step) => step.own ?? step.caller ?? []);
  const marked = (mark?.values ?? []).flatMap(({ field, value }) => (value === "caller" ? [field] : []));
  const fields = [...own, ...marked].map((field) => ({ field, source: "caller" as const }));
  const asked = [...fields, ...(request?.externals ?? []), ...(link?.externals ?? [])].flatMap(
    (external) => callerDependency(external) ?? [],
  );
  return [...new Map(asked.map((dependency) => [dependency.name, dependency])).values()];
}

export function callerDependency({
  field,
  source,
}: Pick<ExternalValue, "field" | "source">): CallerDependency | undefined {
  if (source !== "caller" && source !== "tenant") return undefined;
  const type = field.type.expression;
  const claim = source === "tenant" ? "tenant_id" : "user_id";
  const stem = source === "tenant" ? "Tenant" : "Caller";
  const suffix = type === "UUID" ? "Id" : type === "int" ? "Number" : "Name";
  const name = `${stem}${suffix}`;
  return { name, parameter: name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase(), type, claim };
}

/** The column that says whose a row is, as far as it can be compared with what the token says of the caller. */
export function callerField(aggregate: AggregatePlan, aggregates: readonly AggregatePlan[]): FieldPlan | undefined {
  const field =
    aggregate.fields.find(({ role }) => role === "owner") ??
    aggregate.fields.find(({ column }) => column.fromCaller === true);
  return field && !subjectBehind(field, aggregate, aggregates) ? field : undefined;
}

/** A token names an account of an identity provider; where a column refers to the row that stands for it, what names that row. */
export function subjectBehind(
  { column }: FieldPlan,
  { table }: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): { readonly accounts: AggregatePlan; readonly subject: FieldPlan } | undefined {
  const key = table.constraints.find(({ references, columns }) => references && columns.join() === column.name);
  const accounts = aggregates.find((aggregate) => aggregate.table.name === key?.references?.table);
  const subject = accounts?.fields.find(({ role, isKey }) => role === "owner" && !isKey);
  return accounts && subject && { accounts, subject };
}
