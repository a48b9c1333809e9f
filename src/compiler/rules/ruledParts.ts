import type { AggregatePlan, FieldPlan } from "../plan.ts";
import type { PolicyDraft } from "./resolveStatement.ts";
import type { PolicyCheck } from "./rulePlan.ts";

/**
 * The aggregates with the parts of value objects that rules look at by themselves, which the entity then has as
 * properties. A part that is called like the whole cannot be one, so its columns stay attributes of their own.
 */
export function withRuledParts(
  aggregates: readonly AggregatePlan[],
  drafts: readonly Pick<PolicyDraft, "aggregate" | "check">[],
): readonly AggregatePlan[] {
  const columns = new Set(drafts.flatMap(({ check }) => fieldsOf(check).map(({ column }) => column)));
  const names = new Set(
    drafts.flatMap(({ aggregate, check }) =>
      check.kind === "needs" ? `${aggregate.className}.${check.needed.name}` : [],
    ),
  );
  return aggregates.map(({ held, ...aggregate }) => {
    const isLookedAt = ({ column, name }: FieldPlan) =>
      columns.has(column) || names.has(`${aggregate.className}.${name}`);
    const values = (held ?? []).filter(
      (value) => !value.parts.some(({ field }) => field.name === value.name && isLookedAt(field)),
    );
    if (values.length === 0) return aggregate;
    const shown = values.map((value) => ({
      ...value,
      parts: value.parts.map((part) => (isLookedAt(part.field) ? { ...part, isShown: true } : part)),
    }));
    return { ...aggregate, held: shown };
  });
}

/** What a check compares. */
function fieldsOf(check: PolicyCheck): readonly FieldPlan[] {
  switch (check.kind) {
    case "ahead":
    case "length":
      return [check.field];
    case "order":
      return [check.field, check.other];
    case "count":
      return [check.foreignKey, ...(check.narrowed ? [check.narrowed.field] : [])];
    case "refers":
      return [check.refused.field, ...(check.shared ? [check.shared.own, check.shared.theirs] : [])];
    case "needs":
      return [check.reached.field];
    case "window":
      return [check.reached.field, check.since];
    case "state":
    case "signIn":
      return [check.refused.field];
    case "children":
      return [];
  }
}
