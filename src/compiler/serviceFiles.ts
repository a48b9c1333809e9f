import { adjustedArgument, adjustmentLines } from "./adjustments.ts";
import { locksRows } from "./aggregates.ts";
import type { ApiPlan, OperationPlan, ResponseShape } from "./apiPlan.ts";
import { batchCreation, batchDeletion, batchUpdate } from "./bulkServices.ts";
import { bulkLines } from "./bulkWrites.ts";
import type { GeneratedFile } from "./compilation.ts";
import { conditionCheck, countedChanges } from "./conditions.ts";
import { copyFunctions, copyLines } from "./copiedValues.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { deletionGuard, updateGuard } from "./guards.ts";
import { attributesOf } from "./heldColumns.ts";
import { jobMethods, workImports } from "./jobs.ts";
import { linkBody, upsertBody } from "./links.ts";
import { type Lookup, lookupCall, lookupFile, lookupOf, needsFinding, parentLookups } from "./lookups.ts";
import { currentMoment } from "./marks.ts";
import type { AggregatePlan, BackendPlan } from "./plan.ts";
import { docstring, importsFrom, pythonModule } from "./python.ts";
import { databaseRetry } from "./retryFiles.ts";
import { policyCalls } from "./rules/policyCalls.ts";
import { serviceArguments } from "./serviceArguments.ts";
import { signInMethod, signInScopeImports, signInServiceImports } from "./signInFiles.ts";
import { summaryOf } from "./summaries.ts";
import { tallyMethod, tallyType } from "./tallies.ts";
import { parentTotalsLines, totalsFunctions, totalsLines, totalsLock } from "./totals.ts";
import { deletesFile } from "./uploads.ts";

/** One service an aggregate: the business rules of its operations, each in one unit of work. */
export function serviceFiles(plan: BackendPlan, api: ApiPlan, errors: ErrorCatalogue): readonly GeneratedFile[] {
  const rows = api.operations.filter(({ target }) => target !== undefined);
  const isRetried = databaseRetry(plan.spec) !== undefined;
  const served = plan.aggregates.filter(({ className }) => rows.some(({ target }) => target?.className === className));
  return [
    { path: "src/app/services/__init__.py", text: "", step: 4 },
    ...lookupFile(rows),
    ...served.map((aggregate) => serviceModule(aggregate, operationsOf(rows, aggregate), { errors, isRetried })),
  ];
}

/** Whether the answer of a list says how many there are. */
export function countsRows({ response, headers, kind }: OperationPlan): boolean {
  if (kind !== "list") return false;
  if (headers.some(({ value }) => value === "total")) return true;
  const uses = (shape: ResponseShape): boolean =>
    shape.kind === "value"
      ? /\btotal\b/.test(shape.expression)
      : shape.kind === "object" && shape.fields.some((field) => uses(field.shape));
  return response !== undefined && uses(response.shape);
}

function operationsOf(operations: readonly OperationPlan[], { className }: AggregatePlan): readonly OperationPlan[] {
  return operations.filter(({ target }) => target?.className === className);
}

