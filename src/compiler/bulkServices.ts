import { locksRows } from "./aggregates.ts";
import type { OperationPlan } from "./apiPlan.ts";
import { copyMethods } from "./copiedValues.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { deletionGuard, updateGuard } from "./guards.ts";
import { lookupOf, needsFinding } from "./lookups.ts";
import type { AggregatePlan, BatchMethod } from "./plan.ts";
import { policyCalls } from "./rules/policyCalls.ts";
import { deletesFile } from "./uploads.ts";

/** The aggregates with the methods for several rows that their operations call. */
export function withBatches(
  aggregates: readonly AggregatePlan[],
  operations: readonly OperationPlan[],
  errors: ErrorCatalogue,
): readonly AggregatePlan[] {
  return aggregates.map((aggregate) => {
    const own = operations.filter(({ target }) => target?.className === aggregate.className);
    const batches = new Set([
      ...(aggregate.batches ?? []),
      ...copyMethods(aggregate, operations),
      ...own.flatMap((operation) => methodsOf(aggregate, operation, errors)),
    ]);
    return batches.size > 0 ? { ...aggregate, batches } : aggregate;
  });
}

/** Lines that create all that `data` has; undefined where the rows have to be taken one by one. */
export function batchCreation({ key, plural }: AggregatePlan): string | undefined {
  return key.length === 1 ? `await uow.${plural}.create_many(data)` : undefined;
}

/** Lines that change all `items` or none; undefined where the rows have to be taken one by one. */
export function batchUpdate(
  aggregate: AggregatePlan,
  operation: OperationPlan,
  errors: ErrorCatalogue,
): readonly string[] | undefined {
  const { plural, notFound, className, key } = aggregate;
  const name = operation.bulk?.key;
  if (name === undefined || !isBatched(aggregate, operation)) return undefined;
  const guard = updateGuard(aggregate, operation, errors);
  const counts = guard.changes !== "changes";
  const checked = [
    `found = rows.get(${name})`,
    "if found is None:",
    `    raise ${notFound.className}()`,
    ...guard.checks,
    ...(counts ? [`counted.append((${name}, ${guard.changes}))`] : []),
  ];
  const after = policyCalls(aggregate, operation, "after", "row");
  const update = `await uow.${plural}.update_many(${counts ? "counted" : "items"})`;
  const read = [
    `keys = [${name} for ${name}, _ in items]`,
    `rows = {row.${key[0]?.name}: row for row in await uow.${plural}.find_many(keys, for_update=True)}`,
    ...(counts ? [`counted: list[tuple[${key[0]?.type.expression}, ${className}Changes]] = []`] : []),
    `for ${name}, changes in items:`,
    ...checked.map((line) => `    ${line}`),
  ];
  // Rows that are locked are still there.
  if (guard.isNeeded && after.length === 0) return [...read, `return ${update}`];
  return [
    ...(guard.isNeeded ? read : []),
    `updated = ${update}`,
    ...(guard.isNeeded ? [] : ["if len(updated) < len(items):", `    raise ${notFound.className}()`]),
    ...(after.length > 0 ? ["for row in updated:", ...after.map((line) => `    ${line}`)] : []),
    "return updated",
  ];
}

/** Lines that delete all `keys` or none, or as many as there are; undefined where the rows have to be taken one by one. */
export function batchDeletion(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] | undefined {
  const { plural, notFound, file } = aggregate;
  if (!isBatched(aggregate, operation)) return undefined;
  const guard = deletionGuard(aggregate, operation);
  const hasFile = deletesFile(aggregate);
  const lock = guard.isNeeded && locksRows(aggregate) ? ", for_update=True" : "";
  const reads = guard.isNeeded || hasFile;
  const read = reads ? [`rows = await uow.${plural}.find_many(keys${lock})`] : [];
  const checks = guard.checks.length > 0 ? ["for found in rows:", ...guard.checks.map((line) => `    ${line}`)] : [];
  const deletion = `await uow.${plural}.delete_many(keys)`;
  if (operation.bulk?.tellsMissing) return [...read, ...checks, `return ${deletion}`];
  const filled = file?.key.optional ? ` if row.${file.key.name} is not None` : "";
  return [
    ...read,
    ...checks,
    `if ${deletion} != set(keys):`,
    `    raise ${notFound.className}()`,
    ...(hasFile ? [`return [row.${file?.key.name} for row in rows${filled}]`] : []),
  ];
}

function methodsOf(aggregate: AggregatePlan, operation: OperationPlan, errors: ErrorCatalogue): readonly BatchMethod[] {
  const { kind } = operation;
  if (kind === "createMany") return batchCreation(aggregate) === undefined ? [] : ["create_many"];
  if ((kind !== "updateMany" && kind !== "deleteMany") || !isBatched(aggregate, operation)) return [];
  if (kind === "updateMany") {
    return [...reading(updateGuard(aggregate, operation, errors).isNeeded), "update_many"];
  }
  return [...reading(deletionGuard(aggregate, operation).isNeeded || deletesFile(aggregate)), "delete_many"];
}

function reading(isNeeded: boolean): readonly BatchMethod[] {
  return isNeeded ? ["find_many"] : [];
}

/** Whether the key alone names a row, and no rule about it asks the database again. */
function isBatched(aggregate: AggregatePlan, operation: OperationPlan): boolean {
  const lookup = operation.bulk && lookupOf(operation.bulk.itemPath);
  const rules = (["before", "after"] as const).flatMap((when) => policyCalls(aggregate, operation, when, "row"));
  if (operation.bulk?.tellsMissing) return true;
  return lookup !== undefined && !needsFinding(lookup) && !rules.some((call) => call.includes("await "));
}
