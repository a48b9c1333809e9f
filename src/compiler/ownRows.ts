import { singular, snakeCase } from "../support/words.ts";
import type { QueryFilter } from "./apiPlan.ts";
import { callerDependency, subjectBehind } from "./callers.ts";
import type { OperationDraft } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";

/**
 * The rows of a list that are left to some callers, as its text says: "requesters see only their own". None where row policies
 * keep everybody to the own rows; a gap in the draft where no role or column is what the text speaks of.
 */
export function ownRowsFilter(draft: OperationDraft, aggregate: AggregatePlan): QueryFilter | undefined {
  const { summary = "", description = "" } = draft.endpoint;
  const who = ownRows.exec(`${summary}. ${description}`)?.[1];
  if (who === undefined || aggregate.fields.some(({ role }) => role === "owner")) return undefined;
  const role = roleNamed(draft, who);
  if (role === undefined && !anybody.test(who)) {
    draft.gaps.push(`no role is called "${singular(who)}", whose own rows the list is left to`);
    return undefined;
  }
  const field = ownerField(draft, aggregate, role);
  const caller = field && callerDependency({ field, source: "caller" }, role);
  if (!field || !caller) {
    draft.gaps.push(`no column of ${aggregate.table.name} says which rows are the own ones of ${who}`);
    return undefined;
  }
  const filter = { name: `own_${field.name}`, field, operator: "equal" as const };
  return { filter, attribute: caller.parameter, source: "sent", optional: role !== undefined, caller };
}

const ownRows =
  /\b([a-z]+)(?: may| can)?(?: only)? (?:sees?|gets?|lists?|views?|reads?)(?: only)? (?:only )?(?:their|his|her|its|his or her) own\b(?=[^.;]*)/i;
const anybody = /^(?:users?|callers?|everybody|everyone|people|members?|they)$/i;

/** A role that some endpoint asks for, or that accounts can have. */
function roleNamed({ spec, aggregates }: OperationDraft, word: string): string | undefined {
  const asked = spec.api.endpoints.flatMap(({ security }) => (security ?? []).flatMap(({ scopes }) => scopes));
  const held = aggregates.flatMap(({ fields }) =>
    fields.flatMap(({ column, enum: closed }) => (/^(?:user_)?role$/.test(column.name) ? (closed?.members ?? []) : [])),
  );
  const wanted = snakeCase(singular(word));
  return [...asked, ...held.map(({ value }) => value)].find((role) => snakeCase(role) === wanted);
}

/** The column that is called after the role, else the one that a new row has from its caller. */
function ownerField(
  { aggregates }: OperationDraft,
  aggregate: AggregatePlan,
  role: string | undefined,
): FieldPlan | undefined {
  const named =
    role === undefined ? undefined : aggregate.fields.find(({ column }) => column.name === `${snakeCase(role)}_id`);
  const field = named ?? aggregate.fields.find(({ column }) => column.fromCaller === true);
  return field && !subjectBehind(field, aggregate, aggregates) ? field : undefined;
}