function serviceModule(
  aggregate: AggregatePlan,
  operations: readonly OperationPlan[],
  { errors, isRetried }: { readonly errors: ErrorCatalogue; readonly isRetried: boolean },
): GeneratedFile {
  const { className, module } = aggregate;
  const lookups = operations.flatMap(lookupsOf);
  const head = [
    `class ${className}Service:`,
    docstring(`Use cases of ${className}; knows neither HTTP nor SQL.`, 1),
    "",
    "    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:",
    "        self._uow_factory = uow_factory",
  ].join("\n");
  // An uploaded file can be read once only.
  const decorator = ({ request }: OperationPlan) => (isRetried && !request?.upload ? "    @retried\n" : "");
  const methods = operations.map((operation) => decorator(operation) + method(aggregate, operation, errors));
  const moves = operations.find((operation) => isPlainMove(aggregate, operation));
  if (moves) methods.push(moveMethod(aggregate, moves));
  const jobs = jobMethods(aggregate, operations);
  const text = pythonModule({
    docstring: `Business rules of the ${className} aggregate.`,
    imports: [
      ...importsFrom("collections.abc", "Callable", "Sequence"),
      ...importsFrom("typing", "Any"),
      ...importsFrom("app.domain.versions", "matches"),
      ...importsFrom("app.services.idempotency", "OnceRequest", "earlier_answer", "keep_answer"),
      ...importsFrom("dataclasses", "replace"),
      ...importsFrom("operator", "itemgetter"),
      ...(jobs.length > 0 ? ["import logging"] : []),
      ...workImports([aggregate]),
      ...signInServiceImports,
      ...signInScopeImports(aggregate),
      ...(aggregate.job?.state.type.imports ?? []),
      ...importsFrom("datetime", "UTC", "datetime"),
      ...importsFrom("app.core.retries", "retried"),
      ...importsFrom("app.core.errors", ...errors.classes.map((plan) => plan.className)),
      ...importsFrom("app.domain.paging", "CursorPage", "CursorRequest", "PageRequest"),
      ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
      ...importsFrom("app.domain.unset", "UNSET"),
      ...(aggregate.policies ?? []).flatMap(({ name, within }) =>
        importsFrom(`app.domain.policies.${within?.module ?? module}`, name),
      ),
      ...importsFrom(`app.domain.${module}`, className, `New${className}`, `${className}Changes`, `${className}Filter`),
      ...importsFrom("app.services.copied_values", ...operations.flatMap(copyFunctions)),
      ...importsFrom("app.services.totals", ...totalsFunctions(aggregate)),
      ...importsFrom("app.services.lookups", ...lookups.map(({ name }) => name)),
      ...[...attributesOf(aggregate, aggregate.fields), ...aggregate.fields].flatMap(({ type }) => type.imports),
      ...lookups.flatMap(({ parameters }) => parameters.flatMap(({ type }) => type.type.imports)),
    ],
    body: [
      ...(jobs.length > 0 ? ["logger = logging.getLogger(__name__)"] : []),
      [head, ...methods, ...jobs].join("\n\n"),
    ],
  });
  return { path: `src/app/services/${module}.py`, text, step: 4 };
}

function lookupsOf({ path, bulk, link }: OperationPlan): readonly Lookup[] {
  const row = lookupOf(bulk?.itemPath ?? path);
  return [...parentLookups(path), ...(link?.sides ?? []), ...(row ? [row] : [])];
}

function method(aggregate: AggregatePlan, operation: OperationPlan, errors: ErrorCatalogue): string {
  const { name } = operation;
  if (operation.signIn) return signInMethod(aggregate, operation);
  const parameters = serviceArguments(operation).map((argument) => `${argument.name}: ${argument.type}`);
  const summary = summaryOf(operation);
  const body = bodies[operation.kind](aggregate, operation, errors);
  const signature = `    async def ${name}(${["self", ...parameters].join(", ")}) -> ${resultOf(aggregate, operation)}:`;
  if (isPlainMove(aggregate, operation)) {
    const key = argumentNames(lookupOf(operation.path));
    return [
      signature,
      docstring(summary, 2),
      `        return await self._move(${key}, ${targetState(operation)})`,
    ].join("\n");
  }
  return [
    signature,
    docstring(summary, 2),
    "        async with self._uow_factory() as uow:",
    ...body.map((line) => `            ${line}`),
  ].join("\n");
}

function resultOf(aggregate: AggregatePlan, operation: OperationPlan): string {
  const { className } = aggregate;
  if (operation.kind === "delete") return deletesFile(aggregate) ? keyType(aggregate) : "None";
  if (operation.kind === "deleteMany") {
    if (operation.bulk?.tellsMissing) return `set[${aggregate.key[0]?.type.expression}]`;
    return deletesFile(aggregate) ? "list[str]" : "None";
  }
  if (operation.kind === "createMany" || operation.kind === "updateMany") return `list[${className}]`;
  if (operation.once) return "dict[str, Any]";
  if (operation.tally) return tallyType(operation.tally);
  if (operation.kind !== "list") return className;
  if (operation.query?.paging.style === "cursor") return `CursorPage[${className}]`;
  return countsRows(operation) ? `tuple[list[${className}], int]` : `list[${className}]`;
}

function keyType({ file }: AggregatePlan): string {
  return file?.key.optional ? "str | None" : "str";
}

type Body = (aggregate: AggregatePlan, operation: OperationPlan, errors: ErrorCatalogue) => readonly string[];

