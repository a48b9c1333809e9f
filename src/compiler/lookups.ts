import { singular } from "../support/words.ts";
import { locksRows } from "./aggregates.ts";
import type { OperationPlan, ResourcePath, ResourceStep } from "./apiPlan.ts";
import { callerDependency } from "./callers.ts";
import type { GeneratedFile } from "./compilation.ts";
import { isUnique } from "./fieldMatching.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { importsFrom, pythonModule } from "./python.ts";

/** A function of `app.services.lookups`: finds the row that a path names or raises. */
export interface Lookup {
  readonly name: string;
  readonly aggregate: AggregatePlan;
  readonly parameters: readonly LookupParameter[];
  /** What the row must belong to. */
  readonly parent?: Scope;
  readonly step: ResourceStep;
}

export interface LookupParameter {
  readonly name: string;
  readonly type: FieldPlan;
}

/** The lookup of the last step of a path that names one row. */
export function lookupOf(path: ResourcePath): Lookup | undefined {
  const step = path.steps.at(-1);
  if (!step || (!step.parameter && !step.own && !step.single)) return undefined;
  const linked = scopeOf(path);
  const own = ownParameter(step);
  const parameters = [
    ...(linked ? [{ name: linked.parameter, type: linked.column }] : []),
    ...callerParameter(step.caller),
    ...(own && own.name !== linked?.parameter ? [own] : []),
  ];
  const scope = linked ? `_of_${linked.isCaller ? "own_" : ""}${singular(linked.parent.plural)}` : "";
  const name = `existing_${step.aggregate.module.replace(/_$/, "")}${lookedUpBy(step)}${scope}`;
  return { name, aggregate: step.aggregate, parameters, step, ...(linked && { parent: linked }) };
}

function lookedUpBy({ own, parameter, caller, single }: ResourceStep): string {
  if (own) return "_own";
  const isOwn = caller ? "_own" : single ? "_only" : "";
  return parameter && !parameter.field.isKey ? `${isOwn}_by_${parameter.field.name}` : isOwn;
}

/** Whether more than the key has to be looked at before a row is written. */
export function needsFinding({ step, parent, aggregate }: Lookup): boolean {
  const field = step.own ?? step.parameter?.field;
  return parent !== undefined || field?.isKey !== true || aggregate.key.length > 1;
}

/** The row in front of the last step, to which what the path means belongs. */
export interface Scope {
  readonly parent: AggregatePlan;
  /** Column that points at it. */
  readonly column: FieldPlan;
  /** Of the route: the parameter of the path, or the caller. */
  readonly parameter: string;
  readonly isCaller: boolean;
}

/** Undefined where the path has no row in front, or names it by something else than what the last step points at. */
export function scopeOf({ steps }: ResourcePath): Scope | undefined {
  const parent = steps.at(-2);
  const [column, ...others] = steps.at(-1)?.parentColumns ?? [];
  if (!parent || !column || others.length > 0) return undefined;
  const given = ownParameter(parent);
  if (!given?.type.isKey || parent.aggregate.key.length > 1) return undefined;
  return { parent: parent.aggregate, column, parameter: given.name, isCaller: parent.own !== undefined };
}

/** Whether the path goes through one row, and what comes behind it cannot be found by what the path says. */
export function isUnscoped(path: ResourcePath): boolean {
  const parent = path.steps.at(-2);
  return (parent?.parameter ?? parent?.own) !== undefined && !scopeOf(path) && !path.steps.at(-1)?.through;
}

/** The lookups of the rows that a nested path goes through. */
export function parentLookups(path: ResourcePath): readonly Lookup[] {
  return path.steps.slice(0, -1).flatMap((_, index) => {
    const shorter = { ...path, steps: path.steps.slice(0, index + 1) };
    return lookupOf(shorter) ?? [];
  });
}

export function lookupCall(lookup: Lookup, options = ""): string {
  const args = ["uow", ...lookup.parameters.map(({ name }) => name)].join(", ");
  return `await ${lookup.name}(${args}${options})`;
}

/** One function for each way in which some operation names a row. */
export function lookupFile(operations: readonly OperationPlan[]): readonly GeneratedFile[] {
  const lookups = operations.flatMap((operation) => {
    const { path, kind, bulk, link } = operation;
    const isBelow = belowParent.has(kind);
    const own = isBelow ? undefined : lookupOf(bulk?.itemPath ?? path);
    const parents = isBelow || (own && tellsParent(own, operation)) ? parentLookups(path).slice(-1) : [];
    return [...parents, ...(link?.sides ?? []), ...(own ? [own] : [])];
  });
  const told = new Set(
    operations.flatMap((operation) => {
      const own = belowParent.has(operation.kind) ? undefined : lookupOf(operation.bulk?.itemPath ?? operation.path);
      return own && tellsParent(own, operation) ? [own.name] : [];
    }),
  );
  const unique = [...new Map(lookups.map((lookup) => [lookup.name, lookup])).values()];
  if (unique.length === 0) return [];
  const text = pythonModule({
    docstring: "Finding the row that a request names, or raising the designed error.",
    imports: [
      ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
      ...importsFrom("app.domain.paging", "PageRequest"),
      ...importsFrom("app.core.errors", ...unique.map(({ aggregate }) => aggregate.notFound.className)),
      ...unique.flatMap(({ aggregate, parameters }) => [
        ...importsFrom(`app.domain.${aggregate.module}`, aggregate.className, `${aggregate.className}Filter`),
        ...parameters.flatMap(({ type }) => type.type.imports),
      ]),
    ],
    body: unique.map((lookup) => lookupFunction(lookup, told.has(lookup.name))),
  });
  return [{ path: "src/app/services/lookups.py", text, step: 4 }];
}

