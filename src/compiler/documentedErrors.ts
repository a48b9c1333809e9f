import type { OperationPlan } from "./apiPlan.ts";
import { type ErrorCatalogue, notFoundOf } from "./errorClasses.ts";
import { keyError } from "./idempotency.ts";
import { lookupOf, parentLookups } from "./lookups.ts";
import type { AggregatePlan, ErrorClassPlan, OperationKind, ViolationPlan } from "./plan.ts";

/**
 * The errors that the route documents: what the contract names, by code or else by status, and what is answered
 * whatever it names. Where it names no code, all that the database can refuse as well.
 */
export function documentedErrors(
  operation: Omit<OperationPlan, "errors" | "headers" | "status">,
  target: AggregatePlan | undefined,
  errors: ErrorCatalogue,
): readonly ErrorClassPlan[] {
  const { endpoint } = operation;
  const named = errors.classes.filter(({ code }) => endpoint.errorCodes.includes(code));
  const certain = [
    ...(endpoint.errorCodes.length === 0 && target ? refusals(operation.kind, target) : []),
    ...answeredErrors(operation, target, errors),
  ];
  const covered = new Set([...named, ...certain].map(({ status }) => status));
  const byStatus = endpoint.responses
    .filter(({ status }) => status >= 400 && !covered.has(status))
    .flatMap(({ status }) => errors.classes.find((plan) => plan.status === status) ?? []);
  return [...new Set([...named, ...certain, ...byStatus])].sort((left, right) => left.status - right.status);
}

/** The errors that the operation answers with by itself, whatever tables and rules refuse. */
export function answeredErrors(
  operation: Documented,
  target: AggregatePlan | undefined,
  errors: ErrorCatalogue,
): readonly ErrorClassPlan[] {
  return [
    ...(takesInput(operation) ? [errors.invalid] : []),
    ...accessErrors(operation, errors),
    ...protocolErrors(operation, errors),
    ...missingErrors(operation, target, errors),
  ];
}

type Documented = Parameters<typeof documentedErrors>[0];

function takesInput({ endpoint, path, request, query, precondition, once }: Documented): boolean {
  const isAddressed = endpoint.parameters.length > 0 || path.steps.some(({ parameter }) => parameter);
  return isAddressed || [request, query, precondition, once].some((part) => part !== undefined);
}

const refusedWhen: Readonly<Partial<Record<OperationKind, "write" | "delete">>> = {
  create: "write",
  createMany: "write",
  update: "write",
  updateMany: "write",
  replace: "write",
  upsert: "write",
  link: "write",
  delete: "delete",
  deleteMany: "delete",
};

/** The key of a file is made up by the store, so that nobody can send one that is taken. */
function refusals(kind: OperationKind, { violations, file }: AggregatePlan): readonly ErrorClassPlan[] {
  const side = refusedWhen[kind];
  const isOfStore = (constraint: ViolationPlan["constraint"]): boolean =>
    "columns" in constraint && constraint.columns.join() === file?.key.column.name;
  return violations
    .filter(({ when, constraint }) => side !== undefined && (when ?? side) === side && !isOfStore(constraint))
    .map(({ error }) => error);
}

function accessErrors({ access, signIn, limit }: Documented, errors: ErrorCatalogue): readonly ErrorClassPlan[] {
  return [
    ...(access.public ? [] : [errors.unauthenticated]),
    ...(access.anyOf.length + access.allOf.length > 0 ? [errors.forbidden] : []),
    ...(signIn ? [signIn.error] : []),
    ...(limit ? [limit.error] : []),
  ];
}

function protocolErrors(
  { precondition, once, transition, request, adjustment }: Documented,
  errors: ErrorCatalogue,
): readonly ErrorClassPlan[] {
  return [
    ...(precondition ? [precondition.error] : []),
    ...(once ? [keyError(errors)] : []),
    ...(transition?.checked ? [transition.error] : []),
    ...(adjustment?.limits ?? []).map(({ error }) => error),
    ...(transition?.refusal ? [transition.refusal] : []),
    ...(request?.upload ? [request.upload.tooLarge, request.upload.mediaType] : []),
  ];
}

/** A row of the path that is not there; of what is made or listed, the one that it belongs to. */
function missingErrors(
  { kind, path, bulk, link }: Documented,
  target: AggregatePlan | undefined,
  errors: ErrorCatalogue,
): readonly ErrorClassPlan[] {
  const sides = [...parentLookups(path).slice(-1), ...(link?.sides ?? [])];
  if (bulk?.tellsMissing) return [];
  const row = target && lookupOf(bulk?.itemPath ?? path);
  const missing = besideParent.has(kind) ? sides : row ? [row] : [];
  return missing.map(({ aggregate }) => notFoundOf(aggregate, errors));
}

const besideParent: ReadonlySet<OperationKind> = new Set(["list", "create", "createMany", "upsert", "link"]);
