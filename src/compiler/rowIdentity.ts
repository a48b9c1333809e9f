import type { ResourceStep as JoinedStep } from "../spec/endpointResource.ts";
import { singular, words } from "../support/words.ts";
import { callerField } from "./callers.ts";
import { isOneRow, isUnique, matchField } from "./fieldMatching.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/** What one row is named by, besides the row in front of it. */
export interface RowIdentity {
  /** The column that the parameter is compared with. */
  readonly field: FieldPlan;
  /** The column that is compared with the caller, where the parameter alone is not unique. */
  readonly caller?: FieldPlan;
}

/**
 * The row that a parameter names; undefined where its name says a column of which several rows can have one value, or
 * something that the table has no column for. The key is taken only for parameters that are called like the row.
 */
export function rowIdentity(
  { parameter = "", segment, entity }: JoinedStep,
  aggregate: AggregatePlan,
  { parentColumns, aggregates }: RowSurroundings,
): RowIdentity | undefined {
  const field =
    matchField(aggregate, parameter) ?? ownKey(parameter, [segment, entity ?? ""], aggregate, parentColumns);
  if (!field) return undefined;
  const given = [field, ...parentColumns];
  if (isOneRow(aggregate, given)) return { field };
  const caller = callerField(aggregate, aggregates);
  return caller && caller !== field && isOneRow(aggregate, [...given, caller]) ? { field, caller } : undefined;
}

export interface RowSurroundings {
  /** Columns that point at the row in front. */
  readonly parentColumns: readonly FieldPlan[];
  readonly aggregates: readonly AggregatePlan[];
}

/**
 * The unique column that says which row is the caller's own: compared with the caller by the policies, or called like
 * the caller; the key where a row is a person.
 */
export function ownRow(aggregate: AggregatePlan): FieldPlan | undefined {
  const { fields, key, module } = aggregate;
  const isUser = /(?:^|_)user_?$/.test(module);
  const field =
    fields.find(({ role }) => role === "owner") ??
    (isUser ? undefined : fields.find(({ column }) => column.fromCaller === true)) ??
    (isUser || people.test(module) ? key[0] : undefined);
  return field && isUnique(aggregate, field) ? field : undefined;
}

const people =
  /(?:^|_)(?:account|profile|customer|member|person|employee|student|teacher|driver|patient|player|author)_?$/;

/** Why {@link rowIdentity} or {@link ownRow} has no answer. */
export function unnamedRow({ parameter, own }: JoinedStep, aggregate: AggregatePlan): string {
  const { table } = aggregate;
  if (own || parameter === undefined) return `no unique column of ${table.name} says which row is the caller's own`;
  const named = matchField(aggregate, parameter);
  return named
    ? `{${parameter}} names no single row of ${table.name}, because ${named.column.name} is not unique`
    : `no unique column of ${table.name} is called like {${parameter}}`;
}

/** The part of the key that the row in front does not give; it may be that of another table at the same time. */
function ownKey(
  parameter: string,
  names: readonly string[],
  { key, module, table }: AggregatePlan,
  parentColumns: readonly FieldPlan[],
): FieldPlan | undefined {
  const [only, ...others] = key.filter((field) => !parentColumns.includes(field));
  const shared = table.constraints.flatMap(({ references, columns }) =>
    references && columns.join() === only?.column.name ? references.table : [],
  );
  const isNamed = [...names, module, table.name, ...shared].some((name) => isCalledLike(parameter, name));
  return others.length === 0 && isNamed ? only : undefined;
}

/** `id`, `proofId` and `payment_proof` of payment proofs, but not `paymentId`; and short forms: `orgId` of organizations. */
function isCalledLike(parameter: string, name: string): boolean {
  const said = words(parameter).filter((word) => !/^(?:id|uuid|guid|pk|key|identifier)$/.test(word));
  const named = words(name).map(singular);
  const [last] = said.slice(-1);
  if (last === undefined || said.join("") === named.map((word) => word.charAt(0)).join("")) return true;
  const isSaid = (word: string, others: readonly string[]) => others.some((other) => isShortFor(singular(word), other));
  return isSaid(last, named.slice(-1)) && said.every((word) => isSaid(word, named));
}

function isShortFor(short: string, word: string): boolean {
  if (short.charAt(0) !== word.charAt(0)) return false;
  let position = 0;
  for (const letter of short) position = word.indexOf(letter, position) + 1 || Number.POSITIVE_INFINITY;
  return position <= word.length;
}
