import type { DesignSpec } from "../spec/model.ts";
import { isTimestamp } from "../spec/sql/typeKinds.ts";
import type { StateTransition } from "../spec/stateMachine.ts";
import { sameThing, words } from "../support/words.ts";
import type { TransitionPlan } from "./apiPlan.ts";
import { type ErrorCatalogue, transitionErrorOf } from "./errorClasses.ts";
import { assume, type OperationDraft } from "./modelBuilding.ts";
import type { AggregatePlan, ErrorClassPlan, FieldPlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";

/** The change of state that `POST /orders/{orderId}/submit` means; undefined when nothing in the design says. */
export function planTransition(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  verb: string,
  errors: ErrorCatalogue,
): TransitionPlan | undefined {
  const field = stateField(aggregate);
  const to = stateAfter(aggregate, verb);
  if (!field || to === undefined) return undefined;
  const checked = aggregate.stateMachine !== undefined;
  const { errorCodes } = draft.endpoint;
  const settled = settledErrors(aggregate, errors).get(to);
  const refusal = settled && (errorCodes.length === 0 || errorCodes.includes(settled.code)) ? settled : undefined;
  if (!checked) {
    const from = refusal ? `any other state to ${to}, and is refused in it (${refusal.code})` : `any state to ${to}`;
    assume(draft, `The domain model has no transitions of ${aggregate.className}; ${verb} leads from ${from}.`);
  }
  return {
    field,
    to,
    checked,
    error: transitionErrorOf(aggregate, errors),
    ...(refusal && { refusal }),
    guards: guardsOf(draft, aggregate, verb),
    stamps: stamps(aggregate, to),
  };
}

/** The guards of the transitions that the verb brings about; one that says more than these forms leaves a gap. */
function guardsOf(draft: OperationDraft, aggregate: AggregatePlan, verb: string): readonly string[] {
  const said = new Set(transitionsBy(aggregate, verb).flatMap(({ guard }) => guard ?? []));
  return [...said].flatMap((guard) => {
    const test = refusalOf(guard, aggregate);
    if (test === undefined) draft.gaps.push(`the guard "${guard}" of ${verb} is in no form that can be checked`);
    return test ?? [];
  });
}

const leastRows =
  /^(?:(?:it |the \w+ |an? \w+ )?(?:has|have|having|with|contains?|holds?) )?at least (one|an?|\d+) ([\w ]+)$/i;
const filled =
  /^(?:(?:has|with|an?|the|its) )*([\w ]+?) (?:(?:is |must be )?(?:set|given|present|known|filled|not null|not empty))$/i;

/** "at least one line" of what has lines, "tracking number is set" of a column that may be null. */
function refusalOf(guard: string, { children, fields }: AggregatePlan): string | undefined {
  const plain = guard.trim().replace(/\.$/, "");
  const [, number = "", rows = ""] = leastRows.exec(plain) ?? [];
  const child = children.find(({ attribute, aggregate }) => sameThing(attribute, rows) || sameThing(aggregate, rows));
  if (child)
    return /\d{2}|[2-9]/.test(number) ? `len(found.${child.attribute}) < ${number}` : `not found.${child.attribute}`;
  const name = filled.exec(plain)?.[1];
  const field = fields.find(({ column, optional }) => optional && name !== undefined && sameThing(column.name, name));
  return field && `found.${field.name} is None`;
}

/**
 * The codes for a row that is in its state already, `ORDER_ALREADY_CANCELLED`, by that state. None of an aggregate with a
 * state machine, which refuses what it has no transition for.
 */
export function settledErrors(
  aggregate: AggregatePlan,
  { classes }: ErrorCatalogue,
): ReadonlyMap<string, ErrorClassPlan> {
  const members = aggregate.stateMachine ? [] : (stateField(aggregate)?.enum?.members ?? []);
  const own = new Set(words(aggregate.className));
  const settled = members.flatMap(({ value }) => {
    const found = classes.find(({ code }) => {
      const [subject = "", state] = words(code)
        .join(" ")
        .split(/ ?already /);
      return state === words(value).join(" ") && words(subject).every((word) => own.has(word));
    });
    return found ? [[value, found] as const] : [];
  });
  return new Map(settled);
}

/** Whether an endpoint leads to a state that rows are not moved to again. */
export function refusesAgain(aggregate: AggregatePlan, { api }: DesignSpec, errors: ErrorCatalogue): boolean {
  const settled = settledErrors(aggregate, errors);
  return api.endpoints.some(({ resource }) => {
    const verb = resource?.steps.at(-1)?.table === tableKey(aggregate.table) ? resource.rest.at(-1) : undefined;
    return verb !== undefined && settled.has(stateAfter(aggregate, verb) ?? "");
  });
}

/** The state that a verb leads to: by the trigger that the design names, else by the name of the state. */
export function stateAfter(aggregate: AggregatePlan, verb: string): string | undefined {
  const states = stateField(aggregate)?.enum?.members.map(({ value }) => value) ?? [];
  return triggered(aggregate, verb) ?? states.find((state) => isResultOf(verb, state));
}

/** The column of the state machine, else a closed set that is called status or state. */
export function stateField(aggregate: AggregatePlan): FieldPlan | undefined {
  const name = aggregate.stateMachine?.field;
  return (
    aggregate.fields.find((field) => field.name === name) ??
    aggregate.fields.find((field) => field.enum && /^(?:status|state)$/.test(field.name))
  );
}

function triggered(aggregate: AggregatePlan, verb: string): string | undefined {
  return transitionsBy(aggregate, verb)[0]?.to;
}

function transitionsBy({ className, stateMachine }: AggregatePlan, verb: string): readonly StateTransition[] {
  const wanted = words(verb).join(" ");
  const entity = words(className).join(" ");
  return (stateMachine?.transitions ?? []).filter(({ trigger }) => {
    const path = /\/([\w-]+)\s*`?$/.exec(trigger ?? "")?.[1];
    const text = words(path ?? trigger ?? "").join(" ");
    return text === wanted || text === `${wanted} ${entity}`;
  });
}

function isResultOf(verb: string, state: string): boolean {
  const action = words(verb).join("_");
  const result = words(state).join("_");
  const stem = action.replace(/(?:e|y)$/, "");
  return (irregularResults.get(action) ?? []).includes(result) || (stem.length > 2 && result.startsWith(stem));
}

const irregularResults: ReadonlyMap<string, readonly string[]> = new Map([
  ["pay", ["paid"]],
  ["send", ["sent"]],
  ["start", ["in_progress", "active", "running"]],
  ["begin", ["in_progress", "active"]],
  ["finish", ["completed", "done"]],
  ["complete", ["done"]],
  ["reopen", ["open", "reopened"]],
  ["activate", ["active"]],
  ["deactivate", ["inactive"]],
  ["enable", ["active"]],
  ["disable", ["inactive"]],
  ["resume", ["active"]],
  ["unpublish", ["draft"]],
  ["hold", ["on_hold"]],
]);

/** `shipped_at` for the state `shipped`. */
function stamps(aggregate: AggregatePlan, state: string): readonly FieldPlan[] {
  const name = words(state).join("_");
  const names = new Set([`${name}_at`, `${name}_on`, `${name.replace("cancelled", "canceled")}_at`]);
  return aggregate.fields.filter(
    ({ column, computed }) =>
      names.has(column.name) && isTimestamp(column.type) && column.type.name !== "date" && !computed,
  );
}
