import { singular, words } from "../../support/words.ts";
import { type ErrorCatalogue, transitionErrorOf } from "../errorClasses.ts";
import type { AggregatePlan, ErrorClassPlan } from "../plan.ts";
import { errorOf } from "./fittingCode.ts";
import { codesOf } from "./keptRules.ts";
import { mayLock, reachableFrom, resolveOwnerState } from "./resolveReferences.ts";
import type { PolicyDraft, Resolution, RuleContext } from "./resolveStatement.ts";
import { rowState } from "./rowStates.ts";
import type { RuleStatement } from "./ruleStatement.ts";
import { aggregateAtEnd, aggregateNamed, scopeOf } from "./subjects.ts";

type Of<K extends RuleStatement["kind"]> = Extract<RuleStatement, { readonly kind: K }>;

/** `Only draft orders can be deleted`, `A board cannot be changed while it is archived`. */
export function resolveState(statement: Of<"state">, context: RuleContext): Resolution | undefined {
  const { aggregates } = context;
  const said = statement.states.map((text) => aggregateAtEnd(text, aggregates));
  const subject = statement.subject === undefined ? undefined : aggregateNamed(statement.subject, aggregates);
  if (statement.subject !== undefined && !subject) return undefined;
  const phrases = statement.states.map((text, index) => said[index]?.attribute || text);
  const own = subject ?? said.find((item) => item && item.attribute !== "")?.aggregate;
  const candidates = (own ? [own] : scopeOf(context)).flatMap((aggregate) => {
    const state = rowState(aggregate, phrases);
    return state ? [{ aggregate, state }] : [];
  });
  const [only, ...others] = candidates;
  if (!only || others.length > 0) return undefined;
  const { aggregate, state } = only;
  const reached = statement.onwards ? reachableFrom(state, aggregate) : state;
  const refused = statement.allowed ? { ...reached, holds: !reached.holds } : reached;
  const check = { kind: "state", refused, error: lockedErrorOf(aggregate, context) } as const;
  return { conditions: [], policies: [{ aggregate, when: "before", acts: statement.acts, check }] };
}

/** Of the row itself, or of the one that rows belong to. */
export function resolveStateOfOwner(statement: Of<"ownerState">, context: RuleContext): Resolution | undefined {
  const { subject, owner, states, allowed, onwards, acts } = statement;
  const own = aggregateNamed(subject, context.aggregates);
  if (!own || own !== aggregateNamed(owner, context.aggregates)) return resolveOwnerState(statement, context);
  return resolveState(
    { kind: "state", subject, states, allowed, onwards, acts: acts.filter((act) => act !== "create") },
    context,
  );
}

/** `Archived boards are read-only`: the row and everything that belongs to it. */
export function resolveReadOnly({ subject }: Of<"readOnly">, context: RuleContext): Resolution | undefined {
  const said = aggregateAtEnd(subject, context.aggregates);
  const state = said && rowState(said.aggregate, [said.attribute]);
  if (!said || !state || said.aggregate.key.length !== 1) return undefined;
  const { aggregate } = said;
  const error = lockedErrorOf(aggregate, context);
  const own = { kind: "state", refused: state, error } as const;
  const parts = context.aggregates.flatMap((part): readonly PolicyDraft[] => {
    const [foreignKey, ...more] = part === aggregate ? [] : cascadingKey(part, aggregate);
    if (!foreignKey || more.length > 0) return [];
    const check = {
      kind: "refers",
      at: "write",
      foreignKey,
      target: aggregate,
      refused: state,
      mustBeSeen: false,
      locks: mayLock(aggregate, context),
      error,
    } as const;
    return [{ aggregate: part, when: "before", acts: ["change", "delete"], check }];
  });
  return {
    conditions: [],
    policies: [{ aggregate, when: "before", acts: ["change", "delete"], check: own }, ...parts],
  };
}

/** What goes when the row goes belongs to it. */
function cascadingKey(part: AggregatePlan, { table }: AggregatePlan) {
  const keys = part.table.constraints.filter(
    ({ references }) => references?.table === table.name && references.onDelete === "cascade",
  );
  return keys.flatMap(({ columns }) => part.fields.filter(({ column }) => columns.includes(column.name)));
}

function lockedErrorOf(aggregate: AggregatePlan, context: RuleContext): ErrorClassPlan {
  const [named] = codesOf(context.rule, context.errors);
  const code = context.errors.classes.find((plan) => plan.code === named);
  return (
    code ??
    lockedError(aggregate, context.errors) ??
    errorOf(context, locking) ??
    transitionErrorOf(aggregate, context.errors)
  );
}

const locking = /^(?:editable|locked|deletable|modifiable|frozen|immutable|readonly|read|only)$/;

function lockedError(aggregate: AggregatePlan, errors: ErrorCatalogue): ErrorClassPlan | undefined {
  const name = words(aggregate.className).map(singular).join(" ");
  return errors.classes.find(({ code, status }) => {
    const said = words(code).map(singular).join(" ");
    return status < 500 && said.startsWith(name) && /editable|locked|deletable|modifiable|frozen|immutable/.test(said);
  });
}
