import { pascalCase, snakeCase } from "../support/words.ts";
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
  /** There is a value for callers of this role only. */
  readonly role?: string;
}

/** What the route asks of its caller: for columns of a new row, for the caller's own row, and for who did something. */
export function callersOf({ request, path, mark, link, query }: OperationPlan): readonly CallerDependency[] {
  const own = path.steps.flatMap((step) => step.own ?? step.caller ?? []);
  const marked = (mark?.values ?? []).flatMap(({ field, value }) => (value === "caller" ? [field] : []));
  const fields = [...own, ...marked].map((field) => ({ field, source: "caller" as const }));
  const asked = [...fields, ...(request?.externals ?? []), ...(link?.externals ?? [])].flatMap(
    (external) => callerDependency(external) ?? [],
  );
  const narrowed = (query?.filters ?? []).flatMap(({ caller }) => caller ?? []);
  return [...new Map([...asked, ...narrowed].map((dependency) => [dependency.name, dependency])).values()];
}

/** Undefined where the value is none of the caller's; with a role, the dependency gives one to callers of that role only. */
export function callerDependency(
  { field, source }: Pick<ExternalValue, "field" | "source">,
  role?: string,
): CallerDependency | undefined {
  if (source !== "caller" && source !== "tenant") return undefined;
  const type = field.type.expression;
  const claim = source === "tenant" ? "tenant_id" : "user_id";
  const stem = source === "tenant" ? "Tenant" : "Caller";
  const suffix = type === "UUID" ? "Id" : type === "int" ? "Number" : "Name";
  const name = `${stem}${suffix}${role === undefined ? "" : `If${pascalCase(role)}`}`;
  return { name, parameter: snakeCase(name), type, claim, ...(role !== undefined && { role }) };
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
