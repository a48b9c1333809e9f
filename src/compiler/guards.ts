import { changeFields } from "./aggregates.ts";
import type { OperationPlan } from "./apiPlan.ts";
import { conditionCheck, countedChanges } from "./conditions.ts";
import { type ErrorCatalogue, transitionErrorOf } from "./errorClasses.ts";
import { markArguments } from "./marks.ts";
import type { AggregatePlan } from "./plan.ts";
import { policyCalls } from "./rules/policyCalls.ts";
import { stateField } from "./transitions.ts";

/** What a service looks at in a row, named `found`, before it writes over it. */
export interface Guard {
  /** Whether the row has to be read, and nobody may change it until it is written. */
  readonly isNeeded: boolean;
  /** Lines that raise where the row may not be written. */
  readonly checks: readonly string[];
}

export function deletionGuard(aggregate: AggregatePlan, operation: OperationPlan): Guard {
  const checks = policyCalls(aggregate, operation, "before", "found");
  return {
    isNeeded: operation.precondition !== undefined || checks.length > 0,
    checks: [...conditionCheck(operation), ...checks],
  };
}

/** The guard of an update, and the changes in Python as they are written: marked, and with the next version. */
export function updateGuard(
  aggregate: AggregatePlan,
  operation: OperationPlan,
  errors: ErrorCatalogue,
): Guard & { readonly changes: string } {
  const state = movedState(aggregate, operation);
  const counts = aggregate.version?.type.expression === "int";
  const before = policyCalls(aggregate, operation, "before", "found");
  const moves =
    state === undefined
      ? []
      : [
          `if (`,
          `    changes.${state} is not UNSET`,
          `    and changes.${state} != found.${state}`,
          `    and not found.${state}.can_transition_to(changes.${state})`,
          `):`,
          `    raise ${transitionErrorOf(aggregate, errors).className}()`,
        ];
  return {
    isNeeded: state !== undefined || operation.precondition !== undefined || counts || before.length > 0,
    checks: [...conditionCheck(operation), ...before, ...moves],
    changes: countedChanges(aggregate, operation.mark ? markedChanges(aggregate, operation) : "changes"),
  };
}

/** The values that the action sets, over those that its body has. */
function markedChanges({ className }: AggregatePlan, operation: OperationPlan): string {
  const values = markArguments(operation);
  return operation.request ? `replace(changes, ${values})` : `${className}Changes(${values})`;
}

/** The state, when the body of an update may set it and a state machine guards it. */
function movedState(aggregate: AggregatePlan, { request }: OperationPlan): string | undefined {
  const state = aggregate.stateMachine && stateField(aggregate)?.name;
  const inBody = request?.model.fields.some(({ target }) => target?.name === state);
  return inBody && changeFields(aggregate).some(({ name }) => name === state) ? state : undefined;
}