const bodies: Readonly<Record<OperationPlan["kind"], Body>> = {
  health: () => ["pass"],
  signIn: () => ["pass"],
  list: (aggregate, operation) => {
    const find = operation.query?.paging.style === "cursor" ? "find_after" : "find_all";
    const rows = `await uow.${aggregate.plural}.${find}(criteria, page)`;
    if (!countsRows(operation)) return [...parentCheck(operation), `return ${rows}`];
    const total = `total = await uow.${aggregate.plural}.count(criteria)`;
    return [...parentCheck(operation), `rows = ${rows}`, total, "return rows, total"];
  },
  get: (_, { path }) => [`return ${found(path)}`],
  download: (_, { path }) => [`return ${found(path)}`],
  create: createBody,
  createMany: (aggregate, operation) => {
    const checks = policyCalls(aggregate, operation, "after", "item").map((line) => `    ${line}`);
    const made = batchCreation(aggregate) ?? `[await uow.${aggregate.plural}.create(item) for item in data]`;
    const before = beforeCreation(aggregate, operation);
    if (checks.length === 0) return [...before, `return ${made}`];
    return [...before, `made = ${made}`, "for item in made:", ...checks, "return made"];
  },
  update: updateBody,
  replace: updateBody,
  upsert: upsertBody,
  link: linkBody,
  updateMany: (aggregate, operation, errors) =>
    batchUpdate(aggregate, operation, errors) ??
    bulkLines(
      operation,
      updateBody(aggregate, { ...operation, path: operation.bulk?.itemPath ?? operation.path }, errors),
    ),
  deleteMany: (aggregate, operation) =>
    batchDeletion(aggregate, operation) ??
    bulkLines(operation, deleteBody(aggregate, { ...operation, path: operation.bulk?.itemPath ?? operation.path })),
  delete: deleteBody,
  transition: (aggregate, operation) => transitionBody(aggregate, operation),
  mark: updateBody,
  adjust: adjustmentBody,
  tally: ({ plural }, { tally }) => (tally ? [`return await uow.${plural}.${tallyMethod(tally)}()`] : ["pass"]),
  restore: (aggregate, { path }) => [
    `restored = await uow.${aggregate.plural}.restore(${argumentNames(lookupOf(path))})`,
    "if restored is None:",
    `    raise ${aggregate.notFound.className}()`,
    "return restored",
  ],
};

function deleteBody(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] {
  const lookup = lookupOf(operation.path);
  const hasFile = deletesFile(aggregate);
  const guard = deletionGuard(aggregate, operation);
  const nested = lookup && (needsFinding(lookup) || guard.isNeeded || hasFile || aggregate.countsIn);
  const key = nested ? foundKey(aggregate) : argumentNames(lookup);
  const lock = guard.isNeeded && locksRows(aggregate) ? ", for_update=True" : "";
  return [
    ...totalsLock(aggregate, operation),
    ...(nested ? [`found = ${lookupCall(lookup, lock)}`] : []),
    ...guard.checks,
    `if not await uow.${aggregate.plural}.delete(${key}):`,
    `    raise ${aggregate.notFound.className}()`,
    ...parentTotalsLines(aggregate, "found", operation),
    ...(hasFile ? [`return found.${aggregate.file?.key.name}`] : []),
  ];
}

function createBody(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] {
  const { once } = operation;
  const create = `await uow.${aggregate.plural}.create(data)`;
  const checks = policyCalls(aggregate, operation, "after", "created");
  const after = [
    ...totalsLines(aggregate, "created"),
    ...parentTotalsLines(aggregate, "created", operation),
    ...checks,
  ];
  const created = after.length > 0 ? [`created = ${create}`, ...after] : [];
  const result = after.length > 0 ? "created" : create;
  const before = beforeCreation(aggregate, operation);
  if (!once) return [...before, ...created, `return ${result}`];
  return [
    `known = await earlier_answer(uow, once)${once.required ? "" : " if once else None"}`,
    "if known is not None:",
    "    return known",
    ...before,
    ...created,
    `made = answer(${result})`,
    ...(once.required ? [] : ["if once is not None:"]),
    `${once.required ? "" : "    "}await keep_answer(uow, once, made)`,
    "return made",
  ];
}

function beforeCreation(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] {
  return [
    ...totalsLock(aggregate, operation),
    ...parentCheck(operation),
    ...policyCalls(aggregate, operation, "before", "data"),
    ...copyLines(operation),
  ];
}

/** Rows are listed and created under a parent that the caller can see, and that is locked where their writing changes it. */
function parentCheck({ path, kind, target }: OperationPlan): readonly string[] {
  return parentLookups(path)
    .slice(-1)
    .map((lookup) => {
      const changes = kind === "create" && lookup.aggregate.plural === target?.countsIn?.plural;
      return lookupCall(lookup, changes ? ", for_update=True" : "");
    });
}

function found(path: OperationPlan["path"], options = ""): string {
  const lookup = lookupOf(path);
  return lookup ? lookupCall(lookup, options) : "None";
}

function argumentNames(lookup: Lookup | undefined): string {
  return (lookup?.parameters ?? []).map(({ name }) => name).join(", ");
}

