import type { OperationPlan } from "./apiPlan.ts";
import type { Assumption } from "./compilation.ts";
import { answeredErrors } from "./documentedErrors.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import type { ErrorClassPlan } from "./plan.ts";

/**
 * The codes that endpoints are said to answer with and nothing raises, because no document says when: their classes are
 * there for whoever knows. Not those that the handlers of the application raise for every endpoint.
 */
export function unraisedCodes(
  operations: readonly OperationPlan[],
  raised: readonly ErrorClassPlan[],
  errors: ErrorCatalogue,
): readonly Assumption[] {
  const general = [
    errors.invalid,
    errors.unauthenticated,
    errors.methodNotAllowed,
    errors.internal,
    errors.unavailable,
  ];
  const answered = operations.flatMap((operation) => answeredErrors(operation, operation.target, errors));
  const known = new Set<ErrorClassPlan>([...general, ...raised, ...answered]);
  return errors.classes
    .filter((plan) => plan.status < 500 && !known.has(plan))
    .flatMap(({ code }) => {
      const naming = operations.filter(({ endpoint }) => endpoint.errorCodes.includes(code));
      const [first] = naming;
      if (!first) return [];
      const endpoints = naming.map(({ endpoint }) => endpoint.name).join(", ");
      const text = `${code} is among the errors of ${endpoints}, and no document says when; nothing raises it.`;
      return [{ text, element: `errorCode:${code}`, source: first.endpoint.source }];
    });
}