/** Kinds whose row need not be there. */
const belowParent: ReadonlySet<OperationPlan["kind"]> = new Set(["list", "create", "createMany", "upsert", "link"]);

/** Whether the contract has a code for a parent that is not there, so that the row below is not blamed for it. */
function tellsParent({ aggregate, parent: scope }: Lookup, { path, endpoint }: OperationPlan): boolean {
  if (!scope || scope.isCaller || path.steps.length !== 2) return false;
  const { notFound } = scope.parent;
  return notFound !== aggregate.notFound && endpoint.errorCodes.includes(notFound.code);
}

function ownParameter(step: ResourceStep): LookupParameter | undefined {
  if (step.own) return callerParameter(step.own)[0];
  return step.parameter && { name: step.parameter.name, type: step.parameter.field };
}

function callerParameter(field: FieldPlan | undefined): readonly LookupParameter[] {
  const caller = field && callerDependency({ field, source: "caller" });
  return caller ? [{ name: caller.parameter, type: field }] : [];
}

function lookupFunction(lookup: Lookup, isTold: boolean): string {
  const { name, aggregate, parameters, parent } = lookup;
  const lock = locksRows(aggregate);
  const signature = [
    "uow: UnitOfWork",
    ...parameters.map((parameter) => `${parameter.name}: ${parameter.type.type.expression}`),
    ...(lock ? ["*", "for_update: bool = False"] : []),
  ];
  const owner =
    parent && !parent.column.isKey && !comparesParent(lookup)
      ? ` or found.${parent.column.name} != ${parent.parameter}`
      : "";
  const summary = parent
    ? "Return it if it is visible and belongs to its parent; raise otherwise."
    : "Return it if it is visible to the caller; raise otherwise.";
  return [
    `async def ${name}(${signature.join(", ")}) -> ${aggregate.className}:`,
    `    """${summary}"""`,
    ...finding(lookup, lock).map((line) => `    ${line}`),
    `    if found is None${owner}:`,
    ...(isTold ? parentLine(lookup) : []),
    `        raise ${aggregate.notFound.className}()`,
    "    return found",
  ].join("\n");
}

/** Only where nothing was found is it asked what is missing. */
function parentLine({ parent }: Lookup): readonly string[] {
  return parent ? [`        await existing_${parent.parent.module.replace(/_$/, "")}(uow, ${parent.parameter})`] : [];
}

/** Lines that set `found` to the row, or to None where there is none. */
export function finding(lookup: Lookup | undefined, lock: boolean): readonly string[] {
  if (!lookup) return ["found = None"];
  const { aggregate, step } = lookup;
  const repository = `uow.${aggregate.plural}`;
  if (foundBy(step).length === 0) {
    const args = aggregate.key.map((key) => argumentFor(lookup, key)).join(", ");
    return [`found = await ${repository}.find_by_id(${args}${lock ? ", for_update=for_update" : ""})`];
  }
  const values = foundBy(step).map((field) => `${field.name}=${argumentFor(lookup, field)}`);
  const key = aggregate.key.map(({ name }) => `rows[0].${name}`).join(", ");
  const row = lock ? `await ${repository}.find_by_id(${key}, for_update=for_update)` : "rows[0]";
  return [
    `criteria = ${aggregate.className}Filter(${values.join(", ")})`,
    `rows = await ${repository}.find_all(criteria, PageRequest(limit=1))`,
    `found = ${row} if rows else None`,
  ];
}

/** The columns that a row is looked for by; none where the path gives its key, or names no row. */
export function foundBy(step: ResourceStep): readonly FieldPlan[] {
  const { aggregate, parentColumns, own, parameter, caller, single } = step;
  const field = own ?? parameter?.field;
  if (!field && !single) return [];
  const given = [...(field ? [field] : []), ...(caller ? [caller] : []), ...parentColumns];
  if (aggregate.key.every((key) => given.includes(key))) return [];
  return field && isUnique(aggregate, field) ? [field] : given;
}

/** Whether the row is looked for among those of its parent only. */
function comparesParent({ step, parent }: Lookup): boolean {
  return parent !== undefined && foundBy(step).includes(parent.column);
}

function argumentFor({ step, parent, parameters }: Lookup, field: FieldPlan): string {
  if (field === (step.own ?? step.parameter?.field)) return parameters.at(-1)?.name ?? field.name;
  if (field === step.caller) return callerParameter(field)[0]?.name ?? field.name;
  return parent?.parameter ?? field.name;
}