function foundKey({ key }: AggregatePlan): string {
  return key.map(({ name }) => `found.${name}`).join(", ");
}

function updateBody(aggregate: AggregatePlan, operation: OperationPlan, errors: ErrorCatalogue): readonly string[] {
  const lookup = lookupOf(operation.path);
  if (!lookup) return ["pass"];
  const guard = updateGuard(aggregate, operation, errors);
  const finds = guard.isNeeded || needsFinding(lookup) || aggregate.countsIn !== undefined;
  const lock = guard.isNeeded && locksRows(aggregate) ? ", for_update=True" : "";
  return [
    ...totalsLock(aggregate, operation),
    ...(finds ? [`found = ${lookupCall(lookup, lock)}`] : []),
    ...guard.checks,
    ...write(aggregate, operation, {
      key: finds ? foundKey(aggregate) : argumentNames(lookup),
      changes: guard.changes,
    }),
  ];
}

function adjustmentBody(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] {
  const { adjustment, path } = operation;
  if (!adjustment) return ["pass"];
  const changes = `${aggregate.className}Changes(${adjustedArgument(aggregate, adjustment)})`;
  return [
    `found = ${found(path, ", for_update=True")}`,
    ...conditionCheck(operation),
    ...policyCalls(aggregate, operation, "before", "found"),
    ...adjustmentLines(aggregate, operation),
    ...write(aggregate, operation, { key: foundKey(aggregate), changes: countedChanges(aggregate, changes) }),
  ];
}

function write(
  aggregate: AggregatePlan,
  operation: OperationPlan,
  { key, changes }: { readonly key: string; readonly changes: string },
): readonly string[] {
  return [
    `updated = await uow.${aggregate.plural}.update(${key}, ${changes})`,
    "if updated is None:",
    `    raise ${aggregate.notFound.className}()`,
    ...parentTotalsLines(aggregate, "updated", operation),
    ...policyCalls(aggregate, operation, "after", "updated"),
    "return updated",
  ];
}

/** A change of state and nothing else: all of an aggregate share one private method. */
function isPlainMove({ policies = [] }: AggregatePlan, operation: OperationPlan): boolean {
  const { kind, transition, request, path, precondition, name } = operation;
  if (policies.some(({ callers }) => callers.includes(name))) return false;
  const plain =
    kind === "transition" &&
    transition?.checked === true &&
    !request &&
    transition.stamps.length + transition.guards.length === 0 &&
    !precondition;
  return plain && path.steps.length === 1 && path.steps[0]?.parameter?.field.isKey === true;
}

function moveMethod(aggregate: AggregatePlan, operation: OperationPlan): string {
  const keys = serviceArguments(operation).map(({ name, type }) => `${name}: ${type}`);
  const type = operation.transition?.field.enum?.className ?? "str";
  return [
    `    async def _move(self, ${keys.join(", ")}, target: ${type}) -> ${aggregate.className}:`,
    "        async with self._uow_factory() as uow:",
    ...transitionBody(aggregate, operation, "target").map((line) => `            ${line}`),
  ].join("\n");
}

function targetState({ transition }: OperationPlan): string {
  const member = transition?.field.enum?.members.find(({ value }) => value === transition.to);
  return `${transition?.field.enum?.className}.${member?.name}`;
}

function transitionBody(
  aggregate: AggregatePlan,
  operation: OperationPlan,
  target = targetState(operation),
): readonly string[] {
  const { transition, path, request } = operation;
  if (!transition) return ["pass"];
  const state = transition.field.name;
  const stamps = transition.stamps.map((stamp) => `${stamp.name}=${currentMoment(stamp)}`);
  const values = [`${state}=${target}`, ...stamps].join(", ");
  const changes = request ? `replace(changes, ${values})` : `${aggregate.className}Changes(${values})`;
  const lock = locksRows(aggregate) ? ", for_update=True" : "";
  const check = transition.checked
    ? [`if not found.${state}.can_transition_to(${target}):`, `    raise ${transition.error.className}()`]
    : [];
  const guards = transition.guards.flatMap((guard) => [`if ${guard}:`, `    raise ${transition.error.className}()`]);
  const refusal = transition.refusal
    ? [`if found.${state} is ${target}:`, `    raise ${transition.refusal.className}()`]
    : [];
  return [
    `found = ${found(path, lock)}`,
    ...conditionCheck(operation),
    ...check,
    ...guards,
    ...refusal,
    ...policyCalls(aggregate, operation, "before", "found"),
    ...write(aggregate, operation, { key: foundKey(aggregate), changes: countedChanges(aggregate, changes) }),
  ];
}
