import type { OperationPlan } from "./apiPlan.ts";
import { callerDependency } from "./callers.ts";
import { linkArguments } from "./links.ts";
import { lookupOf, parentLookups } from "./lookups.ts";
import type { AggregatePlan } from "./plan.ts";

/** Arguments of the service method, in order; the router passes the same. */
export function serviceArguments(operation: OperationPlan): readonly ServiceArgument[] {
  const { kind, path, query, request, target } = operation;
  if (!target) return [];
  const lookups = ofCollection.has(kind) ? parentLookups(path).slice(-1) : [lookupOf(path)];
  const keys = lookups.flatMap((lookup) =>
    (lookup?.parameters ?? []).map(({ name, type }) => ({ name, type: type.type.expression })),
  );
  const changes = { name: "changes", type: `${target.className}Changes` };
  const create = createArguments(operation, target);
  const list = query
    ? [
        { name: "criteria", type: `${target.className}Filter` },
        { name: "page", type: query.paging.style === "cursor" ? "CursorRequest" : "PageRequest" },
      ]
    : [];
  const acts = kind === "transition" || kind === "mark";
  const update = kind === "update" || kind === "replace" || kind === "upsert" || (acts && request) ? [changes] : [];
  const bulk = bulkArguments(operation, target);
  const { adjustment } = operation;
  const all = [
    ...keys,
    ...(adjustment ? [{ name: adjustment.amount, type: adjustment.field.type.expression }] : []),
    ...linkArguments(operation),
    ...create,
    ...list,
    ...update,
    ...bulk,
    ...markers(operation),
    ...conditionArgument(operation),
  ];
  return [...new Map(all.map((argument) => [argument.name, argument])).values()];
}

/** Kinds whose path names the parent of the rows at most. */
const ofCollection: ReadonlySet<OperationPlan["kind"]> = new Set([
  "list",
  "create",
  "createMany",
  "updateMany",
  "deleteMany",
]);

function bulkArguments({ kind, bulk }: OperationPlan, { className, key }: AggregatePlan): readonly ServiceArgument[] {
  const type = key[0]?.type.expression;
  if (!bulk || type === undefined) return [];
  if (kind === "deleteMany") return [{ name: "keys", type: `Sequence[${type}]` }];
  return [{ name: "items", type: `Sequence[tuple[${type}, ${className}Changes]]` }];
}

function conditionArgument({ precondition }: OperationPlan): readonly ServiceArgument[] {
  if (!precondition) return [];
  return [{ name: "condition", type: precondition.parameter.required ? "str" : "str | None" }];
}

function createArguments({ kind, once }: OperationPlan, { className }: AggregatePlan): readonly ServiceArgument[] {
  if (kind === "createMany") return [{ name: "data", type: `Sequence[New${className}]` }];
  if (kind !== "create" && kind !== "upsert") return [];
  const data = { name: "data", type: `New${className}` };
  if (!once) return [data];
  return [
    data,
    { name: "once", type: once.required ? "OnceRequest" : "OnceRequest | None" },
    { name: "answer", type: `Callable[[${className}], dict[str, Any]]` },
  ];
}

export interface ServiceArgument {
  readonly name: string;
  readonly type: string;
}

/** Who did it, where a column keeps that. */
function markers({ mark }: OperationPlan): readonly ServiceArgument[] {
  return (mark?.values ?? []).flatMap(({ field, value }) => {
    const caller = value === "caller" ? callerDependency({ field, source: "caller" }) : undefined;
    return caller ? [{ name: caller.parameter, type: caller.type }] : [];
  });
}
